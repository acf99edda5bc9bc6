# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Disks that QEMU serves from files of dom0, xl's backend type qdisk, and what that QEMU says.

# qdisk_spec NAME VDEV [FORMAT]: a disk in xl's words, raw or qcow2
qdisk_spec()
{
	echo "format=${3:-raw},backendtype=qdisk,vdev=$2,access=w,target=$(disk_path "$1")"
}

# qdisk_attach GUEST NAME VDEV [FORMAT]: to a guest that has a QEMU, for such a disk or a channel
qdisk_attach()
{
	xl block-attach "$1" "$(qdisk_spec "${@:2}")" >>"$CASE_DIR/$1.xl.log" 2>&1
}

# bytes VALUE:BYTES...: numbers, the highest byte first
bytes()
{
	local word n
	for word; do
		for ((n = ${word#*:} - 1; n >= 0; n--)); do
			printf '%b' "\\0$(printf %o $((${word%:*} >> 8 * n & 255)))"
		done
	done
}

# qcow2_create NAME MB: an empty image of version 2, up to 512 MB. Its clusters of 64 KB: the header,
# the table of reference counts, one block of these, the table of tables, which has one entry.
qcow2_create()
{
	local file
	file=$(disk_path "$1")
	disk_create "$1" 0
	{
		printf 'QFI\373'
		bytes 2:4 0:8 0:4 16:4 $(($2 << 20)):8 0:4 1:4 $((3 << 16)):8 $((1 << 16)):8 1:4 0:4 0:8
	} >"$file"
	bytes $((2 << 16)):8 | dd of="$file" bs=64k seek=1 conv=notrunc status=none
	bytes 1:2 1:2 1:2 1:2 | dd of="$file" bs=64k seek=2 conv=notrunc status=none
	truncate -s 256K "$file"
}

# qcow2_is NAME: it is still one
qcow2_is()	{ [[ $(head -c 4 "$(disk_path "$1")" | od -An -tx1 | tr -d ' ') == 514649fb ]]; }

# What talks to QEMU's monitor, on the second socket that xl has QEMU open: the first is xl's.
cat >/run/qmp <<'END'
#!/bin/bash
read -r -t 20 _ || exit
echo '{"execute": "qmp_capabilities"}'
read -r -t 20 _ || exit
echo "$QMP_COMMAND"
while read -r -t 20 line; do
	[[ $line == '{"return"'* || $line == '{"error"'* ]] || continue
	echo "$line" >"$QMP_ANSWER"
	exit
done
END
chmod 755 /run/qmp

# qmp GUEST COMMAND [ARGUMENTS]: prints what the guest's QEMU answers, a line of JSON
qmp()
{
	local answer=/run/qmp-answer command="{\"execute\": \"$2\"${3:+, \"arguments\": {$3\}}}"
	rm -f $answer
	QMP_COMMAND=$command QMP_ANSWER=$answer socat "UNIX-CONNECT:/run/xen/qmp-libxenstat-$(guest_domid "$1")" \
		EXEC:/run/qmp,nofork || lab_error "QEMU's monitor of $1 cannot be reached"
	[[ -s $answer ]] || lab_error "QEMU of $1 does not answer $command"
	cat $answer
}

# qdisk_count GUEST FIELD: of QEMU's statistics of all disks of the guest, their sum
qdisk_count()
{
	qmp "$1" query-blockstats | grep -o "\"$2\": [0-9]*" | awk '{ sum += $2 } END { print sum + 0 }'
}

# QEMU counts no flushes; what it makes of one is a call of fdatasync, which dom0's kernel counts from
# syncs_start on.
SYNC_EVENTS=/sys/kernel/tracing/events/syscalls/sys_enter_fdatasync/enable
syncs_start()	{ echo 1 >$SYNC_EVENTS && : >/sys/kernel/tracing/trace; }
syncs()		{ grep -c 'sys_fdatasync(' /sys/kernel/tracing/trace || :; }
syncs_end()	{ echo 0 >$SYNC_EVENTS; }

# qdisk_resize GUEST VDEV FORMAT MB
qdisk_resize()
{
	local said
	said=$(qmp "$1" block_resize "\"node-name\": \"$2-$3\", \"size\": $(($4 << 20))")
	[[ $said == '{"return"'* ]] || lab_error "QEMU does not resize $2: $said"
}
