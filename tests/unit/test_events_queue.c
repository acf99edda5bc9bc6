// SPDX-License-Identifier: GPL-2.0
/* Queues of the FIFO ABI against a host that fills them, and against memory that is wrong. */
#include <stdlib.h>
#include <linux/kernel.h>

#include "tests/unit/evt_xen.h"
#include "test.h"

static struct evt_xen xen;

static void takes_in_order(void)
{
	static const u32 ports[] = { 5, 1024, 2047, 1, 1023 };
	int i;

	evt_xen_start(&xen);
	EXPECT_EQ(evt_xen_take(&xen), 0);
	for (i = 0; i < ARRAY_SIZE(ports); i++)
		evt_xen_set_pending(&xen, ports[i], 7);
	for (i = 0; i < ARRAY_SIZE(ports); i++)
		EXPECT_EQ(evt_xen_take(&xen), ports[i]);
	EXPECT_EQ(evt_xen_take(&xen), 0);
	EXPECT_EQ(xen.queues.lost, 0);
}

static void takes_what_is_urgent_first(void)
{
	evt_xen_start(&xen);
	evt_xen_set_pending(&xen, 10, 15);
	evt_xen_set_pending(&xen, 11, 15);
	evt_xen_set_pending(&xen, 20, 7);
	EXPECT_EQ(evt_xen_take(&xen), 20);
	EXPECT_EQ(evt_xen_take(&xen), 10);
	evt_xen_set_pending(&xen, 30, 0);
	EXPECT_EQ(evt_xen_take(&xen), 30);
	EXPECT_EQ(evt_xen_take(&xen), 11);
	EXPECT_EQ(evt_xen_take(&xen), 0);
}

static void goes_on_with_a_queue_that_was_empty(void)
{
	evt_xen_start(&xen);
	evt_xen_set_pending(&xen, 10, 7);
	EXPECT_EQ(evt_xen_take(&xen), 10);
	/* The same one again, while the host's tail is it. */
	evt_word_clear(evt_xen_word(&xen, 10), EVT_WORD_PENDING);
	evt_xen_set_pending(&xen, 10, 7);
	evt_xen_set_pending(&xen, 11, 7);
	EXPECT_EQ(evt_xen_take(&xen), 10);
	EXPECT_EQ(evt_xen_take(&xen), 11);
	EXPECT_EQ(evt_xen_take(&xen), 0);
}

static void unmasks_what_is_not_pending(void)
{
	event_word_t word = EVT_WORD_MASKED | EVT_WORD_LINKED | 77;

	EXPECT(evt_word_unmask(&word));
	EXPECT_EQ(word, EVT_WORD_LINKED | 77);
	EXPECT(evt_word_unmask(&word));
	word = EVT_WORD_MASKED | EVT_WORD_PENDING;
	EXPECT(!evt_word_unmask(&word));
	EXPECT_EQ(word, EVT_WORD_MASKED | EVT_WORD_PENDING);
	/* A host that never ends what it does: Xen is asked. */
	word = EVT_WORD_MASKED | EVT_WORD_BUSY;
	EXPECT(!evt_word_unmask(&word));
	EXPECT_EQ(word, EVT_WORD_MASKED | EVT_WORD_BUSY);
}

/* Taken by one CPU, moved, and linked to the queue of another one before the first has looked. */
static void a_channel_that_moves_is_claimed_once(void)
{
	event_word_t word = EVT_WORD_PENDING | 5, masked = EVT_WORD_PENDING | EVT_WORD_MASKED;

	EXPECT(evt_word_claim(&word));
	EXPECT_EQ(word, 5);
	EXPECT(!evt_word_claim(&word));
	EXPECT(!evt_word_claim(&masked));
	EXPECT_EQ(masked, EVT_WORD_PENDING | EVT_WORD_MASKED);

	evt_xen_start(&xen);
	evt_xen_set_pending(&xen, 10, 7);
	EXPECT_EQ(evt_xen_take(&xen), 10);
	evt_word_set(evt_xen_word(&xen, 10), EVT_WORD_MASKED);
	EXPECT(!evt_word_unmask(evt_xen_word(&xen, 10)));
	evt_xen_unmask(&xen, 10, 6);
	EXPECT_EQ(evt_xen_take(&xen), 10);
	EXPECT(evt_word_claim(evt_xen_word(&xen, 10)));
	EXPECT(!evt_word_claim(evt_xen_word(&xen, 10)));
	/* The next one comes. */
	evt_xen_set_pending(&xen, 10, 6);
	EXPECT_EQ(evt_xen_take(&xen), 10);
	EXPECT(evt_word_claim(evt_xen_word(&xen, 10)));
}

