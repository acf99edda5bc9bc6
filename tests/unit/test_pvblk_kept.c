// SPDX-License-Identifier: GPL-2.0
/* What is kept of acknowledged writes, until a flush covers them; when flushes are to fail. */
#include <fake.h>

#include "drivers/pvblk/pvblk.h"
#include "tests/unit/fake.h"
#include "test.h"

static struct {
	struct request rq;
	char pdu[sizeof(struct pvblk_request)];
} slot;

static char memory[2][PAGE_SIZE] __attribute__((__aligned__(4096)));
static struct bio_vec vecs[2];
static struct xenbus_device xdev;
static struct gendisk gd;
static struct pvblk_disk disk;
static struct pvblk_kept *const kept = &disk.kept;

struct workqueue_struct *pvblk_wq;

static unsigned int relimits;

void pvblk_disk_relimit(struct pvblk_disk *d)
{
	relimits++;
}

/* Of the block layer: nothing here asks it for anything. */
void get_page(struct page *page)		{ }
bool folio_test_anon(struct folio *folio)	{ return true; }
bool folio_mapped(struct folio *folio)		{ return true; }
void *folio_mapping(struct folio *folio)	{ return NULL; }

static void begin(int limit_kb)
{
	fake_reset(FAKE_NEVER);
	memset(&disk, 0, sizeof(disk));
	disk.front.xdev = &xdev;
	disk.gd = &gd;
	disk.props.flush = 1;
	relimits = 0;
	pvblk_kept_init(&disk, limit_kb);
}

static void end(void)
{
	pvblk_kept_exit(&disk);
	EXPECT_EQ(atomic_read(&kept->nr_pages), 0);
	EXPECT_EQ(fake_held(), 0);
}

/* A write of so many bytes, from the middle of a page on, is sent. */
static struct pvblk_kept_write *sent(sector_t at, unsigned int bytes, char fill)
{
	struct pvblk_request *r = (void *)slot.pdu;

	for (unsigned int i = 0; i < bytes; i++)
		((char *)memory)[2048 + i] = fill + i % 251;
	vecs[0] = (struct bio_vec) {
		.bv_page = (struct page *)memory[0], .bv_offset = 2048, .bv_len = min(bytes, 2048U),
	};
	vecs[1] = (struct bio_vec) {
		.bv_page = (struct page *)memory[1], .bv_len = bytes - vecs[0].bv_len,
	};
	slot.rq = (struct request) {
		.op = REQ_OP_WRITE, .sector = at, .vecs = vecs, .nr_vecs = vecs[1].bv_len ? 2 : 1,
		.bytes = bytes,
	};
	r->bytes = bytes;
	return pvblk_kept_copy(&disk, &slot.rq);
}

static void written(sector_t at, unsigned int bytes, char fill)
{
	pvblk_kept_acknowledged(&disk, sent(at, bytes, fill));
}

static void flushed(void)
{
	pvblk_kept_flushed(&disk, pvblk_kept_issue_flush(&disk));
}

static unsigned int nr_kept(void)
{
	struct pvblk_kept_write *w;
	unsigned int nr = 0;

	list_for_each_entry(w, &kept->writes, link)
		nr++;
	return nr;
}

static void lost(void)
{
	pvblk_kept_disconnected(&disk, true);
}

static void what_is_acknowledged_is_kept_in_its_order(void)
{
	struct pvblk_kept_write *first, *second;

	begin(64);
	first = sent(8, 6000, 'a');
	second = sent(8, 512, 'b');
	pvblk_kept_acknowledged(&disk, second);
	pvblk_kept_acknowledged(&disk, first);
	EXPECT_EQ(nr_kept(), 2);
	EXPECT(kept->writes.next == &second->link);
	EXPECT_EQ(first->at, 8);
	EXPECT_EQ(first->bytes, 6000);
	EXPECT_EQ(first->nr_pages, 2);
	for (unsigned int i = 0; i < 6000; i++)
		EXPECT_EQ(((char *)first->pages[i / PAGE_SIZE])[i % PAGE_SIZE],
			  (char)('a' + i % 251));
	lost();
	EXPECT(kept->resend && !kept->lost);
	end();
}

