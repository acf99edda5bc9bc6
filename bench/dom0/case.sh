#!/bin/bash
# Workloads that share a guest; bench/run gives this file a name and a list for each guest.

BENCH=/lab/in/with
. $BENCH/settings
for part in count guest load-fio load-net load-console load-image workload profile; do
	. "$BENCH/dom0/$part.sh"
done

each=bench_workload end=bench_memory
[[ -z ${BENCH_PROFILE:-} ]] || each=profile_workload end=profile_symbols

bench_guest "$(sed -n '1s/^guest //p' "$BENCH/lists/$CASE")"
while read -r word name kind words; do
	[[ $word != workload ]] || $each "$name" "$kind" "$words"
done < <(cat "$BENCH/lists/$CASE")
$end
bench_guest_end
pass
