// SPDX-License-Identifier: GPL-2.0
/*
 * Counts what one processor traced (xentrace -e 0x00201000):
 *	tracecount [--until-user] FROM CPU FILE
 * Records before the time stamp FROM do not count. A line each, "KIND NUMBER COUNT":
 *	hypercall N C	called N (an index of the hypercall page)
 *	subcall N C	N inside a multicall
 *	event N C	another event of class PV, by its low byte
 *	span_ns 0 T	from the first record counted to the last
 * With --until-user it stops at the first instruction that Xen emulated for user
 * space, which is how tools/init.c says that /init runs.
 *
 * A record: 28 bits event, 3 bits number of words that follow, 1 bit whether a
 * 64-bit count of cycles comes before them. Records come in runs, a processor each,
 * and each run is announced by a record of its own.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENT_MASK	0x0fffffff
#define EVENT_LOST	0x0001f001
#define EVENT_CPU	0x0001f003
#define CLASS_PV	0x00201000
#define CLASS_PV_MASK	0x0ffff000
#define FLAG_64		0x100

#define PV_EMULATED_CPUID	5
#define PV_EMULATED_PRIVILEGED	6
#define PV_HYPERCALL		13
#define PV_SUBCALL		14

#define NUMBERS 64

struct record {
	uint32_t event;
	uint32_t words;
	uint64_t cycles;
	uint32_t x[7];
};

static uint64_t hypercalls[NUMBERS], subcalls[NUMBERS], events[NUMBERS];

static void broken(const char *file, const char *why)
{
	fprintf(stderr, "tracecount: %s: %s\n", file, why);
	exit(1);
}

/* 0 at the end of the file. */
static int next(FILE *f, const char *file, struct record *r)
{
	uint32_t head;

	memset(r, 0, sizeof(*r));
	if (fread(&head, sizeof(head), 1, f) != 1)
		return 0;
	r->event = head & EVENT_MASK;
	r->words = head >> 28 & 7;
	if (head >> 31 && fread(&r->cycles, sizeof(r->cycles), 1, f) != 1)
		broken(file, "ends inside a record");
	if (fread(r->x, sizeof(r->x[0]), r->words, f) != r->words)
		broken(file, "ends inside a record");
	return 1;
}

static int is_user_emulation(const struct record *r, unsigned int nr)
{
	uint64_t rip = r->x[0] | (uint64_t)r->x[1] << 32;

	return (nr == PV_EMULATED_CPUID || nr == PV_EMULATED_PRIVILEGED) && !(rip >> 47);
}

static void count(const struct record *r, unsigned int nr)
{
	if (nr == PV_HYPERCALL)
		hypercalls[(r->x[0] & 0xfffff) % NUMBERS]++;
	else if (nr == PV_SUBCALL)
		subcalls[(r->x[0] & 0xfffff) % NUMBERS]++;
	else
		events[nr % NUMBERS]++;
}

static void print(const char *kind, const uint64_t *counts)
{
	int i;

	for (i = 0; i < NUMBERS; i++)
		if (counts[i])
			printf("%s %d %llu\n", kind, i, (unsigned long long)counts[i]);
}

int main(int argc, char **argv)
{
	int until_user = argc == 5 && !strcmp(argv[1], "--until-user");
	uint64_t first = 0, last = 0, from;
	uint32_t cpu = ~0u, wanted;
	struct record r;
	const char *file;
	FILE *f;
	int reached = 0;

	if (argc != 4 + until_user) {
		fprintf(stderr, "usage: tracecount [--until-user] FROM CPU FILE\n");
		return 2;
	}
	from = strtoull(argv[1 + until_user], NULL, 10);
	wanted = strtoul(argv[2 + until_user], NULL, 10);
	file = argv[3 + until_user];
	f = fopen(file, "rb");
	if (!f)
		broken(file, strerror(errno));
	while (!reached && next(f, file, &r)) {
		unsigned int nr = r.event & 0xff;

		if (r.event == EVENT_LOST)
			broken(file, "Xen lost records, its buffers were too small");
		if (r.event == EVENT_CPU)
			cpu = r.x[0];
		if (cpu != wanted || r.cycles < from)
			continue;
		if ((r.event & CLASS_PV_MASK & ~FLAG_64) != CLASS_PV)
			continue;
		reached = until_user && is_user_emulation(&r, nr);
		if (!reached)
			count(&r, nr);
		if (!first)
			first = r.cycles;
		last = r.cycles;
	}
	if (!first)
		broken(file, "no record of that processor");
	if (until_user && !reached)
		broken(file, "no emulation for user space");
	print("hypercall", hypercalls);
	print("subcall", subcalls);
	print("event", events);
	/* QEMU's time stamp counter counts nanoseconds of its virtual clock. */
	printf("span_ns 0 %llu\n", (unsigned long long)(last - first));
	return 0;
}
