# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# One case from start to verdict, for main and for the prompt of --shell.

# Runs one case in a process of its own and leaves its verdict in
# $CASE_DIR/verdict: "PASS", or "FAIL reason" and so on.
run_case() # NAME SECONDS
{
	local status scan dirty
	export CASE=$1 CASE_DIR=/lab/out/$1 CASE_FILE=/lab/in/cases/$1.sh
	mkdir -p "$CASE_DIR"
	rm -f "$CASE_DIR/verdict"
	scan_start

	timeout -k 10 "$2" bash "$LIB/case" \
		>"$CASE_DIR/output.log" 2>&1 </dev/null
	status=$?
	if [[ ! -s $CASE_DIR/verdict ]]; then
		case $status in
		124|137) echo "FAIL no verdict within $2 s" ;;
		*)	echo "FAIL ended without a verdict, status $status" ;;
		esac >"$CASE_DIR/verdict"
	fi

	scan_guests
	dirty=$(clean_up 2>&1)
	scan=$(scan_end)
	if [[ $(<"$CASE_DIR/verdict") == PASS* ]]; then
		if [[ -n $scan ]]; then
			echo "FAIL logs: $scan" >"$CASE_DIR/verdict"
		elif [[ -n $dirty ]]; then
			echo "FAIL left behind: $dirty" >"$CASE_DIR/verdict"
		fi
	fi
}
