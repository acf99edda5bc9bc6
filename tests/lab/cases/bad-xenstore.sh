#!/bin/bash
# A back end that writes nonsense is refused with the key and the value named.
# runs: test
# timeout: 600

[[ $LAB_DRIVERS == ours ]] || skip "the in-tree drivers take what they read as it is"

guest_start g1
domid=$(guest_domid g1)
guest_do g1 "modprobe -a $BLK_MODULE $NET_MODULE pvcon"
tried=0

# No real back end serves this path: what is in it is all from here.
fake_back()	{ echo "/local/domain/0/backend/lab/$domid/$1"; }
fake_front()	{ echo "/local/domain/$domid/device/$1"; }

# fake_device TYPE/ID FRONT-KEYS BACK-KEYS: "key=value key=value"; the last of a key counts
fake_device()
{
	local front back pair nodes
	front=$(fake_front "$1") back=$(fake_back "$1")

	nodes=("$back/frontend" "$front" "$back/frontend-id" "$domid")
	for pair in online=1 state=2 $3; do
		nodes+=("$back/${pair%%=*}" "${pair#*=}")
	done
	xenstore-write -- "${nodes[@]}"
	xenstore-chmod -r "$back" n0 "r$domid"

	# The front end is probed once it has a state, so that comes last.
	nodes=("$front/backend" "$back" "$front/backend-id" 0)
	for pair in $2; do
		nodes+=("$front/${pair%%=*}" "${pair#*=}")
	done
	xenstore-write -- "${nodes[@]}"
	xenstore-chmod -r "$front" "n$domid" r0
	xs_write "$front/state" 1
	xenstore-chmod "$front/state" "n$domid" r0
}

front_asks()	{ [[ $(xs_read "$(fake_front "$1")/state") == [3-6] ]]; }
refused()	{ [[ -n $(xs_read "/local/domain/$domid/error/device/$1/error") ]]; }
absent()	{ guest_run g1 "[[ ! -e /sys/bus/xen/devices/${1/\//-} ]]"; }

forget() # TYPE/ID
{
	xenstore-rm "$(fake_front "$1")" "$(fake_back "$1")" \
		"/local/domain/$domid/error/device/$1"
	wait_until 20 absent "$1" || fail "$1 stays after it was refused"
	tried=$((tried + 1))
}

# refuse TYPE/ID KEY VALUE FRONT-KEYS BACK-KEYS [SHOWN [STATE]]: with the value as SHOWN in the error,
# and the front end in STATE then, if that is to be seen
refuse()
{
	local dev=$1 key=$2 value=${6-$3} error
	fake_device "$dev" "$4" "$5"
	wait_until 20 front_asks "$dev" || fail "$key=$value: the front end does nothing, state $(xs_shown "$(fake_front "$dev")/state")"
	# What belongs to the connected state is read then.
	xs_write "$(fake_back "$dev")/state" 4
	wait_until 20 refused "$dev" ||
		fail "$key=$value was not refused, state $(xs_shown "$(fake_front "$dev")/state")"
	error=$(xs_read "/local/domain/$domid/error/device/$dev/error")
	# What fails a probe is written over there by the bus; the kernel log has it.
	[[ $error != *xenbus_dev_probe* ]] ||
		error=$(guest_do g1 "dmesg | grep '${dev/\//-}: ' | grep '$key' | tail -n 1")
	note "$error"
	[[ $error == *"$key"* && $error == *"$value"* ]] ||
		fail "$key=$value: the error names not both: $error"
	[[ -z ${7-} ]] || xs_wait "$(fake_front "$dev")/state" "$7" 20 ||
		fail "$key=$value: state $(xs_shown "$(fake_front "$dev")/state"), expected $7"
	forget "$dev"
}

# take TYPE/ID FRONT-KEYS BACK-KEYS: the front end connects
take()
{
	fake_device "$@"
	wait_until 20 front_asks "$1" || fail "$1 with $3: the front end does nothing"
	xs_write "$(fake_back "$1")/state" 4
	xs_wait "$(fake_front "$1")/state" 4 20 || fail "$1 with $3: state $(xs_shown "$(fake_front "$1")/state")"
	! refused "$1" || fail "$1 with $3: $(xs_shown "/local/domain/$domid/error/device/$1/error")"
}

# refuse_console KEY=VALUE WORDS: hvc_xen has a console first and gives it away when
# the back end has closed; pvcon refuses it with WORDS
refuse_console()
{
	local dev=console/5 error
	fake_device $dev "$1" ""
	wait_until 20 front_asks $dev || fail "$1: hvc_xen does not have the console"
	xs_write "$(fake_back $dev)/state" 6
	! guest_run g1 'echo console-5 >/sys/bus/xen/drivers/pvcon/take' ||
		fail "$1: pvcon took the console"
	error=$(guest_do g1 "dmesg | grep 'console-5: ' | grep '${1%%=*}' | tail -n 1")
	note "$error"
	[[ $error == *"$2"* ]] || fail "$1: the error does not say \"$2\": $error"
	forget $dev
}

# A key given twice has its last value.
good_disk="max-ring-page-order=4 multi-queue-max-queues=1 sectors=2048 info=0 sector-size=512
	physical-sector-size=512 feature-flush-cache=0"
# bad_disk_key KEY VALUE [KEY=VALUE]
bad_disk_key()	{ refuse vbd/51760 "$1" "$2" "virtual-device=51760 device-type=disk" "$good_disk ${3-} $1=$2"; }

