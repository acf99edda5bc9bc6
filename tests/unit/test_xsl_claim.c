// SPDX-License-Identifier: GPL-2.0
/* Who a path belongs to: the nearest claim above it. */
#include <linux/kernel.h>

#include "test.h"
#include "xenstore-lite/wire/claim.h"

static int vif, other, inner;
static struct xsl_claim *all;

static struct xsl_claim
	of_vif = { .path = "backend/vif/7/0", .owner = &vif },
	of_front = { .path = "/local/domain/7/device/vif/0", .owner = &vif },
	of_other = { .path = "backend/vif/7/01", .owner = &other },
	of_inner = { .path = "backend/vif/7/0/queue-1", .owner = &inner };

static void *owner(const char *path)
{
	return xsl_claim_find(all, path);
}

static void begin(void)
{
	all = NULL;
	xsl_claim_add(&all, &of_inner);
	xsl_claim_add(&all, &of_vif);
	xsl_claim_add(&all, &of_other);
	xsl_claim_add(&all, &of_front);
}

/* netback watches these as paths of their own. */
static void a_path_belongs_to_its_device(void)
{
	begin();
	EXPECT(owner("backend/vif/7/0/rate") == &vif);
	EXPECT(owner("backend/vif/7/0") == &vif);
	EXPECT(owner("/local/domain/7/device/vif/0/request-multicast-control") == &vif);
	EXPECT(owner("backend/vif/7/01/rate") == &other);
}

static void the_nearest_claim_counts(void)
{
	begin();
	EXPECT(owner("backend/vif/7/0/queue-1/x") == &inner);
	EXPECT(owner("backend/vif/7/0/queue-10") == &vif);
}

static void nobody_has_it(void)
{
	begin();
	EXPECT(!owner("backend/vif/7/1/rate"));
	EXPECT(!owner("backend/vif/7"));
	EXPECT(!owner("memory/target"));
	EXPECT(!owner(""));
	all = NULL;
	EXPECT(!owner("backend/vif/7/0"));
}

static void a_claim_is_given_up(void)
{
	begin();
	xsl_claim_remove(&all, &of_vif);
	EXPECT(!owner("backend/vif/7/0/rate"));
	EXPECT(owner("backend/vif/7/0/queue-1") == &inner);
	/* Twice, and one that never was. */
	xsl_claim_remove(&all, &of_vif);
	EXPECT(owner("backend/vif/7/01/rate") == &other);
	xsl_claim_remove(&all, &of_front);
	xsl_claim_remove(&all, &of_other);
	xsl_claim_remove(&all, &of_inner);
	EXPECT(!all);
}

const struct test_case test_cases[] = {
	TEST(a_path_belongs_to_its_device),
	TEST(the_nearest_claim_counts),
	TEST(nobody_has_it),
	TEST(a_claim_is_given_up),
	{ }
};
