# shellcheck shell=bash
# scripts/check and scripts/docs see what there is to be seen.

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

# documents FILE LINE: scripts/docs with that line behind FILE, in a copy of the tree in $work/docs
documents()
{
	printf '\n%s\n' "$2" >>"$work/docs/$1" && "$work/docs/scripts/docs" "$1"
	local rc=$?
	cp "$1" "$work/docs/$1"
	return $rc
}

case_check_of_documents_finds()
{
	local what
	rm -rf "$work/docs" && mkdir -p "$work/docs" || return
	tar -c --exclude ./build --exclude ./.git --exclude '*.o' --exclude '*.ko' . | tar -x -C "$work/docs" || return
	documents docs/install.md '' && documents README.md '' && documents man/pvguest.7 '' || return
	while IFS='|' read -r what said; do
		refuses "$said" documents docs/install.md "$what" || return
	done <<-'END'
		[a](nothing.md)|link to nothing.md, which is not there
		[a](features.md#nothing)|link to #nothing: no such heading in docs/features.md
		`make nothing`|make has no target 'nothing'
		`make lab NOTHING=1`|make knows no variable NOTHING
		`tests/lab/run --nothing`|tests/lab/run has no option --nothing
		`drivers/pvblk/nothing.c`|there is no drivers/pvblk/nothing.c
		- `drivers/pvblk/`: `nothing.c`|there is no drivers/pvblk/nothing.c
		`tests/lab/run --list-runs nothing`|ended with
		xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx x|102 columns
	END
	refuses "'nothing' is no program" documents docs/install.md $'```\n# nothing\n```' || return
	refuses "man/pvguest.7.*nothing" documents man/pvguest.7 '.nothing' || return
	sed -i 's/major .* is taken/major ... is nothing/' "$work/docs/README.md"
	refuses "no source says ' is nothing " "$work/docs/scripts/docs" README.md
}

all+=" check_of_documents_finds check_finds_in_every_directory"
