// SPDX-License-Identifier: GPL-2.0
/* See layer.h. */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "layer.h"
#include "ktap.h"

#define ALT_STACK	65536

/* Where a fault goes on: back in fault_call(), which returns to its caller. */
unsigned long fault_stack;
extern const char fault_resume[];
void fault_call(void (*code)(void *), void *arg);

asm(".pushsection .text\n"
	"fault_call:\n"
	"	push	%rbx\n"
	"	push	%rbp\n"
	"	push	%r12\n"
	"	push	%r13\n"
	"	push	%r14\n"
	"	push	%r15\n"
	"	sub	$8, %rsp\n"
	"	mov	%rsp, fault_stack(%rip)\n"
	"	mov	%rdi, %rax\n"
	"	mov	%rsi, %rdi\n"
	"	call	*%rax\n"
	"fault_resume:\n"
	"	mov	fault_stack(%rip), %rsp\n"
	"	add	$8, %rsp\n"
	"	pop	%r15\n"
	"	pop	%r14\n"
	"	pop	%r13\n"
	"	pop	%r12\n"
	"	pop	%rbp\n"
	"	pop	%rbx\n"
	"	ret\n"
	".popsection\n");

static struct fault fault;

static void fault_caught(int sig, siginfo_t *info, void *context)
{
	greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;

	/* A handler starts with the flag of the code that it interrupted. */
	asm volatile("pushf\n\tandq %0, (%%rsp)\n\tpopf" : : "i" (~FLAG_AC) : "memory", "cc");
	fault = (struct fault) {
		.sig = sig, .code = info->si_code, .addr = (unsigned long)info->si_addr,
		.ip = regs[REG_RIP], .cs = regs[REG_CSGSFS] & 0xffff,
		.trap = regs[REG_TRAPNO], .error = regs[REG_ERR],
	};
	regs[REG_RIP] = (greg_t)fault_resume;
	regs[REG_RSP] = fault_stack;
	regs[REG_EFL] &= ~(FLAG_TF | FLAG_DF | FLAG_AC);
	regs[REG_CSGSFS] &= ~0xffff00000000ffffUL;
	regs[REG_CSGSFS] |= (unsigned long)USER_SS << 48 | USER_CS;
}

void signal_handle(int sig, void (*handler)(int, siginfo_t *, void *))
{
	static char stack[ALT_STACK];
	const stack_t alt = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK };

	sigaltstack(&alt, NULL);
	sigaction(sig, &action, NULL);
}

struct fault fault_of(void (*code)(void *), void *arg)
{
	static const int signals[] = { SIGSEGV, SIGILL, SIGBUS, SIGFPE, SIGTRAP };
	unsigned int i;

	memset(&fault, 0, sizeof(fault));
	for (i = 0; i < ARRAY_SIZE(signals); i++)
		signal_handle(signals[i], fault_caught);
	fault_call(code, arg);
	for (i = 0; i < ARRAY_SIZE(signals); i++)
		signal(signals[i], SIG_DFL);
	return fault;
}

bool pin_to(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return !sched_setaffinity(0, sizeof(set), &set);
}

const struct timespec give_way_time = { .tv_nsec = 100000 };

void give_way(void)
{
	nanosleep(&give_way_time, NULL);
}

/* What a child has to say, where the parent can read it. */
struct report {
	char text[256];
	volatile unsigned int done;
};

static void report_set(struct report *report, const char *text)
{
	if (text)
		snprintf(report->text, sizeof(report->text), "%s", text);
}

static struct report *reports_get(void)
{
	static struct report *reports;

	if (!reports)
		reports = mmap(NULL, 2 * sizeof(*reports), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (reports == MAP_FAILED)
		ktap_skip_all("no memory: %s", strerror(errno));
	memset(reports, 0, 2 * sizeof(*reports));
	return reports;
}

/* What is wrong with a child that has ended. */
static const char *child_says(pid_t pid, struct report *report)
{
	int status = 0;

	if (pid <= 0)
		return "no child";
	waitpid(pid, &status, 0);
	if (WIFSIGNALED(status))
		snprintf(report->text, sizeof(report->text), "the child ended by signal %d",
			 WTERMSIG(status));
	return report->text[0] ? report->text : NULL;
}

const char *in_child(const char *(*part)(void))
{
	struct report *report = reports_get();
	pid_t pid = fork();

	if (!pid) {
		report_set(report, part());
		_exit(0);
	}
	return child_says(pid, report);
}

/* Goes on until both have done their rounds, so that neither is ever alone. */
static void turns(struct report reports[2], unsigned int who, unsigned int rounds,
		  const char *(*round)(unsigned int who, unsigned int n))
{
	struct report *mine = &reports[who], *other = &reports[!who];
	unsigned int n, before, met = 0;
	const char *wrong = NULL;

	mine->done = 1;
	while (!other->done)
		give_way();
	for (n = 0; !wrong && (n < rounds || other->done <= rounds); n++) {
		before = other->done;
		wrong = round(who, n);
		met += other->done != before;
		mine->done++;
	}
	if (!wrong && met < rounds / 4)
		wrong = "the two tasks did not alternate";
	report_set(mine, wrong);
	mine->done = rounds + 1;
}

const char *take_turns(unsigned int rounds,
		       const char *(*round)(unsigned int who, unsigned int n))
{
	struct report *reports = reports_get();
	const char *childs;
	cpu_set_t before;
	pid_t pid;

	sched_getaffinity(0, sizeof(before), &before);
	if (!pin_to(sched_getcpu()))
		return "cannot stay on one CPU";
	pid = fork();
	if (pid >= 0) {
		turns(reports, !pid, rounds, round);
		if (!pid)
			_exit(0);
	}
	childs = child_says(pid, &reports[1]);
	sched_setaffinity(0, sizeof(before), &before);
	return reports[0].text[0] ? reports[0].text : childs;
}

void *low_code(const void *code, size_t bytes)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE | PROT_EXEC,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	if (at == MAP_FAILED)
		ktap_skip_all("no memory below 4 GB: %s", strerror(errno));
	return memcpy(at, code, bytes);
}
