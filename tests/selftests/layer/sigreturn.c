// SPDX-License-Identifier: GPL-2.0
/*
 * A signal handler that changes what the program goes on with: with anything that a program
 * may not have, it gets a signal, and the kernel lives.
 *
 * Two results belong to Xen PV. Xen makes the kernel's own descriptors, 0x10 and 0x18, usable
 * in ring 3, where the kernel runs too, so code goes on with them as with its own. And it
 * has descriptors of its own at 0xe000 and up, among them flat ones for ring 3.
 */
#include <asm/ldt.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "layer.h"
#include "ktap.h"

#define NOT_CANONICAL	0x0000912345678000UL
#define FLAG_VM		0x20000UL
#define FLAG_NT		0x4000UL
#define FLAG_IOPL	(3UL << 12)
#define FLAG_RF		0x10000UL

#define LDT_SELECTOR(n)	((n) << 3 | 7)
#define LDT_CODE	1
#define LDT_STACK	2
#define LDT_ABSENT	3
#define LDT_CODE_ABSENT	4

/* What the handler of SIGUSR1 puts into the frame; 0 leaves it. */
static struct edit {
	unsigned int cs, ss;
	unsigned long ip, sp, flags;
} edit;

static void handler(int sig, siginfo_t *info, void *context)
{
	greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;

	if (edit.cs)
		regs[REG_CSGSFS] = (regs[REG_CSGSFS] & ~0xffffUL) | edit.cs;
	if (edit.ss)
		regs[REG_CSGSFS] = (regs[REG_CSGSFS] & ~(0xffffUL << 48)) |
				   (unsigned long)edit.ss << 48;
	if (edit.ip)
		regs[REG_RIP] = edit.ip;
	if (edit.sp)
		regs[REG_RSP] = edit.sp;
	regs[REG_EFL] |= edit.flags;
}

static unsigned long flags_after;

static void raise_it(void *unused)
{
	/* The frame of a signal at a system call: what follows runs as edited. */
	asm volatile("mov %%rsp, %%r12\n\t"
		     "syscall\n\t"
		     "mov %%r12, %%rsp\n\t"
		     "pushf\n\tpop %0\n\t"
		     "push $0x202\n\tpopf"
		     : "=&r" (flags_after) : "a" (SYS_tkill), "D" (getpid()), "S" (SIGUSR1)
		     : "rcx", "r11", "r12", "memory", "cc");
}

static struct fault with(struct edit what)
{
	struct fault f;

	edit = what;
	signal_handle(SIGUSR1, handler);
	f = fault_of(raise_it, NULL);
	signal(SIGUSR1, SIG_DFL);
	return f;
}

static void check(const char *what, struct edit how, int sig)
{
	struct fault f = with(how);

	ktap_check(f.sig == sig, "%s: signal %d, not %d; exception %lu, error code %#lx", what,
		   f.sig, sig, f.trap, f.error);
}

static void check_one_of(const char *what, struct edit how, int sig, int other)
{
	struct fault f = with(how);

	ktap_check(f.sig == sig || f.sig == other, "%s: signal %d; exception %lu", what, f.sig,
		   f.trap);
}

static void unchanged(void *unused)
{
	check("nothing changed", (struct edit){ 0 }, 0);
}

static void code_segments(void *unused)
{
	check("cs of the TSS", (struct edit){ .cs = 0x43 }, SIGSEGV);
	check("cs of data", (struct edit){ .cs = USER_SS }, SIGSEGV);
	check("cs beyond the GDT", (struct edit){ .cs = 0xdff3 }, SIGSEGV);
	check("cs of an empty LDT", (struct edit){ .cs = 0xfff7 }, SIGSEGV);
	check("cs absent", (struct edit){ .cs = LDT_SELECTOR(LDT_CODE_ABSENT) }, SIGBUS);
	check("cs of the kernel", (struct edit){ .cs = 0x10 }, 0);
}

static void stack_segments(void *unused)
{
	check("ss of code", (struct edit){ .ss = USER_CS }, SIGSEGV);
	check("ss of the TSS", (struct edit){ .ss = 0x43 }, SIGSEGV);
	check("ss beyond the GDT", (struct edit){ .ss = 0xdff3 }, SIGSEGV);
	/* #SS by the book, #NP by some CPUs. */
	check_one_of("ss absent", (struct edit){ .ss = LDT_SELECTOR(LDT_ABSENT) }, SIGBUS, SIGSEGV);
	check("ss of an unused entry", (struct edit){ .ss = LDT_SELECTOR(100) }, SIGSEGV);
	check("ss of the kernel", (struct edit){ .ss = 0x18 }, 0);
	check("ss of the LDT", (struct edit){ .ss = LDT_SELECTOR(LDT_STACK) }, 0);
}

