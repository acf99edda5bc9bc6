// SPDX-License-Identifier: GPL-2.0
/* From block requests to ring requests and back, with few grants and a backend that keeps pages. */
#include <fake.h>

#include "drivers/pvblk/pvblk.h"
#include "tests/unit/fake.h"
#include "test.h"

#define DEPTH	8U
#define MOST	64U
#define SEGS	32U

/* A request of @segs whole pages, with room for its grants. */
static struct {
	struct request rq;
	char pdu[sizeof(struct pvblk_request) + SEGS * sizeof(u16)];
} slot;

static char memory[SEGS][PAGE_SIZE] __attribute__((__aligned__(4096)));
static struct bio_vec vecs[SEGS];
static struct xenbus_device xdev;
static struct blk_mq_hw_ctx hctx;
static struct pvblk_disk disk;
static struct pvblk_queue q;

static struct pvblk_request *const r = (void *)slot.pdu;

struct workqueue_struct *pvblk_wq;

void pvblk_disk_relimit(struct pvblk_disk *d)	{ }

/* What the test gets and the owner of a page keeps; nothing rests here. */
static unsigned int pages_got;

void get_page(struct page *page)
{
	pages_got++;
}

/* Whose the pages are: the page cache's, or a user's. */
static bool anonymous, mapped_by_user;
static void *mapping;

bool folio_test_anon(struct folio *folio)	{ return anonymous; }
bool folio_mapped(struct folio *folio)		{ return mapped_by_user; }
void *folio_mapping(struct folio *folio)	{ return mapping; }

static void begin(bool persistent, unsigned int own, unsigned int max_segs)
{
	const struct pvblk_pool_size data = {
		.most = MOST, .own = own, .reserve = 11, .pages = persistent,
	};
	const struct pvblk_pool_size desc = { .most = 4, .pages = true };

	fake_reset(FAKE_NEVER);
	fake_foreign(memory, sizeof(memory));
	memset(&slot, 0, sizeof(slot));
	memset(&disk, 0, sizeof(disk));
	memset(&q, 0, sizeof(q));
	disk.front.xdev = &xdev;
	disk.set.queue_depth = DEPTH;
	disk.set.nr_hw_queues = 1;
	disk.max_segs = max_segs;
	disk.props.sector_size = 512;
	disk.trusted = true;
	disk.handle = 51712;
	q.disk = &disk;
	q.persistent = persistent;
	q.copies = persistent;
	EXPECT_EQ(pvblk_pool_open(&q.pool, &disk.front, &data), 0);
	EXPECT_EQ(pvblk_pool_open(&q.desc, &disk.front, &desc), 0);
}

static void end(void)
{
	pvblk_pool_close(&q.pool);
	pvblk_pool_close(&q.desc);
	EXPECT_EQ(fake_held(), 0);
}

static struct request *request(enum req_op op, unsigned int segs)
{
	for (unsigned int i = 0; i < segs; i++) {
		vecs[i] = (struct bio_vec){ .bv_page = (struct page *)memory[i],
					    .bv_len = PAGE_SIZE };
		memset(memory[i], 'a' + i, PAGE_SIZE);
	}
	slot.rq = (struct request){
		.mq_hctx = &hctx, .tag = 3, .op = op, .sector = 80, .vecs = vecs,
		.nr_vecs = segs, .nr_segments = segs, .bytes = segs * PAGE_SIZE,
	};
	return &slot.rq;
}

static void done(struct request *rq)
{
	EXPECT(pvblk_request_end_access(rq));
	pvblk_request_release(rq);
	EXPECT(!r->q);
}

static void a_write_in_place_is_granted_and_goes_out_as_one(void)
{
	struct request *rq;

	begin(false, 4, SEGS);
	rq = request(REQ_OP_WRITE, 2);
	EXPECT_EQ(pvblk_request_map(&q, rq, 3), BLK_STS_OK);
	EXPECT_EQ(r->out.operation, BLKIF_OP_WRITE);
	EXPECT_EQ(r->out.u.rw.nr_segments, 2);
	EXPECT_EQ(r->out.u.rw.id, 3);
	EXPECT_EQ(r->out.u.rw.handle, 51712);
	EXPECT_EQ(r->out.u.rw.sector_number, 80);
	EXPECT_EQ(r->out.u.rw.seg[1].last_sect, 7);
	EXPECT(r->own && r->grant[0] == 3);
	EXPECT(!pvblk_request_reads_back(rq));
	EXPECT(pvblk_request_is_out(rq, &q));
	done(rq);
	EXPECT(!pvblk_request_is_out(rq, &q));
	for (unsigned int i = 0; i < q.pool.nr; i++)
		EXPECT(!q.pool.grants[i].granted);
	end();
}

