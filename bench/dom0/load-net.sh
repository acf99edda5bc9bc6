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

# serve dom0|GUEST PORT COMMAND...: a server that ends after one client; until it listens.
# The one before may not have ended yet.
serve()
{
	local where=$1 port=$2
	shift 2
	wait_until 30 silent "$where" "$port" || lab_error "$where still listens on $port"
	if [[ $where == dom0 ]]; then
		"$@" >/dev/null 2>&1 &
	else
		guest_do "$where" "($*) >/dev/null 2>&1 </dev/null &"
	fi
	wait_until 30 listening "$where" "$port" || lab_error "$where does not listen on $port"
}

listening() # dom0|GUEST PORT
{
	if [[ $1 == dom0 ]]; then tcp_listens "$2"; else guest_listens "$1" "$2"; fi
}

silent()	{ ! listening "$@"; }

load_rr() # full|base WORDS
{
	local trips=1
	[[ $1 == base ]] || trips=$(guest_word "$2" trips 1000)
	if ((GUEST_PEER)); then
		serve g2 $RR_PORT /run/rr serve $RR_PORT
		load_start
		guest_do g1 "/run/rr $PEER_IP $RR_PORT $trips" 120
	else
		serve dom0 $RR_PORT "$BENCH/tools/rr" serve $RR_PORT
		load_start
		guest_do g1 "/run/rr 10.0.0.1 $RR_PORT $trips" 120
	fi
}

# The sender is the client and says how much, so that it is the same for both ways.
load_iperf() # full|base WORDS
{
	local how=$1 words=$2 options n port client='' dir show='cat /run/iperf.*; rm /run/iperf.*'
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
	client+="wait"
	load_start
	if [[ $dir == in ]]; then
		bash -c "$client"
		load_done
		bash -c "$show"
	else
		guest_do g1 "$client" 300
		load_done
		guest_do g1 "$show"
	fi
}

iperf_between() # SERVER ADDRESS
{
	serve "$1" "$port" iperf3 -s -1 -p "$port"
	client+="iperf3 -J --connect-timeout 5000 -c $2 -p $port $options >/run/iperf.$n & "
}
