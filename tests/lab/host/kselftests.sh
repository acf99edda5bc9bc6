# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2034 # the parts of run share variables
# Linux's own selftests ("# needs: kselftests"), built from the source of the guests' kernel, and
# the same kernel on Linux's own layer.

# Where the guests' kernel was built, as `make image` leaves it.
kernel_build()
{
	local build
	build=$(modules_root "$GUEST_VERSION")/lib/modules/$GUEST_VERSION/build
	[[ -d $build/source/tools/testing/selftests ]] ||
		die_usage "no source with selftests is known of kernel $GUEST_VERSION"
	realpath "$build"
}

kernel_source() { realpath "$(kernel_build)/source"; }

# The kernel's headers for programs, what `make headers` makes of each by some processes: minutes
# where these are slow.
kselftests_headers() # DIR
{
	local build
	build=$(kernel_build)
	mkdir -p "$1"
	cp -r "$build"/source/{include,arch/x86/include}/uapi/. "$build"/{include,arch/x86/include}/generated/uapi/. "$1"
	find "$1" -name '*.h' -exec sed -Ei '/^#include <linux\/compiler(_types)?\.h>/d
		/^#warning "Attempt to use kernel headers/d
		s/\b(__user|__force|__iomem|__attribute_const__)\b//g
		s/\binline\b/__inline__/g
		s/\b__packed\b/__attribute__((packed))/g' {} +
}

# kselftests_make WORK DIR: the collections and single programs of kselftests.list into DIR, with a
# file "list" of what is to be run.
kselftests_make()
{
	local list=$LAB/images/kselftests.list source programs
	source=$(kernel_source)/tools/testing/selftests
	make -s -j"$(nproc)" -C "$source" O="$1" ARCH=x86 FORCE_TARGETS=1 KSFT_INSTALL_PATH="$2" \
		TARGETS="$(awk '$1 == "run" { printf "%s ", $2 }' "$list")" install || return
	mapfile -t programs < <(awk '$1 == "mm" { print $2 }' "$list")
	mkdir -p "$1/kselftest/mm" "$2/mm"
	make -s -j"$(nproc)" -C "$source/mm" OUTPUT="$1/kselftest/mm" ARCH=x86 KHDR_INCLUDES="-isystem $1/usr/include" \
		"${programs[@]/#/$1/kselftest/mm/}" || return
	cp "${programs[@]/#/$1/kselftest/mm/}" "$2/mm" || return
	{
		awk '$1 == "not" { not[$2] = 1; next } /:/ && !($0 in not)' <(grep -v '^#' "$list") "$2/kselftest-list.txt"
		printf 'mm:%s\n' "${programs[@]}"
	} >"$2/list"
	awk '$1 == "not" { sub(":", "/", $2); print $2 }' "$list" | (cd "$2" && xargs rm -f)
}

# Linux's own selftests with their libraries. ldd cannot run those of 32 bits everywhere.
build_kselftests() # WORK FILE
{
	set -e
	local t=$1/t to=$1/t/usr/lib/kselftests lib missing
	missing=$("$TOP/scripts/setup" --missing selftests | cut -f 2 | sort -u | paste -sd ' ')
	[[ -z $missing ]] || { echo "apt-get install --no-install-recommends $missing"; return 1; }
	tree_start "$t"
	mkdir "$to"
	kselftests_headers "$1/usr/include"
	kselftests_make "$1" "$to" >"$1/log" 2>&1 || { grep -E 'error|Error' "$1/log" | tail -n 20; return 1; }
	install -m 755 "$LAB/images/kselftests-run" "$to/run"
	find "$to" -type f -perm -u+x -exec strip {} + 2>/dev/null || :
	for lib in $(find "$to" -type f -perm -u+x -exec ldd {} + 2>/dev/null | awk '$3 ~ "^/" { print $3 }' | sort -u); do
		tree_file "$t" "$lib"
	done
	tree_file "$t" /lib64/ld-linux-x86-64.so.2
	mkdir "$t/usr/lib32" && ln -s usr/lib32 "$t/lib32"
	cp -L /lib32/lib{c,m,dl,rt,pthread}.so.* /lib32/ld-linux.so.2 "$t/usr/lib32"
	ln -s ../lib32/ld-linux.so.2 "$t/usr/lib/ld-linux.so.2"
	pack_cpio "$t" "$2"
}

# The same kernel on Linux's own layer, which `make image STOCK=1` puts beside it.
stock_kernel()
{
	local stock
	stock=$(dirname "$GUEST_KERNEL")-stock/vmlinuz
	if [[ -e $stock ]]; then
		EXTRA_FILE[stock]=$(unpacked_kernel "$stock")
	else
		EXTRA_WHY[stock]="no $stock: make image STOCK=1, with the CONFIG and KERNEL of this one"
	fi
}

# Sets EXTRA_FILE[kselftests] and EXTRA_FILE[stock], or EXTRA_WHY where that failed.
kselftests_extra()
{
	local hash
	hash=$(content_hash "$(kernel_source)" "$(gcc --version)" -- "$LAB"/images/kselftests* \
		"$LAB"/host/{images,extras,kselftests}.sh)
	build_extra kselftests "$CACHE/kselftests-$hash.cpio" build_kselftests
	stock_kernel
}
