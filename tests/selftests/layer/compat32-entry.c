// SPDX-License-Identifier: GPL-2.0
/* The ways of a 32-bit program into the kernel, and what it finds there. */
#include "compat32.h"

#define MMAP_PRIVATE_ANONYMOUS	0x22

/* Loads what the kernel must keep, makes getpid by @how, and looks at it again. */
#define KEPT(name, how)								\
static int name(u32 *pid)							\
{										\
	static const u32 want[4] = { 0x11111111, 0x22222222, 0x33333333, 0x44444444 }; \
	static u32 got[4];							\
	int bad = 0, i;								\
										\
	asm volatile("pusha\n\t"						\
		     "mov %[w], %%ebx\n\tmov %[w]+4, %%esi\n\tmov %[w]+8, %%edi\n\t" \
		     "mov %[w]+12, %%ebp\n\tmov $20, %%eax\n\t"			\
		     how "\n\t"							\
		     "mov %%ebx, %[g]\n\tmov %%esi, %[g]+4\n\tmov %%edi, %[g]+8\n\t" \
		     "mov %%ebp, %[g]+12\n\tmov %%eax, %[p]\n\tpopa"		\
		     : [g] "=m" (got), [p] "=m" (kept_pid) : [w] "m" (want) : "memory"); \
	*pid = kept_pid;							\
	for (i = 0; i < 4; i++)							\
		bad |= check_value(got[i], want[i], "a register after the call"); \
	return bad;								\
}

static u32 kept_pid;

KEPT(kept_int80, "int $0x80")
KEPT(kept_vdso, "call *vdso_entry")
/*
 * The kernel returns from both to the vDSO, which takes three words off the stack and
 * returns: so they can be anywhere, with the same words pushed.
 */
KEPT(kept_syscall, "push $1f\n\tpush %%ecx\n\tpush %%edx\n\tpush %%ebp\n\t"
		   "mov %%ecx, %%ebp\n\tsyscall\n1:")
KEPT(kept_sysenter, "push $1f\n\tpush %%ecx\n\tpush %%edx\n\tpush %%ebp\n\t"
		    "mov %%esp, %%ebp\n\tsysenter\n1:")

static int compare(int (*way)(u32 *pid))
{
	u32 pid;
	int bad = way(&pid);

	return bad | check_value(pid, call80(NR_getpid, 0, 0, 0), "getpid");
}

int test_int80(void)
{
	return compare(kept_int80);
}

int test_vdso_entry(void)
{
	return check(vdso_entry, "no AT_SYSINFO") || compare(kept_vdso);
}

static void probe_syscall(void)
{
	u32 pid;

	kept_syscall(&pid);
}

static void probe_sysenter(void)
{
	u32 pid;

	kept_sysenter(&pid);
}

/* AMD has one of the two in 32-bit code of a 64-bit system, Intel the other. */
static int fast(void (*probe)(void), int (*way)(u32 *pid))
{
	struct fault32 f = fault_of(probe);

	/* Either is what a CPU says to it that has not been told where it leads. */
	if (f.sig == SIGILL || (f.sig == SIGSEGV && f.trap == 13))
		return SKIPPED;
	return check_value(f.sig, 0, "signal") || compare(way);
}

int test_syscall(void)
{
	return fast(probe_syscall, kept_syscall);
}

int test_sysenter(void)
{
	return fast(probe_sysenter, kept_sysenter);
}

int test_no_call(void)
{
	return check_value(call80(9999, 0, 0, 0), -ENOSYS, "call 9999") |
	       check_value(call80(0x7fffffff, 0, 0, 0), -ENOSYS, "call 0x7fffffff") |
	       check_value(call80(~0U, 0, 0, 0), -ENOSYS, "call -1");
}

/* Here the sixth argument goes over the stack. */
static CALL_6(vdso_6, "call *vdso_entry")

