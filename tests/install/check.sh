# shellcheck shell=bash
# scripts/check sees what there is to be seen.

# sparse's findings are seen whatever the checkout's path is: with letters of a regular expression,
# or behind a link, where the build says the real path.
case_check_finds_in_every_directory()
{
	local bin=$work/check-bin tree=$work/a+b.c path
	rm -rf "$bin" "$tree" "$work/link"
	mkdir -p "$bin" "$tree" && cp -r scripts "$tree" && ln -s "$tree" "$work/link" || return
	# shellcheck disable=SC2016 # is for the program made here
	printf '#!/bin/sh\n[ -n "$finding" ] && echo "$(pwd -P)/$finding:1:1: warning: bad" || :\n' >"$bin/make"
	printf '#!/bin/sh\n' >"$bin/sparse"
	chmod 755 "$bin"/*
	for path in "$tree" "$work/link"; do
		export finding
		finding='' PATH=$bin:$PATH "$path/scripts/check" sparse || fail "$path: no finding, and not passed" || return
		for finding in drivers/pvblk/x.c build/check/stubs/hypercall-stubs/x.c include/pv/x.h; do
			PATH=$bin:$PATH refuses "^# .*$finding:1:1: warning: bad" "$path/scripts/check" sparse ||
				fail "in $path" || return
		done
		for finding in kernel/x.c other/drivers/x.c; do
			PATH=$bin:$PATH "$path/scripts/check" sparse || fail "$path: $finding is not ours" || return
		done
	done
}

all+=" check_finds_in_every_directory"
