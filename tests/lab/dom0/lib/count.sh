# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# What a guest holds, as Xen counts it.

xen_log_take()
{
	xl dmesg -c >>"$CASE_DIR/xen.log"
}

grants_printed()
{
	xl dmesg -c >>"$CASE_DIR/grants.now"
	grep -q 'gnttab_usage_print_all ] done' "$CASE_DIR/grants.now"
}

# grants GUEST: the number of grants in use (the guest's, by whomever mapped)
grants()
{
	local domid
	domid=$(guest_domid "$1")
	xen_log_take
	: >"$CASE_DIR/grants.now"
	xl debug-keys g
	wait_until 20 grants_printed || lab_error "Xen did not print its grant tables"
	cat "$CASE_DIR/grants.now" >>"$CASE_DIR/xen.log"
	awk -v d="d$domid" '
		/grant-table for remote d/ { mine = $0 ~ d "[^0-9]" }
		mine && /\[0x[0-9a-f]+\]/ { n++ }
		END { print n + 0 }' "$CASE_DIR/grants.now"
}

# event_channels GUEST: the number of its open ports
event_channels()
{
	lsevtchn "$(guest_domid "$1")" | wc -l
}

# What is left of guests in dom0; nothing when it is clean.
dom0_left()
{
	left_domains
	left_backends
	left_vifs
	left_loops
}

dom0_clean()	{ [[ -z $(dom0_left) ]]; }
