# SPDX-License-Identifier: GPL-2.0
# Included by each folder's Makefile after it has set, by the names of the kernel's lib.mk:
#   TEST_PROGS               scripts that are tests
#   TEST_GEN_PROGS           programs that are tests, each built from its NAME.c
#   TEST_PROGS_EXTENDED, TEST_GEN_PROGS_EXTENDED
#                            the same, not tests but used by tests
#   TEST_FILES, TEST_GEN_FILES  files that tests read
#   LOCAL_HDRS               headers whose change rebuilds the programs
# A further source of a program is a prerequisite: $(OUTPUT)/prog: more.c
# A program without a NAME.c in the folder is built from the one beside this file.

lib_dir := $(patsubst %/,%,$(dir $(realpath $(lastword $(MAKEFILE_LIST)))))
folder := $(notdir $(CURDIR))
OUTPUT ?= $(CURDIR)

CC = $(CROSS_COMPILE)gcc
CFLAGS += -std=gnu11 -O2 -Wall -Wextra -Werror -D_GNU_SOURCE -I$(lib_dir) $(USERCFLAGS)
# Static: what is built on one system is run in a guest with another C library.
LDFLAGS += -static -s $(USERLDFLAGS)

gen := $(TEST_GEN_PROGS) $(TEST_GEN_PROGS_EXTENDED) $(TEST_GEN_FILES)
built := $(addprefix $(OUTPUT)/,$(gen))
tests := $(TEST_PROGS) $(TEST_GEN_PROGS)
shipped := $(TEST_PROGS) $(TEST_PROGS_EXTENDED) $(TEST_FILES) $(wildcard config settings)

vpath %.c $(lib_dir)

.DEFAULT_GOAL := all

all: $(built)

$(OUTPUT)/%: %.c $(LOCAL_HDRS) $(lib_dir)/ktap.h
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c,$^) $(LDLIBS)

# Programs are found by their PATH, be they built elsewhere.
run_tests: all
	@PATH="$(OUTPUT):$$PATH" $(lib_dir)/kselftest/runner.sh \
		$(addprefix $(CURDIR):,$(TEST_PROGS) $(addprefix $(OUTPUT)/,$(TEST_GEN_PROGS)))

install: all
	$(if $(INSTALL_PATH),,$(error install: INSTALL_PATH is not set))
	@install -d $(INSTALL_PATH)
	@cp -p $(shipped) $(built) $(INSTALL_PATH)/

emit_tests:
	@printf '$(folder):%s\n' $(tests)

clean:
	rm -f $(built)

.PHONY: all run_tests install emit_tests clean
