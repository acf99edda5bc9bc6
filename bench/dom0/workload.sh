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
	"load_$kind" base "$words" >/dev/null	# reads programs, fills caches
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

# Loads call these around their work where they wait for a server before it, or the guest's
# console takes its time for the result after it; bench/profile counts what is between.
load_start()	{ :; }
load_done()	{ :; }

bench_done()	{ echo "$WORKLOAD $1" >>"$CASE_DIR/progress"; }

# bench_count PASS WHAT NUMBER
bench_count()	{ echo "$WORKLOAD $*" >>"$CASE_DIR/counts"; }

# bench_pass PASS COMMAND...: with what the guest and dom0 spent on it
bench_pass()
{
	local pass=$1 events
	shift
	events=$(guest_events)
	domains_time >/run/bench.time
	"$@" >"$CASE_DIR/$WORKLOAD.$pass.json"
	domains_time | time_since /run/bench.time |
		while read -r what number; do bench_count "$pass" "$what" "$number"; done
	guest_events | since "$events" |
		while read -r what number; do bench_count "$pass" "$what" "$number"; done
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
