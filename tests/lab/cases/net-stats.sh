#!/bin/bash
# The stack shows each queue's packets, its NAPI and interrupt, and its pool of pages, also while
# a new backend serves fewer queues: what was counted stays counted.
# runs: kernels
# timeout: 240

# ask: what netdevs says, in $said
ask()
{
	local status=0
	said=$(guest_run g1 'netdevs eth0') || status=$?
	((status != 3)) || skip "this kernel shows no statistics of queues"
	((status == 0)) || fail "netdevs: status $status: $said"
}

# said_of WORDS FIELD: of the line that begins with WORDS
said_of()
{
	awk -v words="$1 " -v field="$2" 'index($0, words) == 1 {
		for (i = 1; i < NF; i++) if ($i == field) print $(i + 1) }' <<<"$said"
}

# packets DIRECTION: of both queues together
packets()
{
	awk -v d="$1" '$1 == "qstats" && $2 == d { n += $5 } END { print n + 0 }' <<<"$said"
}

echo 2 >/sys/module/xen_netback/parameters/max_queues
guest_start g1 memory=256 vcpus=2 "$(net_line 2)"
net_up g1 eth0 2

ask
note "$said"
declare -A before=([rx]=$(packets rx) [tx]=$(packets tx))
for queue in 0 1; do
	napi=$(said_of "queue rx $queue" napi)
	[[ $napi == [1-9]* ]] || fail "receive queue $queue has the NAPI \"$napi\", expected a number"
	expect "NAPI of transmit queue $queue" "$(said_of "queue tx $queue" napi)" "$napi"
	irq=$(guest_do g1 "sed -n 's/^ *\\([0-9]*\\):.* eth0-q$queue-rx\$/\\1/p' /proc/interrupts")
	[[ $irq == [1-9]* ]] || lab_error "no interrupt eth0-q$queue-rx"
	expect "interrupt of NAPI $napi" "$(said_of "napi $napi" irq)" "$irq"
done
[[ $(said_of "queue rx 0" napi) != "$(said_of "queue rx 1" napi)" ]] ||
	fail "both queues have one NAPI"
expect "pools" "$(grep -c '^pool ' <<<"$said")" 2

guest_do g1 "ping -q -c 40 -i 0.02 $DOM0_IP"
ask
note "$said"
for direction in rx tx; do
	n=$(($(packets $direction) - before[$direction]))
	((n >= 40 && n < 200)) || fail "$direction: $n packets in the queues' counters after 40 were exchanged"
	total=$(said_of total "$direction")
	((total >= $(packets "$direction"))) ||
		fail "$direction: $total packets in all, $(packets "$direction") in the queues"
done

# Each socket has a hash of its own, so that both queues count something.
flows='for n in {1..16}; do echo >/dev/udp/$peer/9; done'
peer=10.0.0.2
eval "$flows"
guest_do g1 "peer=$DOM0_IP; $flows"
ask
note "$said"
declare -A second=()
for direction in rx tx; do
	second[$direction]=$(said_of "qstats $direction 1" packets)
	((second[$direction] > 0)) || lab_error "$direction queue 1 had no packet"
done
guest_spawn g1 reader 'n=0
	until [[ -e /run/enough ]]; do netdevs eth0 >/run/said || exit 1; n=$((n + 1)); done
	echo "read $n times"; ((n > 0))'
echo 1 >/sys/module/xen_netback/parameters/max_queues
guest_save_restore g1
echo 4 >/sys/module/xen_netback/parameters/max_queues	# as the lab has it
wait_until 30 guest_run g1 "ping -q -c 1 -w 2 $DOM0_IP" || fail "no answer after the restore"
guest_do g1 ': >/run/enough'
note "$(guest_join g1 reader 30)"
ask
note "$said"
expect "receive queues" "$(grep -c '^queue rx ' <<<"$said")" 1
expect "transmit queues" "$(grep -c '^queue tx ' <<<"$said")" 1
for direction in rx tx; do
	rest=$(($(said_of total "$direction") - $(said_of "qstats $direction 0" packets)))
	((rest >= second[$direction])) ||
		fail "$direction: $rest packets in all beside those of queue 0, ${second[$direction]} before"
done

guest_shutdown g1
pass
