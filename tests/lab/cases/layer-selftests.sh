#!/bin/bash
# Programs behave as on Linux's own layer: its selftests, run on our image and on that of
# STOCK=1, result by result.
# runs: soak-wide
# timeout: 900
# needs: kselftests
# allow: segfault at|traps: |Call Trace:

# run_selftests GUEST FILE [LINE...]: what they print; the guest's kernel in FILE.kernel
run_selftests()
{
	local guest=$1 file=$CASE_DIR/$2
	guest_start "$guest" vcpus=2 memory=512 'ramdisk="/run/images/kselftests.cpio"' "${@:3}"
	guest_do "$guest" 'uname -r' >"$file.kernel"
	guest_do "$guest" '/usr/lib/kselftests/run /run/kselftests' 500
	guest_do "$guest" 'gzip /run/kselftests'
	guest_get "$guest" /run/kselftests.gz "$file.gz"
	gunzip -f "$file.gz"
	guest_shutdown "$guest"
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
	/^[#[:space:]]*(not )?ok [0-9]/ {
		result = /not ok / ? "FAIL" : / # SKIP/ ? "SKIP" : "OK"
		sub(/^[#[:space:]]*(not )?ok [0-9]+ *-? */, "")
		say(result, $0)
	}' "$1" | LC_ALL=C sort -u
}

cat /run/images/guest.cpio "$(extra kselftests)" >/run/images/kselftests.cpio
run_selftests g1 ours
run_selftests g2 stock "kernel=\"$(extra stock)\""
expect "Linux that both kernels are of" "$(sed 's/-.*//' "$CASE_DIR/stock.kernel")" "$(sed 's/-.*//' "$CASE_DIR/ours.kernel")"
expect "programs run" "$(grep -c '^@@ status' "$CASE_DIR/stock")" "$(grep -c '^@@ status' "$CASE_DIR/ours")"

results "$CASE_DIR/ours" >"$CASE_DIR/ours.results"
results "$CASE_DIR/stock" >"$CASE_DIR/stock.results"
total=$(wc -l <"$CASE_DIR/ours.results")
passed=$(grep -c ': ended: ok$' "$CASE_DIR/stock.results")
note "$total different results, $(grep -cE ': (FAIL|status [0-9]+)$' "$CASE_DIR/ours.results") of them failures"
# A small kernel has no 32-bit programs, seccomp, name spaces and so on for them to try.
least=80
kernel_has CONFIG_IA32_EMULATION || least=40
((passed >= least)) || fail "only $passed programs pass on Linux's own layer: nothing is shown"
diff -U0 "$CASE_DIR/stock.results" "$CASE_DIR/ours.results" >"$CASE_DIR/differences" ||
	{ cat "$CASE_DIR/differences"
	  fail "$(grep -c '^[-+][^-+]' "$CASE_DIR/differences") results differ from Linux's own layer: $(grep -m 1 '^[-+][^-+]' "$CASE_DIR/differences")"; }
pass
