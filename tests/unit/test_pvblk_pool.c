// SPDX-License-Identifier: GPL-2.0
/* A pool when memory or grants run out, and when the backend keeps pages. */
#include <fake.h>

#include "drivers/pvblk/pool.h"
#include "tests/unit/fake.h"
#include "test.h"

static struct pvblk_pool pool;

static bool is_zeroed(void)
{
	static const struct pvblk_pool zeroed;

	return !memcmp(&pool, &zeroed, sizeof(pool));
}

static void opens_whole(unsigned int want, unsigned int need, unsigned int pages)
{
	fake_reset(FAKE_NEVER);
	EXPECT_EQ(pvblk_pool_open(&pool, want, need, pages, 0), 0);
	EXPECT_EQ(pool.nr, want);
	EXPECT_EQ(pool.nr_free, want);
	EXPECT_EQ(fake_grants(), want);
	pvblk_pool_close(&pool);
	EXPECT(is_zeroed());
	EXPECT_EQ(fake_held(), 0);
}

static void fails_at_every_call(unsigned int want, unsigned int need, unsigned int pages)
{
	unsigned int n, least = 3 + pages;

	for (n = 0; ; n++) {
		int err;

		fake_reset(n);
		err = pvblk_pool_open(&pool, want, need, pages, 0);
		if (!fake_failed())
			break;
		/* Only the first try for grants has a second one. */
		if (!err && EXPECT(n == 0 && want > need)) {
			EXPECT(pool.nr >= need && pool.nr < want);
			pvblk_pool_close(&pool);
		}
		EXPECT(is_zeroed());
		if (!EXPECT_EQ(fake_held(), 0))
			return;
		opens_whole(want, need, pages);
	}
	EXPECT_EQ(n, least);
	pvblk_pool_close(&pool);
	EXPECT_EQ(fake_held(), 0);
}

static void every_failure_leaves_nothing(void)
{
	fails_at_every_call(8, 8, 0);
	fails_at_every_call(8, 8, 8);
	fails_at_every_call(32, 11, 0);
	fails_at_every_call(32, 11, 4);
}

static void does_with_as_few_grants_as_it_needs(void)
{
	fake_reset(FAKE_NEVER);
	EXPECT_EQ(pvblk_pool_open(&pool, 1000, 11, 11, 0), 0);
	EXPECT(pool.nr >= 11 && pool.nr <= FAKE_GRANTS);
	pvblk_pool_close(&pool);

	EXPECT_EQ(pvblk_pool_open(&pool, 1000, FAKE_GRANTS + 1, 0, 0), -ENOSPC);
	EXPECT(is_zeroed());
	EXPECT_EQ(fake_held(), 0);
}

static void hands_out_pages_first_and_each_grant_once(void)
{
	u16 some[4], rest[28], more[1];
	unsigned int i;

	fake_reset(FAKE_NEVER);
	EXPECT_EQ(pvblk_pool_open(&pool, 32, 4, 4, 0), 0);
	EXPECT(pvblk_pool_take(&pool, 4, some));
	for (i = 0; i < 4; i++)
		EXPECT(pool.grants[some[i]].page);
	EXPECT(!pvblk_pool_take(&pool, 29, rest));
	EXPECT(pvblk_pool_take(&pool, 28, rest));
	for (i = 0; i < 28; i++)
		EXPECT(!pool.grants[rest[i]].page);
	EXPECT(!pvblk_pool_take(&pool, 1, more));
	EXPECT(pvblk_pool_take(&pool, 0, more));

	pvblk_pool_put(&pool, 28, rest);
	pvblk_pool_put(&pool, 4, some);
	EXPECT_EQ(pool.nr_free, 32);
	EXPECT(pvblk_pool_take(&pool, 1, more));
	EXPECT(pool.grants[more[0]].page);
	pvblk_pool_close(&pool);
	EXPECT_EQ(fake_held(), 0);
}

static void gives_tags_a_grant_if_all_are_there(void)
{
	u16 all[28], more;
	unsigned int i;

	fake_reset(FAKE_NEVER);
	EXPECT_EQ(pvblk_pool_open(&pool, 32, 4, 4, 4), 0);
	EXPECT_EQ(pool.own, 4);
	EXPECT_EQ(pool.nr, 32);
	EXPECT_EQ(pool.nr_free, 28);
	EXPECT(pvblk_pool_take(&pool, 28, all));
	EXPECT(!pvblk_pool_take(&pool, 1, &more));
	for (i = 0; i < 28; i++)
		EXPECT(all[i] >= pool.own);
	for (i = 24; i < 28; i++)
		EXPECT(pool.grants[all[i]].page);
	pvblk_pool_close(&pool);
	EXPECT_EQ(fake_held(), 0);

	EXPECT_EQ(pvblk_pool_open(&pool, FAKE_GRANTS + 1, 11, 11, 4), 0);
	EXPECT_EQ(pool.own, 0);
	EXPECT_EQ(pool.nr_free, pool.nr);
	pvblk_pool_close(&pool);
	EXPECT_EQ(fake_held(), 0);
}

static void leaves_to_the_backend_what_it_maps(void)
{
	u16 at[3];
	unsigned int i;

	fake_reset(FAKE_NEVER);
	EXPECT_EQ(pvblk_pool_open(&pool, 8, 8, 8, 0), 0);
	EXPECT(pvblk_pool_take(&pool, 3, at));
	for (i = 0; i < 3; i++)
		pool.grants[at[i]].granted = true;
	fake_map(pool.grants[at[0]].ref);
	fake_map(pool.grants[at[1]].ref);
	pvblk_pool_close(&pool);
	EXPECT(is_zeroed());
	/* Two grants, and their pages. */
	EXPECT_EQ(fake_held(), 4);
	fake_let_go();
	EXPECT_EQ(fake_held(), 0);
}

static void forgets_grants_that_went_with_their_request(void)
{
	unsigned int kept;
	u16 at;

	fake_reset(FAKE_NEVER);
	EXPECT_EQ(pvblk_pool_open(&pool, 8, 8, 0, 0), 0);
	EXPECT(pvblk_pool_take(&pool, 1, &at));
	kept = pool.grants[at].ref;
	pool.grants[at].ref = INVALID_GRANT_REF;
	pvblk_pool_close(&pool);
	EXPECT_EQ(fake_held(), 1);
	gnttab_free_grant_reference(kept);
	EXPECT_EQ(fake_held(), 0);
}

const struct test_case test_cases[] = {
	TEST(every_failure_leaves_nothing),
	TEST(does_with_as_few_grants_as_it_needs),
	TEST(hands_out_pages_first_and_each_grant_once),
	TEST(gives_tags_a_grant_if_all_are_there),
	TEST(leaves_to_the_backend_what_it_maps),
	TEST(forgets_grants_that_went_with_their_request),
	{ }
};
