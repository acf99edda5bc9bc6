// SPDX-License-Identifier: GPL-2.0
/*
 * RDFSBASE, RDGSBASE, WRFSBASE and WRGSBASE, and that bases stay what they were set to.
 *
 * Linux enables the instructions and says so (HWCAP2_FSGSBASE). A kernel on our layer that was
 * started with xen_fsgsbase=0 carries them out where the CPU has them, and says nothing of
 * them. The results are the same, with one exception: carried out, a write sets the segment
 * register to 0, while the instruction leaves a selector in it.
 */
#include <asm/prctl.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "layer.h"
#include "ktap.h"

#ifndef HWCAP2_FSGSBASE
#define HWCAP2_FSGSBASE	(1 << 1)
#endif

#define TURNS		500
#define SPLIT_TIMES	20000
#define BASE_A		0x123456789000UL
#define BASE_KERNEL	0xffff912345678000UL
#define BASE_BAD	0x0000912345678000UL	/* not canonical */

/* A system call with another base, since glibc needs its own; %[old] is put back. */
#define ACROSS(name, seg)							\
static unsigned long name(unsigned long base, long nr, long a, long b, long c)	\
{										\
	unsigned long old, got;							\
	register long r10 asm("r10") = 8;					\
										\
	asm volatile("rd" seg "base %[old]\n\t"					\
		     "wr" seg "base %[base]\n\t"				\
		     "syscall\n\t"						\
		     "rd" seg "base %[got]\n\t"					\
		     "wr" seg "base %[old]"					\
		     : [old] "=&r" (old), [got] "=&r" (got), "+a" (nr)		\
		     : [base] "r" (base), "D" (a), "S" (b), "d" (c), "r" (r10)	\
		     : "rcx", "r11", "memory");					\
	return got;								\
}

ACROSS(fs_across, "fs")
ACROSS(gs_across, "gs")

/* What is read from the segment, at offset 0. */
#define LOAD(name, seg)								\
static unsigned long name(const unsigned long *base)				\
{										\
	unsigned long old, got;							\
										\
	asm volatile("rd" seg "base %[old]\n\t"					\
		     "wr" seg "base %[base]\n\t"				\
		     "mov %%" seg ":0, %[got]\n\t"				\
		     "wr" seg "base %[old]"					\
		     : [old] "=&r" (old), [got] "=&r" (got)			\
		     : [base] "r" (base) : "memory");				\
	return got;								\
}

LOAD(fs_load, "fs")
LOAD(gs_load, "gs")

/* Written and read with 32 bits, from and to registers whose upper half is not 0. */
#define NARROW(name, seg)							\
static void name(unsigned long base, unsigned long *wide, unsigned long *narrow) \
{										\
	unsigned long old;							\
										\
	*narrow = ~0UL;								\
	asm volatile("rd" seg "base %[old]\n\t"					\
		     "wr" seg "base %k[base]\n\t"				\
		     "rd" seg "base %[wide]\n\t"				\
		     "wr" seg "base %[base]\n\t"				\
		     "rd" seg "base %k[narrow]\n\t"				\
		     "wr" seg "base %[old]"					\
		     : [old] "=&r" (old), [wide] "=&r" (*wide), [narrow] "+&r" (*narrow) \
		     : [base] "r" (base));					\
}

NARROW(fs_narrow, "fs")
NARROW(gs_narrow, "gs")

/* glibc's own base is back before anything else runs, also where the write is not refused. */
static void fs_write(void *base)
{
	unsigned long old;

	asm volatile("rdfsbase %0\n\twrfsbase %1\n\twrfsbase %0" : "=&r" (old) : "r" (base));
}

static void gs_write(void *base)
{
	unsigned long old;

	asm volatile("rdgsbase %0\n\twrgsbase %1\n\twrgsbase %0" : "=&r" (old) : "r" (base));
}

struct segment {
	const char *name;
	unsigned long (*across)(unsigned long base, long nr, long a, long b, long c);
	unsigned long (*load)(const unsigned long *base);
	void (*narrow)(unsigned long base, unsigned long *wide, unsigned long *narrow);
	void (*write)(void *base);
	int set, get;
	size_t user;
};

static const struct segment segments[] = {
	{ "fs", fs_across, fs_load, fs_narrow, fs_write, ARCH_SET_FS, ARCH_GET_FS,
	  offsetof(struct user_regs_struct, fs_base) },
	{ "gs", gs_across, gs_load, gs_narrow, gs_write, ARCH_SET_GS, ARCH_GET_GS,
	  offsetof(struct user_regs_struct, gs_base) },
};

static const struct segment *now;
static bool in_hardware;	/* the kernel lets the CPU do it, and does not carry it out */

