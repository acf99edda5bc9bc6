# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Secondary consoles: xl's channels, served by QEMU in dom0 over a UNIX socket.

# console_line NAME...: the configuration line for channels 1, 2, ...
console_line()
{
	local name list
	# libxl 4.17 counts from 0, and then refuses 0, the primary console's number.
	list="'connection=pty,name=unused', "
	for name; do
		list+="'connection=socket,name=$name,path=/run/channel-$name', "
	done
	echo "channel = [ ${list%, } ]"
}

# console_needs_kernel: skip where hvc_xen can lose a console at boot: it has freed the ring's page
# then, which QEMU maps all the same, and a guest whose memory that is by now may die of it.
console_needs_kernel()
{
	! grep -q '^# Linux/x86 7\.3\.' /lab/in/guest-config ||
		skip "hvc_xen of this kernel can lose consoles at boot"
}

# console_take GUEST N...: give consoles to the driver under test and wait until
# their back ends have mapped the rings.  hvc_xen, built in, has them at the start.
console_take()
{
	local guest=$1 n
	shift
	[[ $LAB_DRIVERS == intree ]] ||
		guest_do "$guest" "pvguest-console ${*/#/console-}"
	for n; do
		console_connected "$guest" "$n"
	done
}

console_connected() # GUEST N
{
	xs_wait "$(backend_path "$1" console "$2")/state" 4 20 &&
		xs_wait "$(frontend_path "$1" console "$2")/state" 4 20 ||
		fail "console $2 of $1 is not connected after 20 s"
}

# console_hvc GUEST N: its line in the guest
console_hvc()
{
	if [[ $LAB_DRIVERS == intree ]]; then
		# In the order of discovery, after the primary one.
		echo "hvc$2"
	else
		guest_do "$1" "echo \"\$(</sys/bus/xen/devices/console-$2/hvc)\""
	fi
}

# console_talk GUEST NAME HVC BYTES: start sending BYTES random bytes each way at
# once between the socket of channel NAME and line HVC; console_check ends it.
console_talk()
{
	local guest=$1 name=$2 hvc=$3 bytes=$4 dir=/run/talk-$2
	guest_spawn "$guest" "talk-$name" "set -e
exec 3<>/dev/$hvc
stty raw -echo <&3
head -c $bytes </dev/urandom >/run/$name.sent
touch /run/$name.ready
head -c 1 <&3 >/run/$name.got
cat /run/$name.sent >&3 &
head -c $((bytes - 1)) <&3 >>/run/$name.got
wait %1
sha256sum </run/$name.sent
sha256sum </run/$name.got"
	guest_do "$guest" "timeout 60 sh -c 'until [ -e /run/$name.ready ]; do usleep 100000; done'" 70

	# What is sent before QEMU has accepted the connection would be lost, so the
	# guest waits for our first byte. An end of file would end the connection.
	rm -rf "$dir"
	mkdir "$dir"
	mkfifo "$dir/hold"
	head -c "$bytes" </dev/urandom >"$dir/sent"
	{ cat "$dir/sent"; cat "$dir/hold"; } |
		socat -b 65536 - "UNIX-CONNECT:/run/channel-$name" >"$dir/got" 2>"$dir/socat.log" &
}

console_has() # NAME BYTES
{
	(($(stat -c %s "/run/talk-$1/got") >= $2))
}

# console_check GUEST NAME BYTES SECONDS: what was sent has arrived, and no more
console_check()
{
	local guest=$1 name=$2 bytes=$3 dir=/run/talk-$2 status=0 out
	out=$(guest_join "$guest" "talk-$name" "$4") || status=$?
	((!status)) ||
		fail "channel $name, in the guest: status $status $out; dom0 got $(stat -c %s "$dir/got") of $bytes bytes, the guest $(guest_run "$guest" "stat -c %s /run/$name.got")"
	wait_until 30 console_has "$name" "$bytes" ||
		fail "channel $name: dom0 got $(stat -c %s "$dir/got") of $bytes bytes"
	expect "channel $name, what dom0 got" "$(sha256sum <"$dir/got" | cut -d' ' -f1)" \
		"$(sed -n '1s/ .*//p' <<<"$out")"
	expect "channel $name, what the guest got" "$(sed -n '2s/ .*//p' <<<"$out")" \
		"$(sha256sum <"$dir/sent" | cut -d' ' -f1)"
	: >"$dir/hold"
}
