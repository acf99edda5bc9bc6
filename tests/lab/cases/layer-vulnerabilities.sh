#!/bin/bash
# What the kernel says of the processor's faults and of what it does against them: the same on
# our layer as on the in-tree one, which Debian's kernel has, side by side on the same Xen.
# runs: image soak-wide soak-debug
# timeout: 180
# needs: domd

# Both start from one RAM disk, whose init prints everything and ends.
tiny_initrd 'report version $(sed "s/.* Debian \([0-9][0-9.]*\).*/\1/; t; s/^Linux version \([0-9.]*\).*/\1/" /proc/version)
	report bugs $(sed -n "s/^bugs[^:]*: *//p" /proc/cpuinfo | head -n 1)
	cd /sys/devices/system/cpu/vulnerabilities
	for file in *; do
		report $file "$(cat $file)"
	done'

says() # NAME LINE...: what the guest has to say, in $CASE_DIR/NAME
{
	tiny_run "$@"
	tiny_said "$1" >"$CASE_DIR/$1"
}

kernel_has CONFIG_CPU_MITIGATIONS || skip "the guest's kernel is configured without mitigations"
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
