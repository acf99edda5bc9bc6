# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# For the scripts here: vifs and their interfaces.

. "$(dirname "$(realpath "$0")")/../kselftest/ktap.sh"
need_devices pvnet vif
command -v ethtool >/dev/null || ktap_skip_all "ethtool is not installed"

# shellcheck disable=SC2034 # for those who source this
RING=256	# entries of a ring, the only size there is
# shellcheck disable=SC2034
TX_COUNTERS=14 RX_COUNTERS=12	# of a queue

interface()	{ basename "$XEN_DEVICES/$1"/net/*; }	# DEVICE
statistic()	{ echo "$(<"/sys/class/net/$1/statistics/$2")"; }	# INTERFACE NAME

# counted INTERFACE REGEX: the sum of ethtool's counters with such names
counted()
{
	ethtool -S "$1" | awk -F: -v re="^ *$2\$" '$1 ~ re { sum += $2; n++ }
		END { print n ? sum : "none" }'
}