static void a_flush_covers_what_was_acknowledged_before_it_was_issued(void)
{
	unsigned long covers;

	begin(64);
	written(0, 4096, 'a');
	covers = pvblk_kept_issue_flush(&disk);
	written(8, 4096, 'b');
	pvblk_kept_flushed(&disk, covers);
	EXPECT_EQ(nr_kept(), 1);
	flushed();
	EXPECT_EQ(nr_kept(), 0);
	lost();
	EXPECT(!kept->resend && !kept->lost);
	end();
}

static void flushes_that_end_in_another_order_cover_no_more(void)
{
	unsigned long first, second;

	begin(64);
	first = pvblk_kept_issue_flush(&disk);
	written(0, 4096, 'a');
	second = pvblk_kept_issue_flush(&disk);
	written(8, 4096, 'b');
	pvblk_kept_flushed(&disk, second);
	pvblk_kept_flushed(&disk, first);
	EXPECT_EQ(nr_kept(), 1);
	EXPECT_EQ(kept->covered, second);
	end();
}

/* Written again, what was kept before would undo what was not. */
static void beyond_the_bound_nothing_is_kept_and_flushes_fail(void)
{
	begin(8);
	written(0, 4096, 'a');
	written(8, 4096, 'b');
	EXPECT_EQ(nr_kept(), 2);
	written(0, 4096, 'c');
	EXPECT_EQ(nr_kept(), 0);
	EXPECT_EQ(atomic_read(&kept->nr_pages), 0);
	written(16, 4096, 'd');
	EXPECT_EQ(nr_kept(), 0);
	lost();
	EXPECT(!kept->resend && kept->lost);
	EXPECT_EQ(relimits, 1);
	pvblk_kept_opened(&disk);
	EXPECT(!kept->lost);
	EXPECT_EQ(relimits, 2);
	end();
}

static void a_flush_makes_up_for_what_was_not_kept(void)
{
	begin(4);
	written(0, 4096, 'a');
	written(8, 4096, 'b');
	flushed();
	written(16, 4096, 'c');
	EXPECT_EQ(nr_kept(), 1);
	lost();
	EXPECT(kept->resend && !kept->lost);
	end();
}

/* It was not kept, and the flush may not have covered it. */
static void a_write_that_is_acknowledged_beside_a_flush_is_not_covered(void)
{
	unsigned long covers;

	begin(4);
	written(0, 4096, 'a');
	covers = pvblk_kept_issue_flush(&disk);
	written(8, 4096, 'b');
	pvblk_kept_flushed(&disk, covers);
	lost();
	EXPECT(kept->lost);
	end();
}

/* What was copied before it may be of the same sectors, and older. */
static void a_copy_that_is_acknowledged_after_a_miss_is_not_kept(void)
{
	struct pvblk_kept_write *w;

	begin(8);
	written(0, 4096, 'a');
	w = sent(8, 4096, 'b');
	written(8, 4096, 'c');
	pvblk_kept_acknowledged(&disk, w);
	EXPECT_EQ(nr_kept(), 0);
	end();
}

/* A disk with writes in flight at every flush: each is copied, though one before was missed. */
static void writes_that_are_always_in_flight_are_kept_again_two_flushes_later(void)
{
	struct pvblk_kept_write *w = NULL;
	unsigned long covers;
	unsigned int i;

	begin(64);
	pvblk_kept_acknowledged(&disk, NULL);
	for (i = 0; i < 3; i++) {
		covers = pvblk_kept_issue_flush(&disk);
		pvblk_kept_acknowledged(&disk, w);
		w = sent(i * 8, 4096, 'c');
		EXPECT(w);
		pvblk_kept_flushed(&disk, covers);
	}
	pvblk_kept_acknowledged(&disk, w);
	lost();
	EXPECT(kept->resend && !kept->lost);
	end();
}

/* Streams that nobody flushes cost no more than the bound. */
static void no_more_is_copied_between_two_flushes_than_may_be_kept(void)
{
	begin(8);
	pvblk_kept_drop(&disk, sent(0, 4096, 'a'));
	pvblk_kept_drop(&disk, sent(0, 4096, 'a'));
	EXPECT(!sent(0, 4096, 'a'));
	flushed();
	written(0, 4096, 'a');
	EXPECT_EQ(nr_kept(), 1);
	end();
}

