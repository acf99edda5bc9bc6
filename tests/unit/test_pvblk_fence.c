// SPDX-License-Identifier: GPL-2.0
/* The end of a connection with a request in flight: what becomes of it and of its memory. */
#include <fake.h>

#include "drivers/pvblk/pvblk.h"
#include "tests/unit/fake.h"
#include "test.h"

#define DEPTH	8U
#define SEGS	4U
#define TAG	3

static struct {
	struct request rq;
	char pdu[sizeof(struct pvblk_request) + SEGS * sizeof(u16)];
} slot;

static struct request *rqs[DEPTH] = { [TAG] = &slot.rq };
static struct blk_mq_tags tags = { .rqs = rqs };
static struct blk_mq_tags *all_tags = &tags;
static char memory[PAGE_SIZE] __attribute__((__aligned__(4096)));
static const struct bio_vec vec = { .bv_page = (struct page *)memory, .bv_len = PAGE_SIZE };
static struct xenbus_device xdev;
static struct pvblk_disk disk;
static struct request_queue queue = { .queuedata = &disk };
static struct blk_mq_hw_ctx hctx = { .queue = &queue };
static struct gendisk gd = { .queue = &queue };
static unsigned int requeued, completed, silences;

struct workqueue_struct *pvblk_wq;

void pvblk_disk_relimit(struct pvblk_disk *d)	{ }

/* Of the block layer and the drivers' other files: only what is asked of them counts. */
void get_page(struct page *page)		{ }
bool folio_test_anon(struct folio *folio)	{ return true; }
bool folio_mapped(struct folio *folio)		{ return true; }
void *folio_mapping(struct folio *folio)	{ return NULL; }

void pvblk_guard_look(struct pvblk_disk *d)	{ }
void pvblk_watch(struct pvblk_queue *q)		{ }
void pvblk_watch_init(struct pvblk_queue *q)	{ }
void pvblk_watch_stop(struct pvblk_queue *q)	{ }
bool pvblk_queue_look(struct pvblk_queue *q)	{ return false; }
void pvblk_complete(struct request *rq)		{ }
void pvblk_later(struct tasklet_struct *t)	{ }
void pvfront_silent(struct pvfront *f)		{ silences++; }
bool pvfront_is_ending(struct pvfront *f)	{ return false; }

int pvblk_poll(struct blk_mq_hw_ctx *hctx, struct io_comp_batch *iob)
{
	return 0;
}

irqreturn_t pvblk_interrupt(int irq, void *cookie)
{
	return IRQ_HANDLED;
}

void pvfront_break(struct pvfront *f, enum pvfront_reason reason)
{
	EXPECT(false);
}

unsigned long pvfront_until(struct pvfront *f, unsigned long deadline)
{
	return deadline;
}

void blk_mq_requeue_request(struct request *rq, bool kick)
{
	EXPECT(rq == &slot.rq);
	requeued++;
	rq->state = MQ_RQ_IDLE;
}

void blk_mq_complete_request(struct request *rq)
{
	EXPECT(rq == &slot.rq);
	completed++;
	pvblk_request_release(rq);
	rq->state = MQ_RQ_IDLE;
}

void msleep(unsigned int ms)
{
	jiffies += msecs_to_jiffies(ms);
}

static void connect(void)
{
	disk.nr_queues = 1;
	disk.queues = pvblk_queues_alloc(1);
	EXPECT_EQ(pvblk_queue_open(&disk, 0), 0);
	EXPECT_EQ(pvblk_queue_up(&disk.queues[0]), 0);
}

/*
 * A disk with a request in flight, which keeps so much of what its backend may have in a
 * cache. Returns the grant of its memory.
 */
static grant_ref_t begin_caching(enum req_op op, int keeps_kb)
{
	struct blk_mq_queue_data bd = { .rq = &slot.rq, .last = true };
	struct pvblk_request *r = (void *)slot.pdu;

	fake_reset(FAKE_NEVER);
	fake_foreign(memory, sizeof(memory));
	memset(&slot, 0, sizeof(slot));
	memset(&disk, 0, sizeof(disk));
	requeued = 0;
	completed = 0;
	silences = 0;
	disk.io_timeout = PVFRONT_OFF;
	disk.front.policy.fast_io_fail = PVFRONT_OFF;
	disk.gd = &gd;
	disk.front.xdev = &xdev;
	disk.front.to.domid = 5;
	disk.set.queue_depth = DEPTH;
	disk.set.nr_hw_queues = 1;
	disk.set.tags = &all_tags;
	disk.max_segs = SEGS;
	disk.trusted = true;
	disk.handle = 51728;
	disk.props.sector_size = 512;
	disk.props.flush = keeps_kb != PVFRONT_OFF;
	pvblk_fence_init(&disk);
	pvblk_kept_init(&disk, keeps_kb);
	connect();
	slot.rq = (struct request){
		.mq_hctx = &hctx, .q = &queue, .tag = TAG, .op = op, .sector = 80, .vecs = &vec,
		.nr_vecs = 1, .nr_segments = 1, .bytes = PAGE_SIZE, .timeout = 30 * HZ,
	};
	EXPECT_EQ(pvblk_mq_ops.queue_rq(&hctx, &bd), BLK_STS_OK);
	EXPECT(r->q);
	return r->q->pool.grants[r->grant[0]].ref;
}

