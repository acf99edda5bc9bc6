#!/bin/bash
# A program that writes to a console nobody reads sleeps, and goes on when somebody does.
# runs: test
# timeout: 150

[[ $LAB_DRIVERS == ours ]] || skip "reads pvcon's own counters"

bytes=65536
guest_start g1 "$(console_line one)"
console_take g1 1
hvc=$(console_hvc g1 1)
counter() { guest_do g1 "sed -n 's/^$1 //p' /sys/kernel/debug/pvfront/console-1"; }

socat -u UNIX-CONNECT:/run/channel-one - >/run/quiet-got 2>/run/quiet-log &
# QEMU takes all there is in a ring, whoever reads: make it take nothing.
domid=$(guest_domid g1) qemu=
for pid in /proc/[0-9]*; do
	[[ $(tr '\0' ' ' 2>/dev/null <"$pid/cmdline") == *qemu*"-xen-domid $domid "* ]] && qemu=${pid##*/}
done
[[ $qemu ]] || lab_error "no QEMU serves domain $domid"
kill -STOP "$qemu"

guest_spawn g1 writer "set -e
exec 3<>/dev/$hvc
stty raw -echo <&3
head -c $bytes </dev/urandom >/run/quiet
cat /run/quiet >&3
sha256sum </run/quiet | cut -d' ' -f1"
full() { (($(counter refused) > 0)); }
wait_until 60 full || fail "the ring never was full"

# A measurement, not a wait: how often hvc tries in 10 s, and what that costs.
busy() { guest_do g1 "awk '/^cpu /{print \$2+\$4+\$7+\$8}' /proc/stat"; }
before=$(counter refused) cpu=$(busy)
sleep 10
tries=$(($(counter refused) - before)) cpu=$(($(busy) - cpu))
note "refused $tries times in 10 s, $cpu ticks of 1000 busy"
((tries > 0)) || fail "the ring was not full for 10 s"
((tries < 2000)) || fail "refused $tries times in 10 s, expected a look every 10 ms at most"

kill -CONT "$qemu"
wanted=$(guest_join g1 writer 60)
all() { (($(stat -c %s /run/quiet-got) >= bytes)); }
wait_until 30 all || fail "$(stat -c %s /run/quiet-got) of $bytes bytes arrived"
expect "sha256 of what was sent" "$(sha256sum </run/quiet-got | cut -d' ' -f1)" "$wanted"
guest_shutdown g1
pass
