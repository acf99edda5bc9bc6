#!/bin/bash
# A disk where guest and dom0 run at once, or nearly: events for each I/O, and latency.
# timeout: 1500
#
# A case of the lab, for what counted time as make bench has it does not tell:
#
#	tests/lab/run [--drivers intree] bench/parallel.sh
#
# measures, three rounds; and this counts, with processors that take turns every 20 us:
#
#	gcc -O2 -static -o DIR/turns bench/tools/turns.c
#	tests/lab/run --icount --with DIR [--drivers intree] bench/parallel.sh
#
# Each line of build/lab/logs/latest/parallel/figures is one reading: setting, disk, queue
# depth, workload; the disks' interrupts and all interrupts of the guest, for each I/O; I/Os a
# second; latency in us: mean, median, 99 %.

RAM_MB=16
SLOW_NS=2000000
TURNS=/lab/in/with/turns
ROUNDS=3
if [[ -x $TURNS ]]; then
	ROUNDS=1
	$TURNS 20 &
fi

# Name, coalesce_responses and coalesce_usecs (-: there are none), what is done (disk, queue
# depth), fio's engine.
settings=("aio - - ram-1,ram-32,slow-32 libaio" "uring - - ram-1 io_uring")
[[ $LAB_DRIVERS != ours ]] || settings=("each 1 200 ram-1,ram-32,slow-32 libaio"
	"16-200us 16 200 ram-1,ram-32,slow-32 libaio" "16-2ms 16 2000 ram-1,ram-32,slow-32 libaio"
	"uring 16 200 ram-1 io_uring" "polled 16 200 ram-1 io_uring --hipri")

# All of the RAM disk is written to: what never was is not copied when it is read.
modprobe brd rd_nr=1 rd_size=$((RAM_MB << 10))
head -c ${RAM_MB}M /dev/urandom | dd of=/dev/ram0 bs=1M 2>/dev/null
# One that takes its time, so that requests are in flight.
modprobe null_blk gb=1 irqmode=2 completion_nsec=$SLOW_NS
guest_start g1 "cmdline=pvblk.poll_queues=1" \
	"disk = [ 'format=raw,backendtype=phy,vdev=xvda,access=w,target=/dev/ram0',
		'format=raw,backendtype=phy,vdev=xvdb,access=w,target=/dev/nullb0' ]"
disk_wait g1 xvda xvdb
declare -A dev=([ram]=xvda [slow]=xvdb)
for vdev in 51712 51728; do
	xs_wait "$(frontend_path g1 vbd $vdev)/state" 4 20 || fail "disk $vdev is not connected after 20 s"
done

knob()	{ guest_do g1 "for f in /sys/bus/xen/devices/vbd-*/coalesce_$1; do echo $2 >\$f; done"; }

# The disks' interrupts, and all.
interrupts()
{
	guest_do g1 "awk '{ n = 0; for (i = 2; \$i ~ /^[0-9]+\$/; i++) n += \$i; all += n }
		/xvd[ab]-q|blkif/ { disk += n } END { print disk + 0, all }' /proc/interrupts"
}

# reading NAME DISK DEPTH RW IOS ENGINE
reading()
{
	local disk all disk0 all0 out
	read -r disk0 all0 < <(interrupts)
	out=$(guest_do g1 "fio --name=p --filename=/dev/${dev[$2]} --thread --ioengine=$6 --direct=1 --norandommap \
		--randrepeat=1 --rw=$4 --bs=4k --iodepth=$3 --size=${RAM_MB}m --io_size=$(($5 * 4))k \
		--output-format=terse --terse-version=3" 120)
	read -r disk all < <(interrupts)
	# fio's fields for reads; those for writes are 41 further on.
	awk -F';' -v o="$([[ $4 == randread ]] || echo 41)" -v ios="$5" -v disk=$((disk - disk0)) -v all=$((all - all0)) \
		-v what="$1 $2 $3 $4" '
		function after(text) { sub(/.*=/, "", text); return text }
		NF > 100 { printf "%s %.3f %.3f %d %.0f %d %d\n", what, disk / ios, all / ios, $(8 + o), $(16 + o),
			after($(24 + o)), after($(30 + o)); n++ }
		END { exit !n }' <<<"$out" | tee -a "$CASE_DIR/figures" || fail "fio says nothing: $out"
}

for ((round = 0; round < ROUNDS; round++)); do
	for setting in "${settings[@]}"; do
		read -r name responses usecs loads engine <<<"$setting"
		if [[ $responses != - ]]; then
			knob responses "$responses"
			knob usecs "$usecs"
		fi
		for load in ${loads//,/ }; do
			depth=${load#*-}
			for rw in randread randwrite; do
				reading "$name" "${load%-*}" "$depth" $rw $((depth == 1 ? 600 : 5000)) "$engine"
			done
		done
	done
done
guest_do g1 "grep -s '^queue' /sys/kernel/debug/pvfront/vbd-* || :"
guest_shutdown g1
pass
