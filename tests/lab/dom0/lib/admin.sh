# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# What an administrator does: steps in guest g1 while verified load runs there and another device
# of its kind comes and goes. The steps are functions of bash, from the case. A case for disks uses
# admin_begin and admin_end. Any other has its own load and these functions:
#   look DEVICE		in the guest: puts the counts that load makes grow into the array count
#   other_comes, other_goes, other_state	in dom0: the other device; the path of its state
# and uses admin_start and admin_enough.

# The guest's part of it. Each step has to be followed by work of the load.
admin_steps()
{
	cat <<'END'
exec 8<>/run/never
say()	{ local up; read -r up _ </proc/uptime; echo "$up $*"; }
must()	{ "$@" || { echo "status $?: $*"; exit 1; }; }
may()	{ "$@" >/dev/null 2>&1 || :; }
write()	{ { echo "$2" >"$1"; } 2>/dev/null; }
# flows WHAT [DEVICE]: each count grows by 10
flows()
{
	local count from n left end=$((SECONDS + 30))
	say "$1"
	look "$2"; from=("${count[@]}")
	((${#from[@]})) || { echo "$1: nothing of $2 can be looked at"; exit 1; }
	for ((;;)); do
		look "$2"; left=()
		for n in "${!count[@]}"; do
			((count[n] >= from[n] + 10)) || left+=("count $n is ${count[n]}, was ${from[n]}")
		done
		((${#left[@]})) || return 0
		for n in $loads; do
			[[ ! -e /run/bg/$n.status ]] || { echo "$1: the load $n has ended"; tail -n 5 "/run/bg/$n.out"; exit 1; }
		done
		((SECONDS < end)) || {
			echo "after $1: not 10 more in 30 s: ${left[*]}"
			ip -s addr show; cat /sys/kernel/debug/pvfront/* 2>/dev/null
			exit 1; }
		read -r -t 0.02 -u 8 || :
	done
}
# Parameters are for devices that come later, others of which come and go.
parameters() # MODULE
{
	local file was
	for file in $(find /sys/module/"$1"/parameters -type f -perm -200); do
		was=$(<"$file")
		case $was in
		[YN])	set -- N Y ;;
		*)	set -- 1 2 ;;
		esac
		for value; do
			must write "$file" $value
			flows "${file##*/} $value"
		done
		must write "$file" "$was"
	done
}
END
}

# What only steps on disks need.
admin_disk_steps()
{
	cat <<'END'
look()	{ local stat; read -ra stat </sys/block/xvda/stat; count=($((stat[0] + stat[4]))); }
data()	{ head -c 4M /dev/urandom >/run/data; sum=$(sha256sum </run/data); }
# copies TO: what is written is there
copies()
{
	must dd if=/run/data of="$1" bs=256k oflag=direct status=none
	holds "$1"
}
holds()
{
	[[ $(dd if="$1" bs=128k count=32 iflag=direct status=none | sha256sum) == "$sum" ]] || { echo "$1 does not hold what was written"; exit 1; }
}
# grown DISK MB: until dom0's change has come here
grown()
{
	local end=$((SECONDS + 30))
	until [[ $(blockdev --getsize64 "/dev/$1") == $(($2 << 20)) ]]; do
		((SECONDS < end)) || { echo "$1 did not grow"; exit 1; }
		dd if="/dev/$1" of=/dev/null bs=4k count=1 iflag=direct status=none
	done
}
END
}

# The other device is a disk, unless the case says otherwise.
other_comes()	{ xl block-attach g1 "$OTHER_DISK" >>"$CASE_DIR/g1.xl.log" 2>&1; }
other_goes()	{ disk_detach g1 xvde; }
other_state()	{ echo "$(frontend_path g1 vbd "$(vdev_id xvde)")/state"; }

# Another device comes and goes all the while, except when the turn is taken: TURN.
admin_others()
{
	local turn
	exec {turn}>/run/turn
	until [[ -e /run/enough ]]; do
		flock "$turn"
		other_comes || lab_error "another device cannot come: $(tail -n 1 "$CASE_DIR/g1.xl.log")"
		xs_wait "$(other_state)" 4 30 || fail "another device is in state $(xs_read "$(other_state)") after 30 s"
		other_goes || fail "another device cannot go: $(tail -n 1 "$CASE_DIR/g1.xl.log")"
		flock -u "$turn"
		echo >>/run/others
	done
}

# admin_start LOAD... <STEPS: g1 has the load, in the background by these names
admin_start()
{
	{ admin_steps; echo "loads='$*'"; cat; } >/run/admin
	guest_put g1 /run/admin /run/admin
	exec {TURN}>/run/turn
	: >/run/others
	admin_others &
	ADMIN_OTHERS=$!
	admin flows start
}

# admin STEP [ARGUMENT...]: in the guest; what it says at its end is why it failed. A step asks
# with $ours for what the in-tree driver may not have.
admin()
{
	local ours=must
	[[ $LAB_DRIVERS == ours ]] || ours=may
	guest_do g1 ". /run/admin; ours=$ours; $*" 200 >"$CASE_DIR/$1.log"
	note "$1; another device came and went $(wc -l </run/others) times"
}

# admin_enough: the load and the other device end
admin_enough()
{
	touch /run/enough
	guest_do g1 'touch /run/enough'
	wait "$ADMIN_OTHERS" || fail "another device could not come or go"
	[[ -s /run/others ]] || fail "no other device came and went"
}

# admin_begin [KEY=VALUE...] DISK:MB... <STEPS: guest g1 with these disks beside xvda, and the load
# on that; KEY=VALUE are lines of the guest's configuration
admin_begin()
{
	local spec specs=() lines=() steps
	# Kept from what reads the standard input before they are used.
	steps=$(admin_disk_steps; cat)
	while [[ ${1:-} == *=* ]]; do
		lines+=("$1")
		shift
	done
	for spec in a:40 e:8 "$@"; do
		disk_create "${spec%:*}" "${spec#*:}"
		[[ $spec == e:* ]] || specs+=("$(quick_disk "${spec%:*}" "xvd${spec%:*}")")
	done
	guest_start g1 vcpus=2 memory=320 "${lines[@]}" "$(disk_line "${specs[@]}")"
	for spec in a:40 "$@"; do
		disk_wait g1 "xvd${spec%:*}"
	done

	# Every block that was written is read back and checked, again and again. The load
	# leaves dom0, which copies for all disks, and the processor to the administrator.
	guest_spawn g1 load 'renice 10 $$ >/dev/null
for ((n = 1; ; n++)); do
	fio --name=v --filename=/dev/xvda --size=24m --offset=8m --ioengine=libaio --direct=1 --iodepth='"$(soak 16 4)"' \
		--rw=randwrite --bsrange=4k-64k --verify=crc32c --verify_fatal=1 || exit 1
	echo $n >/run/rounds
	[[ ! -e /run/enough ]] || exit 0
done'
	guest_do g1 'mkfifo /run/never'
	wait_until 60 guest_run g1 'read -ra stat </sys/block/xvda/stat; ((stat[4] > 10))' || fail "the load does not run"
	OTHER_DISK=$(quick_disk e xvde)
	admin_start load <<<"$steps"
}

# admin_grow NAME MB: in dom0
admin_grow()
{
	truncate -s "$2M" "$(disk_path "$1")"
	losetup -c "$(losetup -j "$(disk_path "$1")" | cut -d: -f1)"
}

# admin_end: the load has verified all that it wrote, and dom0 has what the guest has
admin_end()
{
	local sum
	admin_enough
	guest_join g1 load 120 >"$CASE_DIR/load.log" || fail "the load failed, see load.log"
	note "the load verified $(guest_do g1 'cat /run/rounds') rounds"
	sum=$(guest_do g1 'echo 3 >/proc/sys/vm/drop_caches; sha256sum </dev/xvda | cut -d" " -f1' 60)
	guest_shutdown g1
	quick_end
	expect "sha256 in dom0" "$(backend_sha256 a)" "$sum"
}
