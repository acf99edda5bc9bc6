#!/bin/bash
# A disk in use whose new backend has other sectors, less room, no writing, another serial or wwid is
# refused with the key, the old and the new value; one that has more room, or first says a serial, is
# not, nor one that says none any more. One that announces itself again in use may change write
# protection, flushes and discards: these are applied, and told to the log and to udev.
# runs: test soak
# timeout: 240

[[ $LAB_DRIVERS == ours ]] || skip "xen-blkfront takes what it is given"

disk_create a 16
guest_start g1 memory=256
error_node()	{ echo "/local/domain/$(guest_domid g1)/error/device/vbd/$(vdev_id "$1")/error"; }

# back_with VDEV KEY VALUE: its backend goes and comes back with this
back_with()
{
	fake_do g1 "$1" "disconnect"
	fake_do g1 "$1" "set $2 $3"
	fake_do g1 "$1" "state 2"
}

use() # VDEV [KEY=VALUE]: a disk that a program has open
{
	fake_disk g1 "$1" a ${2+"$2"}
	disk_wait g1 "$1"
	guest_spawn g1 "open-$1" "exec sleep 1000 <>/dev/$1"
	guest_do g1 "dd if=/dev/$1 of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null"
}

# refused VDEV KEY OLD NEW [KEY=VALUE]
refused()
{
	local error status
	use "$1" ${5+"$5"}
	back_with "$1" "$2" "$4"
	within 30 "$2 $3 to $4: refused" xs_exists "$(error_node "$1")"
	error=$(xs_read "$(error_node "$1")")
	note "$error"
	[[ $error == *"$2"* && $error == *"$3"* && $error == *"$4"* ]] ||
		fail "the error names not all of $2, $3 and $4: $error"
	status=0
	guest_run g1 "timeout 20 dd if=/dev/zero of=/dev/$1 bs=4k count=1 oflag=direct 2>/dev/null" || status=$?
	expect "$2 $3 to $4: status of a write to the refused disk" $status 1
}

refused xvdb sector-size 512 4096
refused xvdc sectors 32768 1024
refused xvdd info 0 4
refused xvdf serial disk-1 disk-2 serial=disk-1


use xvde
back_with xvde sectors 65536
larger()	{ guest_run g1 '[[ $(cat /sys/block/xvde/size) == 65536 ]]'; }
within 30 "more room: taken" larger
guest_do g1 'dd if=/dev/urandom of=/dev/xvde bs=4k count=4 oflag=direct 2>/dev/null'
back_with xvde serial late
known()		{ guest_run g1 '[[ $(cat /sys/block/xvde/serial) == late ]]'; }
within 30 "a serial where there was none: taken" known
fake_do g1 xvde "disconnect"
xenstore-rm "$(fake_back g1 xvde)/serial"
fake_do g1 xvde "state 2"
guest_do g1 'dd if=/dev/urandom of=/dev/xvde bs=4k count=4 oflag=direct 2>/dev/null'
known || fail "the serial is not known any more"

# announce WHAT WORDS COMMAND KEY VALUE...: the backend of xvde announces itself with these; then
# COMMAND succeeds, the kernel log has WORDS, and udev has something to look at
announce()
{
	local what=$1 words=$2 command=$3 seen
	shift 3
	seen=$(guest_do g1 'cat /sys/kernel/uevent_seqnum')
	while (($#)); do
		fake_do g1 xvde "set $1 $2"
		shift 2
	done
	fake_do g1 xvde "state 4"
	within 20 "$what" guest_run g1 "$command && (( \$(cat /sys/kernel/uevent_seqnum) > $seen )) &&
		dmesg | grep -F 'vbd-$(vdev_id xvde): ' | grep -qF '$words'"
}

at=/sys/block/xvde
announce "write protection" "xvde is read-only now" "[[ \$(cat $at/ro) == 1 ]]" info 4
announce "none any more" "xvde is writable now" "[[ \$(cat $at/ro) == 0 ]]" info 0
announce "flushes" "feature-flush-cache was 0 and is 1" "grep -qx 'write back' $at/queue/write_cache" \
	feature-flush-cache 1
guest_do g1 'dd if=/dev/urandom of=/dev/xvde bs=4k count=4 conv=fsync 2>/dev/null'
(($(fake_report g1 xvde flushes) > 0)) || fail "no flush has come"
announce "no flushes" "feature-flush-cache was 1 and is 0" "grep -qx 'write through' $at/queue/write_cache" \
	feature-flush-cache 0
announce "discards" "feature-discard was 0 and is 1" \
	"[[ \$(cat $at/queue/discard_granularity) == 65536 && \$(cat $at/queue/discard_max_bytes) != 0 ]]" \
	discard-granularity 65536 feature-discard 1
announce "no discards" "feature-discard was 1 and is 0" "[[ \$(cat $at/queue/discard_max_bytes) == 0 ]]" \
	feature-discard 0
guest_do g1 'dd if=/dev/urandom of=/dev/xvde bs=4k count=4 oflag=direct 2>/dev/null'

for vdev in xvdb xvdc xvdd xvde xvdf; do fake_quit g1 $vdev; done
guest_shutdown g1
pass
