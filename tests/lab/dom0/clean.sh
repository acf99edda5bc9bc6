# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# dom0 as it was before the case.  Removes the case's guests and disks; prints
# what should have gone with the guests and did not.

# Until COMMAND prints nothing, or time is up; prints what it then prints.
left_after() # SECONDS COMMAND...
{
	local end=$((SECONDS + $1)) left
	shift
	while left=$("$@"); [[ -n $left ]]; do
		((SECONDS < end)) || { echo "$left" | tr '\n' ' '; return; }
		sleep 0.1
	done
}

left_domains()	{ xl list | awk 'NR > 1 && $2 != 0 { print "domain", $2, $1 }'; }
left_vifs()	{ basename -a /sys/class/net/vif* | grep -v '\*'; }
left_loops()	{ losetup -n -O NAME,BACK-FILE -l; }
left_backends()
{
	local kind
	for kind in vbd vif console qdisk; do
		xenstore-list -p "/local/domain/0/backend/$kind" 2>/dev/null |
			sed "s|^|backend $kind |"
	done
}

clean_up()
{
	local domid
	for domid in $(xl list | awk 'NR > 1 && $2 != 0 { print $2 }'); do
		xl destroy "$domid" >>"$CASE_DIR/clean.log" 2>&1
	done
	awk '$2 ~ "^/mnt/" { print $2 }' /proc/mounts | xargs -r -n 1 umount
	left_after 30 left_domains
	left_after 15 left_backends
	left_after 15 left_vifs
	xenstore-rm /local/domain/0/backend/lab 2>/dev/null
	[[ ! -e /sys/module/dm_mod ]] || dmsetup remove_all
	left_after 15 left_loops
	losetup -D
	rm -rf /run/guests /disks/* /run/{admin,enough,others,turn,never,verified}
}