static void values(void *unused)
{
	static const unsigned long bases[] = { 0, 1, 0x7fffffff, 0x100000000, BASE_A, BASE_KERNEL };
	unsigned long word = 0x1122334455667788, got;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bases); i++) {
		got = now->across(bases[i], SYS_getppid, 0, 0, 0);
		ktap_check(got == bases[i], "wrote %#lx, read %#lx", bases[i], got);
	}
	got = now->load(&word);
	ktap_check(got == word, "%%%s:0 is %#lx, not %#lx", now->name, got, word);
}

static void narrow(void *unused)
{
	unsigned long wide, low;

	now->narrow(BASE_A | 0x89abcdef, &wide, &low);
	ktap_check(wide == (unsigned int)(BASE_A | 0x89abcdef), "32 bits written, read %#lx", wide);
	ktap_check(low == (unsigned int)(BASE_A | 0x89abcdef), "32 bits read are %#lx", low);
}

/* Each register as the operand; %fs is not glibc's for as long. */
static void registers(void *unused)
{
	unsigned long a = BASE_A, got[5] = { 0 };

#define THROUGH(i, reg)								\
	asm volatile("rdgsbase %%rcx\n\tmov %[a], %%" reg "\n\twrgsbase %%" reg "\n\t" \
		     "xor %%" reg ", %%" reg "\n\trdgsbase %%" reg "\n\t"	\
		     "mov %%" reg ", %[got]\n\twrgsbase %%rcx"			\
		     : [got] "=m" (got[i]) : [a] "m" (a) : reg, "rcx")
	THROUGH(0, "rax");
	THROUGH(1, "rdi");
	THROUGH(2, "r8");
	THROUGH(3, "r13");
	THROUGH(4, "r15");
	for (unsigned int i = 0; i < ARRAY_SIZE(got); i++)
		ktap_check(got[i] == a, "register %u: read %#lx", i, got[i]);
}

static void refused(void *unused)
{
	unsigned long before = 0, after = 0;
	struct fault f;

	syscall(SYS_arch_prctl, now->get, &before);
	f = fault_of(now->write, (void *)BASE_BAD);
	syscall(SYS_arch_prctl, now->get, &after);
	if (!f.sig && in_hardware) {
		ktap_skip("the CPU takes a base that is not canonical");
		return;
	}
	ktap_check(f.sig == SIGSEGV && f.code == SI_KERNEL, "signal %d, code %d", f.sig, f.code);
	ktap_check(f.trap == 13, "exception %lu", f.trap);
	ktap_check(before == after, "the base is %#lx, was %#lx", after, before);
}

static void prctl_agrees(void *unused)
{
	unsigned long got = 0;

	now->across(BASE_A, SYS_arch_prctl, now->get, (long)&got, 0);
	ktap_check(got == BASE_A, "arch_prctl reads %#lx", got);
	got = now->across(BASE_A, SYS_arch_prctl, now->set, BASE_A + 4096, 0);
	ktap_check(got == BASE_A + 4096, "arch_prctl wrote, read %#lx", got);
	/* The selector goes with the base, as Linux does it. */
}

static volatile unsigned long in_handler;
static volatile unsigned long from_handler;

static void handler(int sig, siginfo_t *info, void *context)
{
	if (now->set == ARCH_SET_FS) {
		asm volatile("rdfsbase %0" : "=r" (in_handler));
		asm volatile("wrfsbase %0" : : "r" (from_handler));
	} else {
		asm volatile("rdgsbase %0" : "=r" (in_handler));
		asm volatile("wrgsbase %0" : : "r" (from_handler));
	}
}

/* A base is no part of what a signal saves: the handler's stays. */
static void signals(void *unused)
{
	unsigned long got;

	signal_handle(SIGUSR1, handler);
	from_handler = BASE_A + 8192;
	got = now->across(BASE_A, SYS_kill, getpid(), SIGUSR1, 0);
	ktap_check(in_handler == BASE_A, "the handler read %#lx", in_handler);
	ktap_check(got == from_handler, "after the handler's write, read %#lx", got);
	signal(SIGUSR1, SIG_DFL);
}

static const char *turn(unsigned int who, unsigned int n)
{
	unsigned long base = BASE_A + n * 64 + who, got;

	got = now->across(base, SYS_nanosleep, (long)&give_way_time, 0, 0);
	return got == base ? NULL : "the base changed across a task switch";
}

static void switching(void *unused)
{
	const char *wrong = take_turns(TURNS, turn);

	ktap_check(!wrong, "%s", wrong);
}

