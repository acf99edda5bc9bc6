# shellcheck shell=bash
# DKMS builds for the kernel of this machine's headers and passes over one that we are not for, without a
# machine that it changes: upgrade.sh has that, and another kernel.

dkms_here()
{
	# depmod would look at this machine's own modules.
	"${as_root[@]}" dkms "$@" --dkmstree "$work/dkms" --sourcetree "$work/src" \
		--installtree "$work/lib/modules" --no-depmod
}

case_dkms_takes_the_sources()
{
	! no_root || return 4
	rm -rf "${work:?}"/{dkms,src,lib}
	mkdir -p "$work"/{dkms,src,"lib/modules"}
	scripts/install sources "$work/src/pvguest-$version" && dkms_here add "pvguest/$version"
}

# dkms_builds RELEASE OPTION...: as the installation of that kernel's package has it do
dkms_builds()
{
	local module ko
	mkdir -p "$work/lib/modules/$1"
	dkms_here autoinstall -k "$@" || return
	for module in pvfront pvblk pvnet pvcon; do
		ko=$(find "$work/lib/modules/$1" -name "$module.ko*")
		[ -n "$ko" ] || fail "no $module" || return
		[ "$(modinfo -F version "$ko")" = "$version" ] || fail "$ko is not version $version" || return
		[[ $(modinfo -F vermagic "$ko") == "$1 "* ]] ||
			fail "$ko is for $(modinfo -F vermagic "$ko"), expected $1" || return
	done
}

case_dkms_builds()
{
	! no_root || return 4
	dkms_builds "$release"
}

# An upgrade to a kernel that we are not for goes through, without modules of ours.
case_dkms_declines()
{
	local headers=$work/lib/modules/$foreign/build
	! no_root || return 4
	mkdir -p "$headers/include"
	echo CONFIG_XEN_XENBUS_FRONTEND=y >"$headers/.config"
	printf 'all modules:\n\t@echo built >%s/built\n' "$work" >"$headers/Makefile"
	rm -f "$work/built"
	refuses "BUILD_EXCLUSIVE" dkms_here build "pvguest/$version" -k "$foreign" &&
		dkms_here autoinstall -k "$foreign" || return
	[ ! -e "$work/built" ] || fail "a build for $foreign was tried" || return
	[ -z "$(find "$work/lib/modules/$foreign" -name '*.ko*')" ] || fail "modules for $foreign"
}

case_dkms_removes()
{
	! no_root || return 4
	dkms_here remove "pvguest/$version" --all || return
	[ -z "$(find "$work/lib" -name '*.ko*')" ] || fail "modules left after dkms remove"
}

all+=" dkms_takes_the_sources dkms_builds dkms_declines dkms_removes"
