// SPDX-License-Identifier: GPL-2.0
/*
 * 32-bit programs: how they enter the kernel, their signals, segments, memory and clock.
 * Each test is carried out by compat32, a program without a C library beside this one.
 */
#include <errno.h>
#include <libgen.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ktap.h"

static const char *const names[] = {
	"int 0x80",
	"the vDSO's entry",
	"the syscall instruction",
	"the sysenter instruction",
	"a system call that does not exist",
	"six arguments",
	"signals",
	"signals with a siginfo",
	"bad segments in a signal's frame",
	"thread-local storage",
	"segment limits",
	"task switches",
	"the vDSO's clock",
	"exceptions",
	"64-bit code and back",
	"memory below 4 GB only",
};

static char program[4096];

static void run(void *number)
{
	char word[16];
	int status = 0;
	pid_t pid;

	snprintf(word, sizeof(word), "%lu", (unsigned long)number);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		execl(program, program, word, NULL);
		printf("# %s: %s\n", program, strerror(errno));
		_exit(1);
	}
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == KTAP_SKIP_STATUS) {
		ktap_skip("this CPU does not have it in 32-bit code");
		return;
	}
	ktap_check(WIFEXITED(status) && !WEXITSTATUS(status), "compat32 %s: status %#x", word,
		   status);
}

int main(void)
{
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 16);
	unsigned long i;
	int status = 0;
	pid_t pid;

	if (length < 0)
		ktap_skip_all("/proc is not mounted");
	program[length] = '\0';
	strcat(dirname(program), "/compat32");
	pid = fork();
	if (!pid) {
		execl(program, program, NULL);
		_exit(errno == ENOEXEC ? KTAP_SKIP_STATUS : 1);
	}
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == KTAP_SKIP_STATUS)
		ktap_skip_all("the kernel runs no 32-bit programs");
	ktap_plan(ARRAY_SIZE(names));
	for (i = 0; i < ARRAY_SIZE(names); i++)
		ktap_run(names[i], run, (void *)i);
	return ktap_finished();
}
