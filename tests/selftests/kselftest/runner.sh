#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# runner.sh FOLDER:TEST...: runs tests, each in its folder, and prints KTAP as the
# kernel's runner does: a test's own output, itself KTAP, with "# " before each line,
# then the test's result. FOLDER/settings may say "timeout=SECONDS"; default 45.
# Exit status: 1 if a test failed, 2 if there was nothing to run.

SKIPPED=4	# the status of a test that could not be run
TIMED_OUT=124	# the status of timeout(1)
failed=0 number=0

# Prints what belongs into the result's line; returns 1 for a failure.
verdict() # STATUS SECONDS
{
	case $1 in
	0)		;;
	"$SKIPPED")	echo " # SKIP" ;;
	"$TIMED_OUT")	echo " # TIMEOUT $2 seconds"; return 1 ;;
	*)		echo " # exit=$1"; return 1 ;;
	esac
}

run_test() # FOLDER TEST
{
	local name seconds status how
	name="$(basename "$1"): $(basename "$2")"
	seconds=$(sed -n 's/^timeout=\([0-9][0-9]*\)$/\1/p' "$1/settings" 2>/dev/null)
	: "${seconds:=45}"
	number=$((number + 1))

	echo "# selftests: $name"
	(cd "$1" && PATH=$PATH:$PWD timeout -k 5 "$seconds" "$(realpath "$2")") 2>&1 </dev/null |
		sed 's/^/# /'
	status=${PIPESTATUS[0]}
	if how=$(verdict "$status" "$seconds"); then
		echo "ok $number selftests: $name$how"
	else
		echo "not ok $number selftests: $name$how"
		failed=1
	fi
}

(($#)) || { echo "runner.sh: no tests given" >&2; exit 2; }
echo "TAP version 13"
echo "1..$#"
for test; do
	run_test "${test%%:*}" "${test#*:}"
done
exit $failed
