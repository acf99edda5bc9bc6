// SPDX-License-Identifier: GPL-2.0
/* When a page that a backend could use may be freed. */
#include "drivers/pvfront/restrule.h"
#include "test.h"

static bool is_over(bool mapped, bool typed, bool gone, bool orderly, unsigned int secs)
{
	struct pvfront_rest_state s = {
		.mapped = mapped,
		.typed = typed,
		.gone = gone,
		.orderly = orderly,
		.secs = secs,
		.enough = 60,
	};

	return pvfront_rest_is_over(&s);
}

static void nothing_frees_a_mapped_page(void)
{
	unsigned int i;

	for (i = 0; i < 8; i++)
		EXPECT(!is_over(true, i & 1, i & 2, i & 4, ~0U));
}

static void a_page_without_a_type_is_free_at_once(void)
{
	EXPECT(is_over(false, false, false, false, 0));
	EXPECT(is_over(false, false, false, true, 0));
}

static void a_typed_page_waits_for_its_domain(void)
{
	EXPECT(!is_over(false, true, false, false, 0));
	EXPECT(!is_over(false, true, false, false, ~0U));
	EXPECT(is_over(false, true, true, false, 0));
}

static void an_orderly_end_takes_its_time(void)
{
	EXPECT(!is_over(false, true, false, true, 59));
	EXPECT(is_over(false, true, false, true, 60));
	EXPECT(is_over(false, true, true, true, 0));
}

static void a_domain_that_may_die_gives_a_type(void)
{
	EXPECT(pvfront_rest_is_typed(5, 100, 0));
	EXPECT(!pvfront_rest_is_typed(0, 100, 0));
}

static void a_restored_guest_has_no_types_of_the_old_host(void)
{
	EXPECT(!pvfront_rest_is_typed(5, 99, 100));
	EXPECT(pvfront_rest_is_typed(5, 100, 100));
	EXPECT(pvfront_rest_is_typed(5, 101, 100));
	/* The clock wraps. */
	EXPECT(!pvfront_rest_is_typed(5, -1UL, 1));
	EXPECT(pvfront_rest_is_typed(5, 1, -1UL));
}

const struct test_case test_cases[] = {
	TEST(nothing_frees_a_mapped_page),
	TEST(a_page_without_a_type_is_free_at_once),
	TEST(a_typed_page_waits_for_its_domain),
	TEST(an_orderly_end_takes_its_time),
	TEST(a_domain_that_may_die_gives_a_type),
	TEST(a_restored_guest_has_no_types_of_the_old_host),
	{ }
};
