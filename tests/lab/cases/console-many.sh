#!/bin/bash
# Consoles 10 and 11 carry data, and the one for which hvc has no line is refused.
# timeout: 180

# hvc_xen takes the last digit for the whole number: 10 is none, 11 is 1 again.
[[ $LAB_DRIVERS == ours ]] || skip "hvc_xen knows console 1 to 9"

guest_start g1 "$(console_line c1 c2 c3 c4 c5 c6 c7 c8 c9 c10 c11)"
guest_do g1 'modprobe pvcon
	cd /sys/bus/xen/drivers/xenconsole
	for d in console-*; do echo $d >unbind; done'

console_take g1 10 11
for n in 10 11; do
	hvc=$(console_hvc g1 $n)
	[[ $hvc == hvc[1-7] ]] || fail "console $n has the line \"$hvc\", expected hvc1 to hvc7"
	console_talk g1 c$n "$hvc" 65536
done
console_check g1 c10 65536 60
console_check g1 c11 65536 60

# hvc0 is the primary one's: five more fit into the kernel's eight.
console_take g1 1 2 3 4 5
guest_do g1 'echo console-6 >/sys/bus/xen/drivers/pvcon/bind'
error=/local/domain/$(guest_domid g1)/error/device/console/6/error
wait_until 20 xs_exists "$error" || fail "console 6 was not refused"
[[ $(xs_read "$error") == *"hvc0 to hvc7"* ]] ||
	fail "console 6 was refused with \"$(xs_read "$error")\", expected the lines to be named"
note "$(xs_read "$error")"

# One line given back is one line to be had.
guest_do g1 'set -e
	cd /sys/bus/xen/drivers/pvcon
	echo console-10 >unbind
	echo console-6 >unbind
	echo console-6 >bind'
console_connected g1 6
guest_shutdown g1
pass
