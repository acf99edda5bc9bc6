// SPDX-License-Identifier: GPL-2.0
/* Payloads of xenstored: strings that have an end, and those that have none. */
#include <stdlib.h>

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "test.h"
#include "xenstore-lite/wire/text.h"

/* The payload in a buffer of exactly its size, so that a byte read behind it is found. */
#define WITH(literal, fn) ({				\
	u32 __len = sizeof(literal) - 1;		\
	char *__body = calloc(1, __len + !__len);		\
	memcpy(__body, literal, __len);			\
	__auto_type __ret = fn(__body, __len);		\
	free(__body);					\
	__ret;						\
})

static void errors_by_name(void)
{
	EXPECT_EQ(WITH("ENOENT\0", xsl_text_errno), -ENOENT);
	EXPECT_EQ(WITH("EAGAIN\0", xsl_text_errno), -EAGAIN);
	EXPECT_EQ(WITH("E2BIG\0", xsl_text_errno), -E2BIG);
}

static void an_error_that_is_none(void)
{
	EXPECT_EQ(WITH("ENOENT", xsl_text_errno), -EPROTO);
	EXPECT_EQ(WITH("EWHAT\0", xsl_text_errno), -EPROTO);
	EXPECT_EQ(WITH("", xsl_text_errno), -EPROTO);
	EXPECT_EQ(WITH("ENOENT\0ENOENT\0", xsl_text_errno), -EPROTO);
}

static void strings_are_counted(void)
{
	EXPECT_EQ(WITH("", xsl_text_count), 0);
	EXPECT_EQ(WITH("\0", xsl_text_count), 1);
	EXPECT_EQ(WITH("a\0bc\0", xsl_text_count), 2);
	EXPECT_EQ(WITH("a\0bc", xsl_text_count), -EPROTO);
}

static const char *path, *token;

static int split(const char *body, u32 len)
{
	int err = xsl_text_event(body, len, &path, &token);

	if (!err) {
		EXPECT(!strcmp(path, "device/vbd"));
		EXPECT(!strcmp(token, "1f"));
	}
	return err;
}

static void an_event_is_two_strings(void)
{
	EXPECT_EQ(WITH("device/vbd\0" "1f\0", split), 0);
	EXPECT_EQ(WITH("device/vbd\0" "1f", split), -EPROTO);
	EXPECT_EQ(WITH("device/vbd\0", split), -EPROTO);
	EXPECT_EQ(WITH("device/vbd\0" "1f\0x\0", split), -EPROTO);
	EXPECT_EQ(WITH("", split), -EPROTO);
}

static struct xsl_part part;

static int take(const char *body, u32 len)
{
	int err = xsl_text_part(body, len, &part);

	if (!err)
		EXPECT_EQ(part.names - body, strlen(part.generation) + 1);
	return err;
}

static void pieces_of_a_directory(void)
{
	EXPECT_EQ(WITH("77\0a\0bc\0", take), 0);
	EXPECT_EQ(part.len, 5);
	EXPECT(!part.last);
	EXPECT_EQ(WITH("77\0a\0bc\0\0", take), 0);
	EXPECT_EQ(part.len, 5);
	EXPECT(part.last);
	EXPECT_EQ(WITH("77\0\0", take), 0);
	EXPECT_EQ(part.len, 0);
	EXPECT(part.last);
}

static void pieces_that_are_none(void)
{
	EXPECT_EQ(WITH("", take), -EPROTO);
	EXPECT_EQ(WITH("77\0a\0bc", take), -EPROTO);
	EXPECT_EQ(WITH("\0a\0", take), -EPROTO);
	/* Asked for again for ever. */
	EXPECT_EQ(WITH("77\0", take), -EPROTO);
	/* An empty name in between. */
	EXPECT_EQ(WITH("77\0a\0\0b\0", take), -EPROTO);
	EXPECT_EQ(WITH("77\0a\0\0\0", take), -EPROTO);
}

static void names_of_a_directory(void)
{
	EXPECT(xsl_text_is_name("51712"));
	EXPECT(xsl_text_is_name("."));
	EXPECT(!xsl_text_is_name(""));
	EXPECT(!xsl_text_is_name("/"));
	EXPECT(!xsl_text_is_name("vbd/51712"));
	EXPECT(xsl_text_is_path("device"));
	EXPECT(xsl_text_is_path("device/vbd/51712"));
	EXPECT(!xsl_text_is_path(""));
	EXPECT(!xsl_text_is_path("/"));
	EXPECT(!xsl_text_is_path("device/"));
	EXPECT(!xsl_text_is_path("device//51712"));
}

static void the_device_of_a_path(void)
{
	EXPECT_EQ(xsl_text_node("device/vbd/51712", 3), 16);
	EXPECT_EQ(xsl_text_node("device/vbd/51712/state", 3), 16);
	EXPECT_EQ(xsl_text_node("device/vbd", 3), 0);
	EXPECT_EQ(xsl_text_node("device", 3), 0);
	EXPECT_EQ(xsl_text_node("", 3), 0);
	EXPECT_EQ(xsl_text_node("backend/vbd/7/51712/mode", 4), 19);
	EXPECT_EQ(xsl_text_node("backend/vbd/7", 4), 0);
}

static void what_is_below_a_node(void)
{
	EXPECT(xsl_text_below("a/b", "a/b"));
	EXPECT(xsl_text_below("a/b/c", "a/b"));
	EXPECT(!xsl_text_below("a/bc", "a/b"));
	EXPECT(!xsl_text_below("a", "a/b"));
}

const struct test_case test_cases[] = {
	TEST(errors_by_name),
	TEST(an_error_that_is_none),
	TEST(strings_are_counted),
	TEST(an_event_is_two_strings),
	TEST(pieces_of_a_directory),
	TEST(pieces_that_are_none),
	TEST(names_of_a_directory),
	TEST(the_device_of_a_path),
	TEST(what_is_below_a_node),
	{ }
};
