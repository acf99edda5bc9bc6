#!/bin/bash
# The kernel itself mounts its root file system: a disk whose backend is slow is waited for, and
# another one, whose backend never gets on, is not. For an image with CORE=lite BUILTIN=1.
# runs: hand
# timeout: 240

kernel_has CONFIG_XENSTORE_LITE || skip "the guest's kernel has Linux's own xenbus, which waits for all"
kernel_has CONFIG_PV_FRONTENDS || skip "the guest's kernel has no disks without modules"

cp --sparse=always /lab/in/guest.ext4 "$(disk_path root)"
guest_config g1 'ramdisk=""' "cmdline=loglevel=7 root=/dev/xvda rw init=/usr/sbin/init"
xl -v create -p -e -q "$GUESTS/g1/config" >"$CASE_DIR/g1.xl.log" 2>&1 </dev/null ||
	lab_error "xl create -p g1: $(tail -n 1 "$CASE_DIR/g1.xl.log")"
guest_adopt g1
for vdev in xvda xvdb; do
	back=$(fake_back g1 $vdev)
	xenstore-write "$back/frontend" "$(fake_front g1 $vdev)" "$back/state" 1
	xenstore-chmod -r "$back" n0 "r$(guest_domid g1)"
	fake_nodes g1 $vdev
done
xl unpause g1

# It says so after 2 s, and goes on to wait.
guest_said g1 'waits for root=/dev/xvda, 300 s at most' 'vbd-51712: is not connected: .*Initialising'
fake_serve g1 xvda root
guest_wait g1
expect "root file system" "$(guest_run g1 'awk "\$2 == \"/\" { print \$1, \$3 }" /proc/mounts | tail -n 1')" \
	"/dev/root ext4"
guest_do g1 dmesg >"$CASE_DIR/dmesg-boot"
xs_is "$(fake_front g1 xvdb)/state" 1 || fail "the disk without a backend is not where it was"

# From the disk's appearance to init, in ms of the guest's clock.
stamp() # REGEX
{
	sed -nE "s/^\[ *([0-9]+)\.([0-9]{3}).*$1.*/\1\2/p" "$CASE_DIR/dmesg-boot" | head -n 1
}
disk=$(stamp 'xvda: ') init=$(stamp 'Run /usr/sbin/init')
[[ -n $disk && -n $init ]] || fail "the log has no line of the disk ($disk) or of init ($init)"
took=$((10#$init - 10#$disk))
note "init $took ms after the root disk"
((took < 2000)) || fail "init came $took ms after the root disk"
guest_shutdown g1
pass
