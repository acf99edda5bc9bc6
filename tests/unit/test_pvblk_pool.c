// SPDX-License-Identifier: GPL-2.0
/* A pool that grows and shrinks: when memory or grants run out, and when pages are kept. */
#include <fake.h>

#include <pv/front.h>

#include "drivers/pvblk/pool.h"
#include "tests/unit/fake.h"
#include "test.h"

#define MOST	40U

static struct pvblk_pool pool;
static struct pvfront connection;
static struct pvfront *const front = &connection;

/* Nothing here is left to a backend. */
void get_page(struct page *page)
{
	abort();
}

static bool is_zeroed(void)
{
	static const struct pvblk_pool zeroed;

	return !memcmp(&pool, &zeroed, sizeof(pool));
}

static int open_pool(unsigned int own, unsigned int reserve, bool pages)
{
	const struct pvblk_pool_size size = {
		.most = MOST, .own = own, .reserve = reserve, .pages = pages,
	};

	return pvblk_pool_open(&pool, front, &size);
}

static void close_pool(void)
{
	pvblk_pool_close(&pool);
	EXPECT(is_zeroed());
	EXPECT_EQ(fake_held(), 0);
}

/* Takes @nr and makes them ready; returns how many were. */
static unsigned int take(unsigned int nr, u16 *to)
{
	unsigned int bare, n = pvblk_pool_take(&pool, nr, to, &bare);
	unsigned int ready = pvblk_pool_equip(&pool, bare, to + n - bare);

	pvblk_pool_put(&pool, bare - ready, to + n - bare + ready);
	return n - bare + ready;
}

static void every_failure_to_open_leaves_nothing(void)
{
	for (unsigned int pages = 0; pages < 2; pages++) {
		for (unsigned int n = 0; ; n++) {
			int err;

			fake_reset(n);
			err = open_pool(4, 11, pages);
			if (!fake_failed()) {
				/* Two tables, one claim and the pages. */
				EXPECT_EQ(n, 3 + 11 * pages);
				EXPECT_EQ(err, 0);
				break;
			}
			EXPECT(err);
			EXPECT(is_zeroed());
			if (!EXPECT_EQ(fake_held(), 0))
				return;
		}
		close_pool();
	}
}

static void claims_no_more_than_the_reserve_at_first(void)
{
	fake_reset(FAKE_NEVER);
	EXPECT_EQ(open_pool(32, 11, true), 0);
	EXPECT_EQ(fake_grants(), 11);
	EXPECT_EQ(pvblk_pool_claimed(&pool), 11);
	close_pool();

	EXPECT_EQ(open_pool(0, 0, true), 0);
	EXPECT_EQ(fake_grants(), 0);
	close_pool();
}

static void grows_when_more_is_needed_and_hands_out_each_grant_once(void)
{
	bool seen[MOST + 4] = { };
	u16 all[MOST + 1];

	fake_reset(FAKE_NEVER);
	EXPECT_EQ(open_pool(4, 11, true), 0);
	EXPECT_EQ(take(11, all), 11);
	EXPECT_EQ(fake_grants(), 11);
	EXPECT_EQ(take(MOST, all + 11), MOST - 11);
	EXPECT_EQ(fake_grants(), MOST);
	for (unsigned int i = 0; i < MOST; i++) {
		EXPECT(all[i] >= 4 && all[i] < MOST + 4 && !seen[all[i]]);
		seen[all[i]] = true;
		EXPECT(pool.grants[all[i]].page);
		EXPECT(pool.grants[all[i]].ref != INVALID_GRANT_REF);
	}
	EXPECT_EQ(take(1, all + MOST), 0);
	pvblk_pool_put(&pool, MOST, all);
	EXPECT_EQ(pool.nr_ready, MOST);
	EXPECT_EQ(fake_grants(), MOST);
	close_pool();
}

static void uses_last_what_was_used_first(void)
{
	u16 some[5], again[5];

	fake_reset(FAKE_NEVER);
	EXPECT_EQ(open_pool(0, 11, false), 0);
	EXPECT_EQ(take(5, some), 5);
	pvblk_pool_put(&pool, 5, some);
	EXPECT_EQ(take(5, again), 5);
	EXPECT(!memcmp(some, again, sizeof(some)));
	pvblk_pool_put(&pool, 5, again);
	close_pool();
}

