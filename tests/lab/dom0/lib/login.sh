# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# A person at the primary console, for guests that start no agent of their own.

# console_until FD WORDS SECONDS: read until WORDS have come
console_until()
{
	local end=$((SECONDS + $3)) seen='' part
	while [[ $seen != *"$2"* ]]; do
		((SECONDS < end)) || return 1
		IFS= read -r -d '' -t 0.3 -u "$1" part || :
		((${#seen} <= 200)) || seen=${seen: -200}
		seen+=$part
	done
}

# guest_login NAME PASSWORD SECONDS: log in as root on the console, then have the
# shell become the lab's agent
guest_login()
{
	local name=$1 fd tty
	wait_until 20 guest_tty "$name" >/dev/null ||
		lab_error "xenconsoled gave guest $name no console"
	tty=$(guest_tty "$name")
	exec {fd}<>"$tty"
	stty raw -echo <&"$fd"
	console_until "$fd" 'login: ' "$3" ||
		fail "guest $name: no login prompt within $3 s, it $(guest_end "$name")"
	printf 'root\r' >&"$fd"
	console_until "$fd" 'Password: ' 30 || fail "guest $name: login asked for no password"
	printf '%s\r' "$2" >&"$fd"
	console_until "$fd" '# ' 60 || fail "guest $name: no shell after the login"
	printf 'exec guestd /dev/hvc0\r' >&"$fd"
	exec {fd}>&-
	guest_wait "$name" 60
}
