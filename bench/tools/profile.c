// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin for QEMU: how many instructions each processor executed at each address, between
 * two marks (mark.h). Argument: dir=DIRECTORY, where window N becomes the file N, of lines
 *	CPU ADDRESS INSTRUCTIONS KIND
 * ADDRESS is that of the first instruction of a block that is translated at once; all of
 * user space is one, 0. KIND says what that instruction is: c copies (rep movs), z fills
 * (rep stos), - is any other. Each iteration of such an instruction is a block by itself in
 * counted time.
 *
 * A block may end early, by a page fault or at a device's register. So what is added to it is
 * what a counter of single instructions went on by until the next block began. That
 * needs all processors in one thread, as -icount has them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mark.h"
#include "qemu-plugin.h"

#define CPUS		2
#define BUCKETS		(1 << 16)
#define USER_END	0x800000000000
#define PATH_SIZE	4096

struct block {
	struct block *next;
	uint64_t address;
	uint64_t executed[CPUS];
	char kind;
};

int qemu_plugin_version = QEMU_PLUGIN_VERSION;

static struct block *blocks[BUCKETS];
static struct block before_first;
/* QEMU adds to it at each instruction. */
static uint64_t executed;
static uint64_t executed_at_entry;
static uint64_t *entered = &before_first.executed[0];
static const char *directory;
static unsigned int windows;

static void die(const char *what, const char *which)
{
	fprintf(stderr, "profile.so: %s %s: %s\n", what, which, strerror(errno));
	exit(1);
}

static void leave_block(void)
{
	*entered += executed - executed_at_entry;
	executed_at_entry = executed;
}

static void enter_block(unsigned int cpu, void *data)
{
	struct block *block = data;

	leave_block();
	entered = &block->executed[cpu];
}

static void start(unsigned int cpu, void *data)
{
	struct block *block;
	int i;

	(void)cpu;
	(void)data;
	leave_block();
	for (i = 0; i < BUCKETS; i++)
		for (block = blocks[i]; block; block = block->next)
			memset(block->executed, 0, sizeof(block->executed));
}

static void stop(unsigned int cpu, void *data)
{
	char path[PATH_SIZE];
	struct block *block;
	FILE *file;
	int i;

	(void)data;
	leave_block();
	snprintf(path, sizeof(path), "%s/%u", directory, ++windows);
	/* A second machine, started because the first one died, must not replace its files. */
	file = fopen(path, "wx");
	if (!file)
		die("cannot create", path);
	for (i = 0; i < BUCKETS; i++)
		for (block = blocks[i]; block; block = block->next)
			for (cpu = 0; cpu < CPUS; cpu++)
				if (block->executed[cpu])
					fprintf(file, "%u %llx %llu %c\n", cpu,
						(unsigned long long)block->address,
						(unsigned long long)block->executed[cpu],
						block->kind);
	if (fclose(file))
		die("cannot write", path);
}

/* A repeated string instruction has its prefix before an optional REX. */
static char kind_of(const struct qemu_plugin_insn *insn)
{
	const uint8_t *code = qemu_plugin_insn_data(insn);
	size_t size = qemu_plugin_insn_size(insn);

	if (size < 2 || code[0] != 0xf3)
		return '-';
	switch (code[size - 1]) {
	case 0xa4:
	case 0xa5:
		return size <= 3 ? 'c' : '-';
	case 0xaa:
	case 0xab:
		return size <= 3 ? 'z' : '-';
	}
	return '-';
}

static struct block *find_block(const struct qemu_plugin_tb *tb)
{
	uint64_t address = qemu_plugin_tb_vaddr(tb);
	char kind = kind_of(qemu_plugin_tb_get_insn(tb, 0));
	struct block *block, **bucket;

	if (address < USER_END) {
		address = 0;
		kind = '-';
	}
	bucket = &blocks[(address ^ address >> 16) % BUCKETS];
	/* Modules of the domains may have the same address. */
	for (block = *bucket; block; block = block->next)
		if (block->address == address && block->kind == kind)
			return block;
	block = calloc(1, sizeof(*block));
	if (!block)
		die("no memory for", "a block");
	block->address = address;
	block->kind = kind;
	block->next = *bucket;
	*bucket = block;
	return block;
}

static void watch_mark(struct qemu_plugin_insn *insn)
{
	static const uint8_t opcode[] = MARK_OPCODE;
	const uint8_t *code = qemu_plugin_insn_data(insn);
	uint32_t operand;

	if (qemu_plugin_insn_size(insn) != MARK_SIZE || memcmp(code, opcode, sizeof(opcode)))
		return;
	memcpy(&operand, code + sizeof(opcode), sizeof(operand));
	if (operand == MARK_START)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, start, QEMU_PLUGIN_CB_NO_REGS, NULL);
	else if (operand == MARK_STOP)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, stop, QEMU_PLUGIN_CB_NO_REGS, NULL);
}

static void translated(uint64_t id, struct qemu_plugin_tb *tb)
{
	size_t i, n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	if (!n)
		return;
	qemu_plugin_register_vcpu_tb_exec_cb(tb, enter_block, QEMU_PLUGIN_CB_NO_REGS,
					     find_block(tb));
	for (i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

		qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_INLINE_ADD_U64,
							   &executed, 1);
		watch_mark(insn);
	}
}

int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc, char **argv)
{
	if (!info->system_emulation || info->system.max_vcpus != CPUS) {
		fprintf(stderr, "profile.so: made for machines of %d processors\n", CPUS);
		return 1;
	}
	if (argc != 1 || strncmp(argv[0], "dir=", 4) || !argv[0][4]) {
		fprintf(stderr, "profile.so: the argument dir=DIRECTORY is needed\n");
		return 1;
	}
	/* QEMU keeps its arguments. */
	directory = argv[0] + 4;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
