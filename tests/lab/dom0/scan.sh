# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Looks for trouble in every log a case can have left some in.

scan_start()
{
	xl dmesg -c >/dev/null
	SCAN_MARK="lab: case $CASE starts"
	echo "$SCAN_MARK" >/dev/kmsg
}

# scan_guest NAME: take its kernel's log, if it can still answer
scan_guest()
{
	local dir=/run/guests/$1 tty
	xl domid "$1" >/dev/null 2>&1 || return 0
	tty=$(xenstore-read "/local/domain/$(<"$dir/domid")/console/tty" 2>/dev/null) || return 0
	timeout 30 flock "$dir/lock" guestctl "$tty" run 10 <<<dmesg \
		>>"$CASE_DIR/dmesg-$1.log" 2>/dev/null || return 0
}

scan_guests()
{
	local dir
	for dir in /run/guests/*/; do
		[[ ! -e $dir/domid ]] || scan_guest "$(basename "$dir")"
	done
}

# What the patterns find in a log, beyond what is allowed, always or by this case.
scan_log() # FILE
{
	[[ -s $1 ]] || return 0
	grep -aE -f <(sed '/^#/d; /^$/d; /^allow /d' "$LIB/scan-patterns") "$1" |
		grep -avE -f <(sed -n 's/^allow //p' "$LIB/scan-patterns"
			       sed -n 's/^# allow: //p' "$CASE_FILE") |
		sed "s|^|$(basename "$1"): |"
}

# Prints the first finding; all of them go to scan.log.
scan_end()
{
	local log
	xl dmesg -c >>"$CASE_DIR/xen.log"
	dmesg | awk -v mark="$SCAN_MARK" 'index($0, mark) { on = 1 } on' \
		>"$CASE_DIR/dom0.log"
	# The console of a guest is renamed so that the next case's of the same
	# name starts afresh; xenconsoled has closed it with the domain.
	for log in /lab/out/console/guest-*.log; do
		[[ ! -e $log ]] || mv "$log" "$CASE_DIR/"
	done
	mv /var/log/xen/qemu-dm-*.log "$CASE_DIR/" 2>/dev/null || :
	for log in "$CASE_DIR"/{xen.log,dom0.log,guest-*.log,dmesg-*.log}; do
		scan_log "$log"
	done >"$CASE_DIR/scan.log"
	head -n 1 "$CASE_DIR/scan.log" | cut -c 1-160
}
