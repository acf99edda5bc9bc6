# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Loads on networks: Debian's iperf3 for TCP, tools/rr.c for round trips, tools/udp.c for
# UDP: iperf3's receiver ends when its sender is done, whatever is still on its way.

IPERF_PORT=5201 RR_PORT=5300 UDP_PORT=5400 PEER_IP=10.0.0.3

prepare_iperf()	{ :; }

prepare_rr()
{
	bench_put g1 rr
	((!GUEST_PEER)) || bench_put g2 rr
}

prepare_udp()	{ bench_put g1 udp; }

# serve dom0|GUEST PORT COMMAND...: a server that ends after one client; until it listens.
# The one before may not have ended yet. A guest does all of it with one command.
serve()
{
	local where=$1 port=$2
	shift 2
	EVENTS_KNOWN=
	if [[ $where == dom0 ]]; then
		wait_until 30 silent "$port" || lab_error "dom0 still listens on $port"
		"$@" >/dev/null 2>&1 &
		wait_until 30 tcp_listens "$port" || lab_error "dom0 does not listen on $port"
	else
		guest_do "$where" "listening() { $(listens_command "$port"); }
			for ((i = 0; i < 300; i++)); do listening || break; sleep 0.1; done
			! listening || { echo \"port $port is taken\"; exit 1; }
			($*) >/dev/null 2>&1 </dev/null &
			for ((i = 0; i < 300; i++)); do ! listening || exit 0; sleep 0.1; done
			echo \"nothing listens on port $port\"; exit 1" 120
	fi
}

silent()	{ ! tcp_listens "$1"; }

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

load_udp() # full|base WORDS
{
	local packets=1 len
	[[ $1 == base ]] || packets=$(guest_word "$2" packets 1000)
	len=$(guest_word "$2" len 1400)
	if [[ $(guest_word "$2" dir out) == in ]]; then
		serve g1 $UDP_PORT /run/udp receive $UDP_PORT
		load_start
		timeout 120 "$BENCH/tools/udp" 10.0.0.2 $UDP_PORT "$packets" "$len"
	else
		serve dom0 $UDP_PORT "$BENCH/tools/udp" receive $UDP_PORT
		load_start
		guest_do g1 "/run/udp 10.0.0.1 $UDP_PORT $packets $len" 120
	fi
}

# The sender is the client and says how much, so that it is the same for both ways.
load_iperf() # full|base WORDS
{
	local how=$1 words=$2 options n port client='' dir show='cat /run/iperf.*; rm /run/iperf.*'
	options="-P $(guest_word "$words" streams 1)"
	options+=" -n $([[ $how == base ]] && echo 1K || guest_word "$words" bytes 10M)"
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
