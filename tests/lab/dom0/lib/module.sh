# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0

# module_unload GUEST MODULE DRIVER [COMMAND]: bound devices hold the module, so
# they are unbound first; COMMAND is run after it and must succeed
module_unload()
{
	guest_do "$1" "cd /sys/bus/xen/drivers/$3 || exit
		for dev in *-[0-9]*; do
			[[ ! -e \$dev ]] || echo \$dev >unbind || exit
		done
		cd / && rmmod $2 && ${4:-true}" 60
}
