# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# What shows the layer below the drivers: the way to /init, operations of the kernel.

# bench_boot WORDS: a guest that ends at /init, timed, then traced
bench_boot()
{
	local n
	cp "$BENCH/tools/init.cpio" /run/images/init.cpio
	for ((n = 1; n <= BENCH_RUNS; n++)); do
		boot_once "$1" >"$CASE_DIR/$WORKLOAD.run$n.json"
		bench_done "run$n"
	done
	[[ -n $BENCH_COUNTS ]] || return 0
	trace_start
	boot_once "$1" >/dev/null
	trace_stop /run/bench.counts --until-user
	bench_counts trace
}

# From the instruction that lets the guest run to the first of /init.
boot_once() # WORDS
{
	local start name log
	BOOTS=$((${BOOTS:-0} + 1))
	name=boot$BOOTS log=/lab/out/console/guest-boot$BOOTS.log
	guest_config "$name" "memory=$(guest_word "$1" memory 256)" vcpus=1 'ramdisk="/run/images/init.cpio"'
	xl create -p -e -q "$GUESTS/$name/config" >"$CASE_DIR/$name.xl.log" 2>&1 ||
		lab_error "xl create $name: $(tail -n 1 "$CASE_DIR/$name.xl.log")"
	guest_adopt "$name"
	start=$("$BENCH/tools/dom" unpause "$(guest_domid "$name")")
	wait_until 60 guest_gone "$name" || fail "guest $name did not end"
	grep -q '^bench-init ' "$log" || fail "guest $name did not reach /init"
	tr -d '\r' <"$log" | awk -v start="$start" '
		$1 == "bench-init" { printf "{ \"ns\": %d, \"free_kb\": %d }\n", $2 - start, $3 }'
}

prepare_ops()	{ bench_put g1 ops; }

# The program runs a tenth more, and one, to warm up.
load_ops() # full|base WORDS
{
	local op n
	op=$(guest_word "$2" op) n=$(guest_word "$2" n)
	[[ $1 == full ]] || n=$((n / 10 + 1))
	load_start
	guest_do g1 "/run/ops $op=$n" 120 |
		awk -v n=$((n + n / 10 + 1)) '{ printf "{ \"ns\": %d, \"operations\": %d }\n", $2, n }'
}
