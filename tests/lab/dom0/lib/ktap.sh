# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# What the selftests print, read line by line.

# ktap_findings FILE FILE-WITH-NAMES [SKIPS]: what does not have the form that the README
# of the selftests promises, a line each: every planned result is there, in order, "ok" and
# not skipped, on both levels. A result, or a whole test, may be skipped when its line
# matches SKIPS.
ktap_findings()
{
	awk -v skips="${3:-}" '
	function finding(why) { print "line " FNR ": " why ": " $0; bad = 1 }
	function inner_end()
	{
		if (!inner_plan || inner != inner_plan)
			finding(inner " results before this line, " inner_plan + 0 " were planned")
	}
	function may_skip() { return skips != "" && $0 ~ skips }
	FILENAME == ARGV[1] { want[++wanted] = $0; next }
	FNR == 1 && $0 != "TAP version 13" { finding("not the version") }
	FNR == 2 && $0 != "1.." wanted { finding("not the plan for " wanted " tests") }
	FNR <= 2 { next }
	/^# selftests: / { inner = inner_plan = all_skipped = 0; next }
	/^# 1\.\.0 # SKIP / && may_skip() { all_skipped = 1; next }
	/^# 1\.\.[0-9]+$/ { inner_plan = substr($2, 4) + 0; next }
	/^# (not )?ok / {
		inner++
		if ($2 != "ok" || $3 != inner || (/ # / && !may_skip()))
			finding("not a passed result " inner)
		next
	}
	/^# 1\.\./ || /^# *Bail out!/ { finding("not to be here"); next }
	/^# / { next }
	{
		if (!all_skipped)
			inner_end()
		outer++
		name = want[outer]
		sub(/:/, ": ", name)
		if ($0 != "ok " outer " selftests: " name (all_skipped ? " # SKIP" : ""))
			finding("not a passed test " outer)
	}
	END { if (outer != wanted) finding(outer " tests, expected " wanted) }' "$2" "$1"
}

# ktap_check FILE FILE-WITH-NAMES STATUS [SKIPS]: fail the case unless all is well
ktap_check()
{
	local findings
	findings=$(ktap_findings "$1" "$2" "${4:-}")
	[[ -z $findings ]] || printf '%s\n' "$findings"
	(($3 == 0)) && [[ -z $findings ]] ||
		fail "status $3; $(grep -c . <<<"$findings") findings, the first: ${findings%%$'\n'*}"
}

# guest_selftests GUEST FILE SECONDS "NAME=VALUE..." WORD...: run those that these words of
# run_kselftest.sh choose, what they print in FILE of the case, and check it; SKIPS as above
guest_selftests()
{
	local guest=$1 file=$CASE_DIR/$2 status=0
	guest_do "$guest" 'mkdir /run/selftests && tar -C /run/selftests -xzf /usr/lib/kselftest.tar.gz'
	guest_run "$guest" "$4 /run/selftests/run_kselftest.sh ${*:5}" "$3" >"$file" || status=$?
	guest_do "$guest" "/run/selftests/run_kselftest.sh -l ${*:5}" >"$file.names"
	note "$2: $(grep -c '^# ok ' "$file") results in $(grep -c '' "$file.names") tests, status $status"
	ktap_check "$file" "$file.names" "$status" "${SKIPS:-}"
}
