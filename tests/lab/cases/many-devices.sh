#!/bin/bash
# 32 disks and 8 interfaces of one guest of four vCPUs, side by side, all at work.
# runs: hand
# timeout: 300

disks=32 vifs=8
specs=() numbers=()
name_of()	{ awk -v n="$1" 'BEGIN { a = "abcdefghijklmnopqrstuvwxyz"; print "xvd" (n < 26 ? "" : substr(a, int(n / 26), 1)) substr(a, n % 26 + 1, 1) }'; }

# Xen's scripts take turns at a lock, and xl kills one that has waited for 10 s.
cat >/run/quick-block <<'END'
#!/bin/sh
[ "$1" = add ] || exit 0
dev=$(xenstore-read "$XENBUS_PATH/params")
xenstore-write "$XENBUS_PATH/physical-device" "$(stat -L -c %t:%T "$dev")" \
	"$XENBUS_PATH/physical-device-path" "$dev" "$XENBUS_PATH/hotplug-status" connected
END
cat >/run/quick-vif <<'END'
#!/bin/sh
case $1 in add | online) ;; *) exit 0 ;; esac
ip link set "$vif" master xenbr0 && ip link set "$vif" up &&
	xenstore-write "$XENBUS_PATH/hotplug-status" connected
END
chmod 755 /run/quick-block /run/quick-vif

# quick_disk NAME VDEV: a disk in xl's words, on a loop device
quick_disk()
{
	disk_create "$1" 8
	echo "format=raw,backendtype=phy,vdev=$2,script=/run/quick-block,target=$(losetup -f --show "$(disk_path "$1")")"
}
for ((n = 0; n < disks; n++)); do
	specs+=("$(quick_disk "d$n" "$(name_of $n)")")
done
for ((n = 0; n < vifs; n++)); do
	numbers+=("'mac=$(net_mac $((n + 2))),script=/run/quick-vif'")
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
size=$(soak 4m 1m) count=$(soak 300 60)
guest_spawn g1 pings "for ((n = 0; n < $vifs; n++)); do
	ping -q -A -c $count -s 1400 -W 10 -I eth\$n 10.1.\$n.1 & done; wait"
guest_spawn g1 fio "fio --ioengine=libaio --direct=1 --iodepth=8 --rw=randwrite --bsrange=4k-128k --size=$size \
	--verify=crc32c --verify_fatal=1 --group_reporting --thread $jobs"
guest_join g1 fio 200 >"$CASE_DIR/fio.log" || fail "fio failed, see fio.log"
guest_join g1 pings 120 >"$CASE_DIR/pings.log" || fail "ping failed, see pings.log"
expect "interfaces without loss" "$(grep -c ' 0% packet loss' "$CASE_DIR/pings.log")" $vifs
# Those claimed under load stay for 10 s.
note "grants in use after it: $(grants g1)"

# What comes later has room too.
xl block-attach g1 "$(quick_disk late xvdai)" >>"$CASE_DIR/g1.xl.log" 2>&1 ||
	fail "a disk attached to the others: $(tail -n 1 "$CASE_DIR/g1.xl.log")"
disk_wait g1 xvdai
guest_do g1 'dd if=/dev/urandom of=/dev/xvdai bs=64k count=16 oflag=direct 2>/dev/null'
guest_shutdown g1
for ((n = 0; n < vifs; n++)); do
	ip addr del "10.1.$n.1/24" dev xenbr0
done
losetup -D
pass
