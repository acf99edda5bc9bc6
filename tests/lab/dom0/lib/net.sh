# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Networks: vifs on dom0's bridge xenbr0, which is 10.0.0.1/24 and fd00::1/64.

NET_MODULE=pvnet
[[ $LAB_DRIVERS == ours ]] || NET_MODULE=xen_netfront

DOM0_IP=10.0.0.1
DOM0_IP6=fd00::1

# net_mac N: the address of the vif whose guest is 10.0.0.N
net_mac()	{ printf '00:16:3e:00:00:%02x' "$1"; }

# net_line N...: the configuration line for vifs
net_line()
{
	local list='' n
	for n; do
		list+="'mac=$(net_mac "$n"),bridge=xenbr0', "
	done
	echo "vif = [ ${list%, } ]"
}

# net_up GUEST DEV N: wait for the device, give it 10.0.0.N and fd00::N
net_up()
{
	wait_until 30 guest_run "$1" "[[ -e /sys/class/net/$2 ]]" ||
		fail "guest $1: $2 did not appear"
	guest_do "$1" "ip addr add 10.0.0.$3/24 dev $2
		ip addr add fd00::$3/64 dev $2 nodad
		ip link set $2 up"
	wait_until 30 guest_run "$1" "[[ \$(cat /sys/class/net/$2/carrier) == 1 ]]" ||
		fail "guest $1: $2 has no carrier"
}

net_attach()	# GUEST N
{
	xl network-attach "$1" "mac=$(net_mac "$2")" bridge=xenbr0 \
		>>"$CASE_DIR/$1.xl.log" 2>&1
}

net_detach()	# GUEST DEVID|MAC
{
	xl network-detach "$1" "$2" >>"$CASE_DIR/$1.xl.log" 2>&1
}
