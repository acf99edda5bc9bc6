// SPDX-License-Identifier: GPL-2.0
/* Signals, segments, task switches and the clock of a 32-bit program. */
#include "compat32.h"

static volatile int signals_seen;
static volatile u32 frame_cs, frame_ss;

static int raise_usr1(void)
{
	return call80(NR_kill, call80(NR_getpid, 0, 0, 0), SIGUSR1, 0);
}

/* An old frame: number, then the registers. */
static void plain(int sig, struct sigcontext32 regs)
{
	signals_seen += sig == SIGUSR1;
	frame_cs = regs.cs;
	frame_ss = regs.ss;
}

static void rich(int sig, struct siginfo32 *info, struct ucontext32 *context)
{
	signals_seen += sig == SIGUSR1 && info->signo == SIGUSR1;
	frame_cs = context->mcontext.cs;
	frame_ss = context->mcontext.ss;
}

static int twice(void *handler, u32 flags)
{
	int bad;

	signals_seen = 0;
	bad = check_value(handle(SIGUSR1, handler, flags), 0, "sigaction");
	bad |= check_value(raise_usr1(), 0, "kill");
	bad |= check_value(raise_usr1(), 0, "kill");
	return bad | check_value(signals_seen, 2, "signals seen") |
	       check_value(frame_cs, 0x23, "cs of the frame") |
	       check_value(frame_ss, 0x2b, "ss of the frame");
}

int test_signals(void)
{
	return twice(plain, 0);
}

int test_siginfo(void)
{
	return twice(rich, SA_SIGINFO);
}

static u32 bad_cs, bad_ss, bad_ds;

static void spoil(int sig, struct siginfo32 *info, struct ucontext32 *context)
{
	(void)sig;
	(void)info;
	if (bad_cs)
		context->mcontext.cs = bad_cs;
	if (bad_ss)
		context->mcontext.ss = bad_ss;
	if (bad_ds)
		context->mcontext.ds = bad_ds;
}

static u32 ds_after;

static void raise_spoiled(void)
{
	u32 after = NR_kill;

	/* %ds is what the frame made it until it is put back. */
	asm volatile("pushl %%ds\n\tint $0x80\n\tmov %%ds, %%eax\n\tpopl %%ds"
		     : "+a" (after) : "b" (call80(NR_getpid, 0, 0, 0)), "c" (SIGUSR1) : "memory");
	ds_after = after;
}

static int spoiled(u32 cs, u32 ss, const char *what)
{
	bad_cs = cs;
	bad_ss = ss;
	bad_ds = 0;
	handle(SIGUSR1, spoil, SA_SIGINFO);
	return check_value(fault_of(raise_spoiled).sig, SIGSEGV, what);
}

int test_bad_frame(void)
{
	int bad = spoiled(0x43, 0, "cs of the TSS") |
		  spoiled(0, 0x43, "ss of the TSS") |
		  spoiled(0x2b, 0, "cs of data");

	/* A bad data segment becomes 0, whatever the CPU then says to its use. */
	bad_cs = 0;
	bad_ss = 0;
	bad_ds = 0x43;
	raise_spoiled();
	return bad | check_value(ds_after & 0xffff, 0, "ds of the TSS");
}

static u32 words[2][4] = { { 0x10000001 }, { 0x10000002 } };

/* A segment of thread-local storage, or 0. */
static u32 tls_set(u32 entry, void *base, u32 limit, u32 flags)
{
	struct user_desc32 desc = { entry, (u32)base, limit, flags };

	return call80(NR_set_thread_area, (u32)&desc, 0, 0) ? 0 : desc.entry << 3 | 3;
}

static u32 gs_word(u32 selector)
{
	u32 word;

	asm volatile("mov %w1, %%gs\n\tmov %%gs:0, %0" : "=r" (word) : "r" (selector));
	return word;
}