/* Fails each call of growing by 8, whose first ones are got then and stay whole. */
static void grows_in_part_when_a_call_fails(void)
{
	for (unsigned int n = 0; ; n++) {
		u16 all[20];
		unsigned int got;

		fake_reset(FAKE_NEVER);
		EXPECT_EQ(open_pool(0, 11, true), 0);
		fake_fail_next(n);
		got = take(19, all);
		for (unsigned int i = 0; i < got; i++)
			EXPECT(pool.grants[all[i]].page && pool.grants[all[i]].ref !=
			       INVALID_GRANT_REF);
		pvblk_pool_put(&pool, got, all);
		if (!fake_failed()) {
			EXPECT_EQ(n, 16);
			EXPECT_EQ(got, 19);
			close_pool();
			break;
		}
		EXPECT_EQ(got, 11 + n / 2);
		EXPECT_EQ(pool.nr_ready, got);
		/* Nothing was lost by that. */
		fake_fail_next(FAKE_NEVER);
		EXPECT_EQ(take(19, all), 19);
		pvblk_pool_put(&pool, 19, all);
		close_pool();
	}
}

static void goes_on_with_its_reserve_when_there_is_nothing(void)
{
	u16 some[20];

	fake_reset(FAKE_NEVER);
	fake_table(22);
	EXPECT_EQ(open_pool(4, 11, true), 0);
	for (unsigned int i = 0; i < 3; i++) {
		EXPECT_EQ(take(20, some), 11);
		pvblk_pool_put(&pool, 11, some);
	}
	EXPECT(!pvblk_pool_own(&pool, 0));
	EXPECT_EQ(fake_grants(), 11);
	/* As the table is the next time that a pool is opened. */
	fake_table(2 * FAKE_GRANTS);
	close_pool();
	EXPECT_EQ(open_pool(4, 11, true), 0);
	EXPECT_EQ(take(20, some), 20);
	pvblk_pool_put(&pool, 20, some);
	close_pool();
}

static void gives_a_tag_its_own_when_it_first_needs_it(void)
{
	fake_reset(FAKE_NEVER);
	EXPECT_EQ(open_pool(4, 11, true), 0);
	EXPECT(pvblk_pool_own(&pool, 3));
	EXPECT_EQ(fake_grants(), 12);
	EXPECT(pvblk_pool_own(&pool, 3));
	EXPECT_EQ(fake_grants(), 12);
	EXPECT(pool.grants[3].page);
	EXPECT(!pvblk_pool_own(&pool, 4));
	pool.own_off = true;
	EXPECT(!pvblk_pool_own(&pool, 3));
	close_pool();
}

static void without_memory_a_tag_has_none(void)
{
	for (unsigned int n = 0; n < 2; n++) {
		fake_reset(FAKE_NEVER);
		EXPECT_EQ(open_pool(4, 11, true), 0);
		fake_fail_next(n);
		EXPECT(!pvblk_pool_own(&pool, 0));
		fake_fail_next(FAKE_NEVER);
		EXPECT(pvblk_pool_own(&pool, 0));
		close_pool();
	}
}

static unsigned int one_turn(void)
{
	struct pvblk_grant idle[PVBLK_POOL_TURN];
	unsigned int n, total = 0;

	do {
		n = pvblk_pool_idle(&pool, idle);
		pvblk_pool_drop(&pool, idle, n);
		total += n;
	} while (n == PVBLK_POOL_TURN);
	return total;
}

static void gives_back_what_nobody_used_for_a_turn(void)
{
	u16 all[MOST], some[13];

	for (unsigned int pages = 0; pages < 2; pages++) {
		fake_reset(FAKE_NEVER);
		EXPECT_EQ(open_pool(4, 11, pages), 0);
		EXPECT_EQ(take(MOST, all), MOST);
		EXPECT_EQ(one_turn(), 0);		/* all in use */
		pvblk_pool_put(&pool, MOST, all);
		EXPECT_EQ(one_turn(), 0);		/* all were in use */
		EXPECT_EQ(take(13, some), 13);
		pvblk_pool_put(&pool, 13, some);
		EXPECT_EQ(one_turn(), MOST - 13);
		EXPECT_EQ(fake_grants(), 13);
		EXPECT_EQ(one_turn(), 2);		/* but for the reserve */
		EXPECT_EQ(one_turn(), 0);
		EXPECT_EQ(fake_grants(), 11);
		EXPECT_EQ(take(MOST, all), MOST);
		pvblk_pool_put(&pool, MOST, all);
		close_pool();
	}
}

