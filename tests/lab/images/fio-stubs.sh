#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# fio-stubs.sh DIR: put empty stand-ins for the libraries of fio's cluster and
# RDMA engines into DIR.  Debian's fio links them at start (65 MB with what they
# need in turn) although no case uses those engines; every guest would have to
# unpack them at boot.  The stand-ins have the names and symbol versions fio
# asks for, and abort when called.
set -euo pipefail

dir=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# version<TAB>symbol; librados and librbd have no versions
objdump -T "$(command -v fio)" | awk '
	/\*UND\*/ && match($0, /\((GFAPI|IBVERBS|LIBNBD|LIBPMEM|LIBPMEMBLK|RDMACM)_[^)]*\)/) {
		print substr($0, RSTART + 1, RLENGTH - 2) "\t" $NF; next
	}
	/\*UND\*/ && $NF ~ /^(rados|rbd)_/ { print "-\t" $NF }
' | sort -u >"$work/symbols"

awk '{ print "void " $2 "(void) { __builtin_trap(); }" }' \
	"$work/symbols" >"$work/stubs.c"
awk '$1 != "-" { s[$1] = s[$1] " " $2 ";" }
     END { for (v in s) print v " {" s[v] " };" }' \
	"$work/symbols" >"$work/stubs.map"
gcc -w -shared -fPIC -Os -Wl,--version-script="$work/stubs.map" \
	-o "$work/stubs.so" "$work/stubs.c"

for lib in librados.so.2 librbd.so.1 libgfapi.so.0 libnbd.so.0 \
	   libibverbs.so.1 librdmacm.so.1 libpmem.so.1 libpmemblk.so.1; do
	install -D -m 755 "$work/stubs.so" "$dir/$lib"
	echo "$lib"
done
