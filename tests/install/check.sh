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
	local what said file
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
		as layer-nothing shows|there is no case layer-nothing
		by case `nothing`|there is no case nothing
		`options pvblk nothing=2`|pvblk has no parameter nothing
		- `pvblk` `max_queues` (1 to 65, 4): so many|pvblk.max_queues is \(1 to 64, 4\), not \(1 to 65, 4\)
		xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx x|102 columns
	END
	refuses "'nothing' is no program" documents docs/install.md $'```\n# nothing\n```' || return
	refuses "man/pvguest.7.*nothing" documents man/pvguest.7 '.nothing' || return
	refuses "there is no case disk-nothing" documents docs/install.md $'| a | case |\n|---|---|\n| b | (o) disk-io, disk-nothing |' || return
	while IFS='|' read -r file what said; do
		sed -i "$what" "$work/docs/$file" && refuses "$said" "$work/docs/scripts/docs" "$file" || return
		cp "$file" "$work/docs/$file"
	done <<-'END'
		README.md|s/major .* is taken/major ... is nothing/|no source says 'major ... is nothing
		README.md|s/the backend is stuck/the backend is nothing/|no source says 'the backend is nothing'
		README.md|s/takes no writes while it/pvblk/|no source says 'the old backend
		docs/parameters.md|/`poll_queues` (/d|parameter poll_queues of pvblk is not named
		man/pvguest.7|/udev.*console$/d|FILES does not name /lib/udev/pvguest-console
		man/pvguest.7|s/60.*rules/nothing/|scripts/install puts no /lib/udev/rules.d/nothing in place
	END
}

all+=" check_of_documents_finds check_finds_in_every_directory"
