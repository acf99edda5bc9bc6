# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# What people and KTAP readers get to see, and the count of it.

COUNT_PASS=0 COUNT_FAIL=0 COUNT_SKIP=0 COUNT_ERROR=0 COUNT_ALL=0

# A hash of what is tested: our modules and the layer's sources. A commit has many states with
# changes, and there may be no git. The modules of other kernels come from the same sources.
report_state()
{
	# With an image of our own there may be no modules for Debian's kernel.
	{ find "$TOP"/drivers/*/*.ko "$TOP"/{arch-pv,hypercall-stubs} -type f -print0 2>/dev/null || :; } |
		LC_ALL=C sort -z | xargs -0r cat | sha256sum | cut -c 1-8
}

# What is run, and on what, for scripts/matrix: "COMMIT+STATE|VERSION|DAY|DRIVERS on KERNEL". A
# kernel of our own goes by the name of its directory in build/ too.
report_about()
{
	local commit kernel=$GUEST_VERSION dir
	commit=$(git -C "$TOP" describe --always --dirty --exclude='*' 2>/dev/null)
	commit=${commit:-unknown}+$(report_state)
	dir=$(dirname "$GUEST_KERNEL")
	[[ $dir != "$TOP/build"/image* ]] || kernel="${dir##*/} ($kernel)"
	echo "# run: $commit|$(<"$TOP/VERSION")|$(date -u +%Y-%m-%d)|$DRIVERS on $kernel, $TYPE${HOST:+, $HOST}${SOAK:+, soak}${ICOUNT:+, icount}"
}

report_start() # NUMBER-OF-CASES
{
	KTAP=$LOGS/ktap
	{ printf 'KTAP version 1\n1..%d\n' "$1"; report_about; } | tee "$KTAP"
}

# The lines follow KTAP, so that people and programs read the same output:
# "ok 3 disk-io # 41.2 s" and "not ok 4 reload-pvblk # ERROR 3.0 s: why".
report_case() # NAME VERDICT SECONDS REASON
{
	local name=$1 verdict=$2 seconds=$3 reason=$4 line
	COUNT_ALL=$((COUNT_ALL + 1))
	case $verdict in
	PASS)	COUNT_PASS=$((COUNT_PASS + 1))
		line="ok $COUNT_ALL $name # ${seconds} s${reason:+: $reason}" ;;
	SKIP)	COUNT_SKIP=$((COUNT_SKIP + 1))
		line="ok $COUNT_ALL $name # SKIP ${seconds} s: $reason" ;;
	FAIL)	COUNT_FAIL=$((COUNT_FAIL + 1))
		line="not ok $COUNT_ALL $name # FAIL ${seconds} s: $reason" ;;
	*)	COUNT_ERROR=$((COUNT_ERROR + 1))
		line="not ok $COUNT_ALL $name # ERROR ${seconds} s: $reason" ;;
	esac
	echo "$line" | tee -a "$KTAP"
	[[ $line == ok* ]] || report_logs "$name"
}

# The end of what a case that did not pass left behind, as KTAP diagnostics.
report_logs() # NAME
{
	local log
	for log in "$LOGS/$1"/{output.log,scan.log,guest-*.log}; do
		[[ -s $log ]] || continue
		echo "# -- the end of $log"
		grep -av '^.\{0,3\}~[QRB] ' "$log" | tail -n 12 |
			tr -cd '[:print:]\t\n' | cut -c 1-200 | sed 's/^/#   /'
	done | tee -a "$KTAP"
}

report_console()
{
	local log
	for log in "$RUN"/{qemu.log,console.log}; do
		[[ -s $log ]] || continue
		echo "# -- the end of $log"
		tail -n 15 "$log" | tr -cd '[:print:]\t\n' | sed 's/^/#   /'
	done | tee -a "$KTAP"
}

# Returns the exit status of the whole run.
report_end()
{
	local failed=$((COUNT_FAIL + COUNT_ERROR))
	echo "# logs: $LOGS" | tee -a "$KTAP"
	((!COUNT_ERROR)) || echo "# $COUNT_ERROR of the failed are ERROR: the lab broke, not the drivers" |
		tee -a "$KTAP"
	((COUNT_ALL == 0 || COUNT_SKIP < COUNT_ALL)) ||
		echo "# all cases were skipped: nothing was shown" | tee -a "$KTAP"
	echo "$COUNT_PASS passed, $failed failed, $COUNT_SKIP skipped"
	((!COUNT_ERROR)) || return 3
	((!COUNT_FAIL)) || return 1
}
