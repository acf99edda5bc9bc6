#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# pvcon's "take" refuses what is no console of its own, with an error and a message.

. "$(dirname "$(realpath "$0")")/../kselftest/ktap.sh"
need_devices pvcon console

TAKE=/sys/bus/xen/drivers/pvcon/take

# A number that no guest has, and names that only look like one.
absent=4294967295
LONG=$(printf 'console-%080d' 1)
MISSING=("console-$absent" console "console--1" "console-1x" "../console-1" "console-1 console-2")

other=
for each in "$XEN_DEVICES"/{vif,vbd,vfb,vkbd}-*; do
	[[ ! -e $each ]] || other=$(basename "$each")
done

bound()	{ echo /sys/bus/xen/drivers/*/*-[0-9]*; }

ktap_set_plan $((${#MISSING[@]} + 7))
before=$(bound)
for name in "${MISSING[@]}"; do
	refuses "\"$name\" is refused" $TAKE "$name" "no device \"$name\" on the Xen bus"
done
refuses "an empty name is refused" $TAKE '' 'no device "" on the Xen bus'
refuses "88 characters are refused" $TAKE "$LONG" ''
if [[ $other ]]; then
	refuses "$other is refused" $TAKE "$other" "$other: not a secondary console"
else
	ktap_test_skip "another device is refused" "the guest has none"
fi
if [[ -e $XEN_DEVICES/console-0 ]]; then
	refuses "console-0 is refused" $TAKE console-0 "console-0: not a secondary console"
else
	refuses "console-0 is refused" $TAKE console-0 'no device "console-0"'
fi
ktap_is "drivers hold what they held" "$(bound)" "$before"
ktap_is "${DEVICES[0]} may be taken again" "$({ echo "${DEVICES[0]}" >$TAKE; } 2>&1)" ""
ktap_is "${DEVICES[0]} is as before" "$(front_debug "${DEVICES[0]}" phase)" live
ktap_finished
