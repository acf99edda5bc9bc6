#!/bin/bash
# Workloads that share a guest; bench/run gives this file a name and a list for each guest.

BENCH=/lab/in/with
. $BENCH/settings
for part in count guest load-fio load-net load-console load-image workload; do
	. "$BENCH/dom0/$part.sh"
done

bench_guest "$(sed -n '1s/^guest //p' "$BENCH/lists/$CASE")"
while read -r word name kind words; do
	[[ $word != workload ]] || bench_workload "$name" "$kind" "$words"
done < <(cat "$BENCH/lists/$CASE")
bench_memory
bench_guest_end
pass
