#!/bin/bash
# A backend that goes round its states and keeps the buffers of its interface mapped gets no more
# of them than PVFRONT_MAX_KEPT allows: no connection is made until it lets go, the guest shows how
# many pages it keeps and why it waits, and other devices have room.
# runs: test soak
# timeout: 240

[[ $LAB_DRIVERS == ours ]] || skip "xen-netfront connects as often as it is asked to"

# include/pv/grant.h has the number; a connection has a few pages beside its buffers.
MOST=256
CONNECTION=300

for name in a b c; do disk_create $name 16; done
guest_start g1 memory=384 "$(disk_line "$(disk_spec a xvda)")"
guest_do g1 "modprobe $NET_MODULE"
disk_wait g1 xvda
fake_disk g1 vif7 b feature-rx-copy=1
connections()	{ fake_count g1 vif7 '^state 4'; }
connected()	{ (($(connections) > ${1:-0})); }
wait_until 20 connected || fail "no interface: frontend $(xs_shown "$(fake_front g1 vif7)/state")"
before=$(grants g1)

fake_do g1 vif7 "keep 1"
fake_do g1 vif7 "circles 30 300"
most=0
waits()
{
	local now
	now=$(grants g1)
	((now <= most)) || most=$now
	[[ $(fake_error g1 vif7) == *"pages of earlier connections mapped, $MOST at most are allowed"* ]]
}
wait_until 30 waits || fail "after $(connections) connections, with $(fake_report g1 vif7 mapped) pages mapped, the guest says: $(fake_error g1 vif7)"
note "$(fake_error g1 vif7)"
kept()	{ guest_do g1 'sed -n "s/^pages_kept //p" /sys/kernel/debug/pvfront/vif-7'; }
kept=$(kept) made=$(connections)
((kept > MOST && kept <= MOST + CONNECTION)) || fail "the guest shows $kept pages kept, expected $MOST to $((MOST + CONNECTION))"
((most <= before + MOST + CONNECTION)) || fail "the backend holds $((most - before)) grants more than one connection has"

disk_attach g1 c xvdb || fail "xl block-attach: $(tail -n 1 "$CASE_DIR/g1.xl.log")"
disk_wait g1 xvdb
guest_do g1 'dd if=/dev/urandom of=/dev/xvdb bs=64k count=16 oflag=direct 2>/dev/null'
expect "connections, while pages are kept" "$(connections)" "$made"
expect "pages kept" "$(kept)" "$kept"
note "$made connections, $kept pages kept, $most grants at most, $before with one connection; a disk came"

fake_do g1 vif7 unmap
within 30 "another connection, once it has let go" connected "$made"
fake_nodes_remove g1 vif7
fake_quit g1 vif7
returned()	{ (($(grants g1) <= before + 100)); }
wait_until 60 returned || fail "$(grants g1) grants 60 s after the backend is gone, $before before"
guest_shutdown g1
pass
