#!/bin/bash
# The main job in one minute: data by disk, network and console, checked at both ends.
# timeout: 180

# Shown by scripts/demo.
figure() { printf 'figure %-16s %s\n' "$1" "$2"; }

clock()	{ cut -d' ' -f1 /proc/uptime; }
# rate MB START: megabytes a second since then
rate()	{ awk -v mb="$1" -v start="$2" -v now="$(clock)" 'BEGIN { printf "%d MB/s", mb / (now - start) }'; }

data_mb=64 console_bytes=65536

show_guest()
{
	figure "guest kernel" "$(guest_run g1 'uname -r'), $LAB_TYPE, $LAB_VCPUS vCPU, $LAB_MEMORY MB"
	figure "below it" "Xen $(xl info xen_version), dom0 $(uname -r), all in QEMU without virtualization hardware"
	figure "drivers bound" "$(guest_run g1 'cd /sys/bus/xen/drivers
		for device in */*-[0-9]*; do echo "${device%/*}:${device#*/}"; done' | paste -sd ' ')"
}

# The network's data once more: read back from the disk by the guest, and by dom0 from
# the file behind it.
show_disk()
{
	local start
	disk_wait g1 xvda
	guest_do g1 "mkfs.ext4 -q /dev/xvda && mkdir -p /mnt/d && mount -t ext4 /dev/xvda /mnt/d"
	start=$(clock)
	guest_do g1 'cp /run/net-data /mnt/d/file && sync' 60
	figure "disk written" "$data_mb MB, $(rate $data_mb "$start")"
	guest_do g1 'umount /mnt/d && mount -t ext4 /dev/xvda /mnt/d'
	expect "sha256 read by the guest" "$(guest_run g1 'sha256sum </mnt/d/file')" "$NET_SUM"
	guest_do g1 "umount /mnt/d"
	guest_shutdown g1
	expect "sha256 read by dom0" "$(sha256sum <"$(disk_mount data)/file")" "$NET_SUM"
	disk_umount data
	figure "disk verified" "$data_mb MB, sha256 ${NET_SUM:0:16} in the guest and in dom0"
}

show_network()
{
	local start
	net_up g1 eth0 2
	net_data g1 $((data_mb << 20))
	start=$(clock)
	net_send g1 "$DOM0_IP"
	figure "network out" "$data_mb MB verified, $(rate $data_mb "$start")"
	start=$(clock)
	net_receive g1 10.0.0.2
	figure "network in" "$data_mb MB verified, $(rate $data_mb "$start")"
}

show_console()
{
	console_talk g1 demo "$(console_hvc g1 1)" $console_bytes
	console_check g1 demo $console_bytes 60
	figure "console" "$console_bytes bytes each way, sha256 equal"
}

disk_create data $((data_mb + 64))
guest_start g1 "$(disk_line "$(disk_spec data xvda)")" "$(net_line 2)" "$(console_line demo)"
console_take g1 1
show_guest
show_network
show_console
show_disk
pass