static void a_backend_that_ends_in_order_loses_nothing(void)
{
	begin(0);
	written(0, 4096, 'a');
	pvblk_kept_disconnected(&disk, false);
	EXPECT(!kept->lost);
	end();
	begin(64);
	written(0, 4096, 'a');
	pvblk_kept_disconnected(&disk, false);
	EXPECT(!kept->resend);
	EXPECT_EQ(nr_kept(), 1);
	end();
}

/* No flush would come, and what is written then is not kept: it would be undone. */
static void what_was_kept_is_forgotten_when_there_is_no_cache_any_more(void)
{
	struct pvblk_kept_write *w;

	begin(64);
	written(0, 4096, 'a');
	pvblk_kept_disconnected(&disk, false);
	disk.props.flush = 0;
	pvblk_kept_connected(&disk);
	EXPECT_EQ(nr_kept(), 0);
	lost();
	EXPECT(!kept->resend && !kept->lost);
	end();
	/* The backend has refused a flush while a write was in flight. */
	begin(64);
	w = sent(0, 4096, 'a');
	disk.no_flush = true;
	pvblk_kept_forget(&disk);
	pvblk_kept_acknowledged(&disk, w);
	EXPECT_EQ(nr_kept(), 0);
	end();
	/* What is to be written again still is. */
	begin(64);
	written(0, 4096, 'a');
	lost();
	disk.props.flush = 0;
	pvblk_kept_connected(&disk);
	EXPECT_EQ(nr_kept(), 1);
	end();
}

static void without_a_cache_or_switched_off_nothing_is_kept(void)
{
	begin(64);
	disk.props.flush = 0;
	written(0, 4096, 'a');
	EXPECT_EQ(nr_kept(), 0);
	lost();
	EXPECT(!kept->lost);
	disk.props.barrier = 1;
	disk.no_flush = true;
	written(0, 4096, 'a');
	EXPECT_EQ(nr_kept(), 0);
	lost();
	EXPECT(!kept->lost);
	disk.no_flush = false;
	pvblk_kept_limit(&disk, PVFRONT_OFF);
	written(0, 4096, 'a');
	EXPECT_EQ(nr_kept(), 0);
	lost();
	EXPECT(!kept->lost);
	/* What was written meanwhile is not known. */
	pvblk_kept_limit(&disk, 64);
	lost();
	EXPECT(kept->lost);
	pvblk_kept_limit(&disk, PVFRONT_OFF);
	EXPECT(!kept->lost);
	disk.no_flush = true;
	pvblk_kept_limit(&disk, 64);
	lost();
	EXPECT(!kept->lost);
	end();
}

static void what_was_not_acknowledged_goes(void)
{
	begin(64);
	pvblk_kept_drop(&disk, sent(0, 6000, 'a'));
	EXPECT_EQ(atomic_read(&kept->nr_pages), 0);
	lost();
	EXPECT(!kept->resend && !kept->lost);
	end();
}

static void without_memory_nothing_is_kept(void)
{
	unsigned int n;

	for (n = 0; ; n++) {
		begin(64);
		fake_fail_next(n);
		written(0, 6000, 'a');
		if (!fake_failed())
			break;
		EXPECT_EQ(atomic_read(&kept->nr_pages), 0);
		fake_fail_next(FAKE_NEVER);
		lost();
		EXPECT(kept->lost);
		end();
	}
	EXPECT(n == 3);
	end();
}

const struct test_case test_cases[] = {
	TEST(what_is_acknowledged_is_kept_in_its_order),
	TEST(a_flush_covers_what_was_acknowledged_before_it_was_issued),
	TEST(flushes_that_end_in_another_order_cover_no_more),
	TEST(beyond_the_bound_nothing_is_kept_and_flushes_fail),
	TEST(a_flush_makes_up_for_what_was_not_kept),
	TEST(a_write_that_is_acknowledged_beside_a_flush_is_not_covered),
	TEST(a_copy_that_is_acknowledged_after_a_miss_is_not_kept),
	TEST(writes_that_are_always_in_flight_are_kept_again_two_flushes_later),
	TEST(no_more_is_copied_between_two_flushes_than_may_be_kept),
	TEST(a_backend_that_ends_in_order_loses_nothing),
	TEST(what_was_kept_is_forgotten_when_there_is_no_cache_any_more),
	TEST(without_a_cache_or_switched_off_nothing_is_kept),
	TEST(what_was_not_acknowledged_goes),
	TEST(without_memory_nothing_is_kept),
	{ }
};
