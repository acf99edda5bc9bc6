#!/bin/bash
# 1 MB each way at once through two secondary consoles is what was sent.
# runs: test intree kernels soak-intree rounds
# timeout: 180

console_needs_kernel
bytes=1048576
guest_start g1 "$(console_line one org.example.two)"
console_take g1 1 2
for name in one org.example.two; do
	[[ $name == one ]] && n=1 || n=2
	hvc=$(console_hvc g1 "$n")
	[[ $hvc == hvc[1-7] ]] || fail "console $n has the line \"$hvc\", expected hvc1 to hvc7"
	[[ $LAB_DRIVERS == intree ]] ||
		expect "channel of console $n" \
			"$(guest_do g1 "echo \"\$(</sys/bus/xen/devices/console-$n/channel)\"")" "$name"
	console_talk g1 "$name" "$hvc" $bytes
	note "$name is $hvc"
done
console_check g1 one $bytes 100
console_check g1 org.example.two $bytes 100
[[ $LAB_DRIVERS == intree ]] ||
	guest_do g1 'grep -H . /sys/kernel/debug/pvfront/console-*'
guest_shutdown g1
pass
