// SPDX-License-Identifier: GPL-2.0
/* blk-mq's operations of a disk, on a ring that lives, is given up, or is silent. */
#include <fake.h>

#include "drivers/pvblk/pvblk.h"
#include "tests/unit/fake.h"
#include "test.h"

#define DEPTH	8U
#define SEGS	4U

static struct {
	struct request rq;
	char pdu[sizeof(struct pvblk_request) + SEGS * sizeof(u16)];
} slot;

static struct pvblk_request *const r = (void *)slot.pdu;
static char memory[PAGE_SIZE] __attribute__((__aligned__(4096)));
static const struct bio_vec vec = { .bv_page = (struct page *)memory, .bv_len = PAGE_SIZE };
static struct xenbus_device xdev;
static struct pvblk_disk disk;
static struct request_queue queue = { .queuedata = &disk };
static struct blk_mq_hw_ctx hctx = { .queue = &queue };
static bool ending;
static unsigned int failed_queues, silences;

struct workqueue_struct *pvblk_wq;

void pvblk_disk_relimit(struct pvblk_disk *d)	{ }

/* Of the block layer and the drivers' other files: only what is asked of them counts. */
void get_page(struct page *page)		{ }
bool folio_test_anon(struct folio *folio)	{ return true; }
bool folio_mapped(struct folio *folio)		{ return true; }
void *folio_mapping(struct folio *folio)	{ return NULL; }

void pvblk_watch(struct pvblk_queue *q)		{ }
void pvblk_watch_init(struct pvblk_queue *q)	{ }
void pvblk_watch_stop(struct pvblk_queue *q)	{ }
bool pvblk_queue_look(struct pvblk_queue *q)	{ return false; }
void pvblk_hold(struct pvblk_queue *q, struct request *rq)	{ }
void pvblk_complete(struct request *rq)		{ }
void pvblk_later(struct tasklet_struct *t)	{ }

int pvblk_poll(struct blk_mq_hw_ctx *hctx, struct io_comp_batch *iob)
{
	return 0;
}

irqreturn_t pvblk_interrupt(int irq, void *cookie)
{
	return IRQ_HANDLED;
}

unsigned int pvblk_fence_fail(struct pvblk_queue *q, bool force)
{
	EXPECT(!q->up);
	failed_queues++;
	slot.rq.state = MQ_RQ_COMPLETE;
	return 0;
}

void pvfront_break(struct pvfront *f, enum pvfront_reason reason)
{
	EXPECT(false);
}

void pvfront_silent(struct pvfront *f)
{
	silences++;
}

bool pvfront_is_ending(struct pvfront *f)
{
	return ending;
}

static struct pvblk_queue *begin(void)
{
	fake_reset(FAKE_NEVER);
	fake_foreign(memory, sizeof(memory));
	memset(&slot, 0, sizeof(slot));
	memset(&disk, 0, sizeof(disk));
	ending = false;
	failed_queues = 0;
	silences = 0;
	disk.io_timeout = PVFRONT_OFF;
	disk.front.xdev = &xdev;
	disk.set.queue_depth = DEPTH;
	disk.set.nr_hw_queues = 1;
	disk.nr_queues = 1;
	disk.max_segs = SEGS;
	disk.trusted = true;
	disk.props.sector_size = 512;
	disk.queues = pvblk_queues_alloc(1);
	EXPECT_EQ(pvblk_queue_open(&disk, 0), 0);
	EXPECT_EQ(pvblk_queue_up(&disk.queues[0]), 0);
	return &disk.queues[0];
}

static void end(struct pvblk_queue *q)
{
	if (r->q) {
		EXPECT(pvblk_request_end_access(&slot.rq));
		pvblk_request_release(&slot.rq);
	}
	pvblk_queue_down(q);
	pvblk_queue_close(q);
	kfree(disk.queues);
	EXPECT_EQ(fake_held(), 0);
}

static blk_status_t send(enum req_op op, bool last)
{
	struct blk_mq_queue_data bd = { .rq = &slot.rq, .last = last };

	slot.rq = (struct request){
		.mq_hctx = &hctx, .q = &queue, .tag = 3, .op = op, .vecs = &vec,
		.nr_vecs = 1, .nr_segments = 1, .bytes = PAGE_SIZE, .timeout = 30 * HZ,
	};
	return pvblk_mq_ops.queue_rq(&hctx, &bd);
}

/* What the backend sees. */
static unsigned int shown(const struct pvblk_queue *q)
{
	const struct blkif_sring *shared = q->pages.va;

	return shared->req_prod;
}

static void a_batch_is_shown_at_its_end(void)
{
	struct pvblk_queue *q = begin();

	EXPECT_EQ(send(REQ_OP_WRITE, false), BLK_STS_OK);
	EXPECT_EQ(shown(q), 0);
	pvblk_mq_ops.commit_rqs(&hctx);
	EXPECT_EQ(shown(q), 1);
	EXPECT_EQ(q->stats.notifies, 1);
	end(q);
}

