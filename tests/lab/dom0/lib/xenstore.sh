# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# xenstore, as the toolstack and the back ends see it.

xs_read()	{ xenstore-read "$1" 2>/dev/null; }
# In a text, where a node that is not there is no failure.
xs_shown()	{ xs_read "$1" || echo "(none)"; }
xs_write()	{ xenstore-write -- "$1" "$2"; }
xs_exists()	{ xenstore-exists "$1"; }
xs_list()	{ xenstore-list "$1" 2>/dev/null; }

# frontend_path GUEST TYPE ID, backend_path GUEST TYPE ID
frontend_path()	{ echo "/local/domain/$(guest_domid "$1")/device/$2/$3"; }
backend_path()	{ echo "/local/domain/0/backend/$2/$(guest_domid "$1")/$3"; }

# The number of a disk in xenstore.
vdev_id()
{
	case $1 in
	xvd[a-p])	echo $((51712 + 16 * $(($(printf '%d' "'${1:3:1}") - 97)))) ;;
	*)		lab_error "vdev_id $1: only xvda to xvdp" ;;
	esac
}

# xs_wait PATH VALUE SECONDS
xs_is()		{ [[ $(xs_read "$1") == "$2" ]]; }
xs_wait()	{ wait_until "$3" xs_is "$1" "$2"; }
