// SPDX-License-Identifier: GPL-2.0
/*
 * The registers of x87, SSE and AVX are a task's own: across task switches, signals, fork,
 * system calls, and as a tracer sees them.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "layer.h"
#include "ktap.h"

#ifndef NT_X86_XSTATE
#define NT_X86_XSTATE	0x202
#endif

#define REGISTERS	16
#define YMM_HIGH	576	/* of XSAVE's standard form */
#define XMM		160
#define TURNS		500
#define MXCSR_MASKS	0x1f80

/* What is loaded and what is stored. */
struct state {
	unsigned char vector[REGISTERS][32];
	unsigned int mxcsr;
	unsigned short control;
	double x87;
} __attribute__((aligned(32)));

static bool have_avx;

#define EACH(f) f(0) f(1) f(2) f(3) f(4) f(5) f(6) f(7) \
		f(8) f(9) f(10) f(11) f(12) f(13) f(14) f(15)
#define LOAD_YMM(n)	"vmovups " #n "*32(%[in]), %%ymm" #n "\n\t"
#define STORE_YMM(n)	"vmovups %%ymm" #n ", " #n "*32(%[out])\n\t"
#define LOAD_XMM(n)	"movups " #n "*32(%[in]), %%xmm" #n "\n\t"
#define STORE_XMM(n)	"movups %%xmm" #n ", " #n "*32(%[out])\n\t"
#define CLOBBER		"rcx", "r11", "memory", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", \
			"xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", \
			"xmm14", "xmm15"

/* A system call with everything loaded. */
#define ACROSS(name, load, store)						\
static long name(const struct state *in, struct state *out, long nr, long a, long b) \
{										\
	asm volatile("fninit\n\tldmxcsr 512(%[in])\n\tfldcw 516(%[in])\n\tfldl 520(%[in])\n\t" \
		     EACH(load)							\
		     "syscall\n\t"						\
		     EACH(store)						\
		     "stmxcsr 512(%[out])\n\tfnstcw 516(%[out])\n\tfstpl 520(%[out])\n\t" \
		     "fninit"							\
		     : "+a" (nr) : [in] "r" (in), [out] "r" (out), "D" (a), "S" (b) : CLOBBER); \
	return nr;								\
}

ACROSS(across_ymm, LOAD_YMM, STORE_YMM)
ACROSS(across_xmm, LOAD_XMM, STORE_XMM)

static long across(const struct state *in, struct state *out, long nr, long a, long b)
{
	return have_avx ? across_ymm(in, out, nr, a, b) : across_xmm(in, out, nr, a, b);
}

static void fill(struct state *s, unsigned int seed)
{
	unsigned int i, j;

	memset(s, 0, sizeof(*s));
	for (i = 0; i < REGISTERS; i++)
		for (j = 0; j < (have_avx ? 32 : 16); j++)
			s->vector[i][j] = seed * 31 + i * 37 + j * 5 + 1;
	/* Rounding modes; all exceptions stay masked. */
	s->mxcsr = MXCSR_MASKS | (seed & 3) << 13;
	s->control = 0x037f | (seed & 3) << 10;
	s->x87 = seed + 0.5;
}

static const char *difference(const struct state *got, const struct state *want)
{
	unsigned int i;

	for (i = 0; i < REGISTERS; i++) {
		if (memcmp(got->vector[i], want->vector[i], 16))
			return "an xmm register";
		if (have_avx && memcmp(got->vector[i] + 16, want->vector[i] + 16, 16))
			return "the upper half of a ymm register";
	}
	if ((got->mxcsr & ~0x3f) != want->mxcsr)
		return "MXCSR";
	if (got->control != want->control)
		return "the x87 control word";
	return got->x87 == want->x87 ? NULL : "an x87 register";
}

static void check_same(const char *when, const struct state *got, const struct state *want)
{
	const char *what = difference(got, want);

	ktap_check(!what, "%s changed across %s", what, when);
}

static void calls(void *unused)
{
	struct state in, out = { 0 };
	unsigned int i;

	for (i = 0; i < 8; i++) {
		fill(&in, i);
		across(&in, &out, SYS_getppid, 0, 0);
		check_same("a system call", &out, &in);
	}
}