/* Its requests have failed, or are sent again: the backend must not carry them out. */
static void a_batch_whose_ring_is_given_up_is_not_shown(void)
{
	struct pvblk_queue *q = begin();

	EXPECT_EQ(send(REQ_OP_WRITE, false), BLK_STS_OK);
	pvblk_queue_stop(q);
	pvblk_mq_ops.commit_rqs(&hctx);
	EXPECT_EQ(shown(q), 0);
	EXPECT_EQ(q->stats.notifies, 0);
	end(q);
}

static void a_ring_that_is_given_up_takes_nothing(void)
{
	struct pvblk_queue *q = begin();

	pvblk_queue_stop(q);
	EXPECT_EQ(send(REQ_OP_WRITE, true), BLK_STS_RESOURCE);
	EXPECT(!r->q);
	EXPECT_EQ(pvblk_ring_in_flight(&q->ring), 0);
	EXPECT_EQ(shown(q), 0);
	end(q);
}

static void a_dead_disk_and_one_that_is_fenced_refuse(void)
{
	struct pvblk_queue *q = begin();

	disk.no_writes = true;
	EXPECT_EQ(send(REQ_OP_WRITE, true), BLK_STS_IOERR);
	EXPECT_EQ(send(REQ_OP_SECURE_ERASE, true), BLK_STS_IOERR);
	EXPECT_EQ(shown(q), 0);
	EXPECT_EQ(send(REQ_OP_READ, true), BLK_STS_OK);
	EXPECT_EQ(shown(q), 1);
	EXPECT(pvblk_request_end_access(&slot.rq));
	pvblk_request_release(&slot.rq);
	disk.failing = true;
	EXPECT_EQ(send(REQ_OP_READ, true), BLK_STS_IOERR);
	disk.failing = false;
	disk.dead = true;
	EXPECT_EQ(send(REQ_OP_READ, true), BLK_STS_IOERR);
	EXPECT_EQ(shown(q), 1);
	end(q);
}

/* A request times out once @why is set. */
static void timeout_ends_the_disk(bool *why)
{
	struct pvblk_queue *q = begin();

	EXPECT_EQ(send(REQ_OP_READ, true), BLK_STS_OK);
	*why = true;
	EXPECT_EQ(pvblk_mq_ops.timeout(&slot.rq), BLK_EH_DONE);
	EXPECT(disk.dead);
	EXPECT(failed_queues);
	end(q);
}

/* The callback that waits for this request cannot begin the close that would fail it. */
static void a_timeout_while_the_backend_closes_ends_the_disk(void)
{
	timeout_ends_the_disk(&ending);
}

static void a_timeout_of_a_disk_that_goes_ends_it(void)
{
	timeout_ends_the_disk(&disk.doomed);
}

/* A slow backend, and one that is being replaced, have all the time. */
static void other_timeouts_end_nothing(void)
{
	struct pvblk_queue *q = begin();

	EXPECT_EQ(send(REQ_OP_READ, true), BLK_STS_OK);
	EXPECT_EQ(pvblk_mq_ops.timeout(&slot.rq), BLK_EH_RESET_TIMER);
	disk.parked = true;
	ending = true;
	EXPECT_EQ(pvblk_mq_ops.timeout(&slot.rq), BLK_EH_RESET_TIMER);
	EXPECT(!disk.dead && q->up);
	EXPECT_EQ(failed_queues, 0);
	slot.rq.state = MQ_RQ_COMPLETE;
	EXPECT_EQ(pvblk_mq_ops.timeout(&slot.rq), BLK_EH_DONE);
	EXPECT(!disk.dead);
	end(q);
}

/* It gets another event first, and some time to see it. */
static void a_request_older_than_users_want_takes_the_backend_for_lost(void)
{
	struct pvblk_queue *q = begin();

	disk.io_timeout = 10;
	EXPECT_EQ(send(REQ_OP_READ, true), BLK_STS_OK);
	jiffies += 10 * HZ - 1;
	EXPECT_EQ(pvblk_mq_ops.timeout(&slot.rq), BLK_EH_RESET_TIMER);
	EXPECT(!r->nudged);
	jiffies++;
	EXPECT_EQ(pvblk_mq_ops.timeout(&slot.rq), BLK_EH_RESET_TIMER);
	EXPECT(r->nudged);
	EXPECT_EQ(slot.rq.timeout, PVBLK_NUDGED);
	EXPECT_EQ(silences, 0);
	EXPECT_EQ(pvblk_mq_ops.timeout(&slot.rq), BLK_EH_RESET_TIMER);
	EXPECT_EQ(silences, 1);
	/* Once it is lost, how long users wait is not counted here. */
	disk.parked = true;
	EXPECT_EQ(pvblk_mq_ops.timeout(&slot.rq), BLK_EH_RESET_TIMER);
	EXPECT_EQ(silences, 1);
	end(q);
}

const struct test_case test_cases[] = {
	TEST(a_batch_is_shown_at_its_end),
	TEST(a_batch_whose_ring_is_given_up_is_not_shown),
	TEST(a_ring_that_is_given_up_takes_nothing),
	TEST(a_dead_disk_and_one_that_is_fenced_refuse),
	TEST(a_timeout_while_the_backend_closes_ends_the_disk),
	TEST(a_timeout_of_a_disk_that_goes_ends_it),
	TEST(other_timeouts_end_nothing),
	TEST(a_request_older_than_users_want_takes_the_backend_for_lost),
	{ }
};