static grant_ref_t begin(enum req_op op)
{
	return begin_caching(op, PVFRONT_OFF);
}

static void end(void)
{
	pvblk_fence_end(&disk, false);
	pvblk_fence_exit(&disk);
	pvblk_kept_exit(&disk);
	EXPECT_EQ(fake_held(), 0);
}

/*
 * The domain that could write to the memory may be dying, and hold it to its type: it must
 * not be freed by its owner, who gets it back from the next connection, before that is over.
 */
static void memory_of_a_read_that_is_sent_again_rests(void)
{
	unsigned int rests = fake_rests();

	begin(REQ_OP_READ);
	pvblk_fence_end(&disk, true);
	EXPECT_EQ(requeued, 1);
	EXPECT_EQ(fake_rests(), rests + 1);
	EXPECT_EQ(fake_rested_for(), 5);
	end();
}

static void memory_that_was_only_read_does_not(void)
{
	unsigned int rests = fake_rests();

	begin(REQ_OP_WRITE);
	pvblk_fence_end(&disk, true);
	EXPECT_EQ(requeued, 1);
	EXPECT_EQ(slot.rq.timeout, 0);
	EXPECT_EQ(fake_rests(), rests);
	end();
}

static void nothing_is_sent_again_while_it_is_mapped(void)
{
	fake_map(begin(REQ_OP_WRITE));
	pvblk_fence_end(&disk, true);
	EXPECT_EQ(requeued, 0);
	EXPECT(disk.parked);
	pvblk_fence_ready(&disk);
	EXPECT(disk.parked);
	fake_let_go();
	EXPECT_EQ(pvblk_fence_settle(&disk), 0);
	EXPECT_EQ(requeued, 1);
	EXPECT_EQ(completed, 0);
	EXPECT(!disk.parked);
	end();
}

/* By then the device has another backend, in another domain. */
static void memory_rests_for_the_domain_that_had_it(void)
{
	unsigned int rests = fake_rests();

	fake_map(begin(REQ_OP_READ));
	pvblk_fence_end(&disk, true);
	disk.front.to.domid = 7;
	fake_let_go();
	EXPECT_EQ(pvblk_fence_settle(&disk), 0);
	EXPECT_EQ(fake_rests(), rests + 1);
	EXPECT_EQ(fake_rested_for(), 5);
	end();
}

static void without_proof_it_fails_and_writes_are_refused(void)
{
	struct blk_mq_queue_data bd = { .rq = &slot.rq, .last = true };

	fake_map(begin(REQ_OP_WRITE));
	pvblk_fence_end(&disk, true);
	jiffies += (PVBLK_FENCE_SECS + 1) * HZ;
	pvblk_fence_settle(&disk);
	EXPECT_EQ(requeued, 0);
	EXPECT_EQ(completed, 1);
	EXPECT(disk.no_writes);
	EXPECT_EQ(pvblk_mq_ops.queue_rq(&hctx, &bd), BLK_STS_IOERR);
	fake_let_go();
	EXPECT_EQ(pvblk_fence_settle(&disk), 0);
	EXPECT(!disk.no_writes);
	end();
}

/* A queue of the next connection could not be made: it has carried no request. */
static void a_connection_that_was_not_made_whole_ends(void)
{
	unsigned int n;

	for (n = 0; ; n++) {
		begin(REQ_OP_WRITE);
		pvblk_fence_end(&disk, true);
		disk.nr_queues = 1;
		disk.queues = pvblk_queues_alloc(1);
		fake_fail_next(n);
		if (!pvblk_queue_open(&disk, 0))
			break;
		fake_fail_next(FAKE_NEVER);
		pvblk_fence_end(&disk, true);
		EXPECT_EQ(pvblk_fence_settle(&disk), 0);
		EXPECT(disk.parked);
		end();
	}
	EXPECT(n >= 3);
	fake_fail_next(FAKE_NEVER);
	end();
}

