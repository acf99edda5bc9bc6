# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Loads on disks: Debian's fio in the guest.

prepare_fio()	{ :; }

# load_fio full|base|floor WORDS: base does one I/O in each job, floor the work of full
# on RAM disks inside the guest, where no Xen device takes part
load_fio()
{
	local how=$1 word ios=1 kb=4 options='' jobs='' n dev
	for word in $2; do
		case $word in
		ios=*)	[[ $how == base ]] || ios=${word#*=} ;;
		bs=*)	kb=${word//[!0-9]/}; options+=" --$word" ;;
		numjobs=*) options+=" --$word --cpus_allowed=0-$((${word#*=} - 1)) --cpus_allowed_policy=split" ;;
		*)	options+=" --$word" ;;
		esac
	done
	for ((n = 0; n < GUEST_DISKS; n++)); do
		dev=/dev/$(disk_name $n)
		[[ $how != floor ]] || dev=/dev/ram$n
		jobs+=" --name=disk$n --filename=$dev"
	done
	load_start
	guest_do g1 "fio --thread --ioengine=libaio --direct=1 --norandommap --randrepeat=1 \
		--size=${RAM_MB}m --io_size=$((ios * kb))k --group_reporting --output-format=json \
		$options $jobs >/run/fio.json" 300
	load_done
	guest_do g1 "cat /run/fio.json"
}

# The guest's own RAM disks; a kernel without brd has no floor.
bench_floor_ready()
{
	guest_run g1 "[[ -b /dev/ram0 ]]" && return
	guest_run g1 "modprobe brd rd_nr=$GUEST_DISKS rd_size=$((RAM_MB << 10)) || exit
		for disk in /dev/ram*; do
			head -c ${RAM_MB}M /dev/urandom | dd of=\$disk bs=1M 2>/dev/null || exit
		done" 120
}