static const char *turn(unsigned int who, unsigned int n)
{
	struct state in, out = { 0 };

	fill(&in, 2 * n + who);
	across(&in, &out, SYS_nanosleep, (long)&give_way_time, 0);
	return difference(&out, &in);
}

static void switching(void *unused)
{
	const char *wrong = take_turns(TURNS, turn);

	ktap_check(!wrong, "%s", wrong);
}

static struct state handler_wants, handler_got;

/* Leaves other values in every register; the frame has those to go back to. */
static void handler(int sig, siginfo_t *info, void *context)
{
	fill(&handler_wants, 77);
	across(&handler_wants, &handler_got, SYS_nanosleep, (long)&give_way_time, 0);
}

static void signals(void *unused)
{
	struct state in, out = { 0 };
	unsigned int i;

	signal_handle(SIGUSR1, handler);
	for (i = 0; i < 8; i++) {
		fill(&in, i);
		across(&in, &out, SYS_kill, getpid(), SIGUSR1);
		check_same("a signal", &out, &in);
		check_same("a yield in the handler", &handler_got, &handler_wants);
	}
	signal(SIGUSR1, SIG_DFL);
}

/* A handler can change what the program goes on with. */
static void edit(int sig, siginfo_t *info, void *context)
{
	struct _libc_fpstate *fp = ((ucontext_t *)context)->uc_mcontext.fpregs;

	memset(&fp->_xmm[3], 0x5a, sizeof(fp->_xmm[3]));
}

static void edited(void *unused)
{
	struct state in, out = { 0 };

	signal_handle(SIGUSR1, edit);
	fill(&in, 5);
	across(&in, &out, SYS_kill, getpid(), SIGUSR1);
	signal(SIGUSR1, SIG_DFL);
	memset(in.vector[3], 0x5a, 16);
	check_same("a handler's edit of xmm3", &out, &in);
}

/* Parent and child return from the same system call with the same registers. */
static void forks(void *unused)
{
	struct state in, out = { 0 };
	int status = 0;
	long pid;

	fill(&in, 9);
	pid = across(&in, &out, SYS_fork, 0, 0);
	if (!pid)
		_exit(!!difference(&out, &in));
	check_same("fork, in the parent", &out, &in);
	waitpid(pid, &status, 0);
	ktap_check(pid > 0 && !status, "a register changed across fork, in the child");
}

static void tracee(unsigned int seed, unsigned int then)
{
	struct state in, out = { 0 }, want;

	ptrace(PTRACE_TRACEME, 0, 0, 0);
	fill(&in, seed);
	fill(&want, then);
	across(&in, &out, SYS_kill, getpid(), SIGSTOP);
	_exit(!!memcmp(out.vector, want.vector, sizeof(want.vector)));
}

static void check_xsave(const unsigned char *area, const struct state *want)
{
	unsigned int i;

	for (i = 0; i < REGISTERS; i++) {
		ktap_check(!memcmp(area + XMM + 16 * i, want->vector[i], 16), "xmm%u", i);
		ktap_check(!have_avx || !memcmp(area + YMM_HIGH + 16 * i, want->vector[i] + 16, 16),
			   "upper half of ymm%u", i);
	}
	ktap_check(*(const unsigned int *)(area + 24) == want->mxcsr, "MXCSR");
}

static void traced(void *unused)
{
	static unsigned char area[16384] __attribute__((aligned(64)));
	struct iovec vec = { area, sizeof(area) };
	struct state want;
	unsigned int i;
	int status = 0;
	pid_t pid = fork();

	if (!pid)
		tracee(21, 22);
	waitpid(pid, &status, 0);
	if (!ktap_check(!ptrace(PTRACE_GETREGSET, pid, NT_X86_XSTATE, &vec), "GETREGSET: %s",
			strerror(errno)))
		return;
	fill(&want, 21);
	check_xsave(area, &want);
	fill(&want, 22);
	for (i = 0; i < REGISTERS; i++) {
		memcpy(area + XMM + 16 * i, want.vector[i], 16);
		memcpy(area + YMM_HIGH + 16 * i, want.vector[i] + 16, have_avx ? 16 : 0);
	}
	ktap_check(!ptrace(PTRACE_SETREGSET, pid, NT_X86_XSTATE, &vec), "SETREGSET: %s",
		   strerror(errno));
	ptrace(PTRACE_CONT, pid, 0, 0);
	waitpid(pid, &status, 0);
	ktap_check(WIFEXITED(status) && !WEXITSTATUS(status),
		   "what the tracer wrote did not arrive");
}