/* Its name is not to be another disk's before the old backend has let go. */
static void a_write_that_has_failed_is_unsettled_while_the_backend_has_the_ring(void)
{
	begin(REQ_OP_WRITE);
	fake_map(disk.queues[0].pages.ref[0]);
	pvblk_fence_end(&disk, false);
	EXPECT_EQ(completed, 1);
	EXPECT(pvblk_fence_is_unsettled(&disk));
	fake_let_go();
	EXPECT_EQ(pvblk_fence_settle(&disk), 0);
	EXPECT(!pvblk_fence_is_unsettled(&disk));
	end();
	begin(REQ_OP_READ);
	fake_map(disk.queues[0].pages.ref[0]);
	pvblk_fence_end(&disk, false);
	EXPECT(!pvblk_fence_is_unsettled(&disk));
	fake_let_go();
	end();
}

/* Below multipath a disk is to fail when its users want it to, not when the fence ends. */
static void users_who_want_to_fail_fast_wait_no_longer_for_proof(void)
{
	fake_map(begin(REQ_OP_WRITE));
	disk.front.policy.fast_io_fail = 5;
	pvblk_fence_end(&disk, true);
	jiffies += 5 * HZ;
	pvblk_fence_settle(&disk);
	EXPECT_EQ(completed, 0);
	jiffies += 2;
	pvblk_fence_settle(&disk);
	EXPECT_EQ(completed, 1);
	EXPECT(disk.no_writes);
	fake_let_go();
	end();
}

/* A write is acknowledged, and its backend gone. */
static void begin_with_a_lost_write(void)
{
	struct pvblk_request *r = (void *)slot.pdu;

	memset(memory, 'a', sizeof(memory));
	begin_caching(REQ_OP_WRITE, 64);
	memset(memory, 'b', sizeof(memory));
	pvblk_kept_acknowledged(&disk, pvblk_request_take_kept(r));
	EXPECT(pvblk_ring_disown(&disk.queues[0].ring, TAG));
	EXPECT(pvblk_request_end_access(&slot.rq));
	pvblk_request_release(&slot.rq);
	pvblk_fence_end(&disk, true);
	pvblk_kept_disconnected(&disk, true);
	EXPECT(disk.parked);
}

/* Whether the backend is shown that write once more, and nothing else. */
static bool is_written_again(void)
{
	struct pvblk_queue *q = &disk.queues[0];
	const struct blkif_sring *shared = q->pages.va;
	const struct blkif_request *request = &shared->ring[0].req;

	return shared->req_prod == 1 && request->operation == BLKIF_OP_WRITE &&
	       request->u.rw.id == DEPTH && request->u.rw.nr_segments == 1 &&
	       request->u.rw.sector_number == 80 && request->u.rw.handle == 51728 &&
	       request->u.rw.seg[0].gref == q->pool.grants[disk.resend.grant[0]].ref &&
	       request->u.rw.seg[0].last_sect == 7 &&
	       *(char *)q->pool.grants[disk.resend.grant[0]].page == 'a';
}

static void what_a_lost_backend_acknowledged_is_written_again_before_users_go_on(void)
{
	begin_with_a_lost_write();
	connect();
	pvblk_fence_ready(&disk);
	EXPECT(is_written_again());
	EXPECT(fake_work() && disk.parked);
	pvblk_resend_answered(&disk, BLKIF_RSP_OKAY);
	EXPECT(fake_work() && !disk.parked);
	EXPECT(!disk.kept.resend && !disk.kept.lost);
	/* No flush has covered it on this one either. */
	EXPECT(!list_empty(&disk.kept.writes));
	end();
}

static void not_while_the_old_backend_may_write(void)
{
	struct pvblk_queue *old;

	begin_with_a_lost_write();
	EXPECT_EQ(pvblk_fence_settle(&disk), 0);
	connect();
	old = disk.queues;
	fake_map(old->pages.ref[0]);
	pvblk_fence_end(&disk, true);
	connect();
	pvblk_fence_ready(&disk);
	EXPECT(disk.parked && !disk.resend.q);
	fake_let_go();
	EXPECT_EQ(pvblk_fence_settle(&disk), 0);
	EXPECT(is_written_again());
	end();
}

static void one_that_goes_in_the_middle_is_followed_by_another(void)
{
	begin_with_a_lost_write();
	connect();
	pvblk_fence_ready(&disk);
	EXPECT(is_written_again());
	pvblk_fence_end(&disk, true);
	EXPECT(disk.parked);
	connect();
	pvblk_fence_ready(&disk);
	EXPECT(is_written_again());
	pvblk_resend_answered(&disk, BLKIF_RSP_OKAY);
	EXPECT(fake_work() && !disk.parked);
	end();
}

