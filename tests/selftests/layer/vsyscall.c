// SPDX-License-Identifier: GPL-2.0
/*
 * The three calls at 0xffffffffff600000, as old programs make them. The kernel's command
 * line chooses: vsyscall=emulate has a page that can be read, xonly (default) has calls
 * without a page, none has nothing there. /proc/self/maps tells which it is.
 */
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "layer.h"
#include "ktap.h"

#define PAGE		0xffffffffff600000UL

static long (*const old_gettimeofday)(struct timeval *, struct timezone *) = (void *)PAGE;
static time_t (*const old_time)(time_t *) = (void *)(PAGE + 1024);
static long (*const old_getcpu)(unsigned int *, unsigned int *, void *) = (void *)(PAGE + 2048);

/* Permissions of the page, as the kernel shows them. */
static char maps[5] = "none";

static void read_maps(void)
{
	FILE *file = fopen("/proc/self/maps", "r");
	char line[512], what[5];

	while (file && fgets(line, sizeof(line), file))
		if (strstr(line, "[vsyscall]") && sscanf(line, "%*s %4s", what) == 1)
			memcpy(maps, what, sizeof(maps));
	if (file)
		fclose(file);
}

static bool callable(void)
{
	return maps[2] == 'x';
}

static void call_time(void *unused)
{
	old_time(NULL);
}

static void read_page(void *at)
{
	asm volatile("mov (%0), %%al" : : "r" (at) : "rax");
}

static void write_page(void *at)
{
	asm volatile("movb $0, (%0)" : : "r" (at));
}

static void call_middle(void *unused)
{
	((void (*)(void))(PAGE + 16))();
}

static void check_segv(const char *what, struct fault f)
{
	ktap_check(f.sig == SIGSEGV, "%s: signal %d", what, f.sig);
}

static void calls(void *unused)
{
	struct timeval old = { 0 }, before, after;
	unsigned int cpu = ~0U, node = ~0U;
	time_t stored = 0, now;

	if (!callable()) {
		check_segv("time()", fault_of(call_time, NULL));
		return;
	}
	gettimeofday(&before, NULL);
	ktap_check(!old_gettimeofday(&old, NULL), "gettimeofday");
	gettimeofday(&after, NULL);
	ktap_check(!timercmp(&old, &before, <) && !timercmp(&old, &after, >),
		   "gettimeofday says %ld.%06ld, between %ld.%06ld and %ld.%06ld", old.tv_sec,
		   old.tv_usec, before.tv_sec, before.tv_usec, after.tv_sec, after.tv_usec);
	now = old_time(&stored);
	ktap_check(now == stored && now >= before.tv_sec && now <= after.tv_sec + 1,
		   "time says %ld", (long)now);
	pin_to(0);
	ktap_check(!old_getcpu(&cpu, &node, NULL) && !cpu, "getcpu says %u", cpu);
}

static void bad_pointer(void *where)
{
	old_gettimeofday(where, NULL);
}

static void misuse(void *unused)
{
	struct fault f;

	check_segv("a call into the middle", fault_of(call_middle, NULL));
	if (!callable())
		return;
	f = fault_of(bad_pointer, (void *)0x10);
	ktap_check(f.sig == SIGSEGV, "a bad pointer: signal %d", f.sig);
}

static void page_itself(void *unused)
{
	struct fault f = fault_of(read_page, (void *)PAGE);

	ktap_check(f.sig == (maps[0] == 'r' ? 0 : SIGSEGV), "reading it: signal %d", f.sig);
	if (f.sig)
		ktap_check(f.addr == PAGE, "the fault is at %#lx", f.addr);
	check_segv("writing it", fault_of(write_page, (void *)PAGE));
	check_segv("reading the page below", fault_of(read_page, (void *)(PAGE - 4096)));
}

static const struct ktap_test tests[] = {
	{ "calls", calls },
	{ "misuse", misuse },
	{ "the page itself", page_itself },
};

int main(void)
{
	int status;

	read_maps();
	status = ktap_run_table(tests, ARRAY_SIZE(tests));
	printf("# the page is %s\n", maps);
	return status;
}
