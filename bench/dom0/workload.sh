# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# One workload: runs that are timed, and after them runs that are only counted.
#
# What is measured is written as it comes, for bench/report:
#	$CASE_DIR/WORKLOAD.PASS.json	what the load's own tool said
#	$CASE_DIR/counts		WORKLOAD PASS WHAT NUMBER
#	$CASE_DIR/progress		WORKLOAD PASS, when it is done
# PASS is run1, run2, ..., floor1, ..., base, trace, trace-base, grants or memory. A "base" pass
# does one operation: what it costs (programs that start) is taken off the others.

bench_workload() # NAME KIND WORDS
{
	local name=$1 kind=$2 words=$3 n
	WORKLOAD=$name
	note "$name: $kind $words"
	if [[ $kind == boot ]]; then
		bench_boot "$words"
		return
	fi
	"prepare_$kind"
	bench_warm "$kind" "$words"
	EVENTS_KNOWN=
	bench_pass base "load_$kind" base "$words"
	for ((n = 1; n <= BENCH_RUNS; n++)); do
		bench_pass "run$n" "load_$kind" full "$words"
	done
	if [[ $kind == fio ]] && bench_floor_ready; then
		for ((n = 1; n <= BENCH_FLOORS; n++)); do
			load_fio floor "$words" >"$CASE_DIR/$name.floor$n.json"
			bench_done "floor$n"
		done
	fi
	[[ -n $BENCH_COUNTS ]] || return 0
	bench_trace trace-base "load_$kind" base "$words"
	bench_trace trace peak_grants /run/bench.grants "load_$kind" full "$words"
	bench_count grants grants-peak "$(</run/bench.grants)"
	bench_count grants grants-after "$(guest_grants)"
}

# Reads the programs of a kind of load, once in a guest, and fills its caches.
bench_warm() # KIND WORDS
{
	[[ " ${WARM:-} " != *" $1 "* ]] || return 0
	"load_$1" base "$2" >/dev/null
	WARM+=" $1"
}

# Each load calls load_start when what it waits for is there, a server above all, and its
# work starts; and load_done where the guest's console takes its time for the result after
# the work. What counts of a pass is between. bench/profile has its own.
# EVENTS_KNOWN: nothing has happened in the guest since the pass before read them.
load_start()
{
	[[ -n ${PASS_COUNTED:-} ]] || return 0
	[[ -n ${EVENTS_KNOWN:-} ]] || PASS_EVENTS=$(guest_events)
	domains_time >/run/bench.start
}

load_done()
{
	[[ -n ${PASS_COUNTED:-} ]] || return 0
	domains_time >/run/bench.done
	PASS_COUNTED=
}

bench_done()	{ echo "$WORKLOAD $1" >>"$CASE_DIR/progress"; }

# bench_count PASS WHAT NUMBER
bench_count()	{ echo "$WORKLOAD $*" >>"$CASE_DIR/counts"; }

# bench_pass PASS COMMAND...: with what the guest and dom0 spent on it
bench_pass()
{
	local pass=$1 events
	shift
	PASS_COUNTED=yes
	"$@" >"$CASE_DIR/$WORKLOAD.$pass.json"
	load_done
	events=$(guest_events)
	{
		time_since /run/bench.start </run/bench.done
		since "$PASS_EVENTS" <<<"$events"
	} | while read -r what number; do bench_count "$pass" "$what" "$number"; done
	PASS_EVENTS=$events EVENTS_KNOWN=yes
	bench_done "$pass"
}

# The trace slows the guest, so that what such a pass times is not used.
bench_trace()
{
	local pass=$1
	shift
	trace_start
	"$@" >/dev/null
	trace_stop /run/bench.counts
	bench_counts "$pass"
}

# bench_counts PASS: what the trace has shown
bench_counts()
{
	local kind number count
	while read -r kind number count; do
		bench_count "$1" "$kind-$number" "$count"
	done </run/bench.counts
	bench_done "$1"
}
