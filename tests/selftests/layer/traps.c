// SPDX-License-Identifier: GPL-2.0
/*
 * Each exception that a program can raise reaches it as the signal that Linux says, with
 * the address and code of it.
 */
#include <string.h>
#include <sys/mman.h>
#include <xmmintrin.h>

#include "layer.h"
#include "ktap.h"

#define NOT_CANONICAL	0x0000912345678000UL
#define KERNEL_ADDRESS	0xffffffff81000000UL
#define XEN_ADDRESS	0xffff800000000000UL	/* Xen's table of frames begins here */

static void divide(void *unused)
{
	asm volatile("xor %%edx, %%edx\n\txor %%ecx, %%ecx\n\tdiv %%ecx" : : : "rax", "rcx", "rdx");
}

static void divide_overflow(void *unused)
{
	asm volatile("mov $1, %%edx\n\tmov $1, %%ecx\n\tdiv %%ecx" : : : "rax", "rcx", "rdx");
}

static void undefined(void *unused)
{
	asm volatile("ud2");
}

static void privileged(void *unused)
{
	asm volatile("hlt");
}

static void move_cr(void *unused)
{
	asm volatile("mov %%cr3, %%rax" : : : "rax");
}

static void read_msr(void *unused)
{
	asm volatile("rdmsr" : : "c" (0x10) : "rax", "rdx");
}

static void load(void *at)
{
	asm volatile("mov (%0), %%al" : : "r" (at) : "rax");
}

static void store(void *at)
{
	asm volatile("movb $1, (%0)" : : "r" (at) : "memory");
}

static void jump(void *at)
{
	asm volatile("jmp *%0" : : "r" (at));
}

static void load_stack(void *at)
{
	asm volatile("mov %%rsp, %%r12\n\tmov %0, %%rsp\n\tpop %%rax\n\tmov %%r12, %%rsp"
		     : : "r" (at) : "rax", "r12");
}

static void breakpoint(void *unused)
{
	asm volatile("int3");
}

static void breakpoint_long(void *unused)
{
	asm volatile(".byte 0xcd, 0x03");
}

static void overflow(void *unused)
{
	asm volatile(".byte 0xcd, 0x04");
}

static void icebp(void *unused)
{
	asm volatile(".byte 0xf1");
}

static void vector_page_fault(void *unused)
{
	asm volatile("int $14");
}

static void vector_unused(void *unused)
{
	asm volatile("int $0x3f");
}

static void step(void *unused)
{
	asm volatile("pushf\n\torq $0x100, (%%rsp)\n\tpopf\n\tnop\n\tnop" : : : "memory", "cc");
}

static void bad_selector(void *unused)
{
	asm volatile("mov %w0, %%gs" : : "r" (0xfff8));
}

static void sse(void *unused)
{
	_mm_setcsr(0x1f80 & ~0x200);
	asm volatile("xorps %%xmm0, %%xmm0\n\tdivss %%xmm0, %%xmm1" : : : "xmm0", "xmm1");
	/* Division of what is not 0 is by zero; 0 by 0 would be invalid. */
}

static void sse_setup(void *unused)
{
	asm volatile("movss %0, %%xmm1" : : "m" ((float){ 1 }) : "xmm1");
	sse(NULL);
}

static void x87(void *unused)
{
	static const short word = 0x037f & ~4;

	asm volatile("fninit\n\tfldcw %0\n\tfld1\n\tfldz\n\tfdivrp\n\tfwait" : : "m" (word));
}

/* What a CPU without something makes of it. */
struct lack {
	const char *what;
	int sig;
};

struct row {
	const char *name;
	void (*code)(void *arg);
	unsigned long arg;
	int sig, si_code;
	unsigned long trap;
	struct lack lack;
};

