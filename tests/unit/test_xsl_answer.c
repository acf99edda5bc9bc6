// SPDX-License-Identifier: GPL-2.0
/* What an outcome says of a node, and how often something is tried. */
#include <linux/errno.h>
#include <linux/kernel.h>

#include "test.h"
#include "xenstore-lite/wire/answer.h"

/* A disk goes when its node is not there, not when xenstored is slow. */
static void only_what_is_not_there_is_gone(void)
{
	static const int unknown[] = {
		-ETIMEDOUT, -EAGAIN, -EINTR, -EIO, -ENOMEM, -EPROTO, -EBUSY,
	};
	int i;

	EXPECT_EQ(xsl_answer(0), XSL_THERE);
	EXPECT_EQ(xsl_answer(-ENOENT), XSL_GONE);
	EXPECT_EQ(xsl_answer(-EACCES), XSL_HIDDEN);
	EXPECT_EQ(xsl_answer(-ERANGE), XSL_WRONG);
	EXPECT_EQ(xsl_answer(-EINVAL), XSL_WRONG);
	for (i = 0; i < ARRAY_SIZE(unknown); i++)
		EXPECT_EQ(xsl_answer(unknown[i]), XSL_AGAIN);
}

static void pauses_grow_and_end(void)
{
	static const unsigned int ms[] = { 250, 500, 1000, 1000, 0 };
	unsigned int tries, sum = 0;

	for (tries = 1; tries <= XSL_LOOKS; tries++)
		EXPECT_EQ(xsl_pause(tries, XSL_LOOKS, XSL_LOOKS_FIRST), ms[tries - 1]);
	EXPECT_EQ(xsl_pause(~0U, XSL_LOOKS, XSL_LOOKS_FIRST), 0);
	/* A device's state is not written for 11 s at most, and never without a pause. */
	for (tries = 1; tries < XSL_TRIES; tries++) {
		EXPECT(xsl_pause(tries, XSL_TRIES, XSL_TRIES_FIRST) > 0);
		sum += xsl_pause(tries, XSL_TRIES, XSL_TRIES_FIRST);
	}
	EXPECT_EQ(xsl_pause(tries, XSL_TRIES, XSL_TRIES_FIRST), 0);
	EXPECT(sum < 11000);
	EXPECT_EQ(xsl_pause(4000000000U, ~0U, ~0U >> 11), 1000);
}

const struct test_case test_cases[] = {
	TEST(only_what_is_not_there_is_gone),
	TEST(pauses_grow_and_end),
	{ }
};
