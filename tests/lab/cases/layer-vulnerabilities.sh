#!/bin/bash
# What the kernel says of the processor's faults and of what it does against them: the same on
# our layer as on the in-tree one, which Debian's kernel has, side by side on the same Xen.
# runs: soak-wide soak-debug
# timeout: 180
# needs: domd

# Both start from one RAM disk, whose init prints everything and ends.
report_initrd()
{
	local dir=/run/report-initrd
	rm -rf $dir
	mkdir -p $dir/{bin,proc,sys,dev}
	cp /bin/busybox $dir/bin/
	cat >$dir/init <<-'END'
		#!/bin/busybox sh
		/bin/busybox mount -t proc proc /proc
		/bin/busybox mount -t sysfs sys /sys
		/bin/busybox mount -t devtmpfs dev /dev 2>/dev/null
		exec >/dev/hvc0 2>&1
		echo "cpu-report version $(/bin/busybox sed 's/.* \(6\.[0-9.]*\).*/\1/; s/^Linux version \([0-9.]*\).*/\1/' /proc/version)"
		echo "cpu-report bugs $(/bin/busybox sed -n 's/^bugs[^:]*: *//p' /proc/cpuinfo | /bin/busybox head -n 1)"
		cd /sys/devices/system/cpu/vulnerabilities
		for file in *; do
			echo "cpu-report $file $(/bin/busybox cat $file)"
		done
		echo "cpu-report end"
		/bin/busybox poweroff -f
	END
	chmod 755 $dir/init
	(cd $dir && find . | cpio -o -H newc 2>/dev/null) | gzip -1 >/run/images/report.cpio
}

ended()		{ [[ -s $GUESTS/$1/end ]]; }
report() # GUEST
{
	sed -n 's/^cpu-report \(.*[^\r]\)\r*$/\1/p' "/lab/out/console/guest-$1.log"
}
says() # NAME LINE...: what the guest has to say, in $CASE_DIR/NAME
{
	local name=$1
	guest_config "$name" 'ramdisk="/run/images/report.cpio"' "${@:2}"
	guest_launch "$name"
	wait_until 60 ended "$name" || fail "guest $name: no end after 60 s; its console is guest-$name.log"
	report "$name" >"$CASE_DIR/$name"
	grep -qx end "$CASE_DIR/$name" || fail "guest $name ended before its report did"
}

kernel_has CONFIG_CPU_MITIGATIONS || skip "the guest's kernel is configured without mitigations"
report_initrd
says ours
says debian "kernel=\"$(extra domd-kernel)\""
# Kernels of one version know the same faults; of two, those that both know.
declare -A THEIRS
while read -r name text; do
	THEIRS[$name]=$text
done <"$CASE_DIR/debian"
mapfile -t lines <"$CASE_DIR/ours"
compared=0 same=
for line in "${lines[@]}"; do
	name=${line%% *} text=${line#* }
	case $name in
	version)	[[ $text != "${THEIRS[version]}" ]] || same=y
			note "ours is $text, Debian's ${THEIRS[version]}"
			continue ;;
	end)		continue ;;
	esac
	if [[ -z ${THEIRS[$name]:-} ]]; then
		[[ -z $same ]] || fail "$name: Debian's kernel of the same version does not have it"
		continue
	fi
	expect "$name" "$text" "${THEIRS[$name]}"
	compared=$((compared + 1))
done
((compared > 10)) || fail "only $compared files compared"
grep -q ' Mitigation: ' "$CASE_DIR/ours" || fail "this processor needs no mitigation, nothing is shown"
pass "$compared compared"
