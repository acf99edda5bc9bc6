#!/bin/bash
# What an administrator does to a disk while verified load runs on it loses no data and stalls
# nothing: queue attributes, schedulers, partitions, read-only, resize, parameters, attributes read,
# junk written; another disk comes and goes all the while.
# runs: test soak soak-intree
# timeout: 400

admin_begin b:16 <<'END'
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
	data
	copies /dev/xvda1
	must dd if=/dev/zero of=/dev/xvda bs=64k count=1 oflag=direct status=none
	must blockdev --rereadpt /dev/xvda
	[[ ! -e /dev/xvda1 ]] || { echo "the partition stays"; exit 1; }
	must blockdev --setro /dev/xvdb
	! dd if=/dev/zero of=/dev/xvdb bs=4k count=1 oflag=direct 2>/dev/null || { echo "written though read-only"; exit 1; }
	must blockdev --setrw /dev/xvdb
	flows "partitions"
}

larger()
{
	grown xvda 48
	flows "resize"
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
	for file in /sys/bus/xen/devices/vbd-51712/coalesce_* \
		$(find /sys/block/xvda/backend /sys/module/"$1"/parameters -type f -perm -200); do
		was=$(<"$file")
		# Of a yes or no the kernel reads the first letter; -1 switches a limit off.
		case $was:$file in
		[YN]:*)	set -- ' ' junk -1 ;;
		*_tmo | *:*/io_timeout | *:*/unflushed_kb)	set -- ' ' junk -2 0x 4294967297 99999999999999999999 '1 2' "$(printf '%03000d' 9)" ;;
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
admin queue
admin schedulers
admin partitions
admin_grow a 48
admin larger
admin parameters "$BLK_MODULE"
admin attributes
[[ $LAB_DRIVERS != ours ]] || admin junk "$BLK_MODULE"
admin_end
pass
