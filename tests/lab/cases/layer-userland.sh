#!/bin/bash
# Debian with systemd on a disk: boots to multi-user, is logged into, reboots, shuts down.
# runs: soak-wide soak-wide-intree
# timeout: 600
# needs: userland

kernel_has CONFIG_CGROUP_BPF || skip "the guest's kernel is not configured for systemd"
cp --sparse=always "$(extra userland)" "$(disk_path root)"
guest_config g1 "$(disk_line "$(disk_spec root xvda)")" "$(net_line 2)" "cmdline=root=/dev/xvda"

# kernel_warnings BOOT: 0 is this boot, -1 the one before it
kernel_warnings()
{
	guest_do g1 "journalctl --quiet --boot=$1 --dmesg --priority=warning --output=cat |
		grep -vE '$KERNEL_HARMLESS' || :"
}

# Nothing failed, the root disk and the network are the drivers' under test, and the
# kernel had nothing to complain about in this boot.
check_up()
{
	note "logged in after $(guest_do g1 'cut -d" " -f1 /proc/uptime') s"
	expect "state of systemd" \
		"$(guest_do g1 'systemctl is-system-running --wait; systemctl --failed --no-legend --plain' 120)" \
		running
	note "multi-user: $(guest_do g1 'systemd-analyze time | head -n 1; systemd-analyze blame | head -n 12')"
	expect "targets" "$(guest_do g1 'systemctl is-active multi-user.target getty.target')" $'active\nactive'
	expect "root file system" "$(guest_do g1 'awk "\$2 == \"/\" { print \$1, \$3, substr(\$4, 1, 2) }" /proc/mounts')" \
		"/dev/xvda ext4 rw"
	expect "driver of the root disk" \
		"$(guest_do g1 'basename "$(readlink /sys/block/xvda/device/driver)"')" "$BLK_DRIVER"
	wait_until 30 ping -c 1 -W 1 10.0.0.2 >/dev/null || fail "its network does not answer"
	expect "kernel warnings in the journal" "$(kernel_warnings 0)" ""
}

guest_launch g1
guest_login g1 lab 240
check_up
guest_do g1 'echo kept >/root/written'

xl reboot g1 || fail "xl reboot failed"
wait_until 60 guest_gone g1 || fail "the guest did not end within 60 s of xl reboot"
expect "the guest's reason to end" "$(<"$GUESTS/g1/end")" reboot
guest_launch g1
guest_login g1 lab 240
check_up
expect "file written before the reboot" "$(guest_do g1 'cat /root/written')" kept
expect "kernel warnings until the reboot" "$(kernel_warnings -1)" ""
guest_do g1 'journalctl --quiet --boot=-1 --output=cat | grep -q "Reached target reboot.target"'

guest_shutdown g1
expect "the guest's reason to end" "$(<"$GUESTS/g1/end")" poweroff
expect "fsck in dom0" "$(e2fsck -fn "$(disk_path root)" >"$CASE_DIR/fsck.log" 2>&1; echo $?)" 0
pass
