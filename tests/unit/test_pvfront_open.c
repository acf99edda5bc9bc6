// SPDX-License-Identifier: GPL-2.0
/* Rings, events, keys read and written, when any step of them fails. */
#include <fake.h>

#include <pv/front.h>

#include "tests/unit/fake.h"
#include "test.h"

static struct xenbus_device xdev = { .nodename = "device/vbd/1", .otherend = "/b" };
static struct pvfront front = { .xdev = &xdev };
static struct pvfront_pages pages;
static struct pvfront_event event;

static irqreturn_t handler(int irq, void *cookie)
{
	return 0;
}

static int open_pages(void)
{
	return pvfront_pages_open(&front, &pages, 4);
}

static void close_pages(void)
{
	pvfront_pages_close(&pages);
	EXPECT(!pages.va && !pages.nr);
}

static int open_event(void)
{
	return pvfront_event_open(&front, &event, handler, &event, "%s-q%u", "xvda", 1);
}

static void close_event(void)
{
	pvfront_event_close(&event);
	EXPECT(!event.irq);
}

static void fill(struct pvfront *f, struct pvfront_pub *p)
{
	pvfront_del(p, "ring-page-order");
	pvfront_pages_publish(p, 1, "ring-ref", &pages, true);
	pvfront_put(p, PVFRONT_DEVICE, "protocol", "%s", "x86_64-abi");
}

static int publish(void)
{
	return pvfront_publish(&front, fill);
}

static struct { u64 first, second; } keys;

static int read_keys(void)
{
	static const struct pvfront_key table[] = {
		PVFRONT_KEY(1, "first", NUMBER, 0, 9, PVFRONT_REQUIRED, typeof(keys), first),
		PVFRONT_KEY(1, "second", FLAG, 0, 9, 5, typeof(keys), second),
	};

	return pvfront_read_keys(&front, "/b", table, ARRAY_SIZE(table), 1, &keys);
}

static struct { char *first; u64 number; char *second; } texts;

static int read_texts(void)
{
	static const struct pvfront_key table[] = {
		PVFRONT_KEY(1, "first", TEXT, 1, 3, PVFRONT_REQUIRED, typeof(texts), first),
		PVFRONT_KEY(1, "number", NUMBER, 0, 9, 5, typeof(texts), number),
		PVFRONT_KEY(1, "second", TEXT, 1, 3, PVFRONT_NO_TEXT, typeof(texts), second),
	};

	return pvfront_read_keys(&front, "/b", table, ARRAY_SIZE(table), 1, &texts);
}

static void free_texts(void)
{
	kfree(texts.first);
	kfree(texts.second);
	texts.first = NULL;
	texts.second = NULL;
}

static void nothing(void)
{
}

/* @calls is how many calls of the kernel may fail, so that none is left out. */
static void fails_at_every_call(int (*open)(void), void (*close)(void), unsigned int calls)
{
	unsigned int n, held;

	for (n = 0; ; n++) {
		int err;

		fake_reset(n);
		err = open();
		if (!fake_failed())
			break;
		EXPECT(err < 0);
		EXPECT(fake_reports() > 0);
		if (!EXPECT_EQ(fake_held(), 0))
			return;
		/* What close paths do, whether or not the opening had succeeded. */
		close();
		EXPECT_EQ(fake_held(), 0);
	}
	EXPECT_EQ(n, calls);
	held = fake_held();
	close();
	EXPECT_EQ(fake_held(), 0);

	fake_reset(FAKE_NEVER);
	EXPECT_EQ(open(), 0);
	EXPECT_EQ(fake_held(), held);
	close();
	close();
	EXPECT_EQ(fake_held(), 0);
}

static void pages_fail_at_every_call(void)
{
	fails_at_every_call(open_pages, close_pages, 2);
}

static void events_fail_at_every_call(void)
{
	fails_at_every_call(open_event, close_event, 2);
}

static void publishing_fails_at_every_call(void)
{
	/* Start, one key removed, four references and one more key, commit. */
	pages.nr = 4;
	fails_at_every_call(publish, nothing, 8);
	pages.nr = 0;
}

/* xenstored counts those that are left open. */
static void no_transaction_is_left_open(void)
{
	for (unsigned int nr = 1; nr <= 8; nr++) {
		fake_reset(FAKE_NEVER);
		fake_fail_row(2, nr);
		EXPECT_EQ(publish(), -ENOSPC);
		EXPECT_EQ(fake_held(), 0);
		fake_reset(FAKE_NEVER);
		fake_fail_row(3, nr);
		EXPECT_EQ(publish(), -ENOMEM);
		EXPECT_EQ(fake_held(), 0);
	}
	front.few_keys = false;
}

/* Of a key that cannot be written. It is no news of a transaction that cannot begin. */
static void an_offer_without_room_says_so(void)
{
	front.few_keys = false;
	fake_reset(0);
	EXPECT_EQ(publish(), -ENOSPC);
	EXPECT(!front.few_keys);
	fake_reset(2);
	EXPECT_EQ(publish(), -ENOSPC);
	EXPECT(front.few_keys);
	fake_reset(FAKE_NEVER);
	EXPECT_EQ(publish(), 0);
	EXPECT(front.few_keys);
	front.few_keys = false;
}

