#!/bin/bash
# What an administrator does to disks while verified load runs on one loses no data and stalls nothing:
# queue attributes, schedulers, partitions, read-only, freeze, swap, RAID, device mapper, loop, io_uring,
# resize, parameters, junk; another disk comes and goes all the while.
# runs: hand
# timeout: 300 400

for spec in a:40 b:32 c:24 d:24 e:8; do disk_create "${spec%:*}" "${spec#*:}"; done
guest_start g1 vcpus=2 memory=320 "$(disk_line "$(disk_spec a xvda)" "$(disk_spec b xvdb)" \
	"$(disk_spec c xvdc)" "$(disk_spec d xvdd)")"
disk_wait g1 xvda xvdb xvdc xvdd

# The load: every block that was written is read back and checked, again and again. It
# leaves dom0, which copies for all disks, and the processor to the administrator.
guest_spawn g1 load 'renice 10 $$ >/dev/null
for ((n = 1; ; n++)); do
	fio --name=v --filename=/dev/xvda --size=24m --offset=8m --ioengine=libaio --direct=1 --iodepth='"$(soak 16 4)"' \
		--rw=randwrite --bsrange=4k-64k --verify=crc32c --verify_fatal=1 || exit 1
	echo $n >/run/rounds
	[[ ! -e /run/enough ]] || exit 0
done'

# Another disk of the guest's comes and goes all the while.
others()
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

# The guest's part of it. Each step has to be followed by I/O of the load.
cat >/run/admin <<'END'
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

# What a file of queue/ may hold, and what not; one without values keeps its own.
values()
{
	case $1 in
	nr_requests)		echo 4 32 64 0 ;;
	max_sectors_kb)		echo 4 44 3 "$(<max_hw_sectors_kb)" ;;
	read_ahead_kb)		echo 0 4 4096 128 ;;
	rq_affinity)		echo 0 2 1 ;;
	nomerges)		echo 2 1 0 ;;
	iostats)		echo 0 1 ;;
	add_random | rotational | stable_writes)	echo 1 0 ;;
	wbt_lat_usec)		echo 0 2000 -1 ;;
	io_poll)		echo 1 0 ;;
	io_timeout)		echo 60000 0 30000 ;;
	discard_max_bytes)	echo 0 1048576 ;;
	io_poll_delay)		echo 0 -1 ;;
	esac
}

queue()
{
	local file value was
	cd /sys/block/xvda/queue
	for file in $(find . -maxdepth 1 -type f -perm -200); do
		file=${file#./}
		was=$(<$file) || continue
		case $file in
		scheduler)	continue ;;
		write_cache)	write $file "write through"; write $file "write back" ;;
		esac
		for value in $(values $file); do
			write $file "$value" || :
		done
		for value in junk -2 99999999999999999999 ''; do
			write $file "$value" || :
		done
		write $file "$was" || :
		flows "queue/$file"
	done
}

schedulers()
{
	local scheduler
	cd /sys/block/xvda/queue
	must modprobe -a kyber-iosched bfq
	for scheduler in $(tr -d '[]' <scheduler) none; do
		must write scheduler $scheduler
		grep -q "\[$scheduler\]" scheduler || { cat scheduler; exit 1; }
		flows $scheduler
	done
}

# In front of what the load writes, and of the disk that it writes to.
partitions()
{
	local n
	data
	echo "2048,8192" | must sfdisk -q --no-reread --no-tell-kernel /dev/xvda || exit 1
	for n in 1 2 3; do
		must blockdev --rereadpt /dev/xvda
		flows "reading the partitions"
	done
	[[ -b /dev/xvda1 ]] || { echo "no partition"; exit 1; }
	copies /dev/xvda1
	for n in 1 2 3; do
		must blockdev --setro /dev/xvda1
		! dd if=/dev/zero of=/dev/xvda1 bs=4k count=1 oflag=direct 2>/dev/null || { echo "written though read-only"; exit 1; }
		must blockdev --setrw /dev/xvda1
		flows "read-only and back"
	done
	copies /dev/xvda1
	must dd if=/dev/zero of=/dev/xvda bs=64k count=1 oflag=direct status=none
	must blockdev --rereadpt /dev/xvda
	[[ ! -e /dev/xvda1 ]] || { echo "the partition stays"; exit 1; }
	must blockdev --setro /dev/xvdb
	! dd if=/dev/zero of=/dev/xvdb bs=4k count=1 oflag=direct 2>/dev/null || { echo "written though read-only"; exit 1; }
	must blockdev --setrw /dev/xvdb
	flows "partitions"
}