static void addresses(void *unused)
{
	check("ip not canonical", (struct edit){ .ip = NOT_CANONICAL }, SIGSEGV);
	check("ip of the kernel", (struct edit){ .ip = 0xffffffff81000000UL }, SIGSEGV);
	check("ip of Xen", (struct edit){ .ip = 0xffff82d080200000UL }, SIGSEGV);
	check("both bad", (struct edit){ .cs = 0x43, .ip = NOT_CANONICAL }, SIGSEGV);
	/* Nothing uses the stack before it is put back. */
	check("sp not canonical", (struct edit){ .sp = NOT_CANONICAL }, 0);
	check("sp of the kernel", (struct edit){ .sp = 0xffffffff81000000UL }, 0);
}

static void flag_bits(void *unused)
{
	check("privileged flags", (struct edit){ .flags = FLAG_VM | FLAG_NT | FLAG_IOPL }, 0);
	ktap_check(!(flags_after & (FLAG_VM | FLAG_NT | FLAG_IOPL)), "the program has flags %#lx",
		   flags_after);
	check("resume flag", (struct edit){ .flags = FLAG_RF }, 0);
	check("trap flag", (struct edit){ .flags = FLAG_TF }, SIGTRAP);
}

/* Each 16-bit selector once, in both places: the kernel answers with a signal or goes on. */
static void all_selectors(void *unused)
{
	unsigned int s, ended[2] = { 0 };
	struct fault f;

	for (s = 3; s < 0x10000; s += s < 0x100 ? 4 : 0x7fc) {
		f = with((struct edit){ .cs = s });
		ended[f.sig != 0]++;
		f = with((struct edit){ .ss = s });
		ended[f.sig != 0]++;
	}
	ktap_check(ended[0] && ended[1], "%u went on, %u did not", ended[0], ended[1]);
}

/* 32-bit code that ends at once, by way of the frame. */
static void into_32_bit(void *unused)
{
	static const unsigned char code[] = { 0xcc };
	char *at = low_code(code, sizeof(code)), *stack = low_code("", 1);
	struct edit how = {
		.cs = USER32_CS, .ip = (unsigned long)at, .sp = (unsigned long)stack + 2048,
	};
	struct fault f = with(how);

	ktap_check(f.sig == SIGTRAP && f.cs == USER32_CS && f.ip == (unsigned long)at + 1,
		   "signal %d at %#x:%#lx", f.sig, f.cs, f.ip);
	how.cs = LDT_SELECTOR(LDT_CODE);
	f = with(how);
	ktap_check(f.sig == SIGTRAP && f.cs == LDT_SELECTOR(LDT_CODE), "LDT: signal %d at %#x:%#lx",
		   f.sig, f.cs, f.ip);
	munmap(at, 1);
	munmap(stack, 1);
}

/* Whether there is an LDT; tests name its entries anyway. */
static bool set_segments(void)
{
	struct user_desc desc = {
		.entry_number = LDT_CODE, .limit = 0xfffff, .seg_32bit = 1,
		.limit_in_pages = 1, .contents = 2,
	};

	if (syscall(SYS_modify_ldt, 0x11, &desc, sizeof(desc)))
		return false;
	desc.entry_number = LDT_CODE_ABSENT;
	desc.seg_not_present = 1;
	syscall(SYS_modify_ldt, 0x11, &desc, sizeof(desc));
	desc.entry_number = LDT_ABSENT;
	desc.contents = 0;
	syscall(SYS_modify_ldt, 0x11, &desc, sizeof(desc));
	desc.entry_number = LDT_STACK;
	desc.seg_not_present = 0;
	syscall(SYS_modify_ldt, 0x11, &desc, sizeof(desc));
	return true;
}

static const struct ktap_test tests[] = {
	{ "an unchanged frame", unchanged },
	{ "code segments", code_segments },
	{ "stack segments", stack_segments },
	{ "addresses", addresses },
	{ "flags", flag_bits },
	{ "selectors all over", all_selectors },
	{ "into 32-bit code", into_32_bit },
};

int main(void)
{
	if (!set_segments())
		ktap_skip_all("the kernel has no modify_ldt");
	return ktap_run_table(tests, ARRAY_SIZE(tests));
}
