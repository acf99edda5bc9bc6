// SPDX-License-Identifier: GPL-2.0
/* A console's ring: bytes arrive whole and in order, whatever its indices say. */
#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>
#include <linux/kernel.h>

#include "drivers/pvcon/ring.h"
#include "pvcon_peer.h"
#include "test.h"

#define IN_SIZE		1024
#define OUT_SIZE	2048

/* Where the indices of a ring start; the second kind wraps within a test. */
static const u32 starts[] = { 0, 1, 1023, 0x7ffffff0, 0xfffffe00, 0xffffffff };

static struct xencons_interface page;
static struct pvcon_ring ring;

static void begin_at(u32 index)
{
	struct xencons_interface old = {
		.in_cons = index, .in_prod = index,
		.out_cons = index, .out_prod = index,
	};

	memset(&page, 0xa5, sizeof(page));
	pvcon_ring_start(&ring, &page, &old);
}

static void fill_pattern(unsigned char *bytes, unsigned int len, unsigned int seed)
{
	for (unsigned int i = 0; i < len; i++)
		bytes[i] = (unsigned char)((i + seed) * 7 + (i >> 8));
}

static void output_arrives_whole_and_in_order(void)
{
	for (unsigned int s = 0; s < ARRAY_SIZE(starts); s++) {
		unsigned char sent[3 * OUT_SIZE], got[3 * OUT_SIZE];
		unsigned int in = 0, out = 0;

		begin_at(starts[s]);
		fill_pattern(sent, sizeof(sent), s);
		while (out < sizeof(sent)) {
			unsigned int piece = 1 + (in * 13 + s) % 700;
			int n = pvcon_ring_write(&ring, (char *)sent + in,
						 min_t(u32, piece, sizeof(sent) - in));

			if (!EXPECT(n >= 0))
				return;
			in += n;
			EXPECT_EQ(page.out_prod, starts[s] + in);
			EXPECT_EQ(pvcon_ring_unsent(&ring), in - out);
			out += peer_fetch(&page, got + out, 1 + (out * 5) % 900);
		}
		EXPECT(!memcmp(sent, got, sizeof(sent)));
	}
}

static void input_arrives_whole_and_in_order(void)
{
	for (unsigned int s = 0; s < ARRAY_SIZE(starts); s++) {
		unsigned char sent[5 * IN_SIZE], got[5 * IN_SIZE];
		unsigned int in = 0, out = 0;
		bool tell;

		begin_at(starts[s]);
		fill_pattern(sent, sizeof(sent), s);
		while (out < sizeof(sent)) {
			in += peer_send(&page, sent + in,
					min_t(u32, 1 + in % 333, sizeof(sent) - in));
			int n = pvcon_ring_read(&ring, (char *)got + out, 1 + out % 211, &tell);

			if (!EXPECT(n >= 0))
				return;
			out += n;
			EXPECT_EQ(page.in_cons, starts[s] + out);
		}
		EXPECT(!memcmp(sent, got, sizeof(sent)));
	}
}

static void a_full_ring_takes_what_fits_and_then_nothing(void)
{
	char bytes[OUT_SIZE + 1];

	memset(bytes, 'x', sizeof(bytes));
	for (unsigned int s = 0; s < ARRAY_SIZE(starts); s++) {
		begin_at(starts[s]);
		EXPECT_EQ(pvcon_ring_write(&ring, bytes, 0), 0);
		EXPECT_EQ(pvcon_ring_write(&ring, bytes, OUT_SIZE - 3), OUT_SIZE - 3);
		EXPECT_EQ(pvcon_ring_write(&ring, bytes, 10), 3);
		EXPECT_EQ(pvcon_ring_write(&ring, bytes, 10), 0);
		EXPECT_EQ(pvcon_ring_unsent(&ring), OUT_SIZE);
		page.out_cons++;
		EXPECT_EQ(pvcon_ring_write(&ring, bytes, 10), 1);

		begin_at(starts[s]);
		EXPECT_EQ(pvcon_ring_write(&ring, bytes, sizeof(bytes)), OUT_SIZE);
	}
}

