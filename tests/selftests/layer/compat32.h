/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a 32-bit program without a C library needs: i386 numbers and structures of the ABI,
 * system calls, output. Only compat32's files include this.
 */
#ifndef _SELFTESTS_COMPAT32_H
#define _SELFTESTS_COMPAT32_H

typedef unsigned int u32;
typedef unsigned short u16;

#define NR_exit		1
#define NR_fork		2
#define NR_write	4
#define NR_getpid	20
#define NR_kill		37
#define NR_munmap	91
#define NR_sigreturn	119
#define NR_waitpid	7
#define NR_nanosleep	162
#define NR_rt_sigreturn	173
#define NR_rt_sigaction	174
#define NR_mmap2	192
#define NR_sched_setaffinity 241
#define NR_set_thread_area 243
#define NR_clock_gettime 265

#define SIGILL		4
#define SIGTRAP		5
#define SIGBUS		7
#define SIGFPE		8
#define SIGUSR1		10
#define SIGSEGV		11
#define SA_SIGINFO	4
#define SI_KERNEL	0x80

#define ENOSYS		38
#define EINVAL		22

#define AT_SYSINFO	32
#define AT_SYSINFO_EHDR	33

struct sigcontext32 {
	u16 gs, gs_pad, fs, fs_pad, es, es_pad, ds, ds_pad;
	u32 di, si, bp, sp, bx, dx, cx, ax, trapno, err, ip;
	u16 cs, cs_pad;
	u32 flags, sp_at_signal;
	u16 ss, ss_pad;
};

struct siginfo32 {
	int signo, error, code;
	u32 addr;
};

struct ucontext32 {
	u32 flags, link;
	struct { u32 sp, flags, size; } stack;
	struct sigcontext32 mcontext;
};

struct timespec32 {
	int sec, nsec;
};

/* As in asm/ldt.h. */
struct user_desc32 {
	u32 entry, base, limit, flags;
};

#define DESC_32BIT	0x01
#define DESC_IN_PAGES	0x10
#define DESC_USEABLE	0x40

/**
 * struct fault32 - how a piece of code ended
 * @sig: the signal, 0 if it returned
 * @code: si_code
 * @addr: si_addr
 * @trap: number of the exception
 */
struct fault32 {
	int sig, code;
	u32 addr, trap;
};

extern u32 vdso_entry, vdso_image;

int call80(u32 nr, u32 a, u32 b, u32 c);
int call80_6(u32 nr, const u32 args[6]);

/* A call with six arguments, which take all registers: they are loaded from memory. */
#define CALL_6(name, how)							\
int name(u32 nr, const u32 args[6])						\
{										\
	int ret;								\
										\
	asm volatile("push %%ebp\n\tpush %%ebx\n\t"				\
		     "mov (%%ecx), %%ebx\n\tmov 8(%%ecx), %%edx\n\t"		\
		     "mov 12(%%ecx), %%esi\n\tmov 16(%%ecx), %%edi\n\t"	\
		     "mov 20(%%ecx), %%ebp\n\tmov 4(%%ecx), %%ecx\n\t"		\
		     how "\n\tpop %%ebx\n\tpop %%ebp"				\
		     : "=a" (ret), "+c" (args) : "a" (nr)			\
		     : "edx", "esi", "edi", "memory");				\
	return ret;								\
}

int check(int holds, const char *what);
int check_value(u32 got, u32 want, const char *what);

/* handler: u32 arguments on the stack, as the ABI has it. */
int handle(int sig, void *handler, u32 flags);
struct fault32 fault_of(void (*code)(void));

/* In compat32-vdso.c */
void *vdso_symbol(const char *name);

/* The tests by number; in compat32-entry.c and compat32-state.c. */
int test_int80(void);
int test_vdso_entry(void);
int test_syscall(void);
int test_sysenter(void);
int test_no_call(void);
int test_six(void);
int test_signals(void);
int test_siginfo(void);
int test_bad_frame(void);
int test_tls(void);
int test_limits(void);
int test_switching(void);
int test_clock(void);
int test_exceptions(void);
int test_64_bit(void);
int test_memory(void);

#define SKIPPED	4

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#endif
