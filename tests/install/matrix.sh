# shellcheck shell=bash
# scripts/matrix: which runs of the lab make a page.

# Runs of another commit, a case that failed once, one that was never run there.
case_matrix_tells_runs_apart()
{
	local logs=$work/logs
	rm -rf "$logs"
	mkdir -p "$logs"/{1,2,3}
	printf '%s\n' '# run: aaa|0.1|2026-01-01|ours on 6.1, pv' 'ok 1 boot # 3 s' 'not ok 2 disk-io # FAIL 4 s: x' >"$logs/1/ktap"
	printf '%s\n' '# run: aaa|0.1|2026-01-02|ours on 6.1, pv' 'ok 1 disk-io # 3 s' 'ok 2 pvh # SKIP 0 s: x' >"$logs/2/ktap"
	printf '%s\n' '# run: bbb|0.1|2026-01-03|intree on 6.1, pv' 'ok 1 disk-io # 3 s' >"$logs/3/ktap"
	[ "$(LAB_LOGS=$logs scripts/matrix aaa | grep -E '^[|] [a-z]|^[0-9]|^Printed|other commits')" = "\
Printed by \`scripts/matrix\`: pvguest 0.1, commit aaa, 2 runs from 2026-01-01 to 2026-01-02. 1 runs
of other commits are left out.
1. ours on 6.1, pv
| case | 1 |
| boot | ok |
| disk-io | **failed** 1 of 2 |
| pvh | skip |" ] || fail "$(LAB_LOGS=$logs scripts/matrix aaa)" || return
	LAB_LOGS=$logs scripts/matrix | grep -qx '| disk-io | ok |' || fail "$(LAB_LOGS=$logs scripts/matrix)" || return
	LAB_LOGS=$logs refuses "no run of commit 'ccc'.* aaa bbb" scripts/matrix ccc || return

	# What make test prints: parts side by side, and at the end once more what has failed.
	printf '%s\n' '== lab-a' 'lab-a: # run: aaa|0.1|2026-01-01|ours on 6.1, pv' 'check: ok 1 smoke' \
		'lab-b: # run: aaa|0.1|2026-01-01|intree on 6.1, pv' 'lab-a: ok 1 boot # 3 s' \
		'lab-b: not ok 1 boot # FAIL 3 s: x' 'lab-b: ok 2 pvh # SKIP 0 s: x' 'not ok 1 boot # FAIL 3 s: x' >"$work/log"
	[ "$(scripts/matrix "$work/log" | grep -E '^[|] [a-z]|^[0-9]')" = "\
1. intree on 6.1, pv
2. ours on 6.1, pv
| case | 1 | 2 |
| boot | **failed** | ok |
| pvh | skip | - |" ] || fail "$(scripts/matrix "$work/log")" || return
	refuses "no run of a lab in 'VERSION'" scripts/matrix VERSION || return

	# Runs that broke off before their first result.
	echo 'lab-c: # run: ccc|0.1|2026-01-01|ours on 6.12, pv' >>"$work/log"
	[ "$(scripts/matrix "$work/log" 2>"$work/said" | grep -cE '6[.]12|ccc')" = 0 ] &&
		[ "$(<"$work/said")" = "matrix: left out, no results: ccc|0.1|2026-01-01|ours on 6.12, pv" ] ||
		fail "of a run without results: $(<"$work/said")" || return
	mkdir "$logs/4" && echo '# run: bbb|0.1|2026-01-04|ours on 6.12, pv' >"$logs/4/ktap" &&
		LAB_LOGS=$logs scripts/matrix 2>"$work/said" | grep -qx '| disk-io | ok |' &&
		grep -q '^matrix: left out, no results: bbb|.*6[.]12' "$work/said" || fail "$(<"$work/said")" || return
}

# Two states of a commit, or two without git, are not one: the lab notes which it ran, and a page is
# about the newest.
case_matrix_tells_states_apart()
{
	local logs=$work/logs top=$work/top run
	rm -rf "$logs" "$top"
	mkdir -p "$logs"/{1,2,3} "$top"/{drivers/pvblk,arch-pv,hypercall-stubs}
	cp VERSION "$top"
	run_of() # what a lab notes of the state of $top
	{
		local TOP=$top GUEST_VERSION=6.1 GUEST_KERNEL=/boot/vmlinuz DRIVERS=ours TYPE=pv GIT_DIR=/nonexistent
		export GIT_DIR
		. tests/lab/host/report.sh
		report_about
	}
	echo 1 >"$top/drivers/pvblk/pvblk.ko"
	{ run_of; echo 'not ok 1 disk-io # FAIL 4 s: x'; } >"$logs/1/ktap"
	echo 2 >"$top/drivers/pvblk/pvblk.ko"
	{ run_of; echo 'ok 1 disk-io # 3 s'; } >"$logs/2/ktap"
	{ run_of; echo 'ok 1 boot # 3 s'; } >"$logs/3/ktap"
	LAB_LOGS=$logs scripts/matrix >"$work/page" || return
	grep -qx '| disk-io | ok |' "$work/page" && grep -qx '| boot | ok |' "$work/page" &&
		paste -sd ' ' "$work/page" | grep -q ' 1 runs of other commits' || fail "$(<"$work/page")" || return
	# The newest of a commit, or that which is named.
	LAB_LOGS=$logs scripts/matrix unknown | cmp - "$work/page" || return
	run=$(sed -n 's/^# run: //p' "$logs/1/ktap")
	LAB_LOGS=$logs scripts/matrix "${run%%|*}" | grep -qx '| disk-io | \*\*failed\*\* |' || fail "not of the first" || return
	echo layer >"$top/arch-pv/x.c"
	[ "$(run_of)" != "$(sed -n 1p "$logs/3/ktap")" ] || fail "a change of the layer goes unseen"
}

all+=" matrix_tells_runs_apart matrix_tells_states_apart"