static void an_empty_ring_gives_nothing(void)
{
	char byte = 'z';
	bool tell = true;

	begin_at(0xffffffff);
	EXPECT_EQ(pvcon_ring_read(&ring, &byte, 1, &tell), 0);
	EXPECT_EQ(byte, 'z');
	EXPECT(!tell);
	page.in_prod++;
	EXPECT_EQ(pvcon_ring_read(&ring, &byte, 0, &tell), 0);
	EXPECT_EQ(page.in_cons, 0xffffffff);
}

/* A lie must change nothing: not the caller's buffer, not what the page says of us. */
static void an_overfull_input_ring_is_refused(void)
{
	static const u32 lies[] = { IN_SIZE + 1, IN_SIZE + 2, 0x80000000, 0xffffffff };

	for (unsigned int s = 0; s < ARRAY_SIZE(starts); s++) {
		for (unsigned int l = 0; l < ARRAY_SIZE(lies); l++) {
			struct xencons_interface to;
			char byte = 'z';
			bool tell = true;

			begin_at(starts[s]);
			page.in_prod = starts[s] + lies[l];
			EXPECT_EQ(pvcon_ring_read(&ring, &byte, 1, &tell), -EPROTO);
			EXPECT_EQ(byte, 'z');
			EXPECT(!tell);
			EXPECT_EQ(page.in_cons, starts[s]);
			EXPECT_EQ(pvcon_ring_news(&ring), -EPROTO);
			EXPECT_EQ(pvcon_ring_save(&ring, &to), -EPROTO);
			EXPECT_EQ(to.in_prod, to.in_cons);
		}
		begin_at(starts[s]);
		page.in_prod += IN_SIZE;
		EXPECT_EQ(pvcon_ring_news(&ring), 1);
	}
}

static void an_impossible_output_consumer_is_refused(void)
{
	/* Ahead of what was produced, and further behind than the ring is long. */
	static const u32 lies[] = { 101, 0x80000000, (u32)(100 - OUT_SIZE - 1) };

	for (unsigned int s = 0; s < ARRAY_SIZE(starts); s++) {
		for (unsigned int l = 0; l < ARRAY_SIZE(lies); l++) {
			char bytes[100] = { };

			begin_at(starts[s]);
			EXPECT_EQ(pvcon_ring_write(&ring, bytes, 100), 100);
			page.out_cons = starts[s] + lies[l];
			EXPECT_EQ(pvcon_ring_write(&ring, bytes, 1), -EPROTO);
			EXPECT_EQ(pvcon_ring_unsent(&ring), -EPROTO);
			EXPECT_EQ(pvcon_ring_news(&ring), -EPROTO);
			EXPECT_EQ(page.out_prod, starts[s] + 100);
		}
	}
}

static void our_own_indices_in_the_page_are_not_believed(void)
{
	char bytes[16] = "0123456789abcde", got[16];
	bool tell;

	begin_at(77);
	EXPECT_EQ(pvcon_ring_write(&ring, bytes, 5), 5);
	page.out_prod = 4000;
	page.in_cons = 9;
	EXPECT_EQ(pvcon_ring_write(&ring, bytes + 5, 5), 5);
	EXPECT_EQ(page.out_prod, 87);
	EXPECT(!memcmp(page.out + 77, bytes, 10));

	page.in[77] = 'q';
	page.in_prod = 78;
	EXPECT_EQ(pvcon_ring_read(&ring, got, sizeof(got), &tell), 1);
	EXPECT_EQ(got[0], 'q');
	EXPECT_EQ(page.in_cons, 78);
}

/*
 * A backend that saw the ring full sends no more until it is told of room. So
 * whoever reads until nothing is left must have told it by then.
 */
static void a_backend_that_saw_the_ring_full_is_told(void)
{
	unsigned char bytes[IN_SIZE];
	unsigned int told = 0, reads = 0;
	char got[16];

	fill_pattern(bytes, sizeof(bytes), 0);
	begin_at(0xfffffe00);
	EXPECT_EQ(peer_send(&page, bytes, sizeof(bytes)), IN_SIZE);
	for (;;) {
		bool tell;
		int n = pvcon_ring_read(&ring, got, sizeof(got), &tell);

		if (n <= 0) {
			EXPECT(!tell);
			break;
		}
		reads++;
		told += tell;
		if (reads == IN_SIZE / sizeof(got))
			EXPECT(tell);
	}
	EXPECT_EQ(reads, IN_SIZE / sizeof(got));
	EXPECT_EQ(told, 2);
}

