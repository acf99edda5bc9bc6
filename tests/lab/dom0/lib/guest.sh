# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Guests: start, command, stop.  A guest's state is in /run/guests/NAME/.

GUESTS=/run/guests
BOOT_SECONDS=120
[[ $LAB_TYPE != pvh ]] || BOOT_SECONDS=400

guest_domid()	{ cat "$GUESTS/$1/domid"; }
guest_alive()	{ xl domid "$1" >/dev/null 2>&1; }

# guest_start NAME [LINE...]: start a guest from xl configuration lines; those
# given here replace the lab's own.  "cmdline=WORDS" adds to its kernel's.
guest_start()
{
	local name=$1
	shift
	guest_config "$name" "$@" || fail "guest $name: bad configuration"
	guest_create "$name"
}

# guest_ramdisk IMAGE: a line of configuration for the usual RAM disk with the case's
# "# image: IMAGE" on top of it
guest_ramdisk()
{
	cat /run/images/guest.cpio "/lab/in/$1.cpio" >"/run/images/guest-$1.cpio"
	echo "ramdisk=\"/run/images/guest-$1.cpio\""
}

guest_config() # NAME LINE...
{
	local name=$1 line words=''
	local -A own=(
		[name]="\"$name\""
		[type]="\"$LAB_TYPE\""
		[kernel]='"/run/images/guest-kernel"'
		[ramdisk]='"/run/images/guest.cpio"'
		[memory]=$LAB_MEMORY
		[vcpus]=$LAB_VCPUS
		[tsc_mode]='"native"'
		[on_poweroff]='"destroy"'
		[on_reboot]='"destroy"'
		[on_crash]='"destroy"'
		[cpus]='"1"'	# dom0 has processor 0
	)
	shift
	mkdir -p "$GUESTS/$name"
	{
		for line; do
			if [[ $line == cmdline=* ]]; then
				words+=" ${line#cmdline=}"
			else
				unset "own[${line%%[ =]*}]"
				echo "$line"
			fi
		done
		# Messages stay off the console, which carries the lab's own
		# traffic, until a panic prints the whole log there.
		own[extra]="\"console=hvc0 loglevel=1 panic_on_warn=1 oops=panic panic_print=32 hung_task_panic=1$words\""
		for line in "${!own[@]}"; do
			echo "$line = ${own[$line]}"
		done
	} >"$GUESTS/$name/config"
	cp "$GUESTS/$name/config" "$CASE_DIR/$name.cfg"
}

# guest_create NAME: start a guest whose configuration is in place
guest_create()
{
	guest_launch "$1"
	guest_wait "$1"
}

# guest_launch NAME: the same for a guest that does not answer commands, or not yet
guest_launch()
{
	local name=$1 log=$CASE_DIR/$1.xl.log
	rm -f "$GUESTS/$name/end"
	# -e: main's bury_guests does the daemon's work
	xl -v create -e -q "$GUESTS/$name/config" >"$log" 2>&1 </dev/null ||
		lab_error "xl create $name: $(grep -iv ' debug\| detail' "$log" | tail -n 1)"
	guest_adopt "$name"
}

# guest_start_mapped NAME RANGES [LINE...]: guest_start, with RANGES as the guest's memory map, in the words of
# memmap (agent/memmap.c)
guest_start_mapped()
{
	local name=$1 ranges
	read -ra ranges <<<"$2"
	guest_config "$name" "${@:3}" || fail "guest $name: bad configuration"
	xl -v create -p -e -q "$GUESTS/$name/config" >"$CASE_DIR/$name.xl.log" 2>&1 </dev/null ||
		lab_error "xl create -p $name: $(tail -n 1 "$CASE_DIR/$name.xl.log")"
	guest_adopt "$name"
	memmap "$(guest_domid "$name")" "${ranges[@]}"
	xl unpause "$name"
	guest_wait "$name"
}

# guest_adopt NAME: note the domain id
guest_adopt()
{
	xl domid "$1" >"$GUESTS/$1/domid" || fail "guest $1 is gone"
	echo "$1" >"$GUESTS/$1/name"
}

guest_tty()
{
	xenstore-read "/local/domain/$(guest_domid "$1")/console/tty" 2>/dev/null
}

# guest_wait NAME [SECONDS]: until the guest answers commands
guest_wait()
{
	local name=$1
	wait_until 20 guest_tty "$name" >/dev/null ||
		lab_error "xenconsoled gave guest $name no console"
	guestctl "$(guest_tty "$name")" ping "${2:-$BOOT_SECONDS}" ||
		fail "guest $name $(guest_end "$name"); its console is guest-$name.log"
}

# One talks at a time.
guest_ctl() # NAME VERB ARGUMENT
{
	local tty
	tty=$(guest_tty "$1") || { echo "guest $1 has no console" >&2; return 200; }
	flock "$GUESTS/$1/lock" guestctl "$tty" "$2" "$3"
}

# guest_run NAME COMMAND [SECONDS]: run it in the guest's bash; its output is
# printed, its exit status returned (124 when time was up; default 60 s)
guest_run()
{
	guest_ctl "$1" run "${3:-60}" <<<"$2"
}

