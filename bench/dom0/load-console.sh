# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Loads on a secondary console: bytes one way, timed from the first to the last.

CHANNEL=/run/channel-bench

prepare_console()
{
	CONSOLE_HVC=$(console_hvc g1 1)
	mkfifo /run/bench.hold 2>/dev/null || :
}

# console_timed BYTES: reads them from stdin
console_timed()
{
	local start end
	head -c 1 >/dev/null
	start=${EPOCHREALTIME/./}
	head -c $(($1 - 1)) | wc -c >/run/bench.bytes
	end=${EPOCHREALTIME/./}
	echo "{ \"bytes\": $(($(</run/bench.bytes) + 1)), \"us\": $((end - start)) }"
}

load_console() # full|base WORDS
{
	local bytes=64
	[[ $1 == base ]] || bytes=$(guest_word "$2" bytes 65536)
	"console_$(guest_word "$2" dir out)" "$bytes"
}

console_out() # BYTES
{
	socat -u "UNIX-CONNECT:$CHANNEL" STDOUT 2>/dev/null | console_timed "$1" >/run/bench.timed &
	guest_do g1 "exec 3<>/dev/$CONSOLE_HVC; stty raw -echo <&3; head -c $1 /dev/zero >&3" 120 >/dev/null
	wait_until 60 test -s /run/bench.timed || fail "the console's bytes did not arrive"
	cat /run/bench.timed
	rm /run/bench.timed
	kill %% 2>/dev/null || :
}

# The connection is held open until the guest has all: its end would drop the rest.
console_in() # BYTES
{
	guest_spawn g1 timed "exec 3<>/dev/$CONSOLE_HVC; stty raw -echo <&3
$(declare -f console_timed)
touch /run/bench.ready
console_timed $1 <&3"
	wait_until 30 guest_run g1 "rm /run/bench.ready 2>/dev/null" || fail "the guest's reader did not start"
	{ head -c "$1" /dev/zero; cat /run/bench.hold; } |
		socat -u - "UNIX-CONNECT:$CHANNEL" 2>/dev/null &
	guest_join g1 timed 120 || fail "the console's bytes did not arrive in the guest"
	: >/run/bench.hold
	wait
}
