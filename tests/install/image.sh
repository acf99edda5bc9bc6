# shellcheck shell=bash
# scripts/image keeps the store of kernel trees in order.

# A Linux for scripts/image, as far as its configuration goes: it takes every option, and knows
# those that image/*.config want off.
fake_linux() # NAME
{
	local dir=$work/linux/$1
	mkdir -p "$dir"/{scripts/kconfig,arch/x86/xen} &&
		sed -n 's/^CONFIG_\(.*\)=n$/config \1/p' image/*.config >"$dir/Kconfig" &&
		printf 'tinyconfig olddefconfig:\n\t@:\n' >"$dir/Makefile" &&
		printf '%s\n' '#!/bin/sh' \
			"awk -F= '/^CONFIG_/ { last[\$1] = \$0 } END { for (n in last) if (last[n] !~ /=n\$/) print last[n] }' \$5 >\$3/.config" \
			>"$dir/scripts/kconfig/merge_config.sh" &&
		chmod 755 "$dir/scripts/kconfig/merge_config.sh" &&
		tar -cJf "$work/linux/$1.tar.xz" -C "$work/linux" "$1"
}

configures() # LINUX
{
	PV_CACHE=$work/cache LINUX_TARBALL=$work/linux/$1.tar.xz timeout 120 scripts/image --config-only
}

# A build that begins with trees nobody has used for a week does not lose them to another one's
# clearing, which happens here while it copies its sources; trees that nobody builds with go. Who
# clears holds the whole store, so that no tree goes between its being found old and used.
case_image_keeps_what_it_builds_with()
{
	local bin=$work/image-bin trees
	rm -rf "$bin" "${work:?}"/{cache,linux}
	mkdir -p "$bin"
	# Linuxes are told apart by size and time.
	fake_linux one && fake_linux another && touch -d yesterday "$work/linux/another.tar.xz" &&
		configures one || return
	trees=$(find "$work/cache/kernel" -mindepth 1 -maxdepth 1 -type d)
	[ "$(wc -l <<<"$trees")" -eq 2 ] || fail "expected sources and objects, got $trees" || return
	mkdir "$work/cache/kernel/unused"
	find "$work/cache/kernel" -mindepth 1 -maxdepth 1 -type d -exec touch -d '8 days ago' {} +
	declare -f configures >"$bin/rsync"
	{ printf '#!/bin/bash\nwork=%s\n' "$work" && cat "$bin/rsync" && printf '%s\n' "PATH=$PATH" \
		"[ -e $work/cache/cleared ] || { touch $work/cache/cleared; configures another || exit; }" \
		'exec rsync "$@"'; } >"$bin/rsync.new" && mv "$bin/rsync.new" "$bin/rsync"
	printf '%s\n' '#!/bin/sh' "! flock -n $work/cache/kernel/lock true || touch $work/cache/unlocked" \
		"PATH=$PATH" 'exec find "$@"' >"$bin/find"
	chmod 755 "$bin"/*
	PATH=$bin:$PATH configures one || return
	# shellcheck disable=SC2086 # one a line, no blanks
	ls -d $trees && [ -e "$work/cache/cleared" ] || return
	[ ! -e "$work/cache/kernel/unused" ] || fail "what nobody uses is still there" || return
	[ ! -e "$work/cache/unlocked" ] || fail "cleared without the lock of the store"
}

# What image/*.config want off and this Linux does not know is called by another name there.
case_image_refuses_an_option_that_is_not_there()
{
	local said
	rm -rf "${work:?}"/{cache,linux}
	fake_linux one && : >"$work/linux/one/Kconfig" &&
		tar -cJf "$work/linux/one.tar.xz" -C "$work/linux" one || return
	! said=$(configures one 2>&1) || fail "configured without CONFIG_HW_RANDOM" || return
	[[ $said == *"not accepted by Linux"*CONFIG_HW_RANDOM=n* ]] || fail "said: $said"
}

all+=" image_refuses_an_option_that_is_not_there"
all+=" image_keeps_what_it_builds_with"
