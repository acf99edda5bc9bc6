# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Loads on networks: Debian's iperf3, and tools/rr.c for round trips.

IPERF_PORT=5201 RR_PORT=5300 PEER_IP=10.0.0.3

prepare_iperf()	{ :; }

prepare_rr()
{
	bench_put g1 rr
	((!GUEST_PEER)) || bench_put g2 rr
}

# serve dom0|GUEST PORT COMMAND...: a server that ends after one client; until it listens
serve()
{
	local where=$1 port=$2
	shift 2
	if [[ $where == dom0 ]]; then
		"$@" >/dev/null 2>&1 &
		wait_until 30 tcp_listens "$port" || lab_error "dom0 does not listen on $port"
	else
		guest_do "$where" "($*) >/dev/null 2>&1 </dev/null &"
		wait_until 30 guest_listens "$where" "$port" || lab_error "$where does not listen on $port"
	fi
}

load_rr() # full|base WORDS
{
	local trips=1
	[[ $1 == base ]] || trips=$(guest_word "$2" trips 1000)
	if ((GUEST_PEER)); then
		serve g2 $RR_PORT /run/rr serve $RR_PORT
		guest_do g1 "/run/rr $PEER_IP $RR_PORT $trips" 120
	else
		serve dom0 $RR_PORT "$BENCH/tools/rr" serve $RR_PORT
		guest_do g1 "/run/rr 10.0.0.1 $RR_PORT $trips" 120
	fi
}

# The sender is the client and says how much, so that it is the same for both ways.
load_iperf() # full|base WORDS
{
	local how=$1 words=$2 options n port client='' dir
	options="-P $(guest_word "$words" streams 1)"
	if [[ $(guest_word "$words" proto tcp) == udp ]]; then
		options+=" -u -b 0 -l $(guest_word "$words" len 1400) -k "
		options+=$([[ $how == base ]] && echo 1 || guest_word "$words" packets 1000)
	else
		options+=" -n $([[ $how == base ]] && echo 1K || guest_word "$words" bytes 10M)"
	fi
	dir=$(guest_word "$words" dir out)
	for ((n = 0; n < GUEST_VIFS; n++)); do
		port=$((IPERF_PORT + n))
		case $dir in
		out)	iperf_between dom0 "10.0.$n.1" ;;
		in)	iperf_between g1 "10.0.$n.2" ;;
		peer)	iperf_between g2 $PEER_IP ;;
		esac
	done
	client+="wait; cat /run/iperf.*; rm /run/iperf.*"
	if [[ $dir == in ]]; then
		bash -c "$client"
	else
		guest_do g1 "$client" 300
	fi
}

iperf_between() # SERVER ADDRESS
{
	serve "$1" "$port" iperf3 -s -1 -p "$port"
	client+="iperf3 -J --connect-timeout 5000 -c $2 -p $port $options >/run/iperf.$n & "
}
