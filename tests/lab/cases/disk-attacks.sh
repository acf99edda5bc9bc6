#!/bin/bash
# A hostile backend attacks the guest in ways that a seed chooses: the guest lives, a good disk of
# it works beside every attack, the attacker's disk goes within a bound, and nothing is left of it.
# runs: test soak
# timeout: 500 21600
# allow: g\.e\. .* still in use

[[ $LAB_DRIVERS == ours ]] || skip "what xen-blkfront does after a lie is its own matter"

# Seconds until users of the attacker's disk are rid of it, once its nodes are gone.
GONE=30 ENDS=60

for name in a b; do disk_create $name 16; done
guest_start g1 memory=256 "$(disk_line "$(disk_spec a xvda)")"
devices_outlive g1 0
disk_wait g1 xvda
good()
{
	guest_do g1 'head -c 256k /dev/urandom >/run/good
		dd if=/run/good of=/dev/xvda bs=64k oflag=direct status=none
		dd if=/dev/xvda bs=64k count=4 iflag=direct status=none | cmp - /run/good' 40
}
device_gone()	{ guest_run g1 '[[ ! -e /sys/bus/xen/devices/vbd-51728 && ! -b /dev/xvdb ]]'; }
there()		{ guest_run g1 '[[ -b /dev/xvdb ]]'; }
good
before=$(grants g1) channels=$(event_channels g1)

first=${SEED:-1000}
for ((seed = first; seed < first + $(soak 2000 30); seed++)); do
	fake_disk g1 xvdb b feature-flush-cache=1 feature-persistent=$((seed / 10 % 2))
	# Some attacks begin while the partitions are read.
	if ((seed % 3)); then
		wait_until 20 there || fail "seed $seed: an honest backend's disk does not appear: $(fake_error g1 xvdb)"
		guest_do g1 'dd if=/dev/xvdb of=/dev/null bs=64k count=2 iflag=direct status=none' 20
	fi
	guest_spawn g1 load 'for ((n = 0; n < 200; n++)); do
		dd if=/dev/xvdb of=/dev/null bs=64k count=8 iflag=direct status=none &
		dd if=/run/good of=/dev/xvdb bs=16k oflag=direct conv=nocreat,fsync status=none || break
	done; wait'
	fake_do g1 xvdb "attack $seed"
	good
	kill -9 "$(<"/run/backend-g1-xvdb.pid")"
	fake_nodes_remove g1 xvdb
	wait_until $GONE device_gone ||
		fail "$(grep ^seed "$(fake_log g1 xvdb)"): the disk stays $GONE s after its nodes are gone"
	status=0
	guest_join g1 load $ENDS >/dev/null 2>&1 || status=$?
	((status != 124)) || fail "$(grep ^seed "$(fake_log g1 xvdb)"): its users hang"
	rm -f "$(fake_log g1 xvdb)"
done
note "$((seed - first)) attacks, seeds $first to $((seed - 1))"
returned()	{ (($(grants g1) <= before + 50)); }
wait_until 90 returned || fail "$(grants g1) grants 90 s after the last attack, $before before"
expect "event channels" "$(event_channels g1)" "$channels"
guest_do g1 '! dmesg | grep -E "BUG:|WARNING: CPU|Oops|Call Trace"'
guest_shutdown g1
pass
