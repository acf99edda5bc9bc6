#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# userland.sh DIR: put a small Debian 12 with systemd into DIR, to be a guest's root
# file system. Without a kernel: the lab's RAM disk brings it and its modules along.
# userland.sh --sources: from where, in the words of sources.list.
# mmdebstrap, because it fetches by apt: with this machine's proxy, keys and mirrors.
set -euo pipefail

suite=bookworm
packages=systemd-sysv,udev,dbus,libpam-systemd,kmod,iproute2

# No lists are needed for that: what apt is configured to fetch.
sources()
{
	apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
		awk -v suite=$suite '$2 == suite || index($2, suite "-") == 1 && $3 == "main" { print "deb " $0 }' |
		grep -E '/debian(-security)?/? ' | sort -u
}

if [[ $1 == --sources ]]; then
	sources || :
	exit
fi

root=$1
[[ $(id -u) == 0 ]] || { echo "userland.sh: only root can make a root file system" >&2; exit 1; }
list=$(sources) || { echo "userland.sh: apt has no source for $suite" >&2; exit 1; }
mmdebstrap --quiet --variant=minbase --include=$packages \
	--aptopt='Acquire::Retries "3"' \
	--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
	--dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
	$suite "$root" - <<<"$list"

chroot "$root" chpasswd <<<'root:lab'
echo pvdebian >"$root/etc/hostname"
echo '/dev/xvda / ext4 errors=remount-ro 0 1' >"$root/etc/fstab"

# The kernel log of a boot is asked for after the next.
mkdir -p "$root/var/log/journal"

# Neither first boot nor update: what these run would be run in emulation.
chroot "$root" systemd-machine-id-setup >/dev/null
touch "$root/etc/.updated" "$root/var/.updated"
chroot "$root" systemctl --quiet disable apt-daily.timer apt-daily-upgrade.timer \
	dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer getty@.service
chroot "$root" systemctl --quiet enable systemd-networkd.service
chroot "$root" systemctl --quiet disable systemd-networkd-wait-online.service
# Modules and records that nobody here wants; each service takes seconds to start.
chroot "$root" systemctl --quiet mask modprobe@.service systemd-pstore.service \
	systemd-update-utmp.service systemd-update-utmp-runlevel.service
echo children_max=2 >>"$root/etc/udev/udev.conf"
cat >"$root/etc/systemd/network/lab.network" <<'END'
[Match]
Type=ether

[Network]
Address=10.0.0.2/24
LinkLocalAddressing=no
END
