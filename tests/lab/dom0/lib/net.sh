# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Networks: vifs on dom0's bridge xenbr0, which is 10.0.0.1/24 and fd00::1/64.

NET_MODULE=pvnet NET_DRIVER=pvnet
[[ $LAB_DRIVERS == ours ]] || NET_MODULE=xen_netfront NET_DRIVER=vif

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

# tcp_listens PORT: something in dom0 does; the command to ask that of a guest
listens_command()
{
	printf "grep -q ':%04X 0*:0000 0A' /proc/net/tcp /proc/net/tcp6" "$1"
}

tcp_listens()
{
	eval "$(listens_command "$1")"
}

guest_listens() # GUEST PORT
{
	guest_run "$1" "$(listens_command "$2")"
}

# file_has FILE BYTES
file_has()	{ (($(stat -c %s "$1") >= $2)); }

# net_data GUEST BYTES: data to send from either side, the same in both: a cipher's
# stream, of which no two blocks are alike
net_data()
{
	local make="head -c $2 /dev/zero |
		openssl enc -aes-128-ctr -K $RANDOM$RANDOM -iv 0 2>/dev/null >/run/net-data"
	eval "$make"
	guest_do "$1" "$make" 60
	NET_SUM=$(sha256sum </run/net-data)
}

# socat's words for TCP to and from an address
tcp_to()	{ if [[ $1 == *:* ]]; then echo "TCP6:[$1]:$2"; else echo "TCP:$1:$2"; fi; }
tcp_from()	{ if [[ $1 == *:* ]]; then echo "TCP6-LISTEN:$2,reuseaddr"; else echo "TCP-LISTEN:$2,reuseaddr"; fi; }

# net_send GUEST ADDRESS: net_data from the guest to dom0's ADDRESS, compared
net_send()
{
	local sum=/run/net-sum
	rm -f $sum
	socat -u -b 262144 "$(tcp_from "$2" 5001)" STDOUT | sha256sum >$sum &
	wait_until 30 tcp_listens 5001 || lab_error "dom0 does not listen"
	guest_do "$1" "socat -u -b 262144 FILE:/run/net-data $(tcp_to "$2" 5001)" 120
	wait_until 30 test -s $sum || fail "dom0 did not see the end of the data"
	expect "sha256 of what the guest sent to $2" "$(<$sum)" "$NET_SUM"
}

# net_receive GUEST ADDRESS: net_data from dom0 to the guest's ADDRESS, compared
net_receive()
{
	local sum
	guest_spawn "$1" sink "socat -u -b 262144 $(tcp_from "$2" 5002) STDOUT | sha256sum"
	wait_until 30 guest_listens "$1" 5002 ||
		fail "the guest does not listen"
	timeout 120 socat -u -b 262144 FILE:/run/net-data "$(tcp_to "$2" 5002)" ||
		fail "sending to the guest's $2 failed"
	sum=$(guest_join "$1" sink 30) || fail "the guest did not see the end of the data"
	expect "sha256 of what the guest got on $2" "$sum" "$NET_SUM"
}

net_unload()	{ module_unload "$1" $NET_MODULE $NET_DRIVER; }	# GUEST

# net_load GUEST [PARAMETER=VALUE...]
net_load()
{
	guest_do "$1" "modprobe $NET_MODULE ${*:2}" 60
}