static void single_bytes_are_told_of_at_once(void)
{
	bool tell;
	char got;

	begin_at(5);
	for (unsigned int i = 0; i < 3; i++) {
		peer_send(&page, (const unsigned char *)"k", 1);
		EXPECT_EQ(pvcon_ring_read(&ring, &got, 1, &tell), 1);
		EXPECT(tell);
	}
}

static void news_are_what_changed_since_the_last_event(void)
{
	char byte = 'a';
	bool tell;

	begin_at(0xffffffff);
	EXPECT_EQ(pvcon_ring_news(&ring), 0);
	peer_send(&page, (const unsigned char *)"ab", 2);
	EXPECT_EQ(pvcon_ring_news(&ring), 1);
	EXPECT_EQ(pvcon_ring_news(&ring), 0);
	EXPECT_EQ(pvcon_ring_read(&ring, &byte, 1, &tell), 1);
	EXPECT_EQ(pvcon_ring_news(&ring), 0);
	EXPECT_EQ(pvcon_ring_write(&ring, &byte, 1), 1);
	EXPECT_EQ(pvcon_ring_news(&ring), 0);
	page.out_cons++;
	EXPECT_EQ(pvcon_ring_news(&ring), 1);
}

/* Suspend: both sides' unread bytes come out of the ring of the next connection. */
static void a_new_page_goes_on_where_the_old_one_ended(void)
{
	for (unsigned int s = 0; s < ARRAY_SIZE(starts); s++) {
		struct xencons_interface saved, next;
		unsigned char got[OUT_SIZE];
		char bytes[OUT_SIZE];
		bool tell;

		begin_at(starts[s]);
		fill_pattern((unsigned char *)bytes, sizeof(bytes), s);
		EXPECT_EQ(pvcon_ring_write(&ring, bytes, OUT_SIZE), OUT_SIZE);
		EXPECT_EQ(peer_fetch(&page, got, 300), 300);
		EXPECT_EQ(peer_send(&page, (const unsigned char *)bytes, IN_SIZE), IN_SIZE);
		EXPECT_EQ(pvcon_ring_read(&ring, (char *)got, 24, &tell), 24);

		EXPECT_EQ(pvcon_ring_save(&ring, &saved), 0);
		memset(&page, 0x5a, sizeof(page));
		pvcon_ring_start(&ring, &next, &saved);

		EXPECT_EQ(pvcon_ring_write(&ring, bytes, OUT_SIZE), 300);
		EXPECT_EQ(peer_fetch(&next, got, OUT_SIZE), OUT_SIZE);
		EXPECT(!memcmp(got, bytes + 300, OUT_SIZE - 300));
		EXPECT(!memcmp(got + OUT_SIZE - 300, bytes, 300));
		EXPECT_EQ(pvcon_ring_read(&ring, (char *)got, OUT_SIZE, &tell), IN_SIZE - 24);
		EXPECT(!memcmp(got, bytes + 24, IN_SIZE - 24));
		EXPECT(tell);
	}
}

const struct test_case test_cases[] = {
	TEST(output_arrives_whole_and_in_order),
	TEST(input_arrives_whole_and_in_order),
	TEST(a_full_ring_takes_what_fits_and_then_nothing),
	TEST(an_empty_ring_gives_nothing),
	TEST(an_overfull_input_ring_is_refused),
	TEST(an_impossible_output_consumer_is_refused),
	TEST(our_own_indices_in_the_page_are_not_believed),
	TEST(a_backend_that_saw_the_ring_full_is_told),
	TEST(single_bytes_are_told_of_at_once),
	TEST(news_are_what_changed_since_the_last_event),
	TEST(a_new_page_goes_on_where_the_old_one_ended),
	{ }
};
