# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2034 # the parts of run share variables
# What the user asked for.  Every value is checked here, before anything runs.

usage()
{
	cat <<'END'
usage: tests/lab/run [OPTION...] [CASE...]

Boots Xen in QEMU, runs test cases in its dom0 and says how they ended.
CASE is a name from --list, or the path of a case file anywhere.  Without one,
all cases of tests/lab/cases run.

  --drivers ours|intree  the front ends in the guests (default: ours)
  --type pv|pvh          the guests' type (default: pv)
  --kernel FILE          the guests' kernel image (default: the newest in /boot)
  --guest-kernel VERSION Debian's kernel of that version in the guests, with our
                         modules built for it; one of scripts/supported
  --host NAME            Xen, dom0 and QEMU of debian12 or debian13, from packages in
                         the cache (default: this machine's)
  --memory MB            of each guest, 128..4096 (default: 512)
  --vcpus N              of each guest, 1..8 (default: 1)
  --timeout SECONDS      of each case, 1..7200 (default: what the case says)
  --soak                 the long variant of cases that have one
  --icount               counted instead of measured time; see README.md
  --plugin FILE[,ARG...] QEMU loads this TCG plugin
  --with DIR             a directory for the cases, /lab/in/with in dom0
  --keep-logs DIR        copy the logs of this run to DIR
  --shell                no case: a prompt in dom0 (leave it with "exit")
  --list                 the names of the cases, with what they show
  --list-runs WORD       the names of the cases that "# runs:" puts into this run
  --check-runs           fail unless every case says which runs it is in
  --help                 this text

Exit status: 0 all passed or skipped, 1 a case failed, 2 wrong use or something
missing on this machine, 3 the lab itself broke.
END
}

die_usage()
{
	echo "tests/lab/run: $*" >&2
	echo "tests/lab/run --help says more" >&2
	exit 2
}

# need_value OPTION "$@": an option's value is there
need_value()
{
	[[ $# -ge 2 ]] || die_usage "$1 needs a value"
}

need_number() # OPTION VALUE MIN MAX
{
	[[ $2 =~ ^[0-9]{1,6}$ ]] && (($2 >= $3 && $2 <= $4)) ||
		die_usage "$1 $2: a number from $3 to $4 is needed"
}

need_word() # OPTION VALUE WORD...
{
	local option=$1 value=$2 word
	shift 2
	for word; do
		[[ $value != "$word" ]] || return 0
	done
	die_usage "$option $value: one of $* is needed"
}

# The first words of a case's header comment.
case_title()
{
	sed -n '2,/^[^#]/s/^# *//p' "$1" |
		sed '/SPDX/d; /^$/d; /^[a-z]*: /d' | head -n 1
}

list_cases()
{
	local file
	for file in "$LAB"/cases/*.sh; do
		printf '%-22s %s\n' "$(basename "$file" .sh)" "$(case_title "$file")"
	done
}

# Sets CASE_FILES from names and paths.
find_cases()
{
	local name file
	CASE_FILES=()
	for name; do
		if [[ $name == */* || $name == *.sh ]]; then
			file=$name
		else
			file=$LAB/cases/$name.sh
		fi
		[[ -r $file ]] ||
			die_usage "$name: no such case ($file cannot be read); --list names them"
		[[ $(basename "$file" .sh) =~ ^[A-Za-z0-9_-]+$ ]] ||
			die_usage "$file: a case's name is made of letters, digits, - and _"
		CASE_FILES+=("$(realpath "$file")")
	done
	((${#CASE_FILES[@]})) || CASE_FILES=("$LAB"/cases/*.sh)
}

parse_options()
{
	local cases=()
	HOST='' DRIVERS=ours TYPE=pv KERNEL='' GUEST_KERNEL_WANTED='' MEMORY=512 VCPUS=1
	TIMEOUT='' ICOUNT='' PLUGIN='' SOAK='' WITH='' KEEP_LOGS='' SHELL_WANTED=''

	while (($#)); do
		case $1 in
		--drivers)	need_value "$@"; need_word "$1" "$2" ours intree
				DRIVERS=$2; shift ;;
		--type)		need_value "$@"; need_word "$1" "$2" pv pvh
				TYPE=$2; shift ;;
		--kernel)	need_value "$@"
				[[ -f $2 && -r $2 ]] ||
					die_usage "--kernel $2: not a readable file"
				KERNEL=$(realpath "$2"); shift ;;
		--guest-kernel)	need_value "$@"; need_guest_kernel "$1" "$2"
				GUEST_KERNEL_WANTED=$2; shift ;;
		--host)		need_value "$@"; need_host "$1" "$2"
				HOST=$2; shift ;;
		--memory)	need_value "$@"; need_number "$1" "$2" 128 4096
				MEMORY=$2; shift ;;
		--vcpus)	need_value "$@"; need_number "$1" "$2" 1 8
				VCPUS=$2; shift ;;
		--timeout)	need_value "$@"; need_number "$1" "$2" 1 7200
				TIMEOUT=$2; shift ;;
		--with)		need_value "$@"
				[[ -d $2 && -r $2 ]] ||
					die_usage "--with $2: not a readable directory"
				WITH=$2; shift ;;
		--keep-logs)	need_value "$@"; KEEP_LOGS=$2; shift
				mkdir -p "$KEEP_LOGS" && [[ -w $KEEP_LOGS ]] ||
					die_usage "--keep-logs $KEEP_LOGS: not a directory that can be written" ;;
		--plugin)	need_value "$@"
				[[ -f ${2%%,*} && -r ${2%%,*} ]] ||
					die_usage "--plugin ${2%%,*}: not a readable file"
				PLUGIN=$2; shift ;;
		--soak)		SOAK=yes ;;
		--icount)	ICOUNT=yes ;;
		--shell)	SHELL_WANTED=yes ;;
		--list)		list_cases; exit 0 ;;
		--list-runs)	need_value "$@"; list_runs "$2"; exit 0 ;;
		--check-runs)	check_runs; exit 0 ;;
		--help|-h)	usage; exit 0 ;;
		-*)		die_usage "unknown option $1" ;;
		*)		cases+=("$1") ;;
		esac
		shift
	done
	[[ -z $SHELL_WANTED || ${#cases[@]} -eq 0 ]] ||
		die_usage "--shell takes no case: run one at its prompt with: run-case NAME"
	find_cases "${cases[@]}"
}
