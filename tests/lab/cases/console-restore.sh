#!/bin/bash
# A line held open across save and restore goes on with the new back end.
# runs: test
# timeout: 240

guest_start g1 "$(console_line one)"
console_take g1 1
hvc=$(console_hvc g1 1)

guest_spawn g1 holder "exec 3<>/dev/$hvc
stty raw -echo <&3
touch /run/holding
head -c 12 <&3
echo from the guest >&3"
guest_do g1 "timeout 20 sh -c 'until [ -e /run/holding ]; do usleep 100000; done'"

guest_save_restore g1
console_connected g1 1
note "restored and connected"

# Keeps the connection until the guest's answer is there, as console_talk does.
mkfifo /run/hold
{ printf 'from dom0...'; cat /run/hold; } |
	socat - UNIX-CONNECT:/run/channel-one >/run/answer 2>"$CASE_DIR/socat.log" &
status=0
out=$(guest_join g1 holder 30) || status=$?
((!status)) || fail "the open line is dead after restore: status $status, it read \"$out\""
expect "what the guest read" "$out" "from dom0..."
answered()	{ grep -q '^from the guest' /run/answer; }
wait_until 20 answered || fail "dom0 read \"$(</run/answer)\", expected \"from the guest\""
: >/run/hold
guest_shutdown g1
pass
