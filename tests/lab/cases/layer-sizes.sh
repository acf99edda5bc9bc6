#!/bin/bash
# Boots with 32 MB, with 4 GB, with the host's memory map and its hole, and with 1 to 8 vCPUs on two processors;
# of more than the kernel has room for it uses as many, and says so.
# runs: image soak-image
# timeout: 300 900
# machine: 8192

tiny_initrd 'read -r up _ </proc/uptime
	report MemTotal $(awk "\$1 == \"MemTotal:\" { print \$2 }" /proc/meminfo)
	report CPUs $(grep -c ^processor /proc/cpuinfo)
	report room $(dmesg | sed -n "s/.*xen: \([0-9]* of [0-9]*\) CPUs are used.*/\1/p")
	cpus=$(nproc) n=0
	while [ $n -lt $cpus ]; do
		taskset -c $n sh -c "usleep 1000; seq 1000 | sha256sum" | cut -c 1-16
		n=$((n + 1))
	done | sort | uniq -c | while read -r word; do report work $word; done
	report seconds $up, $(cut -d" " -f1 /proc/uptime)'
work=$(seq 1000 | sha256sum | cut -c 1-16)

room=$(sed -n 's/^CONFIG_NR_CPUS=//p' /lab/in/guest-config)

boots() # NAME VCPUS LINE...: it comes up, all its CPUs work, it powers off
{
	local name=$1 vcpus=$2 started=$SECONDS said=
	tiny_run "$name" "vcpus=$vcpus" 'cpus="0-1"' "${@:3}"
	((vcpus <= room)) || said="$room of $vcpus" vcpus=$room
	expect "what $name says of CPUs left out" "$(tiny_said "$name" room)" "$said"
	expect "CPUs of $name" "$(tiny_said "$name" CPUs)" "$vcpus"
	expect "work of each CPU of $name" "$(tiny_said "$name" work)" "$vcpus $work"
	note "$name: MemTotal $(tiny_said "$name" MemTotal) KB, $vcpus CPUs, /init and end at $(tiny_said "$name" seconds) s, $((SECONDS - started)) s in all"
}

for vcpus in $(soak '1 2 3 4 5 6 7 8 9' '1 2 5 9'); do
	boots "cpus$vcpus" "$vcpus" memory=128
done

# Most of the 4 GB; with the host's map some of them are populated in its hole below 4 GB.
boots_huge() # NAME LINE...
{
	boots "$1" 2 memory=4096 "${@:2}"
	((4096 * 1024 * 95 / 100 < $(tiny_said "$1" MemTotal))) ||
		fail "with 4096 MB guest $1 has only $(tiny_said "$1" MemTotal) KB"
}
boots_huge huge
boots_huge hole e820_host=1

# Debian's kernel takes as much for itself.
if kernel_has CONFIG_PCI; then
	note "no boot with 32 MB: not a kernel for small guests"
else
	boots small 1 memory=32
fi
pass
