#!/bin/bash
# The selftests, run in a guest with everything they ask for, all pass and none skips.
# runs: test
# timeout: 360

[[ $LAB_DRIVERS == ours ]] || skip "looks at our drivers' own files"

# The other side of console 1: one byte to say that it is connected, then an echo.
echo_on_channel()
{
	socat UNIX-CONNECT:/run/channel-one SYSTEM:'printf x; exec cat' 2>"$CASE_DIR/socat.log" &
}

# The disks hold something, for what is read from where to show.
disk_create writable 32
disk_create readonly 16
for disk in writable readonly; do
	dd if=/dev/urandom of="$(disk_path $disk)" bs=1M count=2 conv=notrunc 2>/dev/null
done
guest_start g1 "$(disk_line "$(disk_spec writable xvda)" "$(disk_spec readonly xvdb r)")" \
	"$(net_line 2)" "$(console_line one)"
disk_wait g1 xvda xvdb
net_up g1 eth0 2
console_take g1 1
echo_on_channel
# In a subshell, so that it does not become a controlling terminal.
guest_do g1 "(exec 3<>/dev/$(console_hvc g1 1)
	stty raw -echo <&3
	[[ \$(timeout 20 head -c 1 <&3) == x ]])" 30

guest_selftests g1 ktap 240 "PVBLK_TEST_DISK=xvda PVBLK_TEST_RO_DISK=xvdb PVNET_PEER=$DOM0_IP PVNET_TEST_RELOAD=yes \
	PVCON_TEST_CONSOLE=console-1 PVCON_TEST_ECHO=yes" -c pvblk -c pvnet -c pvcon
guest_shutdown g1
pass
