#!/bin/bash
# Boots with 32 MB and with 4 GB, and with 1 to 8 vCPUs on two processors.
# runs: image soak-image
# timeout: 300 900
# machine: 8192

# The smallest guest there is: its init says what it has, and ends. Its report is
# read from its console.
tiny_initrd()
{
	local dir=/run/tiny-initrd
	rm -rf $dir
	mkdir -p $dir/{bin,proc,sys,dev}
	cp /bin/busybox $dir/bin/
	cat >$dir/init <<-'END'
		#!/bin/busybox sh
		/bin/busybox mount -t proc proc /proc
		/bin/busybox mount -t sysfs sys /sys
		/bin/busybox mount -t devtmpfs dev /dev 2>/dev/null
		exec >/dev/hvc0 2>&1
		read -r up _ </proc/uptime
		echo "size-test MemTotal $(/bin/busybox awk '$1 == "MemTotal:" { print $2 }' /proc/meminfo)"
		echo "size-test CPUs $(/bin/busybox grep -c ^processor /proc/cpuinfo)"
		cpus=$(/bin/busybox nproc) n=0
		while [ $n -lt $cpus ]; do
			/bin/busybox taskset -c $n /bin/busybox sh -c \
				'/bin/busybox usleep 1000; /bin/busybox seq 1000 | /bin/busybox sha256sum' | /bin/busybox cut -c 1-16
			n=$((n + 1))
		done | /bin/busybox sort | /bin/busybox uniq -c | /bin/busybox sed 's/^ */size-test work /'
		echo "size-test seconds $up, $(/bin/busybox cut -d' ' -f1 /proc/uptime)"
		/bin/busybox poweroff -f
	END
	chmod 755 $dir/init
	(cd $dir && find . | cpio -o -H newc 2>/dev/null) | gzip -1 >/run/images/tiny.cpio
}

work=$(seq 1000 | sha256sum | cut -c 1-16)
ended()		{ [[ -s $GUESTS/$1/end ]]; }
report() # GUEST WORD
{
	sed -n "s/^size-test $2 \\(.*[^\\r]\\)\\r*\$/\\1/p" "/lab/out/console/guest-$1.log"
}
boots() # NAME VCPUS LINE...: it comes up, all its CPUs work, it powers off
{
	local name=$1 vcpus=$2 started=$SECONDS
	shift 2
	guest_config "$name" "vcpus=$vcpus" 'cpus="0-1"' 'ramdisk="/run/images/tiny.cpio"' "$@"
	guest_launch "$name"
	wait_until 60 ended "$name" || fail "guest $name: no end after 60 s; its console is guest-$name.log"
	expect "end of $name" "$(<"$GUESTS/$name/end")" poweroff
	expect "CPUs of $name" "$(report "$name" CPUs)" "$vcpus"
	expect "work of each CPU of $name" "$(report "$name" work)" "$vcpus $work"
	note "$name: MemTotal $(report "$name" MemTotal) KB, $vcpus CPUs, /init and end at $(report "$name" seconds) s, $((SECONDS - started)) s in all"
}

tiny_initrd
for vcpus in $(soak '1 2 3 4 5 6 7 8' '1 2 5 8'); do
	boots "cpus$vcpus" "$vcpus" memory=128
done

boots huge 2 memory=4096
((4096 * 1024 * 95 / 100 < $(report huge MemTotal))) ||
	fail "with 4096 MB the guest has only $(report huge MemTotal) KB"

# Debian's kernel takes as much for itself.
if kernel_has CONFIG_PCI; then
	note "no boot with 32 MB: not a kernel for small guests"
else
	boots small 1 memory=32
fi
pass