int test_tls(void)
{
	u32 selector = tls_set(~0U, words[0], 0xfffff, DESC_32BIT | DESC_IN_PAGES | DESC_USEABLE);
	u32 other = tls_set(~0U, words[1], 0xfffff, DESC_32BIT | DESC_IN_PAGES | DESC_USEABLE);
	int bad = check(selector, "set_thread_area") | check(other, "a second set_thread_area");

	bad |= check_value(gs_word(selector), words[0][0], "%gs:0");
	bad |= check_value(gs_word(other), words[1][0], "%gs:0 of the second");
	bad |= check_value(gs_word(selector), words[0][0], "%gs:0 of the first again");
	/* The same entry with another base: what is loaded follows. */
	tls_set(selector >> 3, words[1], 0xfffff, DESC_32BIT | DESC_IN_PAGES | DESC_USEABLE);
	return bad | check_value(gs_word(selector), words[1][0], "%gs:0 after a change");
}

static void beyond_gs(void)
{
	asm volatile("mov %%gs:16, %%eax" : : : "eax");
}

static u32 small_stack;

static void beyond_ss(void)
{
	asm volatile("mov %%ss, %%ecx\n\tmov %w0, %%ss\n\tmov %%ss:16, %%eax\n\tmov %%ecx, %%ss"
		     : : "r" (small_stack) : "eax", "ecx");
}

int test_limits(void)
{
	u32 selector = tls_set(~0U, words[0], 15, DESC_32BIT | DESC_USEABLE);
	struct fault32 f;
	int bad = check(selector, "set_thread_area");

	bad |= check_value(gs_word(selector), words[0][0], "%gs:0");
	f = fault_of(beyond_gs);
	if (!f.sig)
		return bad ? bad : SKIPPED;
	bad |= check_value(f.sig, SIGSEGV, "beyond %gs") | check_value(f.trap, 13, "exception");
	small_stack = selector;
	f = fault_of(beyond_ss);
	return bad | check_value(f.trap, 12, "exception beyond %ss") |
	       check_value(f.sig, SIGBUS, "beyond %ss");
}

/* Both have the same entry with another base, and one CPU. */
static int turns(u32 who)
{
	static const struct timespec32 pause = { 0, 100000 };
	u32 selector = tls_set(~0U, words[who], 0xfffff, DESC_32BIT | DESC_IN_PAGES | DESC_USEABLE);
	u32 i, word;

	if (!selector)
		return 1;
	asm volatile("mov %w0, %%gs" : : "r" (selector));
	for (i = 0; i < 300; i++) {
		call80(NR_nanosleep, (u32)&pause, 0, 0);
		asm volatile("mov %%gs:0, %0" : "=r" (word));
		if (check_value(word, words[who][0], "%gs:0 after a task switch"))
			return 1;
	}
	return 0;
}

int test_switching(void)
{
	static const u32 first_cpu = 1;
	int status = 0, bad, pid;

	bad = check_value(call80(NR_sched_setaffinity, 0, 4, (u32)&first_cpu), 0, "pinning");
	pid = call80(NR_fork, 0, 0, 0);
	if (!pid)
		call80(NR_exit, turns(1), 0, 0);
	bad |= turns(0);
	call80(NR_waitpid, pid, (u32)&status, 0);
	return bad | check_value(status, 0, "status of the child");
}

static int ordered(const struct timespec32 *a, const struct timespec32 *b)
{
	return a->sec < b->sec || (a->sec == b->sec && a->nsec <= b->nsec);
}

int test_clock(void)
{
	int (*clock)(u32 which, struct timespec32 *to) = vdso_symbol("__vdso_clock_gettime");
	struct timespec32 before, now, after;
	u32 i;
	int bad;

	if (check(clock != 0, "the vDSO has no __vdso_clock_gettime"))
		return 1;
	for (i = 0; i < 100; i++) {
		call80(NR_clock_gettime, 1, (u32)&before, 0);
		bad = check_value(clock(1, &now), 0, "clock_gettime");
		call80(NR_clock_gettime, 1, (u32)&after, 0);
		bad |= check(ordered(&before, &now), "the vDSO's clock is behind");
		bad |= check(ordered(&now, &after), "the vDSO's clock is ahead");
		if (bad)
			return 1;
	}
	return 0;
}