static void reading_fails_at_every_call(void)
{
	fake_store("7");
	fails_at_every_call(read_keys, nothing, 2);
	EXPECT_EQ(keys.first, 7);
	EXPECT_EQ(keys.second, 7);
	fake_store(NULL);
}

static void texts_fail_at_every_call(void)
{
	fake_store("7");
	fails_at_every_call(read_texts, free_texts, 3);
	EXPECT_EQ(read_texts(), 0);
	EXPECT(!strcmp(texts.first, "7") && !strcmp(texts.second, "7"));
	EXPECT_EQ(texts.number, 7);
	free_texts();

	/* A text, and no number: what was read before is freed. */
	fake_reset(FAKE_NEVER);
	fake_store("abc");
	EXPECT_EQ(read_texts(), -EINVAL);
	EXPECT(!texts.first);
	EXPECT_EQ(fake_reports(), 1);
	fake_store("a\033c");
	EXPECT_EQ(read_texts(), -EINVAL);
	fake_store("abcd");
	EXPECT_EQ(read_texts(), -ERANGE);
	EXPECT_EQ(fake_held(), 0);
	fake_store(NULL);
}

static struct { char *extra; u64 number; } extras;

static int read_extras(void)
{
	static const struct pvfront_key table[] = {
		PVFRONT_KEY(1, "extra", EXTRA, 2, 3, PVFRONT_NO_TEXT, typeof(extras), extra),
		PVFRONT_KEY(1, "number", NUMBER, 0, 99, 5, typeof(extras), number),
	};

	return pvfront_read_keys(&front, "/b", table, ARRAY_SIZE(table), 1, &extras);
}

static void free_extras(void)
{
	kfree(extras.extra);
	extras.extra = NULL;
}

/* What is bad is reported, and the rest is read as if it were absent. */
static void extras_can_be_done_without(void)
{
	fake_store("77");
	fails_at_every_call(read_extras, free_extras, 2);
	EXPECT_EQ(read_extras(), 0);
	EXPECT(extras.extra && !strcmp(extras.extra, "77"));
	EXPECT_EQ(extras.number, 77);
	free_extras();

	fake_reset(FAKE_NEVER);
	fake_store("7");
	EXPECT_EQ(read_extras(), 0);
	EXPECT(!extras.extra);
	EXPECT_EQ(extras.number, 7);
	EXPECT_EQ(fake_reports(), 1);
	EXPECT_EQ(fake_held(), 0);

	/* It is a good extra, and no number: it is freed. */
	fake_store("abc");
	EXPECT_EQ(read_extras(), -EINVAL);
	EXPECT(!extras.extra);
	EXPECT_EQ(fake_held(), 0);

	fake_reset(FAKE_NEVER);
	fake_store(NULL);
	EXPECT_EQ(read_extras(), 0);
	EXPECT(!extras.extra);
	EXPECT_EQ(fake_reports(), 0);
}

static void refused_values_are_freed(void)
{
	static const char * const bad[] = { "", "10", "-1", "7 ", "0x1", "99999999999999999999" };

	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		fake_reset(FAKE_NEVER);
		fake_store(bad[i]);
		EXPECT(read_keys() < 0);
		EXPECT_EQ(fake_reports(), 1);
		EXPECT_EQ(fake_held(), 0);
	}
	fake_store(NULL);
	fake_reset(FAKE_NEVER);
	EXPECT_EQ(read_keys(), -ENOENT);
}

static void publishing_outlives_conflicts_and_ends(void)
{
	fake_reset(FAKE_NEVER);
	fake_conflict(3);
	EXPECT_EQ(publish(), 0);
	EXPECT_EQ(fake_reports(), 0);
	EXPECT_EQ(fake_held(), 0);

	fake_conflict(~0U);
	EXPECT_EQ(publish(), -EAGAIN);
	EXPECT_EQ(fake_reports(), 1);
	EXPECT_EQ(fake_held(), 0);
}

static void mapped_pages_are_left_to_the_backend(void)
{
	fake_reset(FAKE_NEVER);
	EXPECT_EQ(open_pages(), 0);
	fake_map(pages.ref[2]);
	close_pages();
	EXPECT_EQ(fake_grants(), 1);
	fake_let_go();
	EXPECT_EQ(fake_held(), 0);
}

const struct test_case test_cases[] = {
	TEST(pages_fail_at_every_call),
	TEST(events_fail_at_every_call),
	TEST(publishing_fails_at_every_call),
	TEST(no_transaction_is_left_open),
	TEST(an_offer_without_room_says_so),
	TEST(reading_fails_at_every_call),
	TEST(texts_fail_at_every_call),
	TEST(extras_can_be_done_without),
	TEST(refused_values_are_freed),
	TEST(publishing_outlives_conflicts_and_ends),
	TEST(mapped_pages_are_left_to_the_backend),
	{ }
};
