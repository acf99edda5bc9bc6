/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KTAP for test programs of one source file that has main().
 *
 *	ktap_plan(2);
 *	ktap_run("name of the first", first, arg);
 *	ktap_run("name of the second", second, arg);
 *	return ktap_finished();
 *
 * A test is a function that calls ktap_check() at least once; it fails when one
 * of its checks does, or when it made none.
 */
#ifndef _SELFTESTS_KTAP_H
#define _SELFTESTS_KTAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define KTAP_SKIP_STATUS	4

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))

/**
 * struct ktap - what has been seen so far
 * @planned: results promised
 * @done: results printed
 * @failed: those that were failures
 * @skipped: those that were skipped
 * @checks: checks of the current test
 * @bad: those of them that did not hold
 * @skip: why the current test is skipped, or empty
 */
struct ktap {
	unsigned int planned, done, failed, skipped;
	unsigned int checks, bad;
	char skip[256];
};

static struct ktap ktap;

static inline void ktap_plan(unsigned int tests)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	ktap.planned = tests;
	printf("TAP version 13\n1..%u\n", tests);
}

/**
 * ktap_skip_all() - end a program that cannot test anything here
 * @fmt: printf format of the reason
 */
__attribute__((noreturn, format(printf, 1, 2)))
static inline void ktap_skip_all(const char *fmt, ...)
{
	va_list args;

	printf("TAP version 13\n1..0 # SKIP ");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	exit(KTAP_SKIP_STATUS);
}

/**
 * ktap_skip() - skip the current test; to be followed by its return
 * @fmt: printf format of the reason
 */
__attribute__((format(printf, 1, 2)))
static inline void ktap_skip(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(ktap.skip, sizeof(ktap.skip), fmt, args);
	va_end(args);
}

/**
 * ktap_check() - one expectation of the current test
 * @holds: whether it is met
 * @fmt: printf format of what is said if not
 *
 * Return: @holds, so that a test can give up.
 */
__attribute__((format(printf, 2, 3)))
static inline bool ktap_check(bool holds, const char *fmt, ...)
{
	va_list args;

	ktap.checks++;
	if (holds)
		return true;
	ktap.bad++;
	printf("# ");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	return false;
}

static inline void ktap_run(const char *name, void (*test)(void *), void *arg)
{
	ktap.checks = 0;
	ktap.bad = 0;
	ktap.skip[0] = '\0';
	test(arg);

	ktap.done++;
	if (!ktap.checks && !ktap.skip[0])
		ktap_check(false, "nothing was checked");
	if (ktap.bad) {
		ktap.failed++;
		printf("not ok %u %s\n", ktap.done, name);
	} else if (ktap.skip[0]) {
		ktap.skipped++;
		printf("ok %u %s # SKIP %s\n", ktap.done, name, ktap.skip);
	} else {
		printf("ok %u %s\n", ktap.done, name);
	}
}

/**
 * ktap_finished() - what main() returns
 *
 * Return: 0, 1 after a failure or a wrong number of tests, 4 if all were skipped.
 */
static inline int ktap_finished(void)
{
	if (ktap.done != ktap.planned) {
		printf("# %u results, planned were %u\n", ktap.done, ktap.planned);
		return 1;
	}
	if (ktap.failed)
		return 1;
	return ktap.skipped == ktap.done ? KTAP_SKIP_STATUS : 0;
}

/**
 * struct ktap_test - a row of a table of tests
 * @name: what is printed
 * @run: the test, called with NULL
 */
struct ktap_test {
	const char *name;
	void (*run)(void *arg);
};

/**
 * ktap_run_table() - all that main() has to do
 * @tests: the table
 * @n: its rows
 *
 * Return: what main() returns.
 */
static inline int ktap_run_table(const struct ktap_test *tests, unsigned int n)
{
	unsigned int i;

	ktap_plan(n);
	for (i = 0; i < n; i++)
		ktap_run(tests[i].name, tests[i].run, NULL);
	return ktap_finished();
}

#endif
