# SPDX-License-Identifier: GPL-2.0
# Targets for people; kbuild reads Kbuild instead of this file.

-include Makefile.local

KDIR ?=
export KDIR

# A recipe starts with this; `make help` works without any kernel installed.
find-kernel = kdir=$$(scripts/kdir)
kbuild      = $(MAKE) --no-print-directory -C $$kdir M=$(CURDIR) W=1 KCFLAGS=-Werror

all: modules

help:
	@echo 'Build (KDIR=<kernel build directory>; default: the newest installed headers)'
	@echo '  modules        pvfront.ko pvblk.ko pvnet.ko pvcon.ko, W=1 -Werror            20 s'
	@echo '  clean          remove everything that was built                              1 s'

modules:
	@$(find-kernel) && $(kbuild) modules

clean:
	@rm -rf build
	@find drivers -name '*.o' -o -name '*.ko' -o -name '*.mod' -o -name '*.mod.c' -o -name '.*.cmd' \
		-o -name modules.order | xargs rm -f
	@rm -f Module.symvers modules.order .*.cmd

.PHONY: all help modules clean
