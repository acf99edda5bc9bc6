// SPDX-License-Identifier: GPL-2.0
/*
 * turns US: wake up every so many microseconds, for ever. In counted time QEMU goes on
 * with a processor until a timer is due, so with this in dom0 the processors take turns as
 * often: nearly as if they ran at once, and still counted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

int main(int argc, char **argv)
{
	struct timespec pause = { };
	long us = argc == 2 ? atol(argv[1]) : 0;

	if (us < 1 || us > 10000) {
		fprintf(stderr, "usage: turns US, from 1 to 10000\n");
		return 2;
	}
	pause.tv_nsec = us * 1000;
	prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
	for (;;)
		nanosleep(&pause, NULL);
}
