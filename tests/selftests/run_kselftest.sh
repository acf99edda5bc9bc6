#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Runs the installed tests that kselftest-list.txt beside this file names.

here=$(dirname "$(realpath "$0")")
list=$here/kselftest-list.txt

usage()
{
	cat <<-'END'
	usage: run_kselftest.sh [-l] [-c FOLDER]... [-t FOLDER:TEST]...
	  -c FOLDER       only tests of this folder (pvblk, pvnet, pvcon, layer)
	  -t FOLDER:TEST  only this test
	  -l              print the tests' names, run nothing
	  -h              this text
	Exit status: 0 nothing failed, 1 a test failed, 2 wrong use.
	END
}

die()
{
	echo "run_kselftest.sh: $*" >&2
	exit 2
}

# choose WORD PATTERN: adds the tests of the list that match
choose()
{
	local more
	more=$(grep -x -- "$2" "$list") || die "no test $1; -l prints their names"
	mapfile -t -O ${#chosen[@]} chosen <<<"$more"
}

[[ -r $list ]] || die "$list: cannot be read; \"make install\" writes it"
chosen=() show=
while getopts c:t:lh option; do
	case $option in
	c)	choose "in $OPTARG" "$OPTARG:.*" ;;
	t)	choose "$OPTARG" "$OPTARG" ;;
	l)	show=yes ;;
	h)	usage; exit 0 ;;
	*)	usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
(($# == 0)) || die "$1: not an option; -h says what is"
((${#chosen[@]})) || choose "at all" ".*"

if [[ $show ]]; then
	printf '%s\n' "${chosen[@]}"
	exit 0
fi
cd "$here" && exec kselftest/runner.sh "${chosen[@]}"
