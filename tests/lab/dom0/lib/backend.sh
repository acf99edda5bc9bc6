# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Disks that pv-backend (tests/lab/backend) serves in dom0's userspace, honestly until it is
# told otherwise. The toolstack knows nothing of them. With vifN for VDEV it is interface N, of
# which all buffers are taken and none is filled.

fake_log()	{ echo "$CASE_DIR/backend-$1-$2.log"; }		# GUEST VDEV
fake_id()	{ if [[ $1 == vif* ]]; then echo "${1#vif}"; else vdev_id "$1"; fi; }	# VDEV
fake_type()	{ if [[ $1 == vif* ]]; then echo vif; else echo vbd; fi; }		# VDEV
fake_back()	{ echo "/local/domain/0/backend/lab/$(guest_domid "$1")/$(fake_id "$2")"; }
fake_front()	{ frontend_path "$1" "$(fake_type "$2")" "$(fake_id "$2")"; }
# fake_error GUEST VDEV: why the frontend refuses it, or nothing
fake_error()
{
	xs_read "/local/domain/$(guest_domid "$1")/error/device/$(fake_type "$2")/$(fake_id "$2")/error" || :
}

# fake_disk GUEST VDEV NAME [KEY=VALUE...]: start a back end for disk NAME (disk_create) with
# these keys in its directory
fake_disk()
{
	fake_serve "$@"
	fake_nodes "$1" "$2"
}

# fake_serve GUEST VDEV NAME [KEY=VALUE...]: the back end alone, which waits for the frontend
fake_serve()
{
	local guest=$1 vdev=$2 name=$3 back fifo log n=1
	shift 3
	back=$(fake_back "$guest" "$vdev") log=$(fake_log "$guest" "$vdev")
	fifo=/run/backend-$guest-$vdev
	xenstore-write "$back/frontend" "$(fake_front "$guest" "$vdev")" \
		"$back/frontend-id" "$(guest_domid "$guest")" "$back/online" 1
	xenstore-chmod -r "$back" n0 "r$(guest_domid "$guest")"
	# The log of the one before it is kept.
	while [[ -e $log.$n ]]; do n=$((n + 1)); done
	[[ ! -e $log ]] || mv "$log" "$log.$n"
	rm -f "$fifo"
	mkfifo "$fifo"
	pv-backend "$(guest_domid "$guest")" "$(fake_id "$vdev")" "$(disk_path "$name")" "$fifo" "$@" \
		>>"$log" 2>&1 &
	echo $! >"$fifo.pid"
	wait_until 10 fake_said "$guest" "$vdev" '^state 2' || lab_error "pv-backend: $(tail -n 1 "$log")"
}

# fake_nodes GUEST VDEV: the frontend's nodes, which make the guest probe the disk
fake_nodes()
{
	local front
	front=$(fake_front "$1" "$2")
	xenstore-write "$front/backend" "$(fake_back "$1" "$2")" "$front/backend-id" 0 \
		"$front/virtual-device" "$(fake_id "$2")" "$front/device-type" disk \
		"$front/mac" "$(net_mac 99)" "$front/handle" "$(fake_id "$2")"
	xenstore-chmod -r "$front" "n$(guest_domid "$1")" r0
	# The frontend is probed once it has a state, so that comes last.
	xs_write "$front/state" 1
	xenstore-chmod "$front/state" "n$(guest_domid "$1")" r0
}

# fake_nodes_remove GUEST VDEV: both ends' at once, as a toolstack does by force
fake_nodes_remove()
{
	xenstore-rm "$(fake_front "$1" "$2")" "$(fake_back "$1" "$2")"
}

# fake_do GUEST VDEV COMMAND: the back end does so from now on
fake_do()
{
	local before
	before=$(fake_count "$1" "$2" "^did $3")
	echo "$3" >"/run/backend-$1-$2"
	wait_until 10 fake_said "$1" "$2" "^did $3" "$before" ||
		lab_error "pv-backend did not do \"$3\": $(tail -n 1 "$(fake_log "$1" "$2")")"
}

fake_count() # GUEST VDEV REGEX
{
	local count
	count=$(grep -csE "$3" "$(fake_log "$1" "$2")") || :
	echo "${count:-0}"
}

# fake_said GUEST VDEV REGEX [TIMES]: its log has more than TIMES such lines
fake_said()	{ (($(fake_count "$1" "$2" "$3") > ${4:-0})); }

# fake_report GUEST VDEV FIELD: answered, held, late, flushes or mapped
fake_report()
{
	fake_do "$1" "$2" report
	sed -n "s/^report.* $3=\([0-9]*\).*/\1/p" "$(fake_log "$1" "$2")" | tail -n 1
}

# fake_quit GUEST VDEV: it unmaps all and ends, and its nodes go
fake_quit()
{
	local pid
	pid=$(<"/run/backend-$1-$2.pid")
	echo quit >"/run/backend-$1-$2"
	wait_until 10 process_gone "$pid" || lab_error "pv-backend $1 $2 does not end"
	xenstore-rm "$(fake_front "$1" "$2")" "$(fake_back "$1" "$2")" 2>/dev/null || :
}

process_gone()	{ [[ ! -e /proc/$1 ]] || grep -q '^State:.*Z' "/proc/$1/status" 2>/dev/null; }

# within SECONDS WHAT COMMAND...: COMMAND succeeds in that time, and how long it took
within()
{
	local start=$SECONDS seconds=$1 what=$2
	shift 2
	wait_until "$seconds" "$@" || fail "$what: not within $seconds s"
	note "$what: within $((SECONDS - start)) s, bound $seconds s"
}
