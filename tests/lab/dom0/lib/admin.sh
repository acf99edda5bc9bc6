# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# What an administrator does to disks: steps in the guest, while verified load runs on xvda and
# another disk comes and goes. The steps are functions of bash, from the case.

# The guest's part of it. Each step has to be followed by I/O of the load.
admin_steps()
{
	cat <<'END'
exec 8<>/run/never
look()	{ local stat; read -ra stat </sys/block/xvda/stat; done=$((stat[0] + stat[4])); }
say()	{ local up; read -r up _ </proc/uptime; echo "$up $*"; }
flows() # WHAT
{
	local done to end=$((SECONDS + 30))
	say "$1"
	look && to=$((done + 10))
	until look && ((done >= to)); do
		[[ ! -e /run/bg/load.status ]] || { echo "$1: the load has ended"; tail -n 5 /run/bg/load.out; exit 1; }
		((SECONDS < end)) || {
			echo "after $1: of 10 requests $((to - done)) are not done in 30 s"
			cat /sys/kernel/debug/pvfront/* 2>/dev/null
			exit 1; }
		read -r -t 0.02 -u 8 || :
	done
}
must()	{ "$@" || { echo "status $?: $*"; exit 1; }; }
write()	{ { echo "$2" >"$1"; } 2>/dev/null; }
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

# admin_others: another disk of the guest's, xvde, comes and goes all the while
admin_others()
{
	local state spec
	spec=$(quick_disk e xvde)
	until [[ -e /run/enough ]]; do
		state=$(frontend_path g1 vbd "$(vdev_id xvde)")/state
		xl block-attach g1 "$spec" >>"$CASE_DIR/g1.xl.log" 2>&1 ||
			lab_error "xl block-attach: $(tail -n 1 "$CASE_DIR/g1.xl.log")"
		xs_wait "$state" 4 30 || fail "another disk is in state $(xs_read "$state") after 30 s"
		disk_detach g1 xvde || fail "xl block-detach: $(tail -n 1 "$CASE_DIR/g1.xl.log")"
		echo >>/run/others
	done
}

# admin_begin DISK:MB... <STEPS: guest g1 with these disks beside xvda, and the load on that
admin_begin()
{
	local spec specs=()
	{ admin_steps; cat; } >/run/admin
	for spec in a:40 e:8 "$@"; do
		disk_create "${spec%:*}" "${spec#*:}"
		[[ $spec == e:* ]] || specs+=("$(quick_disk "${spec%:*}" "xvd${spec%:*}")")
	done
	guest_start g1 vcpus=2 memory=320 "$(disk_line "${specs[@]}")"
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
	guest_put g1 /run/admin /run/admin
	guest_do g1 'mkfifo /run/never'
	: >/run/others
	admin_others &
	ADMIN_OTHERS=$!
	wait_until 60 guest_run g1 'read -ra stat </sys/block/xvda/stat; ((stat[4] > 10))' || fail "the load does not run"
	admin flows start
}

# admin STEP [ARGUMENT...]: in the guest; what it says at its end is why it failed
admin()
{
	guest_do g1 ". /run/admin; $*" 200 >"$CASE_DIR/$1.log"
	note "$1; another disk came and went $(wc -l </run/others) times"
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
	touch /run/enough
	guest_do g1 'touch /run/enough'
	wait "$ADMIN_OTHERS" || fail "another disk could not come or go"
	[[ -s /run/others ]] || fail "no other disk came and went"
	guest_join g1 load 120 >"$CASE_DIR/load.log" || fail "the load failed, see load.log"
	note "the load verified $(guest_do g1 'cat /run/rounds') rounds"
	sum=$(guest_do g1 'echo 3 >/proc/sys/vm/drop_caches; sha256sum </dev/xvda | cut -d" " -f1' 60)
	guest_shutdown g1
	quick_end
	expect "sha256 in dom0" "$(backend_sha256 a)" "$sum"
}
