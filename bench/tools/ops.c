// SPDX-License-Identifier: GPL-2.0
/*
 * Prints what some operations of the kernel cost, in nanoseconds each:
 *	ops [OPERATION[=TIMES]...]
 * Under the lab's --icount a nanosecond is half an instruction of guest, Xen and dom0.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096UL
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static void die(const char *what)
{
	fprintf(stderr, "ops: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static void op_syscall(int n)
{
	while (n--)
		syscall(SYS_getppid);
}

static void op_pipe(int n)
{
	int fd[2];
	char c = 0;

	if (pipe(fd))
		die("pipe");
	while (n--)
		if (write(fd[1], &c, 1) != 1 || read(fd[0], &c, 1) != 1)
			die("pipe");
	close(fd[0]);
	close(fd[1]);
}

static void on_signal(int nr)
{
	(void)nr;
}

static void op_signal(int n)
{
	signal(SIGUSR1, on_signal);
	while (n--)
		raise(SIGUSR1);
}

static void op_switch(int n)
{
	int there[2], back[2];
	char c = 0;

	if (pipe(there) || pipe(back))
		die("pipe");
	if (!fork()) {
		close(there[1]);
		while (read(there[0], &c, 1) == 1 && write(back[1], &c, 1) == 1)
			;
		_exit(0);
	}
	while (n--)
		if (write(there[1], &c, 1) != 1 || read(back[0], &c, 1) != 1)
			die("switch");
	close(there[0]);
	close(there[1]);
	close(back[0]);
	close(back[1]);
	wait(NULL);
}

static void op_mprotect(int n)
{
	char *p = mmap(NULL, 32 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int prot = PROT_READ;

	if (p == MAP_FAILED)
		die("mmap");
	memset(p, 1, 32 * PAGE);
	while (n--) {
		if (mprotect(p + 8 * PAGE, 16 * PAGE, prot))
			die("mprotect");
		prot ^= PROT_WRITE;
	}
	munmap(p, 32 * PAGE);
}

static void op_nanosleep(int n)
{
	struct timespec t = { .tv_nsec = 1000 };

	while (n--)
		nanosleep(&t, NULL);
}

static void op_fork(int n)
{
	while (n--) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		if (pid < 0 || waitpid(pid, NULL, 0) != pid)
			die("fork");
	}
}

static void op_exec(int n)
{
	while (n--) {
		pid_t pid = vfork();

		if (!pid) {
			execl("/proc/self/exe", "ops", "nothing", NULL);
			_exit(1);
		}
		if (pid < 0 || waitpid(pid, NULL, 0) != pid)
			die("vfork");
	}
}

static void op_mmap(int n)
{
	while (n--) {
		unsigned long i, size = 16UL << 20;
		char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			       -1, 0);

		if (p == MAP_FAILED)
			die("mmap");
		for (i = 0; i < size; i += PAGE)
			p[i] = 1;
		munmap(p, size);
	}
}

static const struct {
	const char *name;
	void (*run)(int n);
	int n;
} ops[] = {
	{ "syscall",	op_syscall,	20000 },
	{ "pipe",	op_pipe,	5000 },
	{ "signal",	op_signal,	3000 },
	{ "switch",	op_switch,	2000 },
	{ "mprotect16",	op_mprotect,	1000 },
	{ "nanosleep",	op_nanosleep,	500 },
	{ "fork",	op_fork,	200 },
	{ "exec",	op_exec,	100 },
	{ "mmap16M",	op_mmap,	5 },
};

/* How often to run it; 0 when others were asked for. */
static int times(const char *name, int n, int argc, char **argv)
{
	size_t length = strlen(name);
	int i;

	if (argc == 1)
		return n;
	for (i = 1; i < argc; i++) {
		if (strncmp(argv[i], name, length))
			continue;
		if (!argv[i][length])
			return n;
		if (argv[i][length] == '=' && atoi(argv[i] + length + 1) > 0)
			return atoi(argv[i] + length + 1);
	}
	return 0;
}

int main(int argc, char **argv)
{
	unsigned int i;
	double start;
	int n;

	if (argc == 2 && !strcmp(argv[1], "nothing"))
		return 0;
	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		n = times(ops[i].name, ops[i].n, argc, argv);
		if (!n)
			continue;
		ops[i].run(n / 10 + 1);
		start = now();
		ops[i].run(n);
		printf("%-10s %12.0f\n", ops[i].name, (now() - start) / n);
	}
	return 0;
}
