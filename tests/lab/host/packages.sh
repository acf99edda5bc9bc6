# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2034 # the parts of run share variables
# What must be installed on this machine, and which Debian package brings it.

# The repository has one list of what it needs; the lab's part of it is there.
needed_things()
{
	awk '$3 == "lab" || $2 == "gcc" { print $1, $2 }' "$TOP/scripts/packages"
}

# Prints "thing<TAB>package" for what is not there.
missing_things()
{
	local thing package
	while read -r thing package; do
		if [[ $thing == /* ]]; then
			compgen -G "$thing" >/dev/null && continue
		else
			command -v "$thing" >/dev/null && continue
		fi
		printf '%s\t%s\n' "$thing" "$package"
	done < <(needed_things)
}

check_packages()
{
	local missing
	missing=$(missing_things)
	[[ -n $missing ]] || return 0
	echo "tests/lab/run: missing on this machine:" >&2
	awk -F'\t' '{ printf "  %-40s (package %s)\n", $1, $2 }' <<<"$missing" >&2
	echo "To install them: apt-get install --no-install-recommends" \
		"$(cut -f2 <<<"$missing" | sort -u | tr '\n' ' ')" >&2
	exit 2
}

# Sets GUEST_KERNEL GUEST_VERSION.
find_guest_kernel()
{
	GUEST_KERNEL=${KERNEL:-$(newest "/boot/vmlinuz-*-amd64")}
	GUEST_VERSION=$(kernel_version "$GUEST_KERNEL")
	[[ -n $GUEST_VERSION ]] ||
		die_usage "--kernel $GUEST_KERNEL: not an x86 Linux kernel image (bzImage or vmlinux)"
}

# The release a kernel image calls itself, as in /lib/modules.
kernel_version()
{
	local offset
	if [[ $(dd if="$1" bs=1 skip=514 count=4 status=none) == HdrS ]]; then
		offset=$(od -An -tu2 -j 526 -N 2 "$1")
		dd if="$1" bs=1 skip=$((offset + 512)) count=128 status=none |
			tr '\0' '\n' | awk 'NR == 1 { print $1 }'
	else
		grep -aom 1 'Linux version [^ ]*' "$1" | awk '{ print $3; exit }'
	fi
}

# The configuration of the guests' kernel, where it is known.
kernel_config()
{
	local file
	for file in "$(dirname "$GUEST_KERNEL")/config" "/boot/config-$GUEST_VERSION"; do
		[[ ! -e $file ]] || { cat "$file"; return; }
	done
}
