# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2034 # the parts of run share variables
# Runs cases in one boot of dom0, or in more when dom0 does not survive one.

# How long dom0 may say nothing.  It keeps each case's own time; these only
# catch a machine that is stuck.
UP_SECONDS=180
SILENCE_SECONDS=120

# case_header FILE WORD: the numbers of "# WORD: N M"
case_header()
{
	sed -n "s/^# $2: *\([0-9][0-9 ]*\)\$/\1/p" "$1" | head -n 1
}

case_needs() # FILE WORD
{
	grep -q "^# needs:.* $2\b" "$1"
}

# A second number after "timeout" is for --soak. The numbers are for a machine with nothing else
# to do; two labs side by side, as in make test, take twice as long.
case_seconds() # FILE
{
	local seconds long
	read -r seconds long <<<"$(case_header "$1" timeout)"
	[[ -z $SOAK ]] || seconds=${long:-$seconds}
	seconds=${TIMEOUT:-$((${seconds:-120} * 2))}
	[[ -z $ICOUNT ]] || seconds=$((seconds * 3))
	[[ $TYPE != pvh ]] || seconds=$((seconds * 4))
	echo "$seconds"
}

# Reads one line into VERDICT_LINE; 1 when QEMU has ended, 2 when time is up.
verdict_read() # SECONDS
{
	local end=$((SECONDS + $1)) part=''
	VERDICT_LINE=
	while ((SECONDS < end)); do
		if IFS= read -r -t 1 -u "$VERDICT_FD" part; then
			VERDICT_LINE=${VERDICT_LINE}${part%$'\r'}
			return 0
		fi
		VERDICT_LINE=${VERDICT_LINE}${part}
		kill -0 "$QEMU_PID" 2>/dev/null || return 1
	done
	return 2
}

# Boots dom0 with the cases left in CASES_LEFT, takes what ends out of it and
# returns 0 when dom0 said that it is done.
run_boot()
{
	local file seconds=$UP_SECONDS verb rest name verdict took reason
	local current='' started=0 why=0

	fill_in_dir "${CASES_LEFT[@]}"
	for file in "${CASES_LEFT[@]}"; do
		echo "$(basename "$file" .sh) $(case_seconds "$file")"
	done >"$RUN/in/order"
	qemu_start

	while verdict_read "$seconds" || { why=$?; false; }; do
		read -r verb name verdict took reason <<<"$VERDICT_LINE"
		case $verb in
		up)	seconds=$SILENCE_SECONDS ;;
		start)	current=$name started=$SECONDS
			seconds=$((verdict + SILENCE_SECONDS)) ;;
		end)	report_case "$name" "$verdict" "$took" "$reason"
			CASES_LEFT=("${CASES_LEFT[@]:1}")
			current='' seconds=$SILENCE_SECONDS ;;
		done)	verdict_read 30 || :	# until it has powered off
			qemu_stop
			return 0 ;;
		broken)	rest=${VERDICT_LINE#broken }
			BROKEN="dom0: $rest"
			verdict_read 30 || :
			qemu_stop
			return 1 ;;
		esac
	done

	BROKEN="QEMU ended"
	((why == 1)) || BROKEN="no word from dom0 for $seconds s"
	qemu_stop
	if [[ -n $current ]]; then
		collect_console
		report_case "$current" ERROR $((SECONDS - started)) "$BROKEN"
		report_console
		CASES_LEFT=("${CASES_LEFT[@]:1}")
	fi
	return 1
}

# dom0 did not get to the end of the case: save what its guests printed.
collect_console()
{
	local log
	mkdir -p "$LOGS/$current"
	for log in "$LOGS"/console/guest-*.log; do
		[[ ! -e $log ]] || cp "$log" "$LOGS/$current/"
	done
}

# Runs the cases given, in as many boots as it takes.
run_group() # FILE...
{
	local before left
	CASES_LEFT=("$@")
	while ((${#CASES_LEFT[@]})); do
		before=${#CASES_LEFT[@]} BROKEN=
		run_boot && continue
		# A boot that ends no case would only be repeated.
		((${#CASES_LEFT[@]} == before)) || continue
		for left in "${CASES_LEFT[@]}"; do
			report_case "$(basename "$left" .sh)" ERROR 0 "$BROKEN"
		done
		report_console
		break
	done
}

# The machine a case needs: "svm" or "-", and its memory in MB.
case_machine() # FILE
{
	local svm=- memory own
	if [[ $TYPE == pvh ]] || case_needs "$1" svm; then
		svm=svm
	fi
	memory=$((DOM0_MEMORY + 2 * MEMORY + 1024))
	own=$(case_header "$1" machine)
	echo "$svm $((${own:-0} > memory ? own : memory))"
}

# The memory that the largest machine of this run takes.
machine_memory()
{
	local file
	for file in "${CASE_FILES[@]}"; do
		case_machine "$file"
	done | awk '$2 > max { max = $2 } END { print max }'
}

# Cases whose machines differ get boots of their own.
run_cases()
{
	local machine file files
	report_start "${#CASE_FILES[@]}"
	while read -r machine; do
		files=()
		for file in "${CASE_FILES[@]}"; do
			[[ $(case_machine "$file") != "$machine" ]] || files+=("$file")
		done
		machine_set "$machine"
		run_group "${files[@]}"
	done < <(for file in "${CASE_FILES[@]}"; do case_machine "$file"; done | sort -u)
	report_end
}

machine_set() # "SVM MEMORY"
{
	read -r SVM MACHINE_MEMORY <<<"$1"
	[[ $SVM == svm ]] || SVM=
}

run_shell()
{
	fill_in_dir "$LAB"/cases/*.sh
	: >"$RUN/in/order"
	exec {QEMU_STDIN}<&0
	machine_set "$([[ $TYPE == pvh ]] && echo svm || echo -) $(machine_memory)"
	qemu_start
	wait "$QEMU_PID"
}