static void what_is_in_use_counts_for_the_reserve(void)
{
	u16 all[20];

	fake_reset(FAKE_NEVER);
	EXPECT_EQ(open_pool(0, 11, false), 0);
	EXPECT_EQ(take(20, all), 20);
	pvblk_pool_put(&pool, 5, all);
	one_turn();
	EXPECT_EQ(one_turn(), 5);
	EXPECT_EQ(fake_grants(), 15);
	pvblk_pool_put(&pool, 15, all + 5);
	close_pool();
}

static void keeps_what_the_backend_maps(void)
{
	u16 all[MOST];

	fake_reset(FAKE_NEVER);
	EXPECT_EQ(open_pool(0, 11, true), 0);
	EXPECT_EQ(take(MOST, all), MOST);
	for (unsigned int i = 0; i < MOST; i++)
		pool.grants[all[i]].granted = true;
	/* The one that is used last of all, and one in the middle. */
	fake_map(pool.grants[all[MOST - 1]].ref);
	fake_map(pool.grants[all[20]].ref);
	pvblk_pool_put(&pool, MOST, all);
	one_turn();
	EXPECT_EQ(one_turn(), MOST - 11);
	EXPECT(pool.grants[all[20]].granted && pool.grants[all[MOST - 1]].granted);
	EXPECT(!pvblk_pool_end_access(&pool));
	fake_let_go();
	EXPECT(pvblk_pool_end_access(&pool));
	close_pool();
}

static void a_tags_own_goes_back_unless_it_is_mapped(void)
{
	struct pvblk_grant idle;

	fake_reset(FAKE_NEVER);
	EXPECT_EQ(open_pool(4, 11, true), 0);
	EXPECT(!pvblk_pool_own_idle(&pool, 2, &idle));
	EXPECT(pvblk_pool_own(&pool, 2));
	pool.grants[2].granted = true;
	fake_map(pool.grants[2].ref);
	EXPECT(!pvblk_pool_own_idle(&pool, 2, &idle));
	fake_let_go();
	EXPECT(pvblk_pool_own_idle(&pool, 2, &idle));
	pvblk_pool_drop(&pool, &idle, 1);
	EXPECT_EQ(fake_grants(), 11);
	EXPECT(pvblk_pool_own(&pool, 2));
	close_pool();
}

static void leaves_to_the_backend_what_it_maps_at_the_end(void)
{
	for (unsigned int pages = 0; pages < 2; pages++) {
		u16 at[3];

		fake_reset(FAKE_NEVER);
		EXPECT_EQ(open_pool(0, 8, pages), 0);
		EXPECT_EQ(take(3, at), 3);
		for (unsigned int i = 0; i < 3; i++)
			pool.grants[at[i]].granted = true;
		fake_map(pool.grants[at[0]].ref);
		fake_map(pool.grants[at[1]].ref);
		pvblk_pool_close(&pool);
		EXPECT(is_zeroed());
		/* Two grants, and their pages. */
		EXPECT_EQ(fake_held(), pages ? 4 : 2);
		fake_let_go();
		EXPECT_EQ(fake_held(), 0);
	}
}

const struct test_case test_cases[] = {
	TEST(every_failure_to_open_leaves_nothing),
	TEST(claims_no_more_than_the_reserve_at_first),
	TEST(grows_when_more_is_needed_and_hands_out_each_grant_once),
	TEST(uses_last_what_was_used_first),
	TEST(grows_in_part_when_a_call_fails),
	TEST(goes_on_with_its_reserve_when_there_is_nothing),
	TEST(gives_a_tag_its_own_when_it_first_needs_it),
	TEST(without_memory_a_tag_has_none),
	TEST(gives_back_what_nobody_used_for_a_turn),
	TEST(what_is_in_use_counts_for_the_reserve),
	TEST(keeps_what_the_backend_maps),
	TEST(a_tags_own_goes_back_unless_it_is_mapped),
	TEST(leaves_to_the_backend_what_it_maps_at_the_end),
	{ }
};
