#!/bin/bash
# A guest destroyed in the middle of I/O leaves dom0 clean, and its disk usable.
# runs: test intree soak-intree rounds
# timeout: 180

disk_create a 64
start()
{
	guest_start g1 "$(disk_line "$(disk_spec a xvda)")" "$(net_line 2)"
	disk_wait g1 xvda
	net_up g1 eth0 2
}

written()
{
	(($(sectors_written) > 20000))
}

# Sectors the back end has written for the guest, from its statistics.
sectors_written()
{
	echo "$(<"/sys/bus/xen-backend/devices/vbd-$(guest_domid g1)-51712/statistics/wr_sect")"
}

received()
{
	(($(<"/sys/class/net/vif$(guest_domid g1).0/statistics/rx_bytes") > 2000000))
}

start
guest_spawn g1 fio 'fio --name=w --filename=/dev/xvda --ioengine=libaio --direct=1 --iodepth=32 \
	--rw=randwrite --bsrange=4k-1m --time_based --runtime=600 --size=64m'
socat -u -b 262144 TCP-LISTEN:5001 OPEN:/dev/null &
wait_until 30 tcp_listens 5001
guest_spawn g1 net "socat -u -b 262144 OPEN:/dev/zero TCP:$DOM0_IP:5001"
wait_until 30 written || fail "the guest wrote nothing"
wait_until 30 received || fail "the guest sent nothing"
guest_destroy g1
wait_until 20 dom0_clean || fail "left after the destroyed guest: $(dom0_left)"

start
guest_do g1 'dd if=/dev/urandom of=/dev/xvda bs=1M count=8 oflag=direct 2>/dev/null
	echo 3 >/proc/sys/vm/drop_caches'
sum=$(guest_do g1 'head -c 8M /dev/xvda | sha256sum | cut -d" " -f1')
guest_do g1 "ping -q -A -c 5 -W 5 $DOM0_IP | grep ' 0% packet loss'"
guest_shutdown g1
expect "data of the next guest" "$(backend_sha256 a 8)" "$sum"
pass
