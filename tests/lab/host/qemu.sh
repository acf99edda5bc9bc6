# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2034 # the parts of run share variables
# The machine: Xen and dom0 in QEMU, a directory in, a directory out, and one
# serial line that carries nothing but verdicts.

# Plain software emulation, named outright: /dev/kvm may be there and still be
# unable to run Xen.  QEMU 7.2 takes a false SMAP fault at CPL 3, hence -smap.
# Only PVH guests get SVM: with it Xen loads a PV vCPU's FS and GS by vmload, and
# processes were seen with another's FS base. That was before the FPU was switched
# eagerly (below); 900 program starts with SVM have shown no fault since.
qemu_cpu_options()
{
	local cpu=max,-la57,-smap
	[[ -n $SVM ]] || cpu+=,-svm
	if [[ -n $ICOUNT ]]; then
		echo "-accel tcg,thread=single -icount shift=1,sleep=off -rtc clock=vm -cpu $cpu,-erms,-fsrm"
	else
		echo "-accel tcg,thread=multi -cpu $cpu"
	fi
}

# One vCPU for dom0, on a processor of its own: with two, what dom0 does in
# emulation (fork above all) takes five times as long.  Eager FPU switching:
# QEMU does not trap every use of the FPU that CR0.TS should stop, so that with
# Xen's lazy switching guests on one processor get each other's registers.
xen_command_line()
{
	echo "console=com1 com1=115200,8n1 dom0_mem=${DOM0_MEMORY}M,max:${DOM0_MEMORY}M" \
		"dom0_max_vcpus=1 dom0_vcpus_pin spec-ctrl=eager-fpu" \
		"loglvl=all guest_loglvl=all conring_size=1M"
}

# Everything dom0 reads: scripts, cases and the guests' images.
fill_in_dir() # CASE...
{
	local in=$RUN/in extra
	rm -rf "$in"
	mkdir -p "$in/cases"
	cp -r "$LAB/dom0" "$in/"
	cp -r "$TOP/packaging/guests" "$in/"
	"$TOP/scripts/keys" >"$in/keys"
	((! $#)) || cp -- "$@" "$in/cases/"
	[[ -z $WITH ]] || cp -r "$WITH" "$in/with"
	ln "$GUEST_IMAGE" "$in/guest.cpio" 2>/dev/null || cp "$GUEST_IMAGE" "$in/guest.cpio"
	ln "$GUEST_IMAGE.ext4" "$in/guest.ext4" 2>/dev/null ||
		cp --sparse=always "$GUEST_IMAGE.ext4" "$in/guest.ext4"
	ln "$GUEST_VMLINUX" "$in/guest-kernel" 2>/dev/null ||
		cp "$GUEST_VMLINUX" "$in/guest-kernel"
	link_extras "$in"
	kernel_config >"$in/guest-config"
	for overlay in "${OVERLAYS[@]}"; do
		ln "${overlay#* }" "$in/${overlay%% *}.cpio" 2>/dev/null ||
			cp "${overlay#* }" "$in/${overlay%% *}.cpio"
	done
	gunzip -c "$XEN_IMAGE" >"$RUN/xen"
	basename -s .sh -a -- "$@" >"$in/order" 2>/dev/null || : >"$in/order"
	cat >"$in/settings" <<-END
		LAB_DRIVERS=$DRIVERS
		LAB_TYPE=$TYPE
		LAB_MEMORY=$MEMORY
		LAB_VCPUS=$VCPUS
		LAB_TIMEOUT=$TIMEOUT
		LAB_ICOUNT=$ICOUNT
		LAB_SOAK=$SOAK
		LAB_SHELL=$SHELL_WANTED
	END
}

# Starts QEMU; its process id is in QEMU_PID, verdicts come from VERDICT_FD.
qemu_start()
{
	local serial=file:$RUN/console.log plugin=()
	[[ -z $SHELL_WANTED ]] || serial=mon:stdio
	[[ -z $PLUGIN ]] || plugin=(-plugin "$PLUGIN")
	rm -f "$RUN/verdict"
	mkfifo "$RUN/verdict"
	# shellcheck disable=SC2046 # options are words
	$(host_qemu) $(qemu_cpu_options) "${plugin[@]}" -smp 2 -m "${MACHINE_MEMORY}M" \
		-nodefaults -display none -no-reboot -monitor none \
		-kernel "$RUN/xen" -append "$(xen_command_line)" \
		-initrd "$DOM0_VMLINUX console=hvc0 quiet loglevel=4 panic=1,$DOM0_IMAGE" \
		-serial "$serial" \
		-chardev "file,id=verdict,path=$RUN/verdict" -serial chardev:verdict \
		-virtfs "local,path=$RUN/in,mount_tag=in,security_model=none,readonly=on" \
		-virtfs "local,path=$LOGS,mount_tag=out,security_model=none" \
		2>"$RUN/qemu.log" <&"${QEMU_STDIN:-0}" &
	QEMU_PID=$!
	exec {VERDICT_FD}<>"$RUN/verdict"
}

# Only the machine this script started.
qemu_stop()
{
	[[ -n ${QEMU_PID:-} ]] || return 0
	kill -KILL "$QEMU_PID" 2>/dev/null
	wait "$QEMU_PID" 2>/dev/null
	QEMU_PID=
	exec {VERDICT_FD}<&-
}