static void data_is_copied_through_pages_of_ours(void)
{
	struct request *rq;

	begin(true, 0, SEGS);
	rq = request(REQ_OP_WRITE, 3);
	EXPECT_EQ(pvblk_request_map(&q, rq, 3), BLK_STS_OK);
	for (unsigned int i = 0; i < 3; i++) {
		char *page = page_address(q.pool.grants[r->grant[i]].page);

		EXPECT(!memcmp(page, memory[i], PAGE_SIZE));
	}
	done(rq);

	rq = request(REQ_OP_READ, 3);
	EXPECT_EQ(pvblk_request_map(&q, rq, 3), BLK_STS_OK);
	for (unsigned int i = 0; i < 3; i++)
		memset(page_address(q.pool.grants[r->grant[i]].page), 'A' + i, PAGE_SIZE);
	EXPECT(pvblk_request_reads_back(rq));
	pvblk_request_read_back(rq);
	for (unsigned int i = 0; i < 3; i++) {
		EXPECT(memory[i][0] == (char)('A' + i));
		EXPECT(memory[i][PAGE_SIZE - 1] == (char)('A' + i));
	}
	/* Not what a failed read left there. */
	r->status = BLK_STS_IOERR;
	EXPECT(!pvblk_request_reads_back(rq));
	done(rq);
	end();
}

static void many_segments_are_indirect(void)
{
	struct blkif_request_segment *seg;
	struct request *rq;

	begin(false, 4, SEGS);
	rq = request(REQ_OP_READ, 20);
	EXPECT_EQ(pvblk_request_map(&q, rq, 3), BLK_STS_OK);
	EXPECT_EQ(r->out.operation, BLKIF_OP_INDIRECT);
	EXPECT_EQ(r->out.u.indirect.indirect_op, BLKIF_OP_READ);
	EXPECT_EQ(r->out.u.indirect.nr_segments, 20);
	seg = page_address(q.desc.grants[r->desc].page);
	EXPECT_EQ(seg[19].last_sect, 7);
	EXPECT_EQ(seg[19].gref, q.pool.grants[r->grant[19]].ref);
	EXPECT_EQ(r->bytes, 20 * PAGE_SIZE);
	done(rq);
	EXPECT_EQ(q.desc.nr_ready, 1);
	end();
}

/* Each call that may fail does; the request goes out all the same, in part. */
static void with_few_grants_the_first_part_goes_out(void)
{
	for (unsigned int persistent = 0; persistent < 2; persistent++) {
		for (unsigned int n = 0; ; n++) {
			struct request *rq;

			begin(persistent, 4, SEGS);
			rq = request(REQ_OP_WRITE, 20);
			fake_fail_next(n);
			EXPECT_EQ(pvblk_request_map(&q, rq, 3), BLK_STS_OK);
			EXPECT(r->nr >= 11 && r->nr <= 20);
			EXPECT_EQ(r->bytes, r->nr * PAGE_SIZE);
			EXPECT_EQ(r->indirect, r->nr > 11);
			EXPECT_EQ(r->indirect ? r->out.u.indirect.nr_segments :
				  r->out.u.rw.nr_segments, r->nr);
			done(rq);
			EXPECT_EQ(q.pool.nr_ready + q.pool.nr_bare, MOST);
			if (!fake_failed()) {
				EXPECT_EQ(r->bytes, 20 * PAGE_SIZE);
				end();
				break;
			}
			end();
		}
	}
}

static void without_any_it_is_tried_later_and_nothing_is_kept(void)
{
	struct request *rq;
	u16 all[MOST];
	unsigned int bare;

	begin(false, 0, SEGS);
	EXPECT_EQ(pvblk_pool_take(&q.pool, MOST - 5, all, &bare), MOST - 5);
	rq = request(REQ_OP_WRITE, 20);
	EXPECT_EQ(pvblk_request_map(&q, rq, 3), BLK_STS_RESOURCE);
	EXPECT_EQ(q.stats.no_grant, 1);
	done(rq);
	EXPECT_EQ(q.pool.nr_ready + q.pool.nr_bare, 5);
	pvblk_pool_put(&q.pool, MOST - 5, all);
	EXPECT_EQ(pvblk_request_map(&q, rq, 3), BLK_STS_OK);
	done(rq);
	end();
}

static void a_part_ends_where_a_logical_block_does(void)
{
	struct request *rq;

	begin(false, 0, 12);
	disk.props.sector_size = 4096;
	rq = request(REQ_OP_READ, 13);
	/* Memory that begins in the middle of a page: 12 segments end inside a block. */
	vecs[0].bv_offset = 2048;
	vecs[0].bv_len = 2048;
	vecs[12].bv_len = 2048;
	slot.rq.bytes = 12 * PAGE_SIZE;
	EXPECT_EQ(pvblk_request_map(&q, rq, 3), BLK_STS_OK);
	EXPECT_EQ(r->bytes, 11 * PAGE_SIZE);
	EXPECT_EQ(r->out.u.indirect.nr_segments, 12);
	done(rq);
	end();
}