static void changes_only_the_bits_given(void)
{
	event_word_t words[3] = { ~0U, EVT_WORD_LINKED | 5, ~0U };

	evt_word_set(&words[1], EVT_WORD_MASKED);
	EXPECT_EQ(words[1], EVT_WORD_MASKED | EVT_WORD_LINKED | 5);
	evt_word_clear(&words[1], EVT_WORD_LINKED);
	EXPECT_EQ(words[1], EVT_WORD_MASKED | 5);
	EXPECT_EQ(words[0], ~0U);
	EXPECT_EQ(words[2], ~0U);
}

/* Events at random, of ports of random priorities: each is taken, none twice. */
static void loses_none(void)
{
	static bool due[EVT_XEN_PORTS], masked[EVT_XEN_PORTS];
	u32 port, step;

	evt_xen_start(&xen);
	srand(1);
	for (step = 0; step < 200000; step++) {
		port = 1 + rand() % 200;
		switch (rand() % 8) {
		case 0 ... 3:
			evt_xen_set_pending(&xen, port, port % 16);
			due[port] = true;
			break;
		case 4:
			evt_word_set(evt_xen_word(&xen, port), EVT_WORD_MASKED);
			masked[port] = true;
			break;
		case 5:
			if (!evt_word_unmask(evt_xen_word(&xen, port)))
				evt_xen_unmask(&xen, port, port % 16);
			masked[port] = false;
			break;
		default:
			port = evt_xen_take(&xen);
			if (!port || !evt_word_claim(evt_xen_word(&xen, port)))
				break;
			if (!EXPECT(due[port] && !masked[port]))
				return;
			due[port] = false;
		}
	}
	for (port = 1; port <= 200; port++) {
		if (masked[port] && !evt_word_unmask(evt_xen_word(&xen, port)))
			evt_xen_unmask(&xen, port, port % 16);
	}
	while ((port = evt_xen_take(&xen))) {
		if (evt_word_claim(evt_xen_word(&xen, port)))
			due[port] = false;
	}
	for (port = 1; port <= 200; port++)
		EXPECT(!due[port]);
	EXPECT_EQ(xen.queues.lost, 0);
}

static void counts_what_cannot_be(void)
{
	evt_xen_start(&xen);
	/* Ready, and nothing there. */
	xen.control.ready = 1U << 3;
	EXPECT_EQ(evt_xen_take(&xen), 0);
	EXPECT_EQ(xen.queues.lost, 1);
	/* A port that no word is for, as a head and as a link. */
	xen.control.ready = 1U << 4;
	xen.control.head[4] = EVT_XEN_PORTS;
	EXPECT_EQ(evt_xen_take(&xen), 0);
	EXPECT_EQ(xen.queues.lost, 2);
	evt_xen_set_pending(&xen, 9, 7);
	*evt_xen_word(&xen, 9) |= EVTCHN_FIFO_LINK_MASK;
	EXPECT_EQ(evt_xen_take(&xen), 9);
	EXPECT_EQ(evt_xen_take(&xen), 0);
	EXPECT_EQ(xen.queues.lost, 3);
	/* Queues that there are not. */
	xen.control.ready = 0xffff0000;
	EXPECT_EQ(evt_xen_take(&xen), 0);
	/* And all goes on. */
	evt_xen_set_pending(&xen, 12, 7);
	EXPECT_EQ(evt_xen_take(&xen), 12);
}

static void leaves_a_circle(void)
{
	u32 taken = 0;

	evt_xen_start(&xen);
	*evt_xen_word(&xen, 1) = EVT_WORD_LINKED | 2;
	*evt_xen_word(&xen, 2) = EVT_WORD_LINKED | 3;
	*evt_xen_word(&xen, 3) = EVT_WORD_LINKED | 1;
	xen.control.head[7] = 1;
	xen.control.ready = 1U << 7;
	while (evt_xen_take(&xen) && taken < 100)
		taken++;
	EXPECT_EQ(taken, 4);
}

const struct test_case test_cases[] = {
	TEST(takes_in_order),
	TEST(takes_what_is_urgent_first),
	TEST(goes_on_with_a_queue_that_was_empty),
	TEST(unmasks_what_is_not_pending),
	TEST(a_channel_that_moves_is_claimed_once),
	TEST(changes_only_the_bits_given),
	TEST(loses_none),
	TEST(counts_what_cannot_be),
	TEST(leaves_a_circle),
	{ }
};