# bad_disk_front KEY VALUE [SHOWN]
bad_disk_front()	{ refuse vbd/51760 "$1" "$2" "virtual-device=51760 device-type=disk $1=$2" "$good_disk" "${3-$2}"; }

# bad_disk_extra KEY VALUE SHOWN: there is an error, and the disk connects without that key.
# (xenstore-read doubles a backslash.)
bad_disk_extra()
{
	refuse vbd/51760 "$1" "$2" "virtual-device=51760 device-type=disk" "$good_disk $1=$2" \
		"${3//\\/\\\\}" 4
}

# What is read of any device, when its backend is Closing.
bad_bus_key()	{ bad_disk_key "$1" "$2" state=5; }
bad_console()	{ refuse_console "$1=$2" "$1 is \"$3\", not 1 to 255 printable ASCII characters"; }

# beyond MIN MAX: a value below, if there is one, and one above
beyond()	{ (($1 == 0)) || echo $(($1 - 1)); echo $(($2 + 1)); }

text()	{ printf "%$1s" '' | tr ' ' n; }

# all_rows DRIVER ROWS BACKEND-COMMAND FRONTEND-COMMAND EXTRA-COMMAND: for each row of the driver's
# table of keys, so that none can be added that is not tried. Of texts one too long, and one that is
# not printable, with what the error has to show of them.
all_rows()
{
	local driver table key type min max value rows=0 wanted=$2 back=$3 front=${4-} extra=${5-} try
	while read -r driver table key type min max _; do
		[[ $driver == "$1" ]] || continue
		rows=$((rows + 1))
		if [[ $type == TEXT || $type == EXTRA ]]; then
			[[ $type == TEXT ]] && try=$front || try=$extra
			value=$(text $((max + 1)))
			$try "$key" "$value" "${value::32}"
			value=$(text $((min - 1)))
			$try "$key" "$value"$'\177' "$value\\177"
			continue
		fi </dev/null
		for value in $(beyond "$min" "$max"); do
			case $table in
			BACKEND | DISK)	$back "$key" "$value" ;;
			*)		$front "$key" "$value" ;;
			esac
		done </dev/null
	done </lab/in/keys
	((rows >= wanted)) || fail "the table of keys of $1 has $rows rows"
}

all_rows pvblk 22 bad_disk_key bad_disk_front bad_disk_extra
all_rows pvfront 1 bad_bus_key
for value in -1 lots 0x10 99999999999999999999; do
	bad_disk_key sectors "$value"
done

# Not as it is: a terminal would obey. (xenstore-read doubles a backslash.)
refuse vbd/51760 sectors $'1\e2' "virtual-device=51760 device-type=disk" "$good_disk sectors="$'1\e2' 'e2"'
guest_do g1 "dmesg | grep -F 'sectors is \"1\\e2\", not a number from 0 to '"

# What is in range and does not fit together.
bad_disk_key sector-size 1000
bad_disk_key physical-sector-size 1000
bad_disk_key sectors 2047 sector-size=4096
bad_disk_key discard-granularity 1
bad_disk_key discard-granularity 511
bad_disk_key discard-granularity 1536
bad_disk_key discard-alignment 512
bad_disk_key discard-alignment 4096 discard-granularity=4096
bad_disk_key discard-alignment 100 discard-granularity=4096

all_rows pvcon 1 false bad_console

good_vif="feature-rx-copy=1 feature-sg=1 multi-queue-max-queues=1"
bad_vif_key()	{ refuse vif/7 "$1" "$2" "mac=00:16:3e:00:00:07 handle=7" "$good_vif $1=$2"; }
bad_vif_front()	{ refuse vif/7 "$1" "$2" "mac=00:16:3e:00:00:07 handle=7 $1=$2" "$good_vif" "${3-$2}"; }

all_rows pvnet 11 bad_vif_key bad_vif_front
bad_vif_front mac 01:00:5e:00:00:01
bad_vif_front mac 00:16:3e:00:00:0x

# What honest backends write: no queues for one, and any number for yes.
take vbd/51760 "virtual-device=51760 device-type=disk" "$good_disk multi-queue-max-queues=0 feature-flush-cache=2"
guest_do g1 "timeout 20 sh -c 'until grep -x \"write back\" /sys/block/xvdd/queue/write_cache; do usleep 100000; done'"
forget vbd/51760
take vif/7 "mac=00:16:3e:00:00:07 handle=7" "$good_vif multi-queue-max-queues=0 feature-split-event-channels=7"
xs_exists "$(fake_front vif/7)/event-channel-tx" || fail "feature-split-event-channels=7 is not taken for yes"
forget vif/7
note "$tried values tried"

# The guest lives, and the next good devices work.
disk_create a 16
disk_attach g1 a xvdb || fail "block-attach failed"
disk_wait g1 xvdb
sum=$(guest_do g1 'head -c 1M /dev/urandom | tee /run/data >/dev/xvdb; sync; sha256sum </run/data | cut -d" " -f1')
net_attach g1 2 || fail "network-attach failed"
net_up g1 eth0 2
guest_do g1 "ping -q -A -c 5 -W 5 $DOM0_IP | grep ' 0% packet loss'"
guest_shutdown g1
expect "sha256 in dom0" "$(backend_sha256 a 1)" "$sum"
pass
