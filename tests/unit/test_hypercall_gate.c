// SPDX-License-Identifier: GPL-2.0
/*
 * The gates themselves. In a process `syscall` enters Linux instead of Xen: it takes its
 * number and arguments in the same registers and destroys the same two, rcx and r11.
 */
#define _GNU_SOURCE
#include <asm/prctl.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/kernel.h>

#include "call_with_registers.h"
#include "hypercall-stubs/gate.h"
#include "test.h"

/* What the per-CPU counters of hcall_gate_counting() are here. */
static unsigned long counts[HCALL_NUMBERS + 1];

struct registers before, after;

static void set_all_registers(unsigned long nr)
{
	unsigned long *reg = (unsigned long *)&before;

	for (unsigned int i = 0; i < sizeof(before) / sizeof(*reg); i++)
		reg[i] = 0x1111111111111111ul * (i + 1);
	before.rax = nr;
}

static void expect_same_registers(void)
{
	const unsigned long *was = (unsigned long *)&before, *is = (unsigned long *)&after;

	for (unsigned int i = 1; i < sizeof(before) / sizeof(*was); i++)
		test_expect(was[i] == is[i], __FILE__, __LINE__,
			    "register %u of struct registers is %#lx, was %#lx", i, is[i], was[i]);
}

static void begin(void)
{
	memset(counts, 0, sizeof(counts));
	syscall(SYS_arch_prctl, ARCH_SET_GS, counts);
}

static unsigned long counted(void)
{
	unsigned long sum = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(counts); i++)
		sum += counts[i];
	return sum;
}

static void only_the_result_changes(void)
{
	begin();
	set_all_registers(SYS_getpid);
	call_with_registers(hcall_gate);
	EXPECT_EQ(after.rax, getpid());
	expect_same_registers();
	EXPECT_EQ(counted(), 0);

	set_all_registers(SYS_getpid);
	call_with_registers(hcall_gate_counting);
	EXPECT_EQ(after.rax, getpid());
	expect_same_registers();
	EXPECT_EQ(counts[SYS_getpid], 1);
	EXPECT_EQ(counted(), 1);
}

/* statx() has five arguments. */
static void set_statx(int file, struct statx *found)
{
	memset(found, 0xff, sizeof(*found));
	set_all_registers(SYS_statx);
	before.rdi = file;
	before.rsi = (unsigned long)"";
	before.rdx = AT_EMPTY_PATH;
	before.r10 = STATX_INO;
	before.r8 = (unsigned long)found;
}

static void five_arguments_arrive(void)
{
	int file = open("/", O_RDONLY);
	struct statx found;
	struct stat want;

	begin();
	EXPECT_EQ(fstat(file, &want), 0);
	set_statx(file, &found);
	call_with_registers(hcall_gate);
	EXPECT_EQ(after.rax, 0);
	EXPECT_EQ(found.stx_ino, want.st_ino);
	expect_same_registers();

	set_statx(file, &found);
	call_with_registers(hcall_gate_counting);
	EXPECT_EQ(after.rax, 0);
	EXPECT_EQ(found.stx_ino, want.st_ino);
	expect_same_registers();
	close(file);
}

/* Callers set eax; what is above it must not lead astray. */
static void the_number_has_32_bits(void)
{
	begin();
	set_all_registers(0xdeadbeef00000000 | SYS_getpid);
	call_with_registers(hcall_gate_counting);
	EXPECT_EQ(after.rax, getpid());
	EXPECT_EQ(counts[SYS_getpid], 1);
	EXPECT_EQ(counted(), 1);
}

static void only_numbers_that_exist_are_counted(void)
{
	begin();
	/* And getsockopt() under this one, which is no socket's. */
	set_all_registers(HCALL_NUMBERS - 1);
	before.rdi = -1;
	call_with_registers(hcall_gate_counting);
	EXPECT_EQ((long)after.rax, -EBADF);
	EXPECT_EQ(counts[HCALL_NUMBERS - 1], 1);

	set_all_registers(0xffffffff);
	call_with_registers(hcall_gate_counting);
	EXPECT_EQ((long)after.rax, -ENOSYS);
	expect_same_registers();
	EXPECT_EQ(counted(), 1);

	/* Linux has clone() under this number and refuses all flags at once. */
	set_all_registers(HCALL_NUMBERS);
	before.rdi = -1;
	call_with_registers(hcall_gate_counting);
	EXPECT_EQ((long)after.rax, -EINVAL);
	EXPECT_EQ(counted(), 1);
}

const struct test_case test_cases[] = {
	TEST(only_the_result_changes),
	TEST(five_arguments_arrive),
	TEST(the_number_has_32_bits),
	TEST(only_numbers_that_exist_are_counted),
	{ }
};
