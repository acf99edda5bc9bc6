# shellcheck shell=bash
# What the scripts say to values that they do not take.

case_wrong_values_are_named()
{
	refuses "KDIR='/nonexistent' is not a directory; expected" make modules KDIR=/nonexistent &&
		refuses "KDIR='$work' has no include/config/auto.conf.*expected" make modules KDIR="$work" &&
		refuses "KDIR='/nonexistent' is not a directory" make unit KDIR=/nonexistent &&
		refuses "unknown check 'nonsense'; expected some of: sparse" make check T=nonsense &&
		refuses "FUZZ_SECONDS='soon'; expected" make fuzz-smoke FUZZ_SECONDS=soon &&
		refuses "DESTDIR='/x'.*expected none" make dkms-install DESTDIR=/x &&
		refuses "unknown action 'away'; expected" scripts/install away &&
		refuses "unknown option '-x'; expected" scripts/setup -x &&
		refuses "unknown option '-x'; expected" scripts/kdir -x &&
		refuses "--symbols is for our layer" scripts/image --stock --symbols
}

case_console_helper_refuses_nonsense()
{
	local name
	for name in console-1x console- console-01 vbd-51712 '../console-1' ''; do
		refuses "'$name' is no console; expected console-N" packaging/udev/pvguest-console "$name" || return
	done
	refuses "no device given" packaging/udev/pvguest-console
}

all+=" wrong_values_are_named console_helper_refuses_nonsense"
