// SPDX-License-Identifier: GPL-2.0
/* Entries of the grant table, and the bits that Xen sets while a peer has a page mapped. */
#include <pthread.h>
#include <linux/kernel.h>

#include "xenstore-lite/grants/entry.h"
#include "test.h"

static void v1_permits(void)
{
	struct grant_entry_v1 entry = { };

	gnt_v1_permit(&entry, 7, 0x89abcdef, 0);
	EXPECT_EQ(entry.flags, GTF_permit_access);
	EXPECT_EQ(entry.domid, 7);
	EXPECT_EQ(entry.frame, 0x89abcdef);
	gnt_v1_permit(&entry, 0x7ff0, 1, GTF_readonly);
	EXPECT_EQ(entry.flags, GTF_permit_access | GTF_readonly);
	EXPECT_EQ(entry.domid, 0x7ff0);
}

static void v1_ends_when_not_in_use(void)
{
	struct grant_entry_v1 entry = { };

	gnt_v1_permit(&entry, 7, 1, GTF_readonly);
	EXPECT(gnt_v1_end(&entry));
	EXPECT_EQ(entry.flags, 0);
	EXPECT(gnt_v1_end(&entry));
}

static void v1_stays_while_in_use(void)
{
	static const u16 uses[] = { GTF_reading, GTF_writing, GTF_reading | GTF_writing };
	struct grant_entry_v1 entry = { };
	int i;

	for (i = 0; i < ARRAY_SIZE(uses); i++) {
		gnt_v1_permit(&entry, 7, 1, 0);
		entry.flags |= uses[i];
		EXPECT(!gnt_v1_end(&entry));
		EXPECT_EQ(entry.flags, GTF_permit_access | uses[i]);
		entry.flags &= ~uses[i];
		EXPECT(gnt_v1_end(&entry));
	}
}

static void v2_permits_wide_frames(void)
{
	union grant_entry_v2 entry = { };

	gnt_v2_permit(&entry, 7, 0x1234567890ULL, GTF_readonly);
	EXPECT_EQ(entry.hdr.flags, GTF_permit_access | GTF_readonly);
	EXPECT_EQ(entry.hdr.domid, 7);
	EXPECT_EQ(entry.full_page.frame, 0x1234567890ULL);
}

static void v2_ends_by_status(void)
{
	union grant_entry_v2 entry = { };
	grant_status_t status = GTF_writing;

	gnt_v2_permit(&entry, 7, 1, 0);
	EXPECT(!gnt_v2_end(&entry, &status));
	EXPECT_EQ(entry.hdr.flags, 0);
	status = GTF_reading;
	EXPECT(!gnt_v2_end(&entry, &status));
	status = 0;
	EXPECT(gnt_v2_end(&entry, &status));
}

/* A peer that maps and unmaps all the time, as Xen does it: only while access is permitted. */
static struct grant_entry_v1 busy;
static bool stop;

static void *peer(void *unused)
{
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		u16 old = __atomic_load_n(&busy.flags, __ATOMIC_SEQ_CST);

		if ((old & GTF_type_mask) != GTF_permit_access)
			continue;
		if (__sync_bool_compare_and_swap(&busy.flags, old, old | GTF_writing))
			__atomic_and_fetch(&busy.flags, ~GTF_writing, __ATOMIC_SEQ_CST);
	}
	return NULL;
}

static void v1_ends_beside_a_busy_peer(void)
{
	pthread_t thread;
	int rounds, tries;

	if (!EXPECT_EQ(pthread_create(&thread, NULL, peer, NULL), 0))
		return;
	for (rounds = 0; rounds < 2000; rounds++) {
		gnt_v1_permit(&busy, 7, 1, 0);
		for (tries = 0; tries < 1000000 && !gnt_v1_end(&busy); tries++)
			;
		/* Ended is ended: the peer cannot get in again. */
		if (!EXPECT_EQ(__atomic_load_n(&busy.flags, __ATOMIC_SEQ_CST), 0))
			break;
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
}

const struct test_case test_cases[] = {
	TEST(v1_permits),
	TEST(v1_ends_when_not_in_use),
	TEST(v1_stays_while_in_use),
	TEST(v2_permits_wide_frames),
	TEST(v2_ends_by_status),
	TEST(v1_ends_beside_a_busy_peer),
	{ }
};