/* The child starts with the base of its parent, and neither changes the other's. */
static void forks(void *unused)
{
	unsigned long old = 0, child_base = 0;
	int status = 0;
	long pid;

	/* In %gs, since the child is C code that needs its %fs. */
	asm volatile("rdgsbase %0\n\twrgsbase %1" : "=&r" (old) : "r" (BASE_A));
	pid = fork();
	asm volatile("rdgsbase %0" : "=r" (child_base));
	if (!pid) {
		asm volatile("wrgsbase %0" : : "r" (BASE_A + 4096));
		_exit(child_base != BASE_A);
	}
	waitpid(pid, &status, 0);
	asm volatile("rdgsbase %0\n\twrgsbase %1" : "=&r" (child_base) : "r" (old));
	ktap_check(pid > 0 && !status, "the child's base differs");
	ktap_check(child_base == BASE_A, "the parent's base is %#lx", child_base);
}

/* Stops with a base set, and says what it is once it goes on. */
static void tracee(void)
{
	unsigned long got;

	ptrace(PTRACE_TRACEME, 0, 0, 0);
	got = now->across(BASE_A, SYS_kill, getpid(), SIGSTOP, 0);
	_exit(got != BASE_A + 4096);
}

static void traced(void *unused)
{
	int status = 0;
	pid_t pid = fork();
	unsigned long seen;

	if (!pid)
		tracee();
	waitpid(pid, &status, 0);
	seen = ptrace(PTRACE_PEEKUSER, pid, now->user, 0);
	ktap_check(seen == BASE_A, "the tracer reads %#lx", seen);
	ktap_check(!ptrace(PTRACE_POKEUSER, pid, now->user, BASE_A + 4096), "POKEUSER: %s",
		   strerror(errno));
	ptrace(PTRACE_CONT, pid, 0, 0);
	waitpid(pid, &status, 0);
	ktap_check(WIFEXITED(status) && !WEXITSTATUS(status), "status %#x after the tracer's write",
		   status);
}

static volatile bool split_done;

static void *drop_page(void *page)
{
	while (!split_done)
		madvise(page, 4096, MADV_DONTNEED);
	return NULL;
}

/*
 * The page with the end of the instruction is dropped again and again: it may be gone when
 * the kernel reads what the CPU has refused. A file has the content.
 */
static const char *across_pages(void)
{
	/* rdgsbase, ret */
	static const unsigned char code[] = { 0xf3, 0x48, 0x0f, 0xae, 0xc8, 0xc3 };
	unsigned int before = sizeof(code) - 4, i;
	const char *wrong = NULL;
	unsigned char *pages;
	pthread_t dropper;
	int fd = memfd_create("code", 0);

	if (fd < 0 || pwrite(fd, code, sizeof(code), 4096 - before) != sizeof(code) ||
	    ftruncate(fd, 8192))
		return "no file for the code";
	pages = mmap(NULL, 8192, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	if (pages == MAP_FAILED)
		return "no pages for the code";
	syscall(SYS_arch_prctl, ARCH_SET_GS, BASE_A);
	if (pthread_create(&dropper, NULL, drop_page, pages + 4096))
		return "no thread";
	for (i = 0; i < SPLIT_TIMES && !wrong; i++)
		if (((unsigned long (*)(void))(pages + 4096 - before))() != BASE_A)
			wrong = "read another base than arch_prctl set";
	split_done = true;
	pthread_join(dropper, NULL);
	return wrong;
}

static void split(void *unused)
{
	const char *wrong = in_child(across_pages);

	ktap_check(!wrong, "%s", wrong);
}

static void try_one(void *unused)
{
	asm volatile("rdgsbase %%rax" : : : "rax");
}

static const struct ktap_test tests[] = {
	{ "64-bit values", values },
	{ "32-bit values", narrow },
	{ "a base that is not canonical is refused", refused },
	{ "arch_prctl agrees", prctl_agrees },
	{ "signal handlers", signals },
	{ "task switches", switching },
	{ "a tracer reads and writes it", traced },
};

int main(void)
{
	struct fault f = fault_of(try_one, NULL);
	unsigned int s, t;
	char name[64];

	in_hardware = getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE;
	if (f.sig == SIGILL && !in_hardware)
		ktap_skip_all("neither the CPU nor the kernel has the instructions");
	ktap_plan(ARRAY_SIZE(segments) * ARRAY_SIZE(tests) + 3);
	printf("# HWCAP2_FSGSBASE is %s\n", in_hardware ? "set" : "not set");
	for (s = 0; s < ARRAY_SIZE(segments); s++) {
		now = &segments[s];
		for (t = 0; t < ARRAY_SIZE(tests); t++) {
			snprintf(name, sizeof(name), "%s: %s", now->name, tests[t].name);
			ktap_run(name, tests[t].run, NULL);
		}
	}
	ktap_run("every register", registers, NULL);
	ktap_run("gs: fork", forks, NULL);
	ktap_run("an instruction across two pages, one of which goes away", split, NULL);
	return ktap_finished();
}
