# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# A column of the comparison is one lab with its drivers and kernel. Two of them run
# side by side, each on a processor of its own, where there are two.

# What dom0 finds in /lab/in/with: scripts, tools, and a list of workloads for each guest.
# A lab's case is a guest; all cases are the same file.
prepare()
{
	local column
	TOOLS=$OUT/tools
	rm -rf "$OUT"/{tools,with-*,cases-*,logs-*,result.json,*.svg,*.dat,*.txt}
	mkdir -p "$TOOLS"
	build_tool bench/tools/rr.c
	build_tool bench/tools/udp.c
	build_tool bench/tools/tracecount.c
	build_tool bench/tools/dom.c -lxenctrl -lxenforeignmemory
	build_tool bench/tools/init.c -static
	build_tool bench/tools/ops.c -static
	(cd "$TOOLS" && echo init | cpio --quiet -o -H newc -R 0:0 >init.cpio) || exit 1
	for column in "${COLUMNS_WANTED[@]}"; do
		prepare_column "$column"
	done
}

build_tool() # SOURCE [GCC-OPTION...]
{
	gcc -O2 -Wall -Wextra -Werror -o "$TOOLS/$(basename "$1" .c)" "$1" "${@:2}" || exit 1
}

prepare_column() # COLUMN
{
	local with=$OUT/with-$1 cases=$OUT/cases-$1 selected=$OUT/selected-$1 guest name
	mkdir -p "$with/lists" "$cases"
	cp -r "$BENCH/dom0" "$TOOLS" "$with/"
	cat >"$with/settings" <<-END
		BENCH_RUNS=$RUNS
		BENCH_FLOORS=$FLOORS
		BENCH_COUNTS=$COUNTS
	END
	while read -r guest; do
		name=$(case_name "$guest")
		cp "$BENCH/dom0/case.sh" "$cases/$name.sh"
		awk -v guest="$guest" 'BEGIN { split(guest, g); print "guest", g[2] }
			$2 == g[1] && $4 == g[2] { $2 = $3 = $4 = ""; print "workload", $0 }' \
			"$selected" >"$with/lists/$name"
	done < <(awk '!seen[$2, $4]++ { print $2, $4 }' "$selected")
}

# "disk disks=4,vcpus=2" is a case disk-disks4-vcpus2.
case_name() { echo "${1//[ ,]/-}" | tr -d =; }

both_fit()
{
	[[ $(nproc) -ge 2 ]] &&
		awk -v need="$BOTH_NEED_MB" '$1 == "MemAvailable:" { exit $2 / 1024 < need }' /proc/meminfo
}

# lab_extra COLUMN: sets LAB_EXTRA, more options of its lab; bench/profile has some
lab_extra() { LAB_EXTRA=(); }

# lab COLUMN: replaces this process, so that its id is in the name of its log directory
lab()
{
	local options=(--icount --timeout 2400 --with "$OUT/with-$1" --keep-logs "$OUT/logs-$1")
	lab_extra "$1"
	options+=("${LAB_EXTRA[@]}")
	case $1 in
	intree|image-stock)	options+=(--drivers intree) ;;
	esac
	case $1 in
	image*)		options+=(--kernel "$(image_of "$1")") ;;
	esac
	exec tests/lab/run "${options[@]}" "$OUT/cases-$1"/*.sh >"$OUT/lab-$1.txt" 2>&1
}

# Passes that are done in the lab whose process has this id.
passes_done()	{ cat "$TOP"/build/lab/logs/*-"$1"/*/progress 2>/dev/null | wc -l; }
last_pass()	{ cat "$TOP"/build/lab/logs/*-"$1"/*/progress 2>/dev/null | tail -n 1; }

# Each workload has its runs, a base and, of disks, floors; counts take two passes more.
passes_all() # COLUMN
{
	awk -v runs="$RUNS" -v floors="$FLOORS" -v counts="${COUNTS:+1}" '
		{ n += runs + ($5 != "boot") + counts * ($5 == "boot" ? 1 : 2) }
		$5 == "fio" { n += floors }
		END { print n }' "$OUT/selected-$1"
}

# A line each half minute, or one that is written over where there is a terminal.
show_progress() # COLUMN=PID...
{
	local pair line='' end=$'\n'
	[[ ! -t 1 ]] || end=$'\r'
	for pair; do
		line+="${line:+ | }${pair%=*} $(passes_done "${pair#*=}")/$(passes_all "${pair%=*}") $(last_pass "${pair#*=}")"
	done
	printf '%4d s  %-100s%s' $SECONDS "$line" "$end"
}

# run_beside COLUMN...: these labs at once
run_beside()
{
	local column pairs=() next=0 pair
	trap 'kill "${pairs[@]#*=}" 2>/dev/null; exit 130' INT TERM
	for column; do
		# The first takes the lock of all labs on this machine.
		((${#pairs[@]} == 0)) || export PV_LAB_LOCK=$OUT/lock
		lab "$column" &
		pairs+=("$column=$!")
	done
	while [[ -n $(jobs -pr) ]]; do
		((SECONDS < next)) || {
			show_progress "${pairs[@]}"
			next=$((SECONDS + $([[ -t 1 ]] && echo 2 || echo 30)))
		}
		sleep 1
	done
	show_progress "${pairs[@]}"
	for pair in "${pairs[@]}"; do
		wait "${pair#*=}" || {
			echo "bench: the lab of column ${pair%=*} failed:"
			grep -vE '^(KTAP|1\.\.|ok )' "$OUT/lab-${pair%=*}.txt"
		}
	done
}

run_columns()
{
	local columns=("${COLUMNS_WANTED[@]}") width=1
	! both_fit || width=2
	while ((${#columns[@]})); do
		(run_beside "${columns[@]:0:width}")
		columns=("${columns[@]:width}")
	done
}
