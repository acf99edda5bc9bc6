#!/bin/bash
# The main job in one minute: data by disk, network and console, checked at both ends.
# timeout: 180

# Shown by scripts/demo.
figure() { printf 'figure %-16s %s\n' "$1" "$2"; }

clock()	{ cut -d' ' -f1 /proc/uptime; }
# rate MB START: megabytes a second since then
rate()	{ awk -v mb="$1" -v start="$2" -v now="$(clock)" 'BEGIN { printf "%d MB/s", mb / (now - start) }'; }

disk_mb=128 net_mb=128 console_bytes=262144

# Prints MB of a cipher's stream, the same on every machine.
stream() { echo "openssl enc -aes-128-ctr -K 2a -iv 0 -in /dev/zero 2>/dev/null | head -c ${1}M"; }

show_guest()
{
	figure "guest kernel" "$(guest_run g1 'uname -r'), $LAB_TYPE, $LAB_VCPUS vCPU, $LAB_MEMORY MB"
	figure "below it" "Xen $(xl info xen_version), dom0 $(uname -r), all in QEMU without virtualization hardware"
	figure "drivers bound" "$(guest_run g1 'cd /sys/bus/xen/drivers
		for device in */*-[0-9]*; do echo "${device%/*}:${device#*/}"; done' | paste -sd ' ')"
}

# What the guest writes is read back by it from the disk, and by dom0 from the file behind.
show_disk()
{
	local start sum
	disk_wait g1 xvda
	guest_do g1 "mkfs.ext4 -q /dev/xvda && mkdir -p /mnt/d && mount -t ext4 /dev/xvda /mnt/d"
	start=$(clock)
	guest_do g1 "$(stream $disk_mb) >/mnt/d/file && sync" 60
	figure "disk written" "$disk_mb MB, $(rate $disk_mb "$start")"
	guest_do g1 "umount /mnt/d && mount -t ext4 /dev/xvda /mnt/d"
	sum=$(bash -c "$(stream $disk_mb)" | sha256sum)
	expect "sha256 read by the guest" "$(guest_run g1 'sha256sum </mnt/d/file')" "$sum"
	guest_do g1 "umount /mnt/d"
	guest_shutdown g1
	expect "sha256 read by dom0" "$(sha256sum <"$(disk_mount data)/file")" "$sum"
	disk_umount data
	figure "disk verified" "$disk_mb MB, sha256 ${sum:0:16} in the guest and in dom0"
}

show_network()
{
	local start sum rate
	net_up g1 eth0 2
	bash -c "$(stream $net_mb)" >/run/stream
	sum=$(sha256sum </run/stream)
	guest_do g1 "$(stream $net_mb) >/run/stream" 60

	socat -u -b 262144 TCP-LISTEN:5001 CREATE:/run/got &
	wait_until 10 tcp_listens 5001
	start=$(clock)
	guest_do g1 "socat -u -b 262144 FILE:/run/stream TCP:$DOM0_IP:5001" 60
	wait $!
	rate=$(rate $net_mb "$start")
	expect "sha256 of what dom0 got" "$(sha256sum </run/got)" "$sum"
	figure "network out" "$net_mb MB verified, $rate"

	# The guest's memory does not hold it twice.
	guest_do g1 "rm /run/stream"
	guest_spawn g1 sink 'socat -u -b 262144 TCP-LISTEN:5002 CREATE:/run/got'
	wait_until 10 guest_run g1 'grep -q ":138A 00000000:0000 0A" /proc/net/tcp'
	start=$(clock)
	socat -u -b 262144 FILE:/run/stream TCP:10.0.0.2:5002
	guest_join g1 sink 60 || fail "the guest's receiver failed"
	rate=$(rate $net_mb "$start")
	expect "sha256 of what the guest got" "$(guest_run g1 'sha256sum </run/got')" "$sum"
	figure "network in" "$net_mb MB verified, $rate"
	guest_do g1 "rm /run/got"
	rm /run/got /run/stream
}

show_console()
{
	console_talk g1 demo "$(console_hvc g1 1)" $console_bytes
	console_check g1 demo $console_bytes 60
	figure "console" "$console_bytes bytes each way, sha256 equal"
}

disk_create data $((disk_mb + 64))
guest_start g1 "$(disk_line "$(disk_spec data xvda)")" "$(net_line 2)" "$(console_line demo)"
console_take g1 1
show_guest
show_network
show_console
show_disk
pass
