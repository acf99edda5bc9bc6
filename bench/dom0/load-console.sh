# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Loads on a secondary console: bytes one way, timed from the first to the last.

CHANNEL=/run/channel-bench TO_GUEST=/run/bench.to FROM_GUEST=/run/bench.from

# One connection for all passes, and one process in the guest that keeps the line open:
# QEMU drops what comes while nobody is connected. A byte that has arrived shows that
# all of it is in place.
prepare_console()
{
	[[ ! -p $TO_GUEST ]] || return 0
	CONSOLE_HVC=$(console_hvc g1 1)
	guest_spawn g1 line "exec 3<>/dev/$CONSOLE_HVC
		stty raw -echo <&3
		head -c 1 <&3 >/run/bench.first
		exec sleep 100000"
	mkfifo $TO_GUEST $FROM_GUEST
	exec {TO_FD}<>$TO_GUEST {FROM_FD}<>$FROM_GUEST
	socat -b 65536 - "UNIX-CONNECT:$CHANNEL" <$TO_GUEST >$FROM_GUEST 2>/run/bench.socat &
	printf x >&"$TO_FD"
	wait_until 30 guest_run g1 "test -s /run/bench.first" ||
		lab_error "no byte came through the channel: $(</run/bench.socat)"
}

# console_timed BYTES: reads them from stdin
console_timed()
{
	local start end bytes
	timeout 60 head -c 1 >/dev/null
	start=${EPOCHREALTIME/./}
	bytes=$(timeout 60 head -c $(($1 - 1)) | wc -c)
	end=${EPOCHREALTIME/./}
	echo "{ \"bytes\": $((bytes + 1)), \"us\": $((end - start)) }"
}

load_console() # full|base WORDS
{
	local bytes=64
	[[ $1 == base ]] || bytes=$(guest_word "$2" bytes 65536)
	load_start
	"console_$(guest_word "$2" dir out)" "$bytes"
}

console_out() # BYTES
{
	console_timed "$1" <&"$FROM_FD" &
	guest_do g1 "head -c $1 /dev/zero >/dev/$CONSOLE_HVC" 120
	wait $!
}

console_in() # BYTES
{
	guest_spawn g1 timed "$(declare -f console_timed)
console_timed $1 </dev/$CONSOLE_HVC"
	head -c "$1" /dev/zero >&"$TO_FD"
	guest_join g1 timed 120 || fail "the console's bytes did not arrive in the guest"
}
