// SPDX-License-Identifier: GPL-2.0
/*
 * What a debugger is made of: breakpoints, single steps, and the debug registers, which Xen
 * keeps and switches with the virtual CPU.
 */
#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "layer.h"
#include "ktap.h"

#define DR(n)		offsetof(struct user, u_debugreg[n])
#define DR7_LOCAL(n)	(1UL << (n) * 2)
#define DR7_KIND(n, len, rw) (((unsigned long)(len) << 2 | (rw)) << (16 + (n) * 4))
#define RW_EXECUTE	0
#define RW_WRITE	1
#define RW_IO		2
#define RW_ACCESS	3
#define LEN_1		0
#define LEN_2		1
#define LEN_4		3
#define LEN_8		2

static volatile unsigned long watched[4];

static void store_to(volatile unsigned long *at)
{
	asm volatile("movq $1, (%0)\n\tnop" : : "r" (at) : "memory");
}

/* In a row: what a step has to stop at, and what it has to step over. */
extern const char steps[], steps_call[], steps_after_call[], steps_pushf[],
		  steps_end[];
void run_steps(void);

asm(".pushsection .text\n"
	"run_steps:\n"
	"steps:	nop\n"
	"	mov	$39, %eax\n"
	"steps_call: syscall\n"
	"steps_after_call: nop\n"
	"steps_pushf: pushf\n"
	"	popf\n"
	"	nop\n"
	"	wrgsbase %rcx\n"
	"	xor	%eax, %eax\n"
	"	cpuid\n"
	"	nop\n"
	"steps_end: ret\n"
	".popsection\n");

/* A child that stops at once, and then runs @body. Returns 0 after a failed check. */
static pid_t traced(void (*body)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (!pid) {
		/* The steps use %gs, %rcx and %rbx as they like. */
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		body();
		_exit(0);
	}
	if (!ktap_check(pid > 0 && waitpid(pid, &status, 0) == pid && WIFSTOPPED(status),
			"no child to trace: %s", strerror(errno)))
		return 0;
	return pid;
}

static void finish(pid_t pid)
{
	int status;

	ptrace(PTRACE_KILL, pid, 0, 0);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
}

/* Lets it go on; returns the signal that stopped it, or -1 - status once it has ended. */
static int go(enum __ptrace_request how, pid_t pid)
{
	int status = 0;

	ptrace(how, pid, 0, 0);
	waitpid(pid, &status, 0);
	if (WIFSTOPPED(status))
		return WSTOPSIG(status);
	return WIFEXITED(status) ? -1 - WEXITSTATUS(status) : -1000 - WTERMSIG(status);
}

static unsigned long reg(pid_t pid, size_t at)
{
	errno = 0;
	return ptrace(PTRACE_PEEKUSER, pid, at, 0);
}

static unsigned long ip(pid_t pid)
{
	return reg(pid, offsetof(struct user_regs_struct, rip));
}

static int debugreg_set(pid_t pid, unsigned int n, unsigned long value)
{
	return ptrace(PTRACE_POKEUSER, pid, DR(n), value) ? errno : 0;
}

static void by_int3(void *unused)
{
	struct user_regs_struct regs;
	pid_t pid = traced(run_steps);
	long word;
	int sig;

	if (!pid)
		return;
	word = ptrace(PTRACE_PEEKTEXT, pid, steps_call, 0);
	ktap_check(!ptrace(PTRACE_POKETEXT, pid, steps_call, (word & ~0xff) | 0xcc), "POKETEXT");
	sig = go(PTRACE_CONT, pid);
	ktap_check(sig == SIGTRAP, "stopped by %d", sig);
	ktap_check(ip(pid) == (unsigned long)steps_call + 1, "ip is %#lx", ip(pid));
	ptrace(PTRACE_POKETEXT, pid, steps_call, word);
	ptrace(PTRACE_GETREGS, pid, 0, &regs);
	regs.rip--;
	ktap_check(!ptrace(PTRACE_SETREGS, pid, 0, &regs), "SETREGS");
	sig = go(PTRACE_CONT, pid);
	ktap_check(sig == -1, "after the breakpoint: %d", sig);
}

static void to_steps(pid_t pid)
{
	unsigned int i;

	for (i = 0; i < 5000 && ip(pid) != (unsigned long)steps; i++)
		if (go(PTRACE_SINGLESTEP, pid) != SIGTRAP)
			return;
}

