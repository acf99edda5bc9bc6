// SPDX-License-Identifier: GPL-2.0
/*
 * ioperm and iopl. Without them a port raises a fault. With them an instruction is carried
 * out by Xen, which gives a guest without devices no port: it reads as all ones, what is
 * written goes nowhere. Interrupts cannot be switched with iopl either.
 */
#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/io.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "layer.h"
#include "ktap.h"

#define PORT	0x3f8
#define TURNS	300

static unsigned char read_as;

static void in_port(void *port)
{
	asm volatile("inb %w1, %b0" : "=a" (read_as) : "Nd" ((unsigned short)(unsigned long)port));
}

static void out_port(void *port)
{
	asm volatile("outb %b0, %w1" : : "a" (0), "Nd" ((unsigned short)(unsigned long)port));
}

static void switch_off(void *unused)
{
	asm volatile("cli");
}

static void check_denied(unsigned long port)
{
	struct fault in = fault_of(in_port, (void *)port), out = fault_of(out_port, (void *)port);

	ktap_check(in.sig == SIGSEGV && in.trap == 13 && in.code == SI_KERNEL,
		   "in from %#lx: signal %d, exception %lu", port, in.sig, in.trap);
	ktap_check(out.sig == SIGSEGV && out.trap == 13, "out to %#lx: signal %d, exception %lu",
		   port, out.sig, out.trap);
}

static void check_allowed(unsigned long port)
{
	struct fault in, out;

	read_as = 0;
	in = fault_of(in_port, (void *)port);
	out = fault_of(out_port, (void *)port);
	ktap_check(!in.sig && !out.sig, "port %#lx: signals %d, %d", port, in.sig, out.sig);
	ktap_check(read_as == 0xff, "port %#lx reads %#x", port, read_as);
}

static void denied(void *unused)
{
	check_denied(PORT);
	check_denied(0x80);
	check_denied(0xffff);
}

static void by_ioperm(void *unused)
{
	ktap_check(!ioperm(PORT, 2, 1), "ioperm: %s", strerror(errno));
	check_allowed(PORT);
	check_allowed(PORT + 1);
	check_denied(PORT + 2);
	check_denied(PORT - 1);
	ktap_check(!ioperm(PORT, 1, 0), "ioperm off: %s", strerror(errno));
	check_denied(PORT);
	check_allowed(PORT + 1);
	ktap_check(!ioperm(0, 65536, 0), "ioperm off: %s", strerror(errno));
	check_denied(PORT + 1);
}

static void by_iopl(void *unused)
{
	ktap_check(!iopl(3), "iopl: %s", strerror(errno));
	check_allowed(PORT);
	check_allowed(0xffff);
	/* The kernel skips cli and sti of a program with iopl 3. */
	ktap_check(!fault_of(switch_off, NULL).sig, "cli with iopl 3: signal %d",
		   fault_of(switch_off, NULL).sig);
	ktap_check(!iopl(0), "iopl: %s", strerror(errno));
	check_denied(PORT);
	ktap_check(fault_of(switch_off, NULL).sig == SIGSEGV, "cli without iopl");
}

static void wrong(void *unused)
{
	ktap_check(ioperm(65535, 2, 1) == -1 && errno == EINVAL, "ioperm beyond the last port");
	ktap_check(iopl(4) == -1 && errno == EINVAL, "iopl 4");
}

/* The two share a CPU, and only one of them has ports. */
static const char *turn(unsigned int who, unsigned int n)
{
	if (!n && who && ioperm(PORT, 1, 1))
		return "ioperm";
	give_way();
	if ((fault_of(in_port, (void *)PORT).sig == 0) != who)
		return who ? "lost its port in a task switch" : "got another's port";
	return NULL;
}

static void switching(void *unused)
{
	const char *wrong = take_turns(TURNS, turn);

	ktap_check(!wrong, "%s", wrong);
}

static const char *child_has(void)
{
	return fault_of(in_port, (void *)PORT).sig ? "the child has no port" : NULL;
}

static void forks(void *unused)
{
	const char *wrong;

	ioperm(PORT, 1, 1);
	wrong = in_child(child_has);
	ktap_check(!wrong, "%s", wrong);
	ioperm(PORT, 1, 0);
	check_denied(PORT);
}

static const char *unprivileged(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { };

	if (syscall(SYS_capset, &header, data))
		return "capset failed";
	if (ioperm(PORT, 1, 1) != -1 || errno != EPERM)
		return "ioperm without CAP_SYS_RAWIO";
	if (iopl(3) != -1 || errno != EPERM)
		return "iopl without CAP_SYS_RAWIO";
	return fault_of(in_port, (void *)PORT).sig == SIGSEGV ? NULL : "has a port all the same";
}

static void capabilities(void *unused)
{
	const char *wrong = in_child(unprivileged);

	ktap_check(!wrong, "%s", wrong);
}

static const struct ktap_test tests[] = {
	{ "no port without asking", denied },
	{ "ioperm", by_ioperm },
	{ "iopl", by_iopl },
	{ "wrong values", wrong },
	{ "task switches", switching },
	{ "fork", forks },
	{ "without CAP_SYS_RAWIO", capabilities },
};

int main(void)
{
	if (geteuid())
		ktap_skip_all("not root");
	if (ioperm(PORT, 1, 0) && errno == ENOSYS)
		ktap_skip_all("the kernel has no ioperm");
	return ktap_run_table(tests, ARRAY_SIZE(tests));
}
