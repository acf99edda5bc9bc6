// SPDX-License-Identifier: GPL-2.0
/*
 * The 32-bit program that compat runs: number of a test as its argument, 0 for success, 1
 * for failure, 4 where the CPU lacks what is tested. Beginning, system calls, faults.
 */
#include "compat32.h"

u32 vdso_entry, vdso_image;

asm(".globl _start\n"
	"_start:	mov	%esp, %eax\n"
	"	and	$-16, %esp\n"
	"	sub	$12, %esp\n"
	"	push	%eax\n"
	"	call	begin\n");

int call80(u32 nr, u32 a, u32 b, u32 c)
{
	int ret;

	asm volatile("int $0x80" : "=a" (ret) : "a" (nr), "b" (a), "c" (b), "d" (c) : "memory");
	return ret;
}

CALL_6(call80_6, "int $0x80")

static void say(const char *text)
{
	u32 n = 0;

	while (text[n])
		n++;
	call80(NR_write, 1, (u32)text, n);
}

static void say_hex(u32 value)
{
	char text[11] = "0x", *at = text + 2;
	int shift;

	for (shift = 28; shift >= 0; shift -= 4)
		*at++ = "0123456789abcdef"[value >> shift & 15];
	*at = '\0';
	say(text);
}

int check(int holds, const char *what)
{
	if (!holds) {
		say("# ");
		say(what);
		say("\n");
	}
	return !holds;
}

int check_value(u32 got, u32 want, const char *what)
{
	if (got != want) {
		say("# ");
		say(what);
		say(": ");
		say_hex(got);
		say(", not ");
		say_hex(want);
		say("\n");
	}
	return got != want;
}

int handle(int sig, void *handler, u32 flags)
{
	/* handler, flags, restorer (the vDSO has one), mask */
	u32 action[5] = { (u32)handler, flags, 0, 0, 0 };
	const u32 args[6] = { sig, (u32)action, 0, 8 };

	return call80_6(NR_rt_sigaction, args);
}

u32 fault_stack;
extern const char fault_resume[];
int fault_call(void (*code)(void));
static struct fault32 fault;

asm("fault_call:\n"
	"	mov	4(%esp), %eax\n"
	"	push	%ebx\n"
	"	push	%esi\n"
	"	push	%edi\n"
	"	push	%ebp\n"
	"	mov	%esp, fault_stack\n"
	"	call	*%eax\n"
	"fault_resume:\n"
	"	mov	fault_stack, %esp\n"
	"	pop	%ebp\n"
	"	pop	%edi\n"
	"	pop	%esi\n"
	"	pop	%ebx\n"
	"	ret\n");

static void caught(int sig, struct siginfo32 *info, struct ucontext32 *context)
{
	struct sigcontext32 *regs = &context->mcontext;

	fault.sig = sig;
	fault.code = info->code;
	fault.addr = info->addr;
	fault.trap = regs->trapno;
	regs->ip = (u32)fault_resume;
	regs->sp = fault_stack;
	regs->sp_at_signal = fault_stack;
	regs->flags &= ~0x500;
	regs->cs = 0x23;
	regs->ss = 0x2b;
	regs->ds = 0x2b;
	regs->es = 0x2b;
}

struct fault32 fault_of(void (*code)(void))
{
	static const int signals[] = { SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV };
	u32 i;

	fault.sig = 0;
	for (i = 0; i < ARRAY_SIZE(signals); i++)
		handle(signals[i], caught, SA_SIGINFO);
	fault_call(code);
	return fault;
}

static int (*const tests[])(void) = {
	test_int80, test_vdso_entry, test_syscall, test_sysenter, test_no_call, test_six,
	test_signals, test_siginfo, test_bad_frame, test_tls, test_limits, test_switching,
	test_clock, test_exceptions, test_64_bit, test_memory,
};

__attribute__((noreturn, used)) static void finish(int status)
{
	for (;;)
		call80(NR_exit, status, 0, 0);
}

static u32 number(const char *text)
{
	u32 value = 0;

	while (*text >= '0' && *text <= '9')
		value = value * 10 + *text++ - '0';
	return value;
}

/* @stack: argc, argv, NULL, environment, NULL, auxiliary vector. */
__attribute__((noreturn, used)) void begin(u32 *stack)
{
	u32 argc = stack[0], *at = stack + 1 + argc + 1, n;

	while (*at++)
		;
	for (; at[0]; at += 2) {
		if (at[0] == AT_SYSINFO)
			vdso_entry = at[1];
		if (at[0] == AT_SYSINFO_EHDR)
			vdso_image = at[1];
	}
	if (argc < 2)
		finish(0);
	n = number((const char *)stack[2]);
	finish(n < ARRAY_SIZE(tests) ? tests[n]() : 2);
}