/* One instruction each, also over a system call, popf, and what the kernel carries out. */
static void stepping(void *unused)
{
	unsigned long next, at;
	unsigned int n = 0;
	pid_t pid = traced(run_steps);
	int sig;

	if (!pid)
		return;
	to_steps(pid);
	ktap_check(ip(pid) == (unsigned long)steps, "never got there");
	for (at = ip(pid); at != (unsigned long)steps_end && n < 20; at = next, n++) {
		sig = go(PTRACE_SINGLESTEP, pid);
		next = ip(pid);
		if (!ktap_check(sig == SIGTRAP, "at %+ld: stopped by %d",
				(long)(at - (unsigned long)steps), sig))
			break;
	}
	ktap_check(n == 11, "%u steps for 11 instructions", n);
	/* What popf set is the program's own: Linux does not take it away with the steps. */
	ptrace(PTRACE_POKEUSER, pid, offsetof(struct user_regs_struct, eflags), 0x202);
	sig = go(PTRACE_CONT, pid);
	ktap_check(sig == -1, "after the steps: %d", sig);
}

static void syscalls(void *unused)
{
	pid_t pid = traced(run_steps);
	int sig;

	if (!pid)
		return;
	sig = go(PTRACE_SYSCALL, pid);
	ktap_check(sig == SIGTRAP && reg(pid, offsetof(struct user_regs_struct, orig_rax)) ==
		   SYS_getpid, "at entry: %d", sig);
	ktap_check(ip(pid) == (unsigned long)steps_after_call, "ip is %#lx", ip(pid));
	/* Another call in its place. */
	ptrace(PTRACE_POKEUSER, pid, offsetof(struct user_regs_struct, orig_rax), SYS_getppid);
	sig = go(PTRACE_SYSCALL, pid);
	ktap_check(reg(pid, offsetof(struct user_regs_struct, rax)) == (unsigned long)getpid(),
		   "at exit: %d", sig);
	finish(pid);
}

static void store_all(void)
{
	store_to(&watched[0]);
	run_steps();
	store_to(&watched[1]);
	store_to(&watched[2]);
}

static void exec_breakpoint(void *unused)
{
	pid_t pid = traced(store_all);
	int sig;

	if (!pid)
		return;
	ktap_check(!debugreg_set(pid, 0, (unsigned long)steps_pushf), "address");
	ktap_check(!debugreg_set(pid, 7, DR7_LOCAL(0) | DR7_KIND(0, LEN_1, RW_EXECUTE)), "control");
	sig = go(PTRACE_CONT, pid);
	ktap_check(sig == SIGTRAP && ip(pid) == (unsigned long)steps_pushf, "%d at %#lx", sig,
		   ip(pid));
	ktap_check((reg(pid, DR(6)) & 0xf) == 1, "DR6 is %#lx", reg(pid, DR(6)));
	sig = go(PTRACE_CONT, pid);
	ktap_check(sig == -1, "after it: %d", sig);
}

static void watchpoint(void *length)
{
	static const unsigned int bytes[] = { [LEN_1] = 1, [LEN_2] = 2, [LEN_4] = 4, [LEN_8] = 8 };
	unsigned int len = (unsigned long)length;
	pid_t pid = traced(store_all);
	int sig;

	if (!pid)
		return;
	/* The last bytes of the word: the store is of all eight. */
	ktap_check(!debugreg_set(pid, 2, (unsigned long)&watched[1] + 8 - bytes[len]), "address");
	ktap_check(!debugreg_set(pid, 7, DR7_LOCAL(2) | DR7_KIND(2, len, RW_WRITE)), "control");
	sig = go(PTRACE_CONT, pid);
	ktap_check(sig == SIGTRAP && (reg(pid, DR(6)) & 0xf) == 4, "%d, DR6 %#lx", sig,
		   reg(pid, DR(6)));
	ktap_check(ptrace(PTRACE_PEEKDATA, pid, &watched[1], 0) == 1 &&
		   ptrace(PTRACE_PEEKDATA, pid, &watched[2], 0) == 0, "not right after the store");
	ktap_check(!debugreg_set(pid, 7, 0), "off");
	sig = go(PTRACE_CONT, pid);
	ktap_check(sig == -1, "after it: %d", sig);
}

static void read_back(void *unused)
{
	unsigned long want = DR7_LOCAL(0) | DR7_LOCAL(1) | DR7_LOCAL(3) |
		DR7_KIND(0, LEN_8, RW_WRITE) | DR7_KIND(1, LEN_1, RW_EXECUTE) |
		DR7_KIND(3, LEN_4, RW_ACCESS);
	pid_t pid = traced(store_all);

	if (!pid)
		return;
	debugreg_set(pid, 0, (unsigned long)&watched[0]);
	debugreg_set(pid, 1, (unsigned long)steps);
	debugreg_set(pid, 3, (unsigned long)&watched[2]);
	ktap_check(!debugreg_set(pid, 7, want), "control");
	ktap_check((reg(pid, DR(7)) & ~0x700UL) == want, "DR7 is %#lx, not %#lx",
		   reg(pid, DR(7)), want);
	ktap_check(reg(pid, DR(0)) == (unsigned long)&watched[0], "DR0");
	ktap_check(reg(pid, DR(1)) == (unsigned long)steps, "DR1");
	ktap_check(reg(pid, DR(3)) == (unsigned long)&watched[2], "DR3");
	finish(pid);
}

