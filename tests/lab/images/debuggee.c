// SPDX-License-Identifier: GPL-2.0
/*
 * What gdb works on in layer-debug: functions to stop in, a word to watch, a thread, and
 * with "wait" as its argument a process to attach to. Built with debug information.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

volatile int word;
volatile int leave;

__attribute__((noinline)) static int leaf(int n)
{
	word = n;
	return n * 3;
}

__attribute__((noinline)) static int middle(int n)
{
	int tripled = leaf(n + 1);

	return tripled + 1;
}

static void *in_thread(void *arg)
{
	return (void *)(long)middle(*(int *)arg);
}

__attribute__((noinline)) static int waiting(void)
{
	int rounds = 0;

	while (!leave) {
		usleep(1000);
		rounds++;
	}
	return rounds;
}

int main(int argc, char **argv)
{
	pthread_t thread;
	void *result;
	int n = 5;

	if (argc > 1 && !strcmp(argv[1], "wait"))
		return !waiting();
	printf("main %d\n", middle(n));
	n = 20;
	if (pthread_create(&thread, NULL, in_thread, &n) || pthread_join(thread, &result))
		return 1;
	printf("thread %ld\n", (long)result);
	return 0;
}