static void memory_that_the_backend_maps_is_not_given_back(void)
{
	struct request *rq;

	begin(false, 4, SEGS);
	rq = request(REQ_OP_READ, 4);
	EXPECT_EQ(pvblk_request_map(&q, rq, 3), BLK_STS_OK);
	fake_map(q.pool.grants[r->grant[2]].ref);
	EXPECT(!pvblk_request_end_access(rq));
	EXPECT(q.pool.grants[r->grant[2]].granted);
	EXPECT(!pvblk_request_end_access(rq));
	/* The mode of a new connection does not matter to a request of the old one. */
	disk.persistent = true;
	EXPECT(!pvblk_request_end_access(rq));
	fake_let_go();
	done(rq);
	end();
}

/* A late read must not find a buffer that its owner uses anew. */
static void only_what_nobody_can_miss_is_left_to_the_backend(void)
{
	static const struct {
		enum req_op op;
		bool alive, anonymous, mapped, cached, left;
	} cases[] = {
		{ REQ_OP_READ, .anonymous = true, .mapped = true, .left = false },
		{ REQ_OP_READ, .mapped = true, .cached = true, .left = false },
		{ REQ_OP_READ, .left = false },
		{ REQ_OP_READ, .cached = true, .left = true },
		{ REQ_OP_READ, .alive = true, .cached = true, .left = false },
		{ REQ_OP_WRITE, .anonymous = true, .mapped = true, .left = true },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		struct request *rq;

		begin(false, 4, SEGS);
		disk.dead = !cases[i].alive;
		anonymous = cases[i].anonymous;
		mapped_by_user = cases[i].mapped;
		mapping = cases[i].cached ? memory : NULL;
		pages_got = 0;
		rq = request(cases[i].op, 4);
		EXPECT_EQ(pvblk_request_map(&q, rq, 3), BLK_STS_OK);
		fake_map(q.pool.grants[r->grant[2]].ref);
		EXPECT_EQ(pvblk_request_abandon(rq), cases[i].left);
		/* That one, and the one after it, whose access was not ended yet. */
		EXPECT_EQ(pages_got, cases[i].left ? 2 : 0);
		if (!cases[i].left) {
			fake_let_go();
			EXPECT(pvblk_request_abandon(rq));
			EXPECT_EQ(pages_got, 0);
		}
		done(rq);
		pvblk_pool_close(&q.pool);
		pvblk_pool_close(&q.desc);
		fake_let_go();
		EXPECT_EQ(fake_held(), 0);
	}
}

static void requests_without_data_have_no_grants(void)
{
	struct request *rq;

	begin(false, 4, SEGS);
	disk.props.flush = 1;
	rq = request(REQ_OP_FLUSH, 0);
	EXPECT_EQ(pvblk_request_map(&q, rq, 3), BLK_STS_OK);
	EXPECT_EQ(r->out.operation, BLKIF_OP_FLUSH_DISKCACHE);
	EXPECT(pvblk_request_is_out(rq, &q));
	done(rq);
	disk.props.flush = 0;
	EXPECT_EQ(pvblk_request_map(&q, rq, 3), BLK_STS_OK);
	EXPECT_EQ(r->out.operation, BLKIF_OP_WRITE_BARRIER);
	done(rq);
	rq = request(REQ_OP_SECURE_ERASE, 0);
	slot.rq.bytes = 8192;
	EXPECT_EQ(pvblk_request_map(&q, rq, 3), BLK_STS_OK);
	EXPECT_EQ(r->out.u.discard.flag, BLKIF_DISCARD_SECURE);
	EXPECT_EQ(r->out.u.discard.nr_sectors, 16);
	done(rq);
	rq = request(REQ_OP_OTHER, 0);
	EXPECT_EQ(pvblk_request_map(&q, rq, 3), BLK_STS_NOTSUPP);
	done(rq);
	end();
}

const struct test_case test_cases[] = {
	TEST(a_write_in_place_is_granted_and_goes_out_as_one),
	TEST(data_is_copied_through_pages_of_ours),
	TEST(many_segments_are_indirect),
	TEST(with_few_grants_the_first_part_goes_out),
	TEST(without_any_it_is_tried_later_and_nothing_is_kept),
	TEST(a_part_ends_where_a_logical_block_does),
	TEST(memory_that_the_backend_maps_is_not_given_back),
	TEST(only_what_nobody_can_miss_is_left_to_the_backend),
	TEST(requests_without_data_have_no_grants),
	{ }
};
