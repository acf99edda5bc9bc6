// SPDX-License-Identifier: GPL-2.0
/* Runs the cases of a test, counts what they expect, prints KTAP. */
#include <stdarg.h>
#include <stdio.h>

#include "test.h"

static unsigned int checked, broken;

bool test_expect(bool ok, const char *file, int line, const char *fmt, ...)
{
	va_list args;

	checked++;
	if (ok)
		return true;

	broken++;
	printf("# %s:%d: ", file, line);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	return false;
}

static bool run_case(const struct test_case *test)
{
	checked = 0;
	broken = 0;
	test->run();
	if (!checked)
		printf("# %s checked nothing\n", test->name);
	return checked && !broken;
}

int main(void)
{
	unsigned int count = 0, failed = 0;

	/* A crash must not take the lines before it along. */
	setvbuf(stdout, NULL, _IONBF, 0);

	while (test_cases[count].run)
		count++;
	printf("KTAP version 1\n1..%u\n", count);

	for (unsigned int i = 0; i < count; i++) {
		bool ok = run_case(&test_cases[i]);

		failed += !ok;
		printf("%sok %u %s\n", ok ? "" : "not ", i + 1, test_cases[i].name);
	}
	printf("%u passed, %u failed, 0 skipped\n", count - failed, failed);
	return failed || !count;
}
