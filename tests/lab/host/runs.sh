# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Which runs a case is in: the words of its line "# runs: WORD...". scripts/test and
# scripts/soak ask for the cases of a word with --list-runs.

# Every word, and what runs its cases.
declare -A RUNS=(
	[test]='make test: our drivers on Debian'\''s kernel'
	[intree]='make test: the in-tree drivers on Debian'\''s kernel, which proves the lab'
	[kernels]='make test: our drivers on the other kernels of scripts/supported'
	[image]='make test: our drivers on our image'
	[image-intree]='make test: the in-tree drivers on our image'
	[builtin]='make test: our drivers built into our image'
	[soak]='make soak: the long variant on Debian'\''s kernel'
	[soak-intree]='make soak: the in-tree drivers on Debian'\''s kernel'
	[soak-image]='make soak: the long variant on our image'
	[soak-wide]='make soak: the long variant on the wide image'
	[soak-debug]='make soak: on the debug image, which shows faults of the layer'
	[soak-lite]='make soak: on our image with xenstore-lite'
	[soak-wide-intree]='make soak: the in-tree drivers on the wide image'
	[rounds]='make soak: again and again, on both images'
	[hand]='none: only by its name'
)

runs_words()
{
	printf '%s\n' "${!RUNS[@]}" | sort | tr '\n' ' ' | sed 's/ $//'
}

# Prints what is wrong with the line of a case; nothing when it is right.
case_runs_wrong() # FILE
{
	local lines word words=() seen=' '
	lines=$(sed -n '2,/^[^#]/s/^# runs:/&/p' "$1")
	if [[ -z $lines ]]; then
		echo "no line \"# runs: WORD...\" in its head"
		return
	elif [[ $lines == *$'\n'* ]]; then
		echo "more than one line \"# runs:\""
		return
	fi
	read -ra words <<<"${lines#\# runs:}"
	((${#words[@]})) || echo "\"# runs:\" names no run"
	for word in "${words[@]}"; do
		[[ -n ${RUNS[$word]:-} ]] || echo "\"# runs:\" names $word, which is no run"
		[[ $seen != *" $word "* ]] || echo "\"# runs:\" names $word twice"
		seen+="$word "
	done
	[[ $seen != *' hand '* ]] || ((${#words[@]} == 1)) || echo "\"# runs:\" names hand beside others"
}

# Dies unless every case of tests/lab/cases says which runs it is in.
check_runs()
{
	local file wrong bad=0
	for file in "$LAB"/cases/*.sh; do
		wrong=$(case_runs_wrong "$file")
		[[ -n $wrong ]] || continue
		printf '%s: %s\n' "${file#"$TOP/"}" "$(tr '\n' ';' <<<"$wrong" | sed 's/;$//; s/;/; /g')" >&2
		bad=1
	done
	((!bad)) || die_usage "runs are: $(runs_words)"
}

# The cases of one run, by name.
list_runs() # WORD
{
	local file found=0
	# shellcheck disable=SC2046 # words
	need_word --list-runs "$1" $(runs_words)
	check_runs
	for file in "$LAB"/cases/*.sh; do
		! grep -qE "^# runs:(.* )?$1( |\$)" "$file" || { basename "$file" .sh; found=1; }
	done
	((found)) || die_usage "--list-runs $1: no case names it"
}