#define ONLINE "/sys/devices/system/cpu/cpu1/online"

static bool cpu1_set(const char *online)
{
	int fd = open(ONLINE, O_WRONLY);
	bool done = fd >= 0 && write(fd, online, 1) == 1;

	if (fd >= 0)
		close(fd);
	return done;
}

/* Sleeps on CPU 1 with everything loaded until its parent gives up the lock. */
static pid_t sleeper(const char *path)
{
	struct state in, out = { 0 };
	const char *what;
	pid_t pid = fork();
	int fd;

	if (pid)
		return pid;
	fd = open(path, O_RDONLY);
	if (!pin_to(1))
		_exit(2);
	fill(&in, 31);
	across(&in, &out, SYS_flock, fd, LOCK_EX);
	what = difference(&out, &in);
	if (what)
		printf("# %s changed\n", what);
	fflush(stdout);
	_exit(!!what);
}

static bool sleeps_in(pid_t pid, int nr)
{
	char path[32], text[16] = "";
	FILE *file;
	int found;

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	file = fopen(path, "r");
	if (!file)
		return false;
	found = fscanf(file, "%15s", text);
	fclose(file);
	return found == 1 && atoi(text) == nr;
}

static char lock_path[sizeof("/tmp/xstate-XXXXXX")];

/* However this program ends by itself. */
static void hotplug_undo(void)
{
	cpu1_set("1");
	unlink(lock_path);
}

/* What a task left in a CPU's registers is not there any more when that CPU comes back. */
static void hotplug(void *unused)
{
	unsigned int round, tries;
	int status, lock;
	pid_t pid;

	if (!getenv("LAYER_TEST_HOTPLUG") || access(ONLINE, W_OK)) {
		ktap_skip("LAYER_TEST_HOTPLUG is not set, or CPU 1 cannot go");
		return;
	}
	strcpy(lock_path, "/tmp/xstate-XXXXXX");
	lock = mkstemp(lock_path);
	if (!ktap_check(pin_to(0) && lock >= 0, "%s: %s", lock_path, strerror(errno)))
		return;
	atexit(hotplug_undo);
	for (round = 0; round < 5; round++) {
		flock(lock, LOCK_EX);
		fflush(stdout);
		pid = sleeper(lock_path);
		for (tries = 0; !sleeps_in(pid, SYS_flock) && tries < 20000; tries++)
			give_way();
		ktap_check(tries < 20000, "the other process does not sleep");
		ktap_check(cpu1_set("0") && cpu1_set("1"), ONLINE ": %s", strerror(errno));
		flock(lock, LOCK_UN);
		status = -1;
		waitpid(pid, &status, 0);
		ktap_check(!status, "round %u: status %#x", round, status);
	}
	close(lock);
}

/* What a CPU supports and what the kernel switches agree. */
static void enabled(void *unused)
{
	unsigned int low, high;

	if (!have_avx) {
		ktap_skip("this CPU has no AVX");
		return;
	}
	asm volatile("xgetbv" : "=a" (low), "=d" (high) : "c" (0));
	ktap_check((low & 7) == 7, "XCR0 is %#x%08x", high, low);
}

static const struct ktap_test tests[] = {
	{ "AVX is switched on", enabled },
	{ "system calls", calls },
	{ "task switches", switching },
	{ "signals", signals },
	{ "a handler changes a register", edited },
	{ "fork", forks },
	{ "a tracer reads and writes them", traced },
	{ "a CPU that goes and comes back", hotplug },
};

int main(void)
{
	_Static_assert(offsetof(struct state, mxcsr) == 512, "used in assembly");
	_Static_assert(offsetof(struct state, control) == 516, "used in assembly");
	_Static_assert(offsetof(struct state, x87) == 520, "used in assembly");

	have_avx = __builtin_cpu_supports("avx");
	return ktap_run_table(tests, ARRAY_SIZE(tests));
}
