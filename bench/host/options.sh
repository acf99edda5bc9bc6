# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2034 # the parts of run share variables
# What the user asked for, and which workloads that is.

usage()
{
	cat <<'END'
usage: bench/run [OPTION...] [WORKLOAD...]

Runs workloads in guests of the lab on our drivers and on the kernel's own, at the same
time, in counted time (see bench/README.md), and compares them. A WORKLOAD is a name or
a group from --list, or a name with * in it; without one, all of them.

  --quick          without names, only those that --list marks; fewer runs of the floor
  --columns WORDS  what to compare, of: ours intree image image-stock. The latter two are
                   the kernels that `make image` builds, with our drivers and with its own.
                   Default: all, if these are built; with --quick they run group image only
  --kernel VERSION of which Linux these kernels are, as for `make image` (default: its default)
  --runs N         how often each is timed, 3..20 (default: 3)
  --no-counts      only time: no hypercalls, no grants
  --list           the workloads
  --help           this text

Exit status: 0 all figures are there, 1 one is missing, 2 wrong use. A slow figure is
never a failure.
END
}

die_usage()
{
	printf '%s: %s\n%s --help says more\n' "$COMMAND" "$*" "$COMMAND" >&2
	exit 2
}

# The lab says itself what it misses.
check_needs()
{
	local missing
	missing=$(scripts/setup --missing bench)
	[[ -z $missing ]] || die_usage "missing on this machine (scripts/setup installs it):
$missing"
}

# The table without its comments.
table()	{ grep -v '^#' "$BENCH/workloads" | grep .; }

list_workloads()
{
	table | awk '{ name = $1; group = $2; quick = $3 == "yes" ? "quick" : ""; guest = $4
		$1 = $2 = $3 = $4 = ""; sub(/^ +/, "")
		printf "%-20s %-8s %-6s %-16s %s\n", name, group, quick, guest, $0 }'
}

image_command()
{
	echo "make image${IMAGE_KERNEL:+ KERNEL=$IMAGE_KERNEL}$([[ $1 == image ]] || echo " STOCK=1")"
}

# image_of COLUMN: its kernel, where `make image` leaves it; the default kernel's is not in the name.
image_of()	{ echo "$TOP/build/image${IMAGE_KERNEL:+-$IMAGE_KERNEL}${1#image}/vmlinuz"; }

# set_image_kernel VERSION
set_image_kernel()
{
	local known
	mapfile -t known < <(awk '$1 == "image" { print $2 }' "$TOP/scripts/supported")
	[[ " ${known[*]} " == *" $1 "* ]] || die_usage "--kernel $1: not one of ${known[*]}"
	[[ $1 == "${known[0]}" ]] || IMAGE_KERNEL=$1
}

parse_options()
{
	local columns='' word
	RUNS=3 FLOORS=3 COUNTS=yes WANTED=() IMAGE_KERNEL=''
	case ${QUICK:=} in
	'')	;;
	1)	FLOORS=1 ;;
	*)	die_usage "QUICK=$QUICK: 1 or nothing is needed" ;;
	esac
	while (($#)); do
		case $1 in
		--quick)	QUICK=1 FLOORS=1 ;;
		--no-counts)	COUNTS='' ;;
		--columns)	[[ -n ${2:-} ]] || die_usage "$1 needs a value"
				columns=$2; shift ;;
		--kernel)	[[ -n ${2:-} ]] || die_usage "$1 needs a value"
				set_image_kernel "$2"; shift ;;
		--runs)		(($# > 1)) || die_usage "$1 needs a value"
				[[ $2 =~ ^[0-9]{1,3}$ ]] && (($2 >= 3 && $2 <= 20)) ||
					die_usage "--runs $2: a number from 3 to 20 is needed"
				RUNS=$2; shift ;;
		--list)		list_workloads; exit 0 ;;
		--help|-h)	usage; exit 0 ;;
		-*)		die_usage "unknown option $1" ;;
		*)		WANTED+=("$1") ;;
		esac
		shift
	done
	IMAGE_ONLY=''
	if [[ -z $columns ]]; then
		columns="ours intree"
		[[ ! -r $(image_of image) || ! -r $(image_of image-stock) ]] || columns+=" image image-stock"
		IMAGE_ONLY=$QUICK
	fi
	read -ra COLUMNS_WANTED <<<"$columns"
	for word in "${COLUMNS_WANTED[@]}"; do
		case $word in
		ours|intree)	;;
		image|image-stock)
			[[ -r $(image_of "$word") ]] ||
				die_usage "--columns $word: no $(image_of "$word"); build it with: $(image_command "$word")" ;;
		*)	die_usage "--columns $word: not one of ours intree image image-stock" ;;
		esac
	done
}

# matching PATTERN: lines of the table of that name or group
matching()
{
	local name group rest
	while read -r name group rest; do
		# shellcheck disable=SC2053 # a pattern
		[[ $name != $1 && $group != "$1" ]] || echo "$name"
	done < <(table)
}

# Writes the lines of the table that are to run in each column to selected-COLUMN; a
# column without any is taken out of COLUMNS_WANTED.
select_workloads()
{
	local word names='' column columns=()
	mkdir -p "$OUT"
	rm -f "$OUT"/selected-*
	for word in "${WANTED[@]}"; do
		[[ -n $(matching "$word") ]] ||
			die_usage "workload $word: no such name or group; bench/run --list has them"
		names+=" $(matching "$word" | tr '\n' ' ')"
	done
	for column in "${COLUMNS_WANTED[@]}"; do
		table | awk -v names="$names" -v quick="$QUICK" -v column="$column" -v only="$IMAGE_ONLY" '
			BEGIN { some = split(names, n); for (i in n) want[n[i]] }
			some ? !($1 in want) : quick && $3 != "yes"	{ next }
			$2 == "image" ? column !~ /^image/ : only && column ~ /^image/	{ next }
			{ print }' >"$OUT/selected-$column"
		if [[ -s $OUT/selected-$column ]]; then
			columns+=("$column")
		else
			rm "$OUT/selected-$column"
		fi
	done
	((${#columns[@]})) ||
		die_usage "nothing to run: group image needs $(image_of image) and $(image_of image-stock) ($(image_command image); $(image_command image-stock))"
	COLUMNS_WANTED=("${columns[@]}")
}
