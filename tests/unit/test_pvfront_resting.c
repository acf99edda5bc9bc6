// SPDX-License-Identifier: GPL-2.0
/* Pages and grants whose connection has ended, while their backend may use them. */
#include <fake.h>

#include <pv/front.h>

#include "drivers/pvfront/internal.h"
#include "tests/unit/fake.h"
#include "test.h"

static struct xenbus_device xdev = { .nodename = "device/vbd/1", .otherend_id = 5 };
static struct pvfront front;
static bool gone;
static unsigned int asked;

struct workqueue_struct *pvfront_wq;

/* Of hypercall.c. */
bool pvfront_domain_gone(domid_t domid)
{
	asked++;
	return gone;
}

static void begin(unsigned int fail_at)
{
	fake_reset(fail_at);
	pvfront_rest_init();
	front = (struct pvfront){ .xdev = &xdev };
	xdev.otherend_id = 5;
	gone = false;
	pvfront_grants_begin(&front);
}

static struct page *granted(grant_ref_t *ref)
{
	struct pvfront_claim claim;
	struct page *page = pvfront_page_alloc(&front, GFP_NOIO);

	EXPECT_EQ(pvfront_claim_refs(&claim, 1), 0);
	*ref = pvfront_claim_next(&claim);
	pvfront_give(&xdev, *ref, page, false);
	return page;
}

/* A page, its grant, and what remembers them. */
#define RESTING	3

static void no_shortage_of_memory_loses_a_mapped_page(void)
{
	grant_ref_t ref;
	struct page *page;

	begin(FAKE_NEVER);
	page = granted(&ref);
	fake_map(ref);
	fake_fail_next(0);
	pvfront_page_free(&front, &front.to, &ref, page);
	EXPECT_EQ(ref, INVALID_GRANT_REF);
	EXPECT_EQ(fake_held(), RESTING);
	EXPECT_EQ(pvfront_kept(&front), 1);
	EXPECT(fake_work());
	EXPECT_EQ(fake_held(), RESTING);
	/* Unmapped, and the domain may still hold the page to its type. */
	fake_let_go();
	EXPECT(fake_work());
	EXPECT_EQ(pvfront_kept(&front), 0);
	EXPECT_EQ(fake_held(), RESTING - 1);
	gone = true;
	EXPECT(fake_work());
	EXPECT_EQ(fake_held(), 0);
	EXPECT(!fake_work());
}

static void what_rests_is_granted_again_to_the_same_domain_only(void)
{
	grant_ref_t ref;
	struct page *page;

	begin(FAKE_NEVER);
	page = granted(&ref);
	pvfront_page_free(&front, &front.to, &ref, page);
	EXPECT_EQ(fake_grants(), 0);
	EXPECT(!pvfront_rest_take(6));
	EXPECT(pvfront_rest_take(5) == page);
	EXPECT_EQ(fake_held(), 1);
	put_page(page);
	fake_work();
	EXPECT_EQ(fake_held(), 0);
}

/* A page of ours that the backend maps is given up. */
static void free_while_mapped(void)
{
	grant_ref_t ref;
	struct page *page;

	begin(FAKE_NEVER);
	page = granted(&ref);
	fake_map(ref);
	pvfront_page_free(&front, &front.to, &ref, page);
}

/* The backend lets go, and its domain is gone: nothing is left. */
static void let_go_and_look(void)
{
	fake_let_go();
	gone = true;
	EXPECT(fake_work());
	EXPECT_EQ(fake_held(), 0);
}

static void one_that_is_mapped_is_granted_to_nobody(void)
{
	free_while_mapped();
	EXPECT(!pvfront_rest_take(5));
	let_go_and_look();
}

static void a_device_may_go_first(void)
{
	free_while_mapped();
	pvfront_rest_disown(&front);
	memset(&front, 0xff, sizeof(front));
	let_go_and_look();
}

/* The device has moved from a domain to dom0: whose page it is does not move with it. */
static void a_new_backend_does_not_free_the_old_ones_pages(void)
{
	struct pvfront_grantee old;
	grant_ref_t ref;
	struct page *page;

	begin(FAKE_NEVER);
	page = granted(&ref);
	old = front.to;
	xdev.otherend_id = 0;
	pvfront_grants_begin(&front);
	pvfront_page_free(&front, &old, &ref, page);
	EXPECT_EQ(fake_held(), RESTING - 1);
	EXPECT(!pvfront_rest_take(0));
	EXPECT(fake_work());
	EXPECT_EQ(fake_held(), RESTING - 1);
	gone = true;
	EXPECT(fake_work());
	EXPECT_EQ(fake_held(), 0);
}

