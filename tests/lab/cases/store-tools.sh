#!/bin/bash
# The tools of the xenstore in a guest: read, write, list, watch, transactions of many at once,
# directories of more than one message.
# image: xenstore
# runs: soak soak-lite

guest_start g1 "$(guest_ramdisk xenstore)"
me=/local/domain/$(guest_domid g1)

expect "own name" "$(guest_run g1 'xenstore-read name')" g1
guest_do g1 'xenstore-write data/a 1 data/b 2'
expect "what it wrote" "$(xs_read "$me/data/a")$(xs_read "$me/data/b")" 12
guest_do g1 'xenstore-exists data/a && ! xenstore-exists data/none'
expect "a key that is not there" "$(guest_run g1 'xenstore-read data/none 2>&1; echo $?')" \
	"xenstore-read: couldn't read path data/none
1"
guest_do g1 'xenstore-ls device >/dev/null && xenstore-rm data/a && ! xenstore-exists data/a'

# A directory of 8 KiB of names, in pieces. dom0 makes it: a guest's may have 2 KiB.
for batch in {1..8}; do
	names=()
	for n in {1..40}; do
		names+=("$me/data/many/key-number-$batch-$n-of-many" x)
	done
	xenstore-write "${names[@]}"
done
expect "names of a large directory" "$(guest_run g1 'xenstore-list data/many | wc -l')" 320

# Eight writers with transactions at once: each sees its own, none is lost.
guest_do g1 'for w in {1..8}; do
		(for n in {1..10}; do xenstore-write data/w$w-$n $w data/v$w-$n $n || exit; done) &
		pids+=($!)
	done
	for pid in ${pids[*]}; do wait $pid || exit; done
	xenstore-list data | grep -c "^[wv][1-8]-"' 60 >"$CASE_DIR/written"
expect "keys of eight writers" "$(<"$CASE_DIR/written")" 160

# A watch hears of what dom0 writes, after its first event, which is about nothing.
guest_spawn g1 watch 'xenstore-watch -n 2 data/seen >/run/seen'
watched() { guest_run g1 '[[ -s /run/seen ]]'; }
wait_until 20 watched || fail "a new watch has had no event for 20 s"
xs_write "$me/data/seen" 1
guest_join g1 watch 20 || fail "a watch did not hear of what dom0 wrote"
expect "events" "$(guest_run g1 'cat /run/seen')" "data/seen
data/seen"
guest_shutdown g1
pass
