// SPDX-License-Identifier: GPL-2.0
/* The rule of a request ring's indices, at every distance and around the wrap. */
#include <linux/errno.h>
#include <linux/kernel.h>

#include <pv/ring.h>
#include "test.h"

/* Where the next response is; the others wrap within a test. */
static const RING_IDX starts[] = { 0, 1, 0x7fffffff, 0xfffffffd, 0xffffffff };

/* Requests published, responses seen before, responses announced now. */
static int look(RING_IDX cons, int published, int before, int now, RING_IDX *seen)
{
	RING_IDX prod = cons + now;

	*seen = cons + before;
	return pv_ring_look(&prod, cons, cons + published, seen);
}

static void believes_what_lies_between_the_last_look_and_the_published(void)
{
	for (unsigned int s = 0; s < ARRAY_SIZE(starts); s++) {
		for (int published = 0; published <= 8; published++) {
			for (int before = 0; before <= published; before++) {
				for (int now = -3; now <= published + 3; now++) {
					bool fine = now >= before && now <= published;
					RING_IDX seen;
					int n = look(starts[s], published, before, now, &seen);

					EXPECT_EQ(n, fine ? now : -EPROTO);
					EXPECT_EQ(seen, starts[s] + (fine ? now : before));
				}
			}
		}
	}
}

static void refuses_what_is_far_away(void)
{
	static const RING_IDX lies[] = { 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff };
	RING_IDX seen;

	for (unsigned int s = 0; s < ARRAY_SIZE(starts); s++)
		for (unsigned int l = 0; l < ARRAY_SIZE(lies); l++)
			EXPECT_EQ(look(starts[s], 32, 0, lies[l], &seen), -EPROTO);
}

static void tells_of_responses_that_came_while_an_event_was_asked_for(void)
{
	RING_IDX event = 0, prod = 0xffffffff, seen = 0xffffffff;

	EXPECT(!pv_ring_arm(&event, 3, &prod, &seen));
	EXPECT_EQ(event, 3);
	prod++;
	EXPECT(pv_ring_arm(&event, 4, &prod, &seen));
	EXPECT_EQ(event, 4);
	EXPECT_EQ(seen, 0);
	EXPECT(!pv_ring_arm(&event, 5, &prod, &seen));
}

/* Otherwise one that moves its index to and fro would keep its reader looking. */
static void an_index_that_falls_back_behind_the_last_arm_is_refused(void)
{
	RING_IDX event, prod = 6, seen = 5;

	EXPECT(pv_ring_arm(&event, 6, &prod, &seen));
	prod = 5;
	EXPECT_EQ(pv_ring_look(&prod, 5, 9, &seen), -EPROTO);
	/* Nor is one beyond what was published, although it was armed with. */
	prod = 10;
	pv_ring_arm(&event, 6, &prod, &seen);
	EXPECT_EQ(pv_ring_look(&prod, 5, 9, &seen), -EPROTO);
}

const struct test_case test_cases[] = {
	TEST(believes_what_lies_between_the_last_look_and_the_published),
	TEST(refuses_what_is_far_away),
	TEST(tells_of_responses_that_came_while_an_event_was_asked_for),
	TEST(an_index_that_falls_back_behind_the_last_arm_is_refused),
	{ }
};
