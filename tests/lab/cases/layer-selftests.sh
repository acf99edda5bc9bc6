#!/bin/bash
# Programs behave as on Linux's own layer: its selftests, run on our image and on that of
# STOCK=1, result by result.
# runs: soak-wide
# timeout: 1500
# needs: kselftests
# allow: segfault at|traps: |Call Trace:

# What differs, and why is in arch-pv/README.md: lines of "differences", whole ones.
named='-vDSO:vdso_test_correctness: Testing getcpu.*: FAIL
[-+]vDSO:vdso_test_correctness: ended: (status 1|ok)
-x86:test_vsyscall_(32|64): Wrong values: FAIL
[-+]x86:test_vsyscall_(32|64): ended: (status 1|ok)'

# selftests_start GUEST NAME [LINE...]: its kernel in NAME.kernel
selftests_start()
{
	guest_start "$1" vcpus=2 memory=512 'ramdisk="/run/images/kselftests.cpio"' "${@:3}"
	guest_do "$1" 'uname -r' >"$CASE_DIR/$2.kernel"
}

# selftests_run GUEST NAME PROGRAMS: what those print that the pattern matches, in NAME
selftests_run()
{
	local file=$CASE_DIR/$2
	guest_do "$1" "/usr/lib/kselftests/run /run/kselftests '$3'" 500
	guest_do "$1" 'gzip -f /run/kselftests'
	guest_get "$1" /run/kselftests.gz "$file.gz"
	gunzip -f "$file.gz"
	note "$(<"$file.kernel"): $(grep -c '^@@ status' "$file") programs, $(grep -c '^@@ status 0$' "$file") of them passed"
}

# results FILE: "COLLECTION:PROGRAM: WHAT: RESULT" a line, numbers in WHAT made equal
results()
{
	awk '
	function say(result, what)
	{
		gsub(/0x[0-9a-fA-F]+|[0-9]+(\.[0-9]+)?/, "N", what)
		gsub(/[[:space:]]+/, " ", what)
		print name ": " what ": " result
	}
	/^@@ status / { say($3 == 4 ? "SKIP" : $3 == 0 ? "ok" : "status " $3, "ended"); next }
	/^@@ / { name = $2; about = ""; next }
	/^[#[:space:]]*\[RUN\]/ { sub(/^.*\[RUN\][[:space:]]*/, ""); about = $0 ", "; next }
	match($0, /\[(OK|FAIL|SKIP|WARN)\]/) {
		result = substr($0, RSTART + 1, RLENGTH - 2)
		say(result, about substr($0, 1, RSTART - 1) substr($0, RSTART + RLENGTH))
		next
	}
	/^(Diff too high: .*\.\.|[#[:space:]]*)(not )?ok [0-9]/ {
		result = /not ok / ? "FAIL" : / # SKIP/ ? "SKIP" : "OK"
		sub(/^(Diff too high: .*\.\.|[#[:space:]]*)(not )?ok [0-9]+ *-? */, "")
		say(result, $0)
	}' "$1" | LC_ALL=C sort -u
}

# compare: "differences" gets the results of ours and stock that differ without being named
compare()
{
	local name
	for name in ours stock; do
		results "$CASE_DIR/$name" >"$CASE_DIR/$name.results"
	done
	diff -U0 "$CASE_DIR/stock.results" "$CASE_DIR/ours.results" | grep -a '^[-+][^-+]' |
		grep -avxE -e "$named" >"$CASE_DIR/differences" || :
}

# The programs whose results differ, as a pattern.
differing()
{
	sed -E 's/^.([^:]*:[^:]*):.*/\1/' "$CASE_DIR/differences" | sort -u | paste -sd '|'
}

# What a small kernel cannot do at all: a program of 32 bits would be read as a shell's script, and
# seccomp_bpf waits for an answer that does not come.
skips=none
kernel_has CONFIG_IA32_EMULATION || skips+='|*_32'
kernel_has CONFIG_SECCOMP_FILTER || skips+='|seccomp:*'

cat /run/images/guest.cpio "$(extra kselftests)" >/run/images/kselftests.cpio
selftests_start g1 ours
selftests_start g2 stock "kernel=\"$(extra stock)\""
expect "Linux that both kernels are of" "$(sed 's/-.*//' "$CASE_DIR/stock.kernel")" "$(sed 's/-.*//' "$CASE_DIR/ours.kernel")"
selftests_run g1 ours "!($skips)"
selftests_run g2 stock "!($skips)"
expect "programs run" "$(grep -c '^@@ status' "$CASE_DIR/stock")" "$(grep -c '^@@ status' "$CASE_DIR/ours")"
compare

total=$(wc -l <"$CASE_DIR/ours.results")
passed=$(grep -ac ': ended: ok$' "$CASE_DIR/stock.results")
note "$total different results, $(grep -acE ': (FAIL|status [0-9]+)$' "$CASE_DIR/ours.results") of them failures"
# Nor has a small kernel name spaces and so on for them to try.
least=80
kernel_has CONFIG_IA32_EMULATION || least=40
((passed >= least)) || fail "only $passed programs pass on Linux's own layer: nothing is shown"

# Some wait 10 ms for another thread, or compare clocks: where the machine is slow that fails now
# and then, on either kernel. What is the kernel's doing differs each time.
for ((again = 0; again < 2; again++)); do
	programs=$(differing)
	[[ $programs ]] || break
	note "differ, and run again: $programs"
	selftests_run g1 ours "@($programs)"
	selftests_run g2 stock "@($programs)"
	compare
done
guest_shutdown g1
guest_shutdown g2
[[ ! -s $CASE_DIR/differences ]] ||
	{ cat "$CASE_DIR/differences"
	  fail "$(wc -l <"$CASE_DIR/differences") results differ from Linux's own layer: $(head -n 1 "$CASE_DIR/differences")"; }
pass
