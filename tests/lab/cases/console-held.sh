#!/bin/bash
# A console that goes while somebody has it open: end of file, no crash, no leak.
# runs: test
# timeout: 240

[[ $LAB_DRIVERS == ours ]] || skip "looks at pvcon's own handling"

guest_start g1 "$(console_line one two)"
console_take g1 1 2
hvc=$(console_hvc g1 1) written=$(console_hvc g1 2)

# One reads, one sleeps on an open file, one keeps writing to the other console:
# QEMU keeps what nobody has read for the next who connects.
guest_spawn g1 reader "trap '' HUP; exec 3<>/dev/$hvc; stty raw -echo <&3; cat <&3"
guest_spawn g1 holder "trap '' HUP; exec 3<>/dev/$hvc; touch /run/holding; exec sleep 1000"
guest_spawn g1 writer "trap '' HUP; exec 3<>/dev/$written; while echo some text >&3; do :; done; touch /run/refused"
guest_do g1 "timeout 20 sh -c 'until [ -e /run/holding ]; do usleep 100000; done'"

guest_do g1 'cd /sys/bus/xen/drivers/pvcon && echo console-1 >unbind && echo console-2 >unbind'
note unbound
status=0
guest_join g1 reader 20 || status=$?
((!status)) || fail "the reader got status $status, expected end of file"
guest_do g1 "timeout 20 sh -c 'until [ -e /run/refused ]; do usleep 100000; done'"

# The one who ignores the hangup keeps the line, and with it the module.
status=0
guest_run g1 'rmmod pvcon' || status=$?
((status)) || fail "pvcon could be unloaded while $hvc was open"
status=0
guest_run g1 "echo x >/dev/$hvc" || status=$?
((status)) || fail "the removed line could be opened"

guest_do g1 'kill $(pidof sleep); timeout 20 sh -c "until rmmod pvcon 2>/dev/null; do usleep 100000; done"'
note unloaded

guest_do g1 'modprobe pvcon'
console_take g1 1 2
console_talk g1 one "$(console_hvc g1 1)" 65536
console_check g1 one 65536 30
guest_shutdown g1
pass
