#!/bin/bash
# The main job in one minute: data by disk, network and console, checked at both ends.
# timeout: 180

# Shown by scripts/demo.
figure() { printf 'figure %-16s %s\n' "$1" "$2"; }

clock()	{ cut -d' ' -f1 /proc/uptime; }
# rate MB START: megabytes a second since then
rate()	{ awk -v mb="$1" -v start="$2" -v now="$(clock)" 'BEGIN { printf "%d MB/s", mb / (now - start) }'; }

disk_mb=64 net_mb=64 console_bytes=65536

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
	guest_do g1 "head -c ${disk_mb}M /dev/urandom | tee /mnt/d/file | sha256sum >/run/sum && sync" 60
	figure "disk written" "$disk_mb MB, $(rate $disk_mb "$start")"
	sum=$(guest_run g1 'umount /mnt/d && mount -t ext4 /dev/xvda /mnt/d && cat /run/sum')
	expect "sha256 read by the guest" "$(guest_run g1 'sha256sum </mnt/d/file')" "$sum"
	guest_do g1 "umount /mnt/d"
	guest_shutdown g1
	expect "sha256 read by dom0" "$(sha256sum <"$(disk_mount data)/file")" "$sum"
	disk_umount data
	figure "disk verified" "$disk_mb MB, sha256 ${sum:0:16} in the guest and in dom0"
}

show_network()
{
	local start
	net_up g1 eth0 2
	net_data g1 $((net_mb << 20))
	start=$(clock)
	net_send g1 "$DOM0_IP"
	figure "network out" "$net_mb MB verified, $(rate $net_mb "$start")"
	start=$(clock)
	net_receive g1 10.0.0.2
	figure "network in" "$net_mb MB verified, $(rate $net_mb "$start")"
	guest_do g1 'rm /run/net-data'
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
