# SPDX-License-Identifier: GPL-2.0
# Targets for people; kbuild reads Kbuild instead of this file.

-include Makefile.local

KDIR ?=
DESTDIR ?=
export KDIR DESTDIR

# A recipe starts with this; `make help` works without any kernel installed.
find-kernel = kdir=$$(scripts/kdir)
kbuild      = $(MAKE) --no-print-directory -C $$kdir M=$(CURDIR) W=1 KCFLAGS=-Werror

all: modules

help:
	@echo 'See it'
	@echo '  demo           set up, build, boot Xen, verify data, figures: first 10 min, then 70 s'
	@echo 'Build (KDIR=<kernel build directory>; default: newest installed of a supported kernel)'
	@echo '  modules        pvfront.ko pvblk.ko pvnet.ko pvcon.ko, W=1 -Werror            20 s'
	@echo '                 (KERNELS=all or KERNELS="6.12 7.3": for these of scripts/supported, into'
	@echo '                 build/modules, against headers unpacked into the cache)   2 min'
	@echo '  clean          remove everything that was built                              1 s'
	@echo '  image          a kernel on arch-pv/ instead of arch/x86/xen, in build/image: first  10 min'
	@echo '                 (STOCK=1: the same configuration on the kernel'"'"'s own layer, to compare;'
	@echo '                 CONFIG=wide: what a Debian userland wants; BUILTIN=1: no modules of ours;'
	@echo '                 CORE=lite: xenstore-lite/ in place of the core of drivers/xen;'
	@echo '                 CONFIG=tiny+nomitigations, CONFIG=tiny+debug: with that on top;'
	@echo '                 KERNEL=7.3: of that Linux, not finished)'
	@echo 'Install (DESTDIR=<root directory> for install and uninstall; default: this machine)'
	@echo '  install        what modules built, modprobe.d, udev rule, initramfs hook     20 s'
	@echo '  dkms-install   the same by DKMS, which builds anew for every kernel          60 s'
	@echo '  deb            Debian packages in build/deb: drivers by DKMS, and our kernel image   10 min'
	@echo '                 (ARGS=--all: without the image                                1 min)'
	@echo '  uninstall      take either away again, the in-tree drivers are back          20 s'
	@echo 'Check'
	@echo '  check          sparse, kernel-doc, checkpatch, shellcheck, our rules (T=NAME) 5 min'
	@echo '                 (T="sparse pure" runs only these; head of scripts/check names them)'
	@echo '  unit           protocol code in userspace, ASan+UBSan; replay of fuzz corpora 10 s'
	@echo '  fuzz-smoke     libFuzzer, FUZZ_SECONDS=60 for each target'
	@echo '  lab            cases on real Xen in QEMU, T="disk-io net-tcp", default all   45 s a case'
	@echo '                 (ARGS="--drivers intree ..."; tests/lab/run --help names them)'
	@echo '  lab-shell      the same machine, with you at the prompt of dom0              15 s'
	@echo '  soak           long runs: ROUNDS=3 or MINUTES=120                           2 h and more'
	@echo '  bench          counted time, ours beside the in-tree drivers, build/bench: QUICK=1 6 min'
	@echo '                 (T="disk-randread-qd32 net", ARGS="--list"; bench/run --help says more)'
	@echo '  test           all of the above but fuzz-smoke, soak and bench, and in-tree 75 min'

modules:
ifdef KERNELS
	+@scripts/modules $(KERNELS)
else
	+@kdir=$$(scripts/kdir --note) && $(kbuild) modules
endif

clean:
	@rm -rf build
	@find drivers -name '*.o' -o -name '*.ko' -o -name '*.mod' -o -name '*.mod.c' -o -name '.*.cmd' \
		-o -name modules.order | xargs rm -f
	@rm -f Module.symvers modules.order .*.cmd

image:
	@scripts/image $(if $(KERNEL),--kernel $(KERNEL)) $(if $(CONFIG),--config $(CONFIG)) $(if $(STOCK),--stock) $(if $(BUILTIN),--builtin) $(if $(CORE),--core $(CORE))

install:
	@scripts/install modules

dkms-install:
	@scripts/install dkms

uninstall:
	@scripts/install remove

deb:
	@scripts/deb $(ARGS)

check:
	@scripts/check $(T)

unit:
	@$(MAKE) -s --no-print-directory -f tests/unit/Makefile run

fuzz-smoke:
	@$(MAKE) -s --no-print-directory -f tests/unit/Makefile smoke

lab: modules
	@tests/lab/run $(ARGS) $(T)

lab-shell: modules
	@tests/lab/run $(ARGS) --shell

bench: modules
	@QUICK='$(QUICK)' bench/run $(if $(KERNEL),--kernel $(KERNEL)) $(ARGS) $(T)

test:
	@scripts/test

soak:
	@scripts/soak

demo:
	@scripts/demo

.PHONY: all help modules clean image install dkms-install uninstall deb check unit fuzz-smoke lab lab-shell \
	bench test soak demo
