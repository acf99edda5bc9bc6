#!/bin/bash
# 32 disks and 8 interfaces of one guest of four vCPUs, side by side, all at work.
# runs: test soak soak-lite
# timeout: 600

disks=32 vifs=8
specs=() numbers=()
name_of()	{ awk -v n="$1" 'BEGIN { a = "abcdefghijklmnopqrstuvwxyz"; print "xvd" (n < 26 ? "" : substr(a, int(n / 26), 1)) substr(a, n % 26 + 1, 1) }'; }

for ((n = 0; n < disks; n++)); do
	disk_create "d$n" 8
	specs+=("$(quick_disk "d$n" "$(name_of $n)")")
done
for ((n = 0; n < vifs; n++)); do
	numbers+=("'$(quick_vif $((n + 2)))'")
done
guest_start g1 vcpus=4 memory=768 "$(disk_line "${specs[@]}")" "vif = [ $(IFS=,; echo "${numbers[*]}") ]"
disk_wait g1 "$(name_of 0)" "$(name_of $((disks - 1)))"
note "grants in use when idle: $(grants g1)"

# Each interface has a network of its own, so that each carries its own packets.
for ((n = 0; n < vifs; n++)); do
	ip addr add "10.1.$n.1/24" dev xenbr0
done
guest_do g1 "for ((n = 0; n < $vifs; n++)); do
	ip addr add 10.1.\$n.2/24 dev eth\$n && ip link set eth\$n up || { echo eth\$n; exit 1; }
done
for ((n = 0; n < $vifs; n++)); do
	for ((try = 0; try < 20; try++)); do
		ping -q -c 1 -W 2 -I eth\$n 10.1.\$n.1 >/dev/null && continue 2
	done
	echo \"eth\$n of $vifs has no connection\"; dmesg | tail -n 5; exit 1
done" 120
note "all interfaces carry packets"

jobs=''
for ((n = 0; n < disks; n++)); do
	jobs+=" --name=d$n --filename=/dev/$(name_of $n)"
done
size=$(soak 4m 512k) rounds=$(soak 20 1)
# What is sent comes back on each interface, and is compared.
net_data g1 $((512 << 10))
for ((n = 0; n < vifs; n++)); do
	socat -t 60 "TCP-LISTEN:600$n,reuseaddr,fork" EXEC:cat &
	wait_until 30 tcp_listens "600$n" || lab_error "dom0 does not listen"
done
guest_spawn g1 streams "stream()
{
	for ((round = 0; round < $rounds; round++)); do
		got=\$(socat -t 60 -b 65536 STDIO TCP:10.1.\$1.1:600\$1 </run/net-data | sha256sum)
		[[ \$got == \"$NET_SUM\" ]] || { echo eth\$1: other data; return; }
	done
	echo eth\$1 verified
}
for ((n = 0; n < $vifs; n++)); do stream \$n & done; wait"
guest_spawn g1 fio "fio --ioengine=libaio --direct=1 --iodepth=8 --rw=randwrite --bsrange=4k-128k --size=$size \
	--verify=crc32c --verify_fatal=1 --group_reporting --thread $jobs"
guest_join g1 fio 200 >"$CASE_DIR/fio.log" || fail "fio failed, see fio.log"
guest_join g1 streams 120 >"$CASE_DIR/streams.log" || fail "no end of the streams, see streams.log"
expect "interfaces with all data back" "$(grep -c verified "$CASE_DIR/streams.log")" $vifs
# Those claimed under load stay for 10 s.
note "grants in use after it: $(grants g1)"

# What comes later has room too, once xenstored's quota of 1,000 keys for a guest has.
keys=$(xenstore-ls -f "/local/domain/$(guest_domid g1)")
note "keys of the guest: $(wc -l <<<"$keys"); of $vifs interfaces $(grep -c '/vif/./queue-0 =' <<<"$keys") have several queues"
last=$(name_of $((disks - 1)))
disk_detach g1 "$last" || fail "xl block-detach: $(tail -n 1 "$CASE_DIR/g1.xl.log")"
wait_until 30 guest_lacks_disk g1 "$last" || fail "/dev/$last stays"
disk_create late 8
xl block-attach g1 "$(quick_disk late xvdai)" >>"$CASE_DIR/g1.xl.log" 2>&1 ||
	fail "a disk attached to the others: $(tail -n 1 "$CASE_DIR/g1.xl.log")"
disk_wait g1 xvdai
guest_do g1 'dd if=/dev/urandom of=/dev/xvdai bs=64k count=16 oflag=direct 2>/dev/null'
guest_shutdown g1
for ((n = 0; n < vifs; n++)); do
	ip addr del "10.1.$n.1/24" dev xenbr0
done
quick_end
pass
