# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# The passes of a workload while QEMU counts instructions (tools/profile.c).
#
# What is left for bench/report/profile:
#	$CASE_DIR/WORKLOAD.PASS.json	what the load's own tool said
#	$CASE_DIR/windows		WORKLOAD PASS WINDOW NANOSECONDS of counted time
#	$CASE_DIR/symbols.*		of dom0 (kernel and modules), of the guest's modules
#	/lab/out/symbols.xen		of Xen

WINDOWS=/run/bench.windows	# how many there were since dom0 started
MARK=/run/bench.mark

profile_workload() # NAME KIND WORDS
{
	local name=$1 kind=$2 words=$3 n
	WORKLOAD=$name
	note "$name: $kind $words"
	"prepare_$kind"
	cp "$BENCH/tools/mark" $MARK
	WINDOW_STOP=none
	"load_$kind" base "$words" >/dev/null	# reads programs, fills caches
	profile_pass check busy
	profile_pass base "load_$kind" base "$words"
	for ((n = 1; n <= BENCH_RUNS; n++)); do
		profile_pass "run$n" "load_$kind" full "$words"
	done
	if [[ $kind == fio ]] && bench_floor_ready; then
		for ((n = 1; n <= BENCH_FLOORS; n++)); do
			profile_pass "floor$n" load_fio floor "$words"
		done
	fi
}

# One processor has work all of the time, so that the clock's time is that of instructions.
busy()
{
	local i sum=0
	load_start
	for ((i = 0; i < 2000; i++)); do sum=$((sum + i)); done
	echo $sum
}

# The shared directories are the host's, whose answers come after a time that nothing counts.
profile_pass() # PASS COMMAND...
{
	local pass=$1 result=/run/bench.result
	shift
	WINDOW_STOP=
	"$@" >$result
	load_done
	cp $result "$CASE_DIR/$WORKLOAD.$pass.json"
	WINDOW=$(($(cat $WINDOWS 2>/dev/null || echo 0) + 1))
	echo $WINDOW >$WINDOWS
	echo "$WORKLOAD $pass $WINDOW $((WINDOW_STOP - WINDOW_START))" >>"$CASE_DIR/windows"
	[[ $pass == check ]] || bench_done "$pass"
}

# The first end counts: profile_pass has one for loads that have none.
if [[ -n ${BENCH_PROFILE:-} ]]; then
	load_start()	{ [[ -n $WINDOW_STOP ]] || WINDOW_START=$($MARK start); }
	load_done()	{ [[ -n $WINDOW_STOP ]] || WINDOW_STOP=$($MARK stop); }
fi

# Code only, without addresses of variables.
CODE='$2 ~ /^[tTwW]$/'

# Both domains run the same kernel at the same addresses, which is verified here, as
# a whole table would take long through the guest's console. Xen gives its symbols by a hypercall
# each, so these are read for the first guest only.
profile_symbols()
{
	local sum
	awk "$CODE" /proc/kallsyms >"$CASE_DIR/symbols.dom0"
	sum=$(guest_do g1 "awk '$CODE { print >(NF == 3 ? \"/run/symbols.kernel\" : \"/run/symbols\") }' /proc/kallsyms
		md5sum </run/symbols.kernel" 120)
	expect "the sum of the guest's kernel symbols, beside dom0's" "$sum" \
		"$(awk "NF == 3" "$CASE_DIR/symbols.dom0" | md5sum)"
	guest_get g1 /run/symbols "$CASE_DIR/symbols.guest"
	[[ -s /lab/out/symbols.xen ]] || awk "$CODE" /proc/xen/xensyms >/lab/out/symbols.xen
	[[ -s /lab/out/symbols.xen ]] || lab_error "/proc/xen/xensyms is empty"
}
