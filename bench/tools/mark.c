// SPDX-License-Identifier: GPL-2.0
/*
 * mark start|stop: begins or ends what profile.c counts, and prints the time stamp
 * counter, which goes by nanoseconds of counted time.
 */
#include <stdio.h>
#include <string.h>

#include "mark.h"

/* The command is a part of the instruction. */
static inline __attribute__((always_inline)) void mark(int command)
{
	asm volatile(".byte 0x0f, 0x1f, 0x80; .long %c0" : : "i" (command) : "memory");
}

int main(int argc, char **argv)
{
	unsigned long long now;

	if (argc == 2 && !strcmp(argv[1], "start")) {
		mark(MARK_START);
		now = __builtin_ia32_rdtsc();
	} else if (argc == 2 && !strcmp(argv[1], "stop")) {
		now = __builtin_ia32_rdtsc();
		mark(MARK_STOP);
	} else {
		fprintf(stderr, "usage: mark start|stop\n");
		return 2;
	}
	printf("%llu\n", now);
	return 0;
}