static void refused(void *unused)
{
	pid_t pid = traced(store_all);

	if (!pid)
		return;
	ktap_check(debugreg_set(pid, 0, 0xffffffff81000000UL) == EINVAL, "the kernel's address");
	ktap_check(debugreg_set(pid, 0, 0xffff82d080200000UL) == EINVAL, "an address of Xen");
	ktap_check(debugreg_set(pid, 4, 1) != 0, "DR4");
	debugreg_set(pid, 0, (unsigned long)&watched[0] + 1);
	ktap_check(debugreg_set(pid, 7, DR7_LOCAL(0) | DR7_KIND(0, LEN_8, RW_WRITE)) == EINVAL,
		   "8 bytes, misaligned");
	debugreg_set(pid, 0, (unsigned long)&watched[0]);
	ktap_check(debugreg_set(pid, 7, DR7_LOCAL(0) | DR7_KIND(0, LEN_1, RW_IO)) == EINVAL, "I/O");
	ktap_check(debugreg_set(pid, 7, DR7_LOCAL(0) | DR7_KIND(0, LEN_4, RW_EXECUTE)) == EINVAL,
		   "an execute breakpoint of 4 bytes");
	ktap_check(go(PTRACE_CONT, pid) == -1, "the child did not run on");
}

static void store_rounds(void)
{
	unsigned int i;

	for (i = 0; i < 100; i++) {
		store_to(&watched[getpid() % 2]);
		give_way();
	}
}

/* Two tracees on one CPU, each with a watch on the word that it writes, in another register. */
static void per_task(void *unused)
{
	pid_t pid[2] = { 0 };
	unsigned int hits[2] = { 0 }, i;
	bool running[2] = { true, true };
	cpu_set_t before;
	int status;
	pid_t who;

	sched_getaffinity(0, sizeof(before), &before);
	pin_to(0);
	/* Neighbours in number write different words. */
	for (i = 0; i < 2; i++) {
		pid[i] = traced(store_rounds);
		if (!pid[i])
			return;
	}
	for (i = 0; i < 2; i++) {
		debugreg_set(pid[i], i, (unsigned long)&watched[pid[i] % 2]);
		ktap_check(!debugreg_set(pid[i], 7, DR7_LOCAL(i) | DR7_KIND(i, LEN_8, RW_WRITE)),
			   "control");
		ptrace(PTRACE_CONT, pid[i], 0, 0);
	}
	while ((running[0] || running[1]) && (who = waitpid(-1, &status, 0)) > 0) {
		i = who == pid[1];
		if (!WIFSTOPPED(status)) {
			running[i] = false;
			ktap_check(WIFEXITED(status), "tracee %u: status %#x", i, status);
			continue;
		}
		if (WSTOPSIG(status) == SIGTRAP && (reg(who, DR(6)) & 0xf) == 1U << i)
			hits[i]++;
		ptrace(PTRACE_CONT, who, 0, 0);
	}
	ktap_check(hits[0] == 100 && hits[1] == 100, "%u and %u hits, not 100 each", hits[0],
		   hits[1]);
	sched_setaffinity(0, sizeof(before), &before);
}

static const struct {
	const char *name;
	void (*run)(void *arg);
	unsigned long arg;
} tests[] = {
	{ "breakpoint", by_int3, 0 },
	{ "single steps", stepping, 0 },
	{ "system calls", syscalls, 0 },
	{ "execute breakpoint", exec_breakpoint, 0 },
	{ "watchpoint, 1 byte", watchpoint, LEN_1 },
	{ "watchpoint, 2 bytes", watchpoint, LEN_2 },
	{ "watchpoint, 4 bytes", watchpoint, LEN_4 },
	{ "watchpoint, 8 bytes", watchpoint, LEN_8 },
	{ "debug registers read back", read_back, 0 },
	{ "bad values of debug registers", refused, 0 },
	{ "debug registers are a task's", per_task, 0 },
};

int main(void)
{
	unsigned int i;

	ktap_plan(ARRAY_SIZE(tests));
	for (i = 0; i < ARRAY_SIZE(tests); i++)
		ktap_run(tests[i].name, tests[i].run, (void *)tests[i].arg);
	return ktap_finished();
}
