#!/bin/bash
# A backend that goes round its states and keeps every page of every connection mapped does not
# get at more and more of the guest: its grants stay bounded, other devices have room, and the
# disk is refused in the end.
# runs: test soak
# timeout: 400

[[ $LAB_DRIVERS == ours ]] || skip "xen-blkfront connects as often as it is asked to"

# What one disk may pin, in grants, whatever the number of rounds: the data of the reads that were
# in flight when the first connection ended, 11 pages each, and the ring of that one, of one more
# (pvblk_offer()) and of few that end before they have any.
READS=32
BOUND=$((READS * 11 + 8))

for name in a b c; do disk_create $name 16; done
guest_start g1 memory=384 "$(disk_line "$(disk_spec a xvda)")"
devices_outlive g1 0
disk_wait g1 xvda
fake_disk g1 xvdb b feature-persistent=1
disk_wait g1 xvdb
before=$(grants g1)
guest_spawn g1 reads "until [[ -e /run/enough ]]; do
	fio --name=r --filename=/dev/xvdb --ioengine=libaio --direct=1 --iodepth=$READS --rw=randread --bs=44k \\
		--time_based --runtime=5 --size=16m >/dev/null 2>&1 || [[ -b /dev/xvdb ]] || exit 0
done"
answered()	{ (($(fake_report g1 xvdb answered) > 100)); }
wait_until 30 answered || fail "no reads came"
fake_do g1 xvdb "keep 1"
fake_do g1 xvdb "circles 30 300"
ended()	{ fake_said g1 xvdb '^circles (done|refused)'; }
most=0
until ended; do
	now=$(grants g1)
	((now <= most)) || most=$now
done
note "grants: $before before, $most at most; $(grep ^circles "$(fake_log g1 xvdb)"); $(fake_report g1 xvdb mapped) pages mapped by the backend"
((most <= before + BOUND)) || fail "the backend holds $((most - before)) grants of one disk, expected at most $BOUND"
fake_said g1 xvdb '^circles refused' || fail "30 rounds, and the disk was not refused"
# Not because of the pace, which the unit tests of pace.c have.
keeps_requests()	{ [[ $(fake_error g1 xvdb) == *"backend keeps pages of earlier connections mapped, and may still carry out their requests"* ]]; }
wait_until 20 keeps_requests || fail "the disk was refused with: $(fake_error g1 xvdb)"
note "$(fake_error g1 xvdb)"

disk_attach g1 c xvdc || fail "xl block-attach: $(tail -n 1 "$CASE_DIR/g1.xl.log")"
disk_wait g1 xvdc
net_attach g1 2 || fail "xl network-attach: $(tail -n 1 "$CASE_DIR/g1.xl.log")"
net_up g1 eth0 2
guest_do g1 "touch /run/enough
	dd if=/dev/urandom of=/dev/xvdc bs=64k count=16 oflag=direct 2>/dev/null &&
	ping -q -c 3 -W 5 $DOM0_IP | grep ' 0% packet loss'"
fake_nodes_remove g1 xvdb
fake_quit g1 xvdb
returned()	{ (($(grants g1) <= before + 1200)); }
wait_until 60 returned || fail "$(grants g1) grants 60 s after the backend is gone, $before before"
guest_shutdown g1
pass
