// SPDX-License-Identifier: GPL-2.0
/* Which image a disk is of, and whether a new backend has it. */
#include <fake.h>

#include "drivers/pvblk/pvblk.h"
#include "tests/unit/fake.h"
#include "test.h"

static struct xenbus_device xdev = { .nodename = "device/vbd/51728", .otherend = "/b" };
static struct pvblk_disk disk;
static const struct pvblk_vpd vpd;
static bool same_name;

bool pvblk_identity_is_same(const struct pvblk_disk *d, const struct pvblk_vpd *v)
{
	return same_name;
}

/* A disk whose users have it of that image. */
static void begin(const char *source)
{
	char *text;

	fake_reset(FAKE_NEVER);
	disk = (struct pvblk_disk){ .front.xdev = &xdev };
	same_name = false;
	fake_store(source);
	EXPECT_EQ(pvblk_source_look(&disk, &text), 0);
	pvblk_source_take(&disk, text);
}

static void end(void)
{
	fake_store(NULL);
	pvblk_source_forget(&disk);
	EXPECT_EQ(fake_held(), 0);
}

/* Whether it goes on with a backend that has this one. */
static int goes_on_with(const char *source)
{
	char *text;
	int err;

	fake_store(source);
	err = pvblk_source_look(&disk, &text);
	if (!err)
		err = pvblk_source_fit(&disk, &vpd, text);
	if (err)
		kfree(text);
	else
		pvblk_source_take(&disk, text);
	return err;
}

static void another_image_is_another_disk(void)
{
	begin("/image/a");
	EXPECT_EQ(goes_on_with("/image/a"), 0);
	EXPECT_EQ(fake_reports(), 0);
	EXPECT_EQ(goes_on_with("/image/b"), -EINVAL);
	EXPECT_EQ(fake_reports(), 1);
	/* What was refused is not remembered. */
	EXPECT(!strcmp(disk.source, "/image/a"));
	EXPECT_EQ(goes_on_with("/image/a"), 0);
	end();
}

static void a_name_says_more_than_a_path(void)
{
	begin("/image/a");
	same_name = true;
	EXPECT_EQ(goes_on_with("/moved/a"), 0);
	same_name = false;
	EXPECT_EQ(goes_on_with("/image/a"), -EINVAL);
	EXPECT_EQ(goes_on_with("/moved/a"), 0);
	end();
}

static void a_toolstack_that_names_none_gets_no_answer(void)
{
	begin(NULL);
	EXPECT(!disk.source);
	EXPECT_EQ(goes_on_with(NULL), 0);
	EXPECT_EQ(goes_on_with("/image/a"), 0);
	/* One that has named it once is held to that. */
	EXPECT_EQ(goes_on_with(NULL), 0);
	EXPECT_EQ(goes_on_with("/image/b"), -EINVAL);
	end();
}

static void what_cannot_be_read_is_not_taken_for_nothing(void)
{
	char *text;

	begin("/image/a");
	fake_fail_next(0);
	EXPECT_EQ(goes_on_with("/image/b"), -ENOMEM);
	EXPECT_EQ(fake_reports(), 1);
	EXPECT(!strcmp(disk.source, "/image/a"));

	/* In a probe: that is for the connection to say. */
	fake_fail_next(0);
	EXPECT_EQ(pvblk_source_read(&disk, &text), -ENOMEM);
	EXPECT(!text);
	EXPECT_EQ(fake_reports(), 1);
	end();
}

static void on_another_host_the_path_may_be_another(void)
{
	begin("/image/a");
	pvblk_source_forget(&disk);
	EXPECT_EQ(goes_on_with("/other/a"), 0);
	EXPECT_EQ(goes_on_with("/image/a"), -EINVAL);
	end();
}

const struct test_case test_cases[] = {
	TEST(another_image_is_another_disk),
	TEST(a_name_says_more_than_a_path),
	TEST(a_toolstack_that_names_none_gets_no_answer),
	TEST(what_cannot_be_read_is_not_taken_for_nothing),
	TEST(on_another_host_the_path_may_be_another),
	{ }
};
