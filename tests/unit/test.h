/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A test program is a table of cases, terminated by an empty entry:
 *
 *	const struct test_case test_cases[] = {
 *		TEST(refuses_a_negative_number),
 *		{ }
 *	};
 *
 * test.c has main(). A case fails when one of its expectations does, and when
 * it checked none at all.
 */
#ifndef _TESTS_UNIT_TEST_H
#define _TESTS_UNIT_TEST_H

#include <stdbool.h>

/**
 * struct test_case - one named case of a test program
 * @name: what is printed, the name of the function
 * @run: the case itself
 */
struct test_case {
	const char *name;
	void (*run)(void);
};

extern const struct test_case test_cases[];

#define TEST(fn) { .name = #fn, .run = fn }

/**
 * test_expect() - note the outcome of one expectation; use the macros below
 * @ok: whether it held
 * @file: source file of the expectation
 * @line: line of the expectation
 * @fmt: printf format of what is said when it did not hold
 *
 * Return: @ok, so that a case can give up: if (!EXPECT(p)) return;
 */
bool test_expect(bool ok, const char *file, int line, const char *fmt, ...)
	__attribute__((__format__(__printf__, 4, 5)));

#define EXPECT(cond) test_expect(!!(cond), __FILE__, __LINE__, "%s is false", #cond)

/* For integers of any type and sign. */
#define EXPECT_EQ(got, want) ({							\
	__auto_type __got = (got);						\
	__auto_type __want = (want);						\
	test_expect(__got == (__typeof__(__got))__want, __FILE__, __LINE__,	\
		    "%s is %lld (0x%llx), expected %lld", #got,			\
		    (long long)__got, (long long)__got, (long long)__want);	\
})

#endif
