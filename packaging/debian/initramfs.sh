# shellcheck shell=sh
# The kernels that have an initramfs.
with_initramfs()
{
	for image in /boot/initrd.img-*; do
		release=${image#/boot/initrd.img-}
		[ ! -e "/lib/modules/$release/modules.order" ] || echo "$release"
	done
}

# Those of them that have our modules.
with_ours()
{
	for release in $(with_initramfs); do
		for module in "/lib/modules/$release/updates"/pvblk.ko* "/lib/modules/$release/updates"/*/pvblk.ko*; do
			[ ! -e "$module" ] || { echo "$release"; break; }
		done
	done
}

# refresh_one RELEASE: packaging/refresh-initramfs, which is in the place of the line below
refresh_one()
(
	:
#SCRIPT#
)

# refresh_initramfs RELEASE...: one that fails keeps no other from being made
refresh_initramfs()
{
	failed=
	for release; do
		(refresh_one "$release") || failed="$failed $release"
	done
	[ -z "$failed" ] || { echo "pvguest: no new initramfs for:$failed" >&2; return 1; }
}