static void one_that_refuses_has_flushes_fail(void)
{
	struct blk_mq_queue_data bd = { .rq = &slot.rq, .last = true };

	begin_with_a_lost_write();
	connect();
	pvblk_fence_ready(&disk);
	pvblk_resend_answered(&disk, BLKIF_RSP_ERROR);
	EXPECT(fake_work() && !disk.parked);
	EXPECT(disk.kept.lost);
	slot.rq.op = REQ_OP_FLUSH;
	EXPECT_EQ(pvblk_mq_ops.queue_rq(&hctx, &bd), BLK_STS_IOERR);
	end();
}

/* As with requests of users, for whom a backend that is there may take its time. */
static void one_that_does_not_answer_is_lost_when_users_say_so(void)
{
	begin_with_a_lost_write();
	connect();
	pvblk_fence_ready(&disk);
	jiffies += 1000 * HZ;
	EXPECT(fake_work());
	EXPECT_EQ(silences, 0);
	disk.io_timeout = 1001;
	jiffies += 2 * HZ;
	EXPECT(fake_work());
	EXPECT_EQ(silences, 1);
	/* It may carry the write out later: the name is guarded as for any other. */
	fake_map(disk.queues[0].pages.ref[0]);
	pvblk_fence_end(&disk, false);
	EXPECT(pvblk_fence_is_unsettled(&disk));
	fake_let_go();
	end();
}

static void one_that_is_too_slow_is_waited_for_no_longer(void)
{
	begin_with_a_lost_write();
	connect();
	pvblk_fence_ready(&disk);
	jiffies += 61 * HZ;
	pvblk_resend_answered(&disk, BLKIF_RSP_OKAY);
	EXPECT(fake_work() && !disk.parked);
	EXPECT(disk.kept.lost);
	end();
}

/* Its users may have gone another way with what they wrote. */
static void nothing_is_written_again_once_requests_have_failed(void)
{
	begin_with_a_lost_write();
	pvblk_fence_fail_fast(&disk);
	EXPECT(!disk.kept.resend && disk.kept.lost);
	connect();
	pvblk_fence_ready(&disk);
	EXPECT(!disk.parked && !disk.resend.q);
	end();
}

static void a_backend_without_a_cache_has_it_written_once(void)
{
	begin_with_a_lost_write();
	disk.props.flush = 0;
	connect();
	pvblk_fence_ready(&disk);
	EXPECT(is_written_again());
	pvblk_resend_answered(&disk, BLKIF_RSP_OKAY);
	EXPECT(fake_work() && !disk.parked);
	EXPECT(list_empty(&disk.kept.writes));
	end();
}

static void users_may_have_it_forgotten_meanwhile(void)
{
	begin_with_a_lost_write();
	connect();
	pvblk_fence_ready(&disk);
	EXPECT(is_written_again());
	pvblk_kept_limit(&disk, PVFRONT_OFF);
	EXPECT(fake_work() && disk.parked);
	pvblk_resend_answered(&disk, BLKIF_RSP_ERROR);
	EXPECT(fake_work() && !disk.parked);
	EXPECT(!disk.kept.lost && !disk.resend.q);
	end();
}

const struct test_case test_cases[] = {
	TEST(memory_of_a_read_that_is_sent_again_rests),
	TEST(memory_that_was_only_read_does_not),
	TEST(nothing_is_sent_again_while_it_is_mapped),
	TEST(memory_rests_for_the_domain_that_had_it),
	TEST(without_proof_it_fails_and_writes_are_refused),
	TEST(a_connection_that_was_not_made_whole_ends),
	TEST(a_write_that_has_failed_is_unsettled_while_the_backend_has_the_ring),
	TEST(users_who_want_to_fail_fast_wait_no_longer_for_proof),
	TEST(what_a_lost_backend_acknowledged_is_written_again_before_users_go_on),
	TEST(not_while_the_old_backend_may_write),
	TEST(one_that_goes_in_the_middle_is_followed_by_another),
	TEST(one_that_refuses_has_flushes_fail),
	TEST(one_that_does_not_answer_is_lost_when_users_say_so),
	TEST(one_that_is_too_slow_is_waited_for_no_longer),
	TEST(nothing_is_written_again_once_requests_have_failed),
	TEST(a_backend_without_a_cache_has_it_written_once),
	TEST(users_may_have_it_forgotten_meanwhile),
	{ }
};