/* That the new one closes in order says nothing of the old one, which may be dying. */
static void a_new_backends_orderly_end_is_not_the_old_ones(void)
{
	struct pvfront_grantee old;
	grant_ref_t ref;
	struct page *page;

	begin(FAKE_NEVER);
	page = granted(&ref);
	old = front.to;
	xdev.otherend_id = 6;
	pvfront_grants_begin(&front);
	front.orderly = front.to.nr;
	pvfront_page_free(&front, &old, &ref, page);
	jiffies += (PVFRONT_REST_SECS + 1) * HZ;
	EXPECT(fake_work());
	EXPECT_EQ(fake_held(), RESTING - 1);

	/* Of the connection itself it does. */
	gone = true;
	EXPECT(fake_work());
	gone = false;
	page = granted(&ref);
	pvfront_page_free(&front, &front.to, &ref, page);
	jiffies += (PVFRONT_REST_SECS - 1) * HZ;
	EXPECT(fake_work());
	EXPECT_EQ(fake_held(), RESTING - 1);
	jiffies += HZ;
	EXPECT(fake_work());
	EXPECT_EQ(fake_held(), 0);
}

/* As that of a request which is sent again: the backend unmaps it, and then says Closed. */
static void an_orderly_end_counts_for_what_rests_already(void)
{
	grant_ref_t ref;
	struct page *page;

	begin(FAKE_NEVER);
	page = granted(&ref);
	pvfront_page_free(&front, &front.to, &ref, page);
	jiffies += (PVFRONT_REST_SECS + 1) * HZ;
	EXPECT(fake_work());
	EXPECT_EQ(fake_held(), RESTING - 1);
	/* Another connection's end is none of this one. */
	front.orderly = front.to.nr + 1;
	pvfront_rest_closed(&front);
	EXPECT(fake_work());
	EXPECT_EQ(fake_held(), RESTING - 1);
	front.orderly = front.to.nr;
	pvfront_rest_closed(&front);
	EXPECT(fake_work());
	EXPECT_EQ(fake_held(), 0);
}

/* A queue gives up its many buffers, which are nobody's to grant, before its rings. */
static void one_behind_many_of_others_is_granted_again(void)
{
	struct page *page, *buffer;
	grant_ref_t ref;

	begin(FAKE_NEVER);
	for (unsigned int i = 0; i < 100; i++) {
		buffer = granted(&ref);
		pvfront_retire(&front, &front.to, &ref, buffer, false);
	}
	page = granted(&ref);
	pvfront_page_free(&front, &front.to, &ref, page);
	EXPECT(pvfront_page_alloc(&front, GFP_NOIO) == page);
	put_page(page);
	/* After a look, too. */
	page = granted(&ref);
	pvfront_page_free(&front, &front.to, &ref, page);
	EXPECT(fake_work());
	EXPECT(pvfront_page_alloc(&front, GFP_NOIO) == page);
	put_page(page);
	let_go_and_look();
}

/* One hypercall tells it of all of them. */
static void a_domain_is_asked_about_once_in_a_look(void)
{
	struct page *page;
	grant_ref_t ref;

	begin(FAKE_NEVER);
	for (unsigned int i = 0; i < 100; i++) {
		page = granted(&ref);
		pvfront_retire(&front, &front.to, &ref, page, false);
	}
	asked = 0;
	EXPECT(fake_work());
	EXPECT_EQ(asked, 1);
	let_go_and_look();
}

/* Mapped or not: they are freed when that domain is gone, or if it has closed in order. */
static void what_a_domain_keeps_is_counted(void)
{
	struct pvfront other = { .xdev = &xdev };
	struct page *page;
	grant_ref_t ref;

	begin(FAKE_NEVER);
	for (unsigned int i = 0; i < 3; i++) {
		page = granted(&ref);
		if (!i)
			fake_map(ref);
		pvfront_retire(&front, &front.to, &ref, page, false);
	}
	page = granted(&ref);
	pvfront_page_free(&front, &front.to, &ref, page);
	page = granted(&ref);
	pvfront_retire(&front, &front.to, &ref, page, true);
	EXPECT_EQ(pvfront_resting_pages(&front), 3);
	EXPECT_EQ(pvfront_resting_pages(&other), 0);
	xdev.otherend_id = 6;
	EXPECT_EQ(pvfront_resting_pages(&front), 0);
	xdev.otherend_id = 5;
	front.orderly = front.to.nr;
	pvfront_rest_closed(&front);
	EXPECT_EQ(pvfront_resting_pages(&front), 1);
	/* Whoever comes next is kept from adding to them. */
	pvfront_rest_disown(&front);
	EXPECT_EQ(pvfront_resting_pages(&other), 1);
	let_go_and_look();
	EXPECT_EQ(pvfront_resting_pages(&other), 0);
}

const struct test_case test_cases[] = {
	TEST(no_shortage_of_memory_loses_a_mapped_page),
	TEST(what_rests_is_granted_again_to_the_same_domain_only),
	TEST(one_that_is_mapped_is_granted_to_nobody),
	TEST(a_device_may_go_first),
	TEST(a_new_backend_does_not_free_the_old_ones_pages),
	TEST(a_new_backends_orderly_end_is_not_the_old_ones),
	TEST(an_orderly_end_counts_for_what_rests_already),
	TEST(one_behind_many_of_others_is_granted_again),
	TEST(a_domain_is_asked_about_once_in_a_look),
	TEST(what_a_domain_keeps_is_counted),
	{ }
};