/* SI_KERNEL: the kernel says no more than that. */
static const struct row rows[] = {
	{ "division by zero", divide, 0, SIGFPE, FPE_INTDIV, 0, { NULL, 0 } },
	{ "quotient too large", divide_overflow, 0, SIGFPE, FPE_INTDIV, 0, { NULL, 0 } },
	{ "ud2", undefined, 0, SIGILL, ILL_ILLOPN, 6, { NULL, 0 } },
	{ "hlt", privileged, 0, SIGSEGV, SI_KERNEL, 13, { NULL, 0 } },
	{ "mov from cr3", move_cr, 0, SIGSEGV, SI_KERNEL, 13, { NULL, 0 } },
	{ "rdmsr", read_msr, 0, SIGSEGV, SI_KERNEL, 13, { NULL, 0 } },
	{ "load from 8", load, 8, SIGSEGV, SEGV_MAPERR, 14, { NULL, 0 } },
	{ "store to 8", store, 8, SIGSEGV, SEGV_MAPERR, 14, { NULL, 0 } },
	{ "jump to 8", jump, 8, SIGSEGV, SEGV_MAPERR, 14, { NULL, 0 } },
	{ "load from the kernel", load, KERNEL_ADDRESS, SIGSEGV, SEGV_MAPERR, 14, { NULL, 0 } },
	{ "store to the kernel", store, KERNEL_ADDRESS, SIGSEGV, SEGV_MAPERR, 14, { NULL, 0 } },
	{ "jump into the kernel", jump, KERNEL_ADDRESS, SIGSEGV, SEGV_MAPERR, 14, { NULL, 0 } },
	{ "load from Xen", load, XEN_ADDRESS, SIGSEGV, SEGV_MAPERR, 14, { NULL, 0 } },
	{ "store to Xen", store, XEN_ADDRESS, SIGSEGV, SEGV_MAPERR, 14, { NULL, 0 } },
	{ "load, not canonical", load, NOT_CANONICAL, SIGSEGV, SI_KERNEL, 13, { NULL, 0 } },
	{ "jump, not canonical", jump, NOT_CANONICAL, SIGSEGV, SI_KERNEL, 13, { NULL, 0 } },
	{ "stack, not canonical", load_stack, NOT_CANONICAL, SIGBUS, SI_KERNEL, 12,
	  { "this CPU has no stack fault for that", SIGSEGV } },
	{ "selector beyond the GDT", bad_selector, 0, SIGSEGV, SI_KERNEL, 13, { NULL, 0 } },
	{ "int3", breakpoint, 0, SIGTRAP, SI_KERNEL, 3, { NULL, 0 } },
	{ "int $3", breakpoint_long, 0, SIGTRAP, SI_KERNEL, 3, { NULL, 0 } },
	{ "int $4", overflow, 0, SIGSEGV, SI_KERNEL, 4, { NULL, 0 } },
	{ "icebp", icebp, 0, SIGTRAP, TRAP_BRKPT, 1, { "this CPU does not know icebp", SIGILL } },
	{ "single step by popf", step, 0, SIGTRAP, TRAP_TRACE, 1, { NULL, 0 } },
	{ "int $14", vector_page_fault, 0, SIGSEGV, SI_KERNEL, 13, { NULL, 0 } },
	{ "int of an unused vector", vector_unused, 0, SIGSEGV, SI_KERNEL, 13, { NULL, 0 } },
	{ "SSE division by zero", sse_setup, 0, SIGFPE, FPE_FLTDIV, 19,
	  { "this CPU has no exceptions for SSE", 0 } },
	{ "x87 division by zero", x87, 0, SIGFPE, FPE_FLTDIV, 16, { NULL, 0 } },
};

static void run_row(void *arg)
{
	const struct row *row = arg;
	struct fault f = fault_of(row->code, (void *)row->arg);

	if (row->lack.what && f.sig == row->lack.sig) {
		ktap_skip("%s", row->lack.what);
		return;
	}
	ktap_check(f.sig == row->sig && f.code == row->si_code,
		   "signal %d code %d, not %d code %d", f.sig, f.code, row->sig, row->si_code);
	ktap_check(f.trap == row->trap, "exception %lu, not %lu", f.trap, row->trap);
	if (row->trap == 14)
		ktap_check(f.addr == row->arg, "address %#lx, not %#lx", f.addr, row->arg);
	ktap_check(f.cs == USER_CS, "code segment %#x", f.cs);
}

/* Access to a page that is there, but not for this. */
static void protection(void *unused)
{
	char *at = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct fault f = fault_of(store, at);

	ktap_check(f.sig == SIGSEGV && f.code == SEGV_ACCERR && f.addr == (unsigned long)at,
		   "store: signal %d code %d at %#lx", f.sig, f.code, f.addr);
	/* Present, written to, by a program. */
	ktap_check(fault_of(load, at).sig == 0 && (fault_of(store, at).error & 7) == 7,
		   "store: error code %#lx", fault_of(store, at).error);
	f = fault_of(jump, at);
	ktap_check(f.sig == SIGSEGV && f.code == SEGV_ACCERR && f.addr == (unsigned long)at,
		   "jump: signal %d code %d at %#lx", f.sig, f.code, f.addr);
	munmap(at, 4096);
}

static void misaligned(void *at)
{
	asm volatile("pushf\n\torq $0x40000, (%%rsp)\n\tpopf\n\tmov 1(%0), %%eax\n\t"
		     "pushf\n\tandq $~0x40000, (%%rsp)\n\tpopf"
		     : : "r" (at) : "rax", "memory", "cc");
}

static void alignment_check(void *unused)
{
	static unsigned long words[2];
	struct fault f = fault_of(misaligned, words);

	if (!f.sig) {
		ktap_skip("this CPU does not check alignment");
		return;
	}
	ktap_check(f.sig == SIGBUS && f.code == BUS_ADRALN && f.trap == 17,
		   "signal %d code %d, exception %lu", f.sig, f.code, f.trap);
}

static long int80_result;

static void int80(void *unused)
{
	register long r8 asm("r8") = 0x1234567890abcdef, r15 asm("r15") = 0x1fedcba987654321;

	asm volatile("int $0x80" : "=a" (int80_result), "+r" (r8), "+r" (r15)
		     : "a" (0x7fffffff00000014) : "memory");
	if (r8 != 0x1234567890abcdef || r15 != 0x1fedcba987654321)
		int80_result = -1;
}

/* The call of 32-bit programs: getpid is number 20, in the lower half of %rax. */
static void int80_from_64_bit(void *unused)
{
	struct fault f = fault_of(int80, NULL);

	if (f.sig) {
		ktap_check(f.sig == SIGSEGV && f.trap == 13, "signal %d, exception %lu", f.sig,
			   f.trap);
		ktap_skip("the kernel runs no 32-bit programs");
		return;
	}
	ktap_check(int80_result > 0, "int 0x80 returned %ld", int80_result);
}

int main(void)
{
	unsigned int i;

	ktap_plan(ARRAY_SIZE(rows) + 3);
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		ktap_run(rows[i].name, run_row, (void *)&rows[i]);
	ktap_run("pages with other permissions", protection, NULL);
	ktap_run("alignment check", alignment_check, NULL);
	ktap_run("int 0x80", int80_from_64_bit, NULL);
	return ktap_finished();
}
