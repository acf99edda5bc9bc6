#!/bin/bash
# A console that the guest's bus has lost comes back when pvcon is told to take it.
# runs: test
# timeout: 120

[[ $LAB_DRIVERS == ours ]] || skip "hvc_xen has no way to get it back"

guest_start g1 "$(console_line one)"
console_take g1 1
node=$(frontend_path g1 console 1)

# What hvc_xen of Linux 7.3 leaves behind, at times, when a guest boots: the node says
# Initialised, and no device is there for it.
keys=$(xs_list "$node")
declare -A value
for key in $keys; do
	value[$key]=$(xs_read "$node/$key")
done
value[state]=3
dir=$(guest_do g1 'readlink -f /sys/bus/xen/devices/console-1')
xenstore-rm "$node"
# The bus has it no more before its driver has let go of it, which still writes to the node.
gone() { guest_run g1 "[[ ! -e $dir ]]"; }
wait_until 20 gone || fail "the device did not go with its node"
for key in $keys; do
	xs_write "$node/$key" "${value[$key]}"
done
xenstore-chmod -r "$node" "n$(guest_domid g1)" r0

console_take g1 1
console_talk g1 one "$(console_hvc g1 1)" 65536
console_check g1 one 65536 30
guest_shutdown g1
pass
