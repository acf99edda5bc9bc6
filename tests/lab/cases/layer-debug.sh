#!/bin/bash
# gdb in a guest: breakpoints, single steps, hardware watchpoints, backtraces, threads, attaching.
# runs: image soak-wide
# timeout: 120
# image: gdb

# gdb_run TAG ARGUMENT...: what gdb prints, in the log of that name
gdb_run()
{
	local tag=$1
	shift
	guest_run g1 "TERM=dumb gdb -nx -q -batch -iex 'set debuginfod enabled off' -iex 'set auto-load no' -iex 'set print entry-values no' $* 2>&1" 60 \
		>"$CASE_DIR/gdb-$tag" || fail "gdb $tag: status $?: $(tail -n 1 "$CASE_DIR/gdb-$tag")"
	note "gdb $tag"
}

# said TAG REGEX...: lines that match are there, in this order
said()
{
	local tag=$1 regex from=0 at
	shift
	for regex; do
		at=$(tail -n "+$((from + 1))" "$CASE_DIR/gdb-$tag" | grep -nE -m 1 -- "$regex" | cut -d: -f1) ||
			fail "gdb $tag did not print /$regex/, see gdb-$tag"
		from=$((from + at))
	done
}

guest_start g1 vcpus=2 memory=768 "$(guest_ramdisk gdb)"

gdb_run break -ex "'break leaf'" -ex run -ex backtrace -ex finish -ex "'info registers rip'" \
	-ex continue -ex continue /usr/bin/debuggee
said break 'Breakpoint 1, leaf \(n=6\)' '^#0 +leaf \(n=6\)' '^#1 .*in middle \(n=5\)' '^#2 .*in main' \
	'Value returned is .* = 18' 'rip .*middle' 'Breakpoint 1, leaf \(n=21\)' 'exited normally'

gdb_run step -ex "'break middle'" -ex run -ex step -ex next -ex next -ex stepi -ex stepi \
	-ex "'print word'" -ex "'set var word = 99'" -ex "'print word'" -ex kill /usr/bin/debuggee
said step 'Breakpoint 1, middle' 'leaf \(n=6\)' '= 6$' '= 99$'

gdb_run watch -ex "'break main'" -ex run -ex "'watch word'" -ex "'rwatch leave'" -ex "'info watchpoints'" \
	-ex continue -ex backtrace -ex continue -ex backtrace -ex continue /usr/bin/debuggee
said watch 'Hardware watchpoint 2: word' 'Hardware read watchpoint 3' 'hw watchpoint.*word' \
	'^Old value = 0' '^New value = 6' '^#0 +leaf \(n=6\)' '^Old value = 6' '^New value = 21' '^#0 +leaf \(n=21\)'

gdb_run hbreak -ex "'break main'" -ex run -ex "'hbreak leaf'" -ex continue -ex "'info threads'" \
	-ex continue -ex "'info threads'" -ex kill /usr/bin/debuggee
said hbreak 'Hardware assisted breakpoint 2' 'Breakpoint 2, leaf \(n=6\)' 'Breakpoint 2, leaf \(n=21\)' \
	'^\* 2 .*leaf'

guest_do g1 '/usr/bin/debuggee wait >/run/waited 2>&1 & echo $! >/run/waits'
gdb_run attach -ex backtrace -ex "'set var leave = 1'" -ex detach \
	-p "\$(cat /run/waits)"
said attach 'in waiting ' 'in main '
wait_until 20 guest_run g1 '[[ ! -e /proc/$(cat /run/waits)/exe ]]' ||
	fail "the debuggee does not go on after gdb has let go of it"
guest_shutdown g1
pass
