#!/bin/bash
# Console 10 carries data, and the one for which hvc has no line left is refused.
# runs: test
# timeout: 180

# hvc_xen takes the last digit for the whole number, 10 for 0.  (It takes 11 for
# another 1, gives both the same line and so spoils the kernel's list of lines.)
[[ $LAB_DRIVERS == ours ]] || skip "hvc_xen knows console 1 to 9"

guest_start g1 "$(console_line c1 c2 c3 c4 c5 c6 c7 c8 c9 c10)"

# hvc0 is the primary one's: seven more fit into the kernel's eight.
console_take g1 1 2 3 4 5 6 7
guest_do g1 "pvguest-console console-8"
error=/local/domain/$(guest_domid g1)/error/device/console/8/error
wait_until 20 xs_exists "$error" || fail "console 8 was not refused"
[[ $(xs_read "$error") == *"hvc0 to hvc7"* ]] ||
	fail "console 8 was refused with \"$(xs_read "$error")\", expected the lines to be named"
note "$(xs_read "$error")"
expect "line of the refused console" "$(console_hvc g1 8)" none

# One line given back is one line to be had.
guest_do g1 "echo console-3 >/sys/bus/xen/drivers/pvcon/unbind"
console_take g1 10
expect "line of console 10" "$(console_hvc g1 10)" hvc3
console_talk g1 c10 hvc3 65536
console_talk g1 c7 "$(console_hvc g1 7)" 65536
console_check g1 c10 65536 60
console_check g1 c7 65536 60

# What cannot be taken is said, and nothing happens to it.
for name in console-77 console-0 vbd-1 ''; do
	status=0
	guest_run g1 "echo '$name' >/sys/bus/xen/drivers/pvcon/take" || status=$?
	((status)) || fail "\"$name\" was taken"
done
guest_shutdown g1
pass