files()
{
	local loop n
	data
	# A freeze waits long for a file system that is not initialised yet.
	must mkfs.ext4 -q -E lazy_itable_init=0,lazy_journal_init=0 /dev/xvdb
	mkdir -p /mnt/b; must mount -t ext4 /dev/xvdb /mnt/b
	must cp /run/data /mnt/b/file
	for n in 1 2 3; do
		must fsfreeze -f /mnt/b
		cp /mnt/b/file /mnt/b/copy & must fsfreeze -u /mnt/b
		must wait $!
		holds /mnt/b/copy
		flows "a frozen file system"
	done
	truncate -s 8M /mnt/b/image
	must modprobe loop
	loop=$(losetup -f); must losetup "$loop" /mnt/b/image
	copies "$loop"
	must losetup -d "$loop"
	flows "a loop device"
	must mkswap /dev/xvdc >/dev/null
	for n in 1 2 3; do
		must swapon /dev/xvdc; must swapoff /dev/xvdc
	done
	flows "swap on and off"
}

# The mounted disk has grown, and so has the one under load.
grown()
{
	local end=$((SECONDS + 30)) disk
	for disk in xvda:48 xvdb:48; do
		until [[ $(blockdev --getsize64 /dev/${disk%:*}) == $((${disk#*:} << 20)) ]]; do
			((SECONDS < end)) || { echo "${disk%:*} did not grow"; exit 1; }
			dd if=/dev/${disk%:*} of=/dev/null bs=4k count=1 iflag=direct status=none
		done
	done
	must resize2fs /dev/xvdb 2>&1
	sum=$(sha256sum </run/data)
	holds /mnt/b/file
	must umount /mnt/b
	must e2fsck -fn /dev/xvdb
	flows "resize"
}

# RAID1 as mdadm makes it where the members have no superblock.
raid()
{
	local member md=/sys/block/md127/md n=0
	data
	must modprobe -a md-mod raid1
	must write /sys/module/md_mod/parameters/new_array md127
	cd $md || exit 1
	must write metadata_version none
	must write level raid1; must write raid_disks 2; must write component_size 16384
	for member in xvdc xvdd; do
		must write new_dev "$(</sys/block/$member/dev)"
		must write dev-$member/size 16384
		must write dev-$member/slot $((n++))
	done
	must write array_state clean
	copies /dev/md127
	flows "RAID1"
	must write dev-xvdd/state faulty
	copies /dev/md127
	must write array_state clear
	cd /
	holds /dev/xvdc
	flows "RAID1 without a member"
}

# The tables that LVM and cryptsetup make.
mapper()
{
	local dev key table
	dm()	{ dmsetup --noudevsync --noudevrules "$@"; }
	data
	must modprobe -a dm-mod dm-crypt xts ecb
	key=$(printf '%064d' 7)
	for table in $'0 4096 linear /dev/xvdc 2048\n4096 28672 linear /dev/xvdd 0' \
			"0 32768 crypt aes-xts-plain64 $key 0 /dev/xvdc 0"; do
		must dm create top <<<"$table"
		dev=/dev/$(dm info -c --noheadings -o blkdevname top)
		copies "$dev"
		must dm suspend top; must dm resume top
		holds "$dev"
		must dm remove --retry top
		flows "dm ${table:0:20}"
	done
}

requests()
{
	must fio --name=u --filename=/dev/xvdc --size=8m --ioengine=io_uring --direct=1 --iodepth=16 --rw=randwrite \
		--bsrange=4k-128k --verify=crc32c --verify_fatal=1
	must fio --name=o --filename=/dev/xvdd --size=8m --ioengine=libaio --direct=1 --iodepth=8 --rw=randwrite --io_size=3m \
		--bsrange=512-72k --bs_unaligned=0 --blockalign=512 --iomem_align=512 --verify=crc32c --verify_fatal=1
	flows "io_uring and odd sizes"
}

# Parameters are for disks that come later, others of which come and go.
parameters() # MODULE
{
	local file was value
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

# Every attribute of the disk is read, while the load runs.
attributes()
{
	local file text nr=0
	find -L /sys/block/xvda/ -maxdepth 3 -type f -perm -400 ! -path '*/driver/*' ! -path '*/subsystem/*' >/run/files 2>/dev/null
	find /sys/kernel/debug/block/xvda /sys/kernel/debug/pvfront -type f -perm -400 >>/run/files 2>/dev/null
	while read -r file; do
		text=; read -r -d '' -t 5 text <"$file" || :
		[[ -z $text ]] || nr=$((nr + 1))
	done </run/files 2>/dev/null
	((nr >= 50)) || { echo "only $nr attributes can be read"; exit 1; }
	flows "$nr attributes read"
}

# What is ours refuses junk, and is as it was.
junk() # MODULE
{
	local file text was
	for file in /sys/bus/xen/devices/vbd-51712/coalesce_* $(find /sys/module/"$1"/parameters -type f -perm -200); do
		was=$(<"$file")
		# Of a yes or no the kernel reads the first letter.
		case $was in
		[YN])	set -- ' ' junk -1 ;;
		*)	set -- ' ' junk -1 0x 4294967297 99999999999999999999 '1 2' "$(printf '%03000d' 9)" ;;
		esac
		for text; do
			! write "$file" "$text" || { echo "$file took \"$text\""; exit 1; }
		done
		[[ $(<"$file") == "$was" ]] || { echo "$file is $(<"$file"), was $was"; exit 1; }
		flows "junk in $file"
	done
}
END
guest_put g1 /run/admin /run/admin
guest_do g1 'mkfifo /run/never'
: >/run/others
others &
others=$!

# admin STEP [ARGUMENT...]: in the guest; what it says at its end is why it failed
admin()
{
	guest_do g1 ". /run/admin; $*" 200 >"$CASE_DIR/$1.log"
	note "$1; another disk came and went $(wc -l </run/others) times"
}

# grow NAME MB: in dom0
grow()
{
	truncate -s "$2M" "$(disk_path "$1")"
	losetup -c "$(losetup -j "$(disk_path "$1")" | cut -d: -f1)"
}

wait_until 60 guest_run g1 'read -ra stat </sys/block/xvda/stat; ((stat[4] > 10))' || fail "the load does not run"
admin flows start
admin queue
admin schedulers
admin partitions
admin files
grow a 48
grow b 48
admin grown
admin raid
admin mapper
admin requests
admin parameters "$BLK_MODULE"
admin attributes
[[ $LAB_DRIVERS != ours ]] || admin junk "$BLK_MODULE"

touch /run/enough
guest_do g1 'touch /run/enough'
wait "$others" || fail "another disk could not come or go"
guest_join g1 load 120 >"$CASE_DIR/load.log" || fail "the load failed, see load.log"
note "the load verified $(guest_do g1 'cat /run/rounds') rounds"
sum=$(guest_do g1 'echo 3 >/proc/sys/vm/drop_caches; sha256sum </dev/xvda | cut -d" " -f1' 60)
guest_shutdown g1
quick_end
expect "sha256 in dom0" "$(backend_sha256 a)" "$sum"
pass