/* The last argument, the offset, matters: an impossible one is refused. */
static int map(int (*call)(u32 nr, const u32 args[6]))
{
	u32 args[6] = { 0, 4096, 3, MMAP_PRIVATE_ANONYMOUS, ~0U, 0 };
	u32 at = call(NR_mmap2, args);

	if (check(at < 0xfffff000, "mmap2 of a page"))
		return 1;
	*(volatile u32 *)at = 1;
	call80(NR_munmap, at, 4096, 0);
	args[1] = 0x10000000;
	args[3] = 1;	/* shared: what descriptor -1 is none for */
	return check_value(call(NR_mmap2, args), -9, "mmap2 of no file");
}

int test_six(void)
{
	return map(call80_6) | map(vdso_6);
}

static void divide(void)
{
	asm volatile("xor %%edx, %%edx\n\txor %%ecx, %%ecx\n\tdiv %%ecx" : : : "eax", "ecx", "edx");
}

static void bound(void)
{
	static const int bounds[2] = { 1, 2 };

	asm volatile("mov $3, %%eax\n\tbound %%eax, %0" : : "m" (bounds) : "eax");
}

static void into(void)
{
	asm volatile("mov $0x7fffffff, %%eax\n\tadd $1, %%eax\n\tinto" : : : "eax", "cc");
}

static void undefined(void)
{
	asm volatile("ud2");
}

static void breakpoint(void)
{
	asm volatile("int3");
}

static void load(void)
{
	asm volatile("mov 8, %%eax" : : : "eax");
}

static void load_kernel(void)
{
	asm volatile("mov 0xfffffff0, %%eax" : : : "eax");
}

static void privileged(void)
{
	asm volatile("cli");
}

int test_exceptions(void)
{
	static const struct {
		void (*code)(void);
		int sig, code_;
		u32 trap, addr;
		const char *name;
	} rows[] = {
		{ divide, SIGFPE, 1, 0, 0, "division by zero" },
		{ bound, SIGSEGV, SI_KERNEL, 5, 0, "bound" },
		{ into, SIGSEGV, SI_KERNEL, 4, 0, "into" },
		{ undefined, SIGILL, 2, 6, 0, "ud2" },
		{ breakpoint, SIGTRAP, SI_KERNEL, 3, 0, "int3" },
		{ load, SIGSEGV, 1, 14, 8, "load from 8" },
		{ load_kernel, SIGSEGV, 1, 14, 0xfffffff0, "load from 0xfffffff0" },
		{ privileged, SIGSEGV, SI_KERNEL, 13, 0, "cli" },
	};
	u32 i;
	int bad = 0;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct fault32 f = fault_of(rows[i].code);

		bad |= check_value(f.sig, rows[i].sig, rows[i].name) |
		       check_value(f.code, rows[i].code_, rows[i].name) |
		       check_value(f.trap, rows[i].trap, rows[i].name);
		if (f.trap == 14)
			bad |= check_value(f.addr, rows[i].addr, rows[i].name);
	}
	return bad;
}

/* A 64-bit function: called by selector, returned from the same way. */
u32 wide(u32 value);
asm("wide:	mov	4(%esp), %eax\n"
	"	lcall	$0x33, $wide64\n"
	"	ret\n"
	"	.code64\n"
	"wide64: movl	%eax, %eax\n"
	"	shl	$36, %rax\n"
	"	shr	$32, %rax\n"
	"	lretl\n"
	"	.code32\n");

int test_64_bit(void)
{
	return check_value(wide(0x12345678), 0x23456780, "shifted by 64-bit code");
}

int test_memory(void)
{
	u32 args[6] = { 0xffffe000, 4096, 3, 0x32, ~0U, 0 }, at;
	int bad = 0;

	/* The last pages of the 4 GB are a program's, up to 0xffffe000. */
	bad |= check_value(call80_6(NR_mmap2, args), -12, "mmap2 at 0xffffe000");
	args[0] = 0xf0000000;
	at = call80_6(NR_mmap2, args);
	bad |= check_value(at, 0xf0000000, "mmap2 at 0xf0000000");
	if (!bad)
		*(volatile u32 *)at = 1;
	return bad;
}
