/* SPDX-License-Identifier: GPL-2.0 */
/* What the programs that load the network share: messages, numbers, the clock. */
#ifndef PV_BENCH_LOAD_H
#define PV_BENCH_LOAD_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void die(const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what, strerror(errno));
	exit(1);
}

static long parse(const char *what, const char *text, long min, long max)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (!*text || *end || n < min || n > max) {
		fprintf(stderr, "%s: %s %s: a number from %ld to %ld is needed\n",
			program_invocation_short_name, what, text, min, max);
		exit(2);
	}
	return n;
}

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

#endif
