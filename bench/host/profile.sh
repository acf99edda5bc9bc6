# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2034 # the parts of profile share variables
# What bench/profile does otherwise than bench/run.

profile_usage()
{
	cat <<'END'
usage: bench/profile [OPTION...] WORKLOAD...

Counts the instructions of guest, dom0 and Xen while a workload runs in the lab, and says
where those of one operation are spent (see bench/README.md). A WORKLOAD is a name or a
group from bench/run --list, or a name with * in it.

  --drivers ours|intree|both  in the guest (default: both)
  --functions N               of each domain also the N functions with most on some drivers
                              or in the floor, 1..1000
  --runs N                    how often each workload is counted, 1..20 (default: 2); shown
                              is the run in the middle
  --help                      this text

Exit status: 0 all accounts are there, 1 a lab or a count failed, 2 wrong use.
END
}

profile_number() # OPTION MAX [VALUE]
{
	(($# == 3)) || die_usage "$1 needs a value"
	[[ $3 =~ ^[0-9]{1,4}$ ]] && ((10#$3 >= 1 && 10#$3 <= $2)) ||
		die_usage "$1 $3: a number from 1 to $2 is needed"
}

# Sets what bench/run's parse_options sets, too.
parse_profile_options()
{
	RUNS=2 FLOORS=1 COUNTS='' QUICK='' IMAGE_ONLY='' FUNCTIONS=0 WANTED=()
	COLUMNS_WANTED=(ours intree)
	while (($#)); do
		case $1 in
		--drivers)	(($# > 1)) || die_usage "$1 needs a value"
				case $2 in
				ours|intree)	COLUMNS_WANTED=("$2") ;;
				both)		COLUMNS_WANTED=(ours intree) ;;
				*)		die_usage "$1 $2: one of ours intree both is needed" ;;
				esac
				shift ;;
		--functions)	profile_number "$1" 1000 "${@:2:1}"; FUNCTIONS=$((10#$2)); shift ;;
		--runs)		profile_number "$1" 20 "${@:2:1}"; RUNS=$((10#$2)); shift ;;
		--help|-h)	profile_usage; exit 0 ;;
		-*)		die_usage "unknown option $1" ;;
		*)		WANTED+=("$1") ;;
		esac
		shift
	done
	((${#WANTED[@]})) || die_usage "a workload is needed; bench/run --list has them"
}

# Instructions on processor 1 are the guest's because there is only one.
check_profiled()
{
	local column name group _ guest kind rest
	for column in "${COLUMNS_WANTED[@]}"; do
		while read -r name group _ guest kind rest; do
			[[ ,$guest, != *,guests=* ]] ||
				die_usage "workload $name: two guests share a processor, and cannot be told apart"
			[[ $kind != boot && $group != image ]] ||
				die_usage "workload $name: only groups disk, net and console are counted"
		done <"$OUT/selected-$column"
	done
}

prepare_profile()
{
	local column
	build_tool bench/tools/mark.c
	gcc -O2 -Wall -Wextra -Werror -shared -fPIC -fvisibility=hidden \
		-o "$TOOLS/profile.so" bench/tools/profile.c || exit 1
	for column in "${COLUMNS_WANTED[@]}"; do
		cp "$TOOLS/mark" "$OUT/with-$column/tools/"
		echo BENCH_PROFILE=yes >>"$OUT/with-$column/settings"
		rm -rf "$OUT/windows-$column"
		mkdir "$OUT/windows-$column"
	done
}

# lab_extra COLUMN: sets LAB_EXTRA, options of its lab beside bench's
lab_extra() { LAB_EXTRA=(--plugin "$TOOLS/profile.so,dir=$OUT/windows-$1"); }
