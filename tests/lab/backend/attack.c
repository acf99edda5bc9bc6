// SPDX-License-Identifier: GPL-2.0
/*
 * What a hostile back end does. A seed chooses a kind of attack and all its numbers, so that
 * one that was found can be had again.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#define mb()	__sync_synchronize()	/* what the macros of ring.h are made of */
#define rmb()	__sync_synchronize()	/* the same */
#define wmb()	__sync_synchronize()	/* the same */
#include <xen/io/blkif.h>

#include "backend.h"

/* Answers that are still to be attacked, and how. */
static unsigned int answers;
static enum { SOUND, WRONG_FIELD, SEVERAL, NONE } with;

static uint64_t state;

/* xorshift64* by Vigna: all that is asked of it is to be the same for the same seed. */
static uint64_t any(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 2685821657736338717ULL;
}

static unsigned int below(unsigned int n)	{ return (any() >> 32) % n; }

/* A number that is near a bound somebody may have, as often as not. */
static uint64_t odd_number(void)
{
	static const uint64_t odd[] = {
		0, 1, 31, 32, 33, 255, 256, 4095, 4096, 65535, 65536, 0x7fffffff, 0x80000000,
		0xffffffff, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff,
	};

	return below(2) ? odd[below(ARRAY_SIZE(odd))] : any();
}

static void next_answers(int how)
{
	with = how;
	answers = 1 + below(8);
}

static void wrong_fields(void)	{ next_answers(WRONG_FIELD); }
static void several(void)	{ next_answers(SEVERAL); }
static void none(void)		{ next_answers(NONE); }

/* Indices and answers change while the frontend looks at them. */
static void flips(void)
{
	blkif_sring_t *shared = disk_ring();
	uint32_t was, i;

	if (!shared)
		return;
	disk_spoil();
	was = shared->rsp_prod;
	for (i = 0; i < 20000; i++) {
		blkif_response_t *r = &shared->ring[(was + i) % 32].rsp;

		r->id = below(64);
		r->operation = below(8);
		r->status = (int)below(4) - 2;
		wmb();	/* the answer is there before the index says so */
		shared->rsp_prod = was + (i % 2 ? below(64) : 0);
		if (!(i % 1000))
			disk_notify();
	}
	disk_notify();
}

static void indices(void)
{
	blkif_sring_t *shared = disk_ring();
	unsigned int i;

	disk_spoil();
	for (i = 0; shared && i < 50; i++) {
		shared->rsp_prod = odd_number();
		shared->rsp_event = odd_number();
		shared->req_event = odd_number();
		shared->req_prod = odd_number();
		disk_notify();
		usleep(1000);
	}
}

static void garbage(void)
{
	uint64_t *word = disk_ring();
	unsigned int i, j;

	disk_spoil();
	for (i = 0; word && i < 20; i++) {
		for (j = 0; j < 4096 / sizeof(*word); j++)
			__atomic_store_n(&word[j], odd_number(), __ATOMIC_RELAXED);
		disk_notify();
		usleep(1000);
	}
}

static void events(void)
{
	unsigned int i;

	for (i = 0; i < 5000; i++)
		disk_notify();
}

static void states(void)
{
	unsigned int i;

	for (i = 0; i < 30; i++) {
		store_set_state(below(10));
		usleep(below(20000));
	}
}

static void odd_text(char *text, size_t size)
{
	size_t length = below(2) ? below(8) : below(size), i;

	if (below(2)) {
		snprintf(text, size, "%s%llu", below(4) ? "" : "-",
			 (unsigned long long)odd_number());
		return;
	}
	for (i = 0; i < length; i++)
		text[i] = 1 + below(255);
	text[length] = '\0';
}

/* Keys change under a frontend that is connected, and is told so. */
static void keys(void)
{
	static const char * const names[] = {
		"sectors", "sector-size", "physical-sector-size", "info", "mode", "online",
		"feature-flush-cache", "feature-barrier", "feature-discard", "discard-granularity",
		"discard-alignment", "discard-secure", "feature-max-indirect-segments",
		"max-ring-page-order", "multi-queue-max-queues", "params", "serial", "removable",
	};
	char text[1024];
	unsigned int i;

	for (i = 0; i < 10; i++) {
		odd_text(text, sizeof(text));
		store_set(names[below(ARRAY_SIZE(names))], text);
		store_set_state(4);
		usleep(below(20000));
	}
}

static void gone(void)
{
	usleep(below(20000));
	if (below(2))
		disk_disconnect();
	store_remove();
}

static const struct {
	const char *name;
	void (*run)(void);
} kinds[] = {
	{ "wrong-fields", wrong_fields }, { "several", several }, { "none", none },
	{ "flips", flips }, { "indices", indices }, { "garbage", garbage },
	{ "events", events }, { "states", states }, { "keys", keys }, { "gone", gone },
};

/* Kinds come in turn, whatever number a case begins with. */
void attack(unsigned long seed)
{
	unsigned int kind = seed % ARRAY_SIZE(kinds);

	state = (seed + 1) * 0x9e3779b97f4a7c15ULL;
	say("seed %lu: %s", seed, kinds[kind].name);
	kinds[kind].run();
}

static void wrong_field(uint64_t *id, uint8_t *operation, int16_t *status)
{
	switch (below(3)) {
	case 0:
		*id = odd_number();
		break;
	case 1:
		*operation = odd_number();
		break;
	default:
		*status = odd_number();
	}
}

unsigned int attack_answer(uint64_t *id, uint8_t *operation, int16_t *status)
{
	if (!answers)
		return 1;
	answers--;
	switch (with) {
	case WRONG_FIELD:
		wrong_field(id, operation, status);
		return 1;
	case SEVERAL:
		return 2 + below(40);
	case NONE:
		return 0;
	default:
		return 1;
	}
}
