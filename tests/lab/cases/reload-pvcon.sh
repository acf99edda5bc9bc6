#!/bin/bash
# Unbinding, unloading and loading pvcon again and again leaves nothing behind.
# runs: test kernels soak
# timeout: 300

[[ $LAB_DRIVERS == ours ]] || skip "hvc_xen is built in and cannot be unloaded"
console_needs_kernel

guest_start g1 "$(console_line one two)"
console_take g1 1 2

# Counted with pvcon bound, since hvc_xen does not end its grants.
settled_counts()
{
	local now
	now="$(grants g1) grants, $(event_channels g1) event channels"
	[[ $now == "$before" ]]
}
before="$(grants g1) grants, $(event_channels g1) event channels"
note "$before"

rounds=$(soak 50 15)
for ((round = 1; round <= rounds; round++)); do
	module_unload g1 pvcon pvcon 'modprobe pvcon'
	console_take g1 1 2
done
note "$rounds rounds"
console_hvc g1 1

# A grant the backend was slow to give up is ended by a timer of the kernel.
wait_until 30 settled_counts ||
	fail "before: $before, after: $(grants g1) grants, $(event_channels g1) event channels"

console_talk g1 two "$(console_hvc g1 2)" 65536
console_check g1 two 65536 30
guest_shutdown g1
pass
