#!/bin/bash
# Memory is taken and given, again and again, beyond what the guest booted with; data in it stays.
# runs: image soak-image soak-debug soak-lite
# timeout: 400 900

# A page takes its time in emulation: few of them in the short run.
rounds=$(soak 20 8) low_mb=$(soak 160 184) high_mb=$(soak 480 200)
guest_start g1 memory=192 maxmem=512 vcpus=2

has_mb()	{ xl list | awk -v name="$1" '$1 == name { print $3 }'; }
total_mb="awk '\$1 == \"MemTotal:\" { print int(\$2 / 1024) }' /proc/meminfo"
# mem_set GUEST MB: prints its MemTotal once its balloon is there
mem_set()
{
	xl mem-set "$1" "$2" >>"$CASE_DIR/$1.xl.log" 2>&1 || fail "xl mem-set $1 $2 failed"
	guest_do "$1" "kb=/sys/devices/system/xen_memory/xen_memory0/info/current_kb
		until ((\$(<\$kb) / 1024 == $2)); do
			((SECONDS < 40)) || { echo \"$2 MB wanted, after 40 s there are \$(<\$kb) KB\"; exit 1; }
			usleep 50000
		done
		$total_mb"
}

# Data that stays, and workers that copy it through memory allocated anew each time.
guest_do g1 'openssl enc -aes-128-ctr -K 17 -iv 0 </dev/zero 2>/dev/null | head -c 6M >/run/data
	sha256sum </run/data >/run/sum'
for n in 1 2; do
	guest_spawn g1 "work$n" "done=0
		until [[ -e /run/stop ]]; do
			cp /run/data /run/copy$n && cmp /run/data /run/copy$n || exit 1
			rm /run/copy$n
			echo \$((done += 1)) >/run/done$n
		done"
done
at_boot=$(guest_do g1 "$total_mb")

for ((round = 1; round <= rounds; round++)); do
	low=$(mem_set g1 "$low_mb")
	high=$(mem_set g1 "$high_mb")
	((low <= at_boot - 192 + low_mb + 4 && high >= at_boot - 192 + high_mb - 4)) ||
		fail "round $round: MemTotal is $low MB at $low_mb, $high at $high_mb, $at_boot at boot with 192"
	guest_do g1 'sha256sum </run/data | cmp - /run/sum'
	note "round $round: MemTotal $low MB, $high MB"
done

guest_do g1 'touch /run/stop'
for n in 1 2; do
	guest_join g1 "work$n" 60 || fail "worker $n: a copy differs"
done
note "copies made by each worker: $(guest_do g1 'cat /run/done*' | tr '\n' ' ')"

# What was given can be used: more than there was at boot, each page with data in it.
mem_set g1 288 >/dev/null
expect "MB as Xen counts them" "$(has_mb g1)" 288
guest_do g1 'mkdir -p /run/big && mount -t tmpfs -o size=200M big /run/big
	fio --name=big --directory=/run/big --size=196m --bs=1m --rw=write --ioengine=psync \
		--verify=crc32c --verify_fatal=1 && umount /run/big' 120 >"$CASE_DIR/fio.log"
guest_shutdown g1
pass
