#!/bin/bash
# A backend that lies once, in the keys, the partition scan or later, loses its disk with an error
# that says why; the rest of the guest lives, and can be saved.
# runs: test soak
# timeout: 300 400
# allow: g\.e\. .* still in use

[[ $LAB_DRIVERS == ours ]] || skip "what xen-blkfront does after a lie is its own matter"

TRACING=/sys/kernel/debug/tracing

for name in a b c; do disk_create $name 16; done
guest_start g1 memory=256 "$(disk_line "$(disk_spec a xvda)")"
disk_wait g1 xvda
error_node()	{ echo "/local/domain/$(guest_domid g1)/error/device/vbd/51728/error"; }
device_gone()	{ guest_run g1 "[[ ! -e /sys/bus/xen/devices/vbd-51728 && ! -e /dev/xvdb ]]"; }
others_live()
{
	guest_do g1 'dd if=/dev/urandom of=/dev/xvda bs=64k count=8 oflag=direct 2>/dev/null' 20
	disk_attach g1 c xvdc || fail "xl block-attach after a lie: $(tail -n 1 "$CASE_DIR/g1.xl.log")"
	disk_wait g1 xvdc
	disk_detach g1 xvdc || fail "xl block-detach after a lie: $(tail -n 1 "$CASE_DIR/g1.xl.log")"
}

# caught WHEN KIND: the lie was told, and cost the disk
caught()
{
	local reason=$2
	within 20 "$2 $1" fake_said g1 xvdb '^lied'
	within 20 "an error says so" xs_exists "$(error_node)"
	# The second answer to a request has an id that is not in flight, or there is no request left.
	[[ $reason != twice ]] || reason="(id|producer)"
	guest_do g1 "grep -Ex 'broke_$reason [1-9][0-9]*' /sys/kernel/debug/pvfront/vbd-51728 &&
		grep -E 'pvfront_break: vbd-51728 reason=$reason' $TRACING/trace && echo >$TRACING/trace"
	note "$(xs_read "$(error_node)")"
	fake_nodes_remove g1 xvdb
	within 10 "the disk is gone" device_gone
	fake_quit g1 xvdb
	xenstore-rm "$(error_node)"
}

guest_do g1 "echo 1 >$TRACING/events/pvfront/pvfront_break/enable"
for kind in id operation twice producer; do
	fake_serve g1 xvdb b
	fake_do g1 xvdb "lie $kind"
	fake_nodes g1 xvdb
	caught "in the scan" $kind

	fake_disk g1 xvdb b
	disk_wait g1 xvdb
	guest_do g1 'dd if=/dev/urandom of=/dev/xvdb bs=64k count=4 oflag=direct 2>/dev/null'
	fake_do g1 xvdb "lie $kind"
	guest_spawn g1 write 'dd if=/dev/zero of=/dev/xvdb bs=64k count=16 oflag=direct'
	status=0
	guest_join g1 write 30 >/dev/null || status=$?
	# A second answer may come when the first one has been seen: all of the data was written.
	[[ $status == 1 || $status == 0 && $kind == twice ]] || fail "$kind: the writer ended with $status, expected an error"
	caught "later" $kind
	others_live
done

# A disk that is refused for its keys does not hold up who loads the module, nor the boot.
module_unload g1 "$BLK_MODULE" "$BLK_DRIVER"
fake_disk g1 xvdb b sector-size=100
guest_do g1 "modprobe $BLK_MODULE" 60
disk_wait g1 xvda
within 20 "an error says so" xs_exists "$(error_node)"
note "$(xs_read "$(error_node)")"
fake_nodes_remove g1 xvdb
within 10 "the refused disk is gone" device_gone
fake_quit g1 xvdb
xenstore-rm "$(error_node)"

fake_serve g1 xvdb b
fake_do g1 xvdb "lie id"
fake_nodes g1 xvdb
within 20 "a last lie in the scan" fake_said g1 xvdb '^lied'
timeout 100 xl save g1 /run/g1.saved >"$CASE_DIR/g1.save.log" 2>&1 ||
	fail "xl save after a lie: $(tail -n 1 "$CASE_DIR/g1.save.log")"
fake_quit g1 xvdb
xl restore -e /run/g1.saved >"$CASE_DIR/g1.restore.log" 2>&1 ||
	fail "xl restore: $(tail -n 1 "$CASE_DIR/g1.restore.log")"
rm /run/g1.saved
guest_adopt g1
guest_wait g1
others_live
guest_shutdown g1
pass
