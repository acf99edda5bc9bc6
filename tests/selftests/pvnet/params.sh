#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Values that no parameter of pvnet may have are refused and named. They are given at
# load time, so pvnet is unloaded for it and its interfaces go away for a moment: only
# with PVNET_TEST_RELOAD=yes. Addresses and routes are put back.

. "$(dirname "$(realpath "$0")")/vif.sh"

PARAMETERS=/sys/module/pvnet/parameters
DRIVER=/sys/bus/xen/drivers/pvnet
REFUSED=(0 65 -1 4294967297 many '')

loaded_tests()
{
	refuses "max_queues: 65 is refused" $PARAMETERS/max_queues 65 ''
	refuses "trusted: \"maybe\" is refused" $PARAMETERS/trusted maybe ''
	ktap_holds "max_queues: is in its range" \
		"1 <= $(<$PARAMETERS/max_queues) && $(<$PARAMETERS/max_queues) <= 64"
}

# Prints the commands that bring an interface back to what it is.
save() # INTERFACE
{
	ip -o addr show dev "$1" scope global | awk -v dev="$1" '{
		print "ip addr add " $4 " dev " dev ($3 == "inet6" ? " nodad" : "") }'
	[[ $(<"/sys/class/net/$1/flags") != *[13579bdf] ]] || echo "ip link set dev $1 up"
	ip -4 route show dev "$1" | grep -v 'proto kernel' | sed "s/.*/ip route add & dev $1/"
	ip -6 route show dev "$1" | grep -v 'proto \(kernel\|ra\)' |
		sed "s/.*/ip -6 route add & dev $1/"
}

unload()
{
	local dev
	for dev in "$DRIVER"/vif-*; do
		[[ ! -e $dev ]] || basename "$dev" >$DRIVER/unbind
	done
	rmmod pvnet
}

refused_test() # VALUE
{
	local message log title="max_queues=$1 is refused"
	kmsg_mark
	if message=$(modprobe pvnet "max_queues=$1" 2>&1); then
		ktap_test_fail "$title" "pvnet was loaded"
		unload
		return
	fi
	log=$(kmsg_since)
	if [[ $log == *"parameter max_queues is \"$1\", not a number from 1 to 64"* ]]; then
		ktap_test_pass "$title"
	else
		ktap_test_fail "$title" "with \"$message\", but the kernel's log says \"$log\""
	fi
}

all_back()
{
	local dev
	for dev in "${DEVICES[@]}"; do
		[[ -e $DRIVER/$dev && $(front_debug "$dev" phase) == live ]] || return
	done
}

addresses()
{
	local name
	for name in "${names[@]}"; do
		ip -o addr show dev "$name" scope global | awk '{ print $2, $4 }'
	done
}

ktap_set_plan $((3 + ${#REFUSED[@]} + 2))
loaded_tests
if [[ ${PVNET_TEST_RELOAD-} != yes ]]; then
	for value in "${REFUSED[@]}"; do
		ktap_test_skip "max_queues=$value is refused" "PVNET_TEST_RELOAD is not yes"
	done
	ktap_test_skip "pvnet is loaded again" "PVNET_TEST_RELOAD is not yes"
	ktap_test_skip "addresses are back" "PVNET_TEST_RELOAD is not yes"
	ktap_finished
fi

names=() restore=''
for dev in "${DEVICES[@]}"; do
	name=$(interface "$dev")
	names+=("$name")
	restore+=$(save "$name")$'\n'
done
before=$(addresses)
unload
for value in "${REFUSED[@]}"; do
	refused_test "$value"
done

modprobe pvnet
deadline=$((SECONDS + 20))
until all_back || ((SECONDS >= deadline)); do
	sleep 0.1
done
if all_back; then
	ktap_test_pass "pvnet is loaded again"
else
	ktap_test_fail "pvnet is loaded again" "not all of ${DEVICES[*]} are live after 20 s"
fi
bash <<<"$restore"
ktap_is "addresses are back" "$(addresses)" "$before"
ktap_finished
