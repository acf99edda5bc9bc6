# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# How a case ends, and how it waits.

verdict_set() # WORD REASON
{
	# The first one stands: what follows a failure is only its wake.
	[[ -s $CASE_DIR/verdict ]] || printf '%s\n' "$*" >"$CASE_DIR/verdict"
	echo "== $*"
	# A failure in a subshell ends the case, not only the subshell.
	[[ $BASHPID == "$$" ]] || kill -TERM $$
	exit 0
}

pass()		{ verdict_set PASS "$@"; }
fail()		{ verdict_set FAIL "$@"; }
skip()		{ verdict_set SKIP "$@"; }
lab_error()	{ verdict_set ERROR "$@"; }

note()
{
	echo "-- $(cut -d' ' -f1 /proc/uptime): $*"
}

case_kill_children()
{
	local pids
	pids=$(jobs -p)
	# shellcheck disable=SC2086 # a list
	[[ -z $pids ]] || kill $pids 2>/dev/null || :
}

# wait_until SECONDS COMMAND...: until it succeeds; 1 when time is up
wait_until()
{
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		((SECONDS < end)) || return 1
		sleep 0.1
	done
}

# expect WHAT GOT WANTED
expect()
{
	[[ $2 == "$3" ]] || fail "$1 is \"$2\", expected \"$3\""
}
