# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# The guest of a list of workloads: g1, and g2 as its peer.

RAM_MB=16	# of each disk, and of each RAM disk that the floor is measured on

guest_word() # WORDS NAME DEFAULT
{
	local word
	for word in ${1//,/ }; do
		[[ $word != "$2="* ]] || { echo "${word#*=}"; return; }
	done
	echo "$3"
}

# bench_guest WORDS
bench_guest()
{
	local words=$1 n lines=() disks=() vifs=()
	GUEST_DISKS=$(guest_word "$words" disks 0)
	GUEST_VIFS=$(guest_word "$words" vifs 0)
	GUEST_VCPUS=$(guest_word "$words" vcpus 1)
	GUEST_PEER=$(($(guest_word "$words" guests 1) - 1))
	OFFLOAD=$(guest_word "$words" offload on)

	GUEST_CONSOLES=$(guest_word "$words" consoles 0)
	GUEST_NAMES=()
	[[ $words != none ]] || return 0
	GUEST_NAMES=(g1)
	((!GUEST_PEER)) || GUEST_NAMES+=(g2)
	lines+=("vcpus=$GUEST_VCPUS" "memory=$((512 + 2 * GUEST_DISKS * RAM_MB))")
	if ((GUEST_DISKS)); then
		backing "$(guest_word "$words" back ram)"
		for ((n = 0; n < GUEST_DISKS; n++)); do
			disks+=("format=raw,backendtype=phy,vdev=$(disk_name $n),access=w,target=${BACKING[n]}")
		done
		lines+=("$(disk_line "${disks[@]}")")
	fi
	if ((GUEST_VIFS)); then
		for ((n = 0; n < GUEST_VIFS; n++)); do vifs+=($((16 + n))); done
		lines+=("$(net_line "${vifs[@]}")")
	fi
	((!GUEST_CONSOLES)) || lines+=("$(console_line bench)")
	guest_start g1 "${lines[@]}"
	((!GUEST_CONSOLES)) || console_take g1 1
	((!GUEST_PEER)) || guest_start g2 "$(net_line 3)"
	for ((n = 0; n < GUEST_DISKS; n++)); do
		disk_wait g1 "$(disk_name $n)"
	done
	for ((n = 0; n < GUEST_VIFS; n++)); do
		vif_up g1 $n
	done
	((!GUEST_PEER)) || net_up g2 eth0 3
}

bench_guest_end()
{
	local guest
	for guest in "${GUEST_NAMES[@]}"; do
		guest_shutdown "$guest"
	done
}

disk_name() # NUMBER
{
	local letters=abcdefghijklmnop
	echo "xvd${letters:$1:1}"
}

# Sets BACKING to what is behind the disks. All of it is written to once: a RAM disk
# has no memory for what was never written, and reading that copies nothing.
backing() # ram|loop
{
	local n
	BACKING=()
	if [[ $1 == loop ]]; then
		disk_create loop $RAM_MB
		BACKING=("$(disk_path loop)")
	else
		[[ -b /dev/ram0 ]] || modprobe brd rd_nr=16 rd_size=$((RAM_MB << 10))
		for ((n = 0; n < GUEST_DISKS; n++)); do
			BACKING+=("/dev/ram$n")
		done
	fi
	for ((n = 0; n < ${#BACKING[@]}; n++)); do
		head -c ${RAM_MB}M /dev/urandom | dd of="${BACKING[n]}" bs=1M conv=notrunc 2>/dev/null
	done
}

# Each vif has a subnet of its own, 10.0.N.0, so that the one meant is used.
vif_up() # GUEST NUMBER
{
	local guest=$1 dev=eth$2 net=10.0.$2
	ip addr add "$net.1/24" dev xenbr0 2>/dev/null || :
	net_up "$guest" "$dev" $((16 + $2))
	guest_do "$guest" "echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore
		ip addr flush dev $dev
		ip addr add $net.2/24 dev $dev"
	[[ $OFFLOAD == on ]] ||
		guest_do "$guest" "ethtool -K $dev tso off sg off gro off"
}

# bench_put GUEST TOOL: one of bench/tools, into the guest's /run
bench_put()
{
	guest_run "$1" "test -x /run/$2" ||
		{ guest_put "$1" "$BENCH/tools/$2" "/run/$2"; guest_do "$1" "chmod +x /run/$2"; }
}