# guest_do NAME COMMAND [SECONDS]: the same, for what must succeed
guest_do()
{
	local out status=0
	out=$(guest_run "$@" 2>&1) || status=$?
	[[ -z $out ]] || printf '%s\n' "$out"
	((!status)) || fail "guest $1: status $status: ${2%%$'\n'*}: $(tail -n 1 <<<"$out")"
}

guest_get()	{ guest_ctl "$1" get "$2" >"$3"; }	# NAME REMOTE LOCAL
guest_put()	{ guest_ctl "$1" put "$3" <"$2"; }	# NAME LOCAL REMOTE

# guest_spawn NAME TAG COMMAND: run it in the background of the guest
guest_spawn()
{
	guest_do "$1" "mkdir -p /run/bg; rm -f /run/bg/$2.*
cat >/run/bg/$2.sh <<'END_OF_SPAWNED'
$3
END_OF_SPAWNED
(setsid bash /run/bg/$2.sh >/run/bg/$2.out 2>&1 </dev/null; echo \$? >/run/bg/$2.status) >/dev/null 2>&1 &"
}

# guest_join NAME TAG SECONDS: wait for it; prints its output, returns its status,
# or 124 when time was up, with what the guest's processes were waiting in
guest_join()
{
	guest_run "$1" "until [[ -s /run/bg/$2.status ]]; do
	((SECONDS < $3)) || {
		cat /run/bg/$2.out
		echo \"$2 is not done after \$SECONDS s; processes and where they wait:\"
		for p in /proc/[1-9]*; do
			[[ ! -s \$p/cmdline ]] || echo \"\${p#/proc/} \$(tr '\\0' ' ' <\$p/cmdline)\" \$(cat \$p/task/*/stack)
		done
		grep -s . /sys/kernel/debug/pv*/* /sys/kernel/debug/pv*/*/*
		exit 124
	}
	sleep 0.1
done
cat /run/bg/$2.out; exit \$(cat /run/bg/$2.status)" $(($3 + 20))
}

# guest_doom NAME [LINE...]: start a guest that is not going to answer; 1 when xl refuses
guest_doom()
{
	local name=$1
	guest_config "$@" || fail "guest $name: bad configuration"
	rm -f "$GUESTS/$name/end"
	xl create -e -q "$GUESTS/$name/config" >"$CASE_DIR/$name.xl.log" 2>&1 </dev/null
}

# guest_ended NAME REASON [SECONDS]: it is gone, and the toolstack knows why
guest_ended()
{
	wait_until "${3:-60}" test -s "$GUESTS/$1/end" || fail "guest $1 has not ended"
	expect "end of guest $1" "$(<"$GUESTS/$1/end")" "$2"
	wait_until 20 guest_gone "$1" || fail "guest $1 is not gone"
}

# guest_said NAME REGEX...: lines of its console, also of one that is gone
guest_said()
{
	local name=$1 regex
	shift
	for regex; do
		wait_until 10 grep -aqE -- "$regex" "/lab/out/console/guest-$name.log" ||
			fail "guest $name's console does not say /$regex/"
	done
}

# guest_shutdown NAME: the clean way; fails when it takes over a minute. Its kernel's log is taken
# first: what that says and does not panic over is on no console.
guest_shutdown()
{
	scan_guest "$1"
	xl shutdown "$1" >>"$CASE_DIR/$1.xl.log" 2>&1 || fail "xl shutdown $1 failed"
	wait_until 60 guest_gone "$1" || fail "guest $1 did not shut down within 60 s"
}

# guest_save_restore NAME: the only guest is written to a file, and is back
guest_save_restore()
{
	local saved=/run/$1.saved log=$CASE_DIR/$1 status=0
	xl save "$1" "$saved" >"$log.save.log" 2>&1 ||
		fail "xl save $1: $(tail -n 1 "$log.save.log")"
	note "$1 saved, $(stat -c %s "$saved") bytes"
	wait_until 20 dom0_clean || fail "left after the save: $(dom0_left)"
	# -e: as in guest_create. The guest does not run before this has ended: the time is not its.
	timeout 300 xl restore -e "$saved" >"$log.restore.log" 2>&1 || status=$?
	((status != 124)) || lab_error "xl restore $1 has not ended in 300 s: $(tail -n 1 "$log.restore.log")"
	((status == 0)) || fail "xl restore $1: $(grep -v ' debug\| detail' "$log.restore.log" | tail -n 1)"
	rm "$saved"
	# The domain id is a new one.
	guest_adopt "$1"
	guest_wait "$1"
	note "$1 restored"
}

# How it ended, in words.
guest_end()
{
	if [[ -s $GUESTS/$1/end ]]; then
		echo "ended with $(<"$GUESTS/$1/end")"
	else
		echo "does not answer"
	fi
}

guest_gone()	{ ! guest_alive "$1"; }

guest_destroy() # NAME
{
	xl destroy "$1" >>"$CASE_DIR/$1.xl.log" 2>&1 || fail "xl destroy $1 failed"
	wait_until 30 guest_gone "$1" || fail "domain $1 still there 30 s after xl destroy"
}
