// SPDX-License-Identifier: GPL-2.0
/*
 * Watches, with a xenstored that answers late or with errors, and callbacks that end their watch.
 *
 * The source is taken in, with what it needs of the kernel and of the other files of store/ made
 * here: a lane is a list that the test runs.
 */
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <xen/interface/io/xs_wire.h>

#include "test.h"
#include "xenstore-lite/wire/answer.h"

/* What these have is here. */
#define _SHIM_FAKE_H
#define _XSL_GATE_H
#define _XSL_LANE_H
#define _XSL_REQUEST_H
#define _XSL_STORE_H

#define GFP_ATOMIC		0
#define GFP_NOIO		0
#define __GFP_HIGH		0
#define __GFP_NOWARN		0
#define container_of(ptr, type, member)	((type *)((char *)(ptr) - offsetof(type, member)))
#define struct_size(p, member, n)	(sizeof(*(p)) + (n))
#define kzalloc(size, gfp)	calloc(1, size)
#define kmalloc(size, gfp)	malloc(size)
#define kfree			free
#define WARN_ON_ONCE(cond)	(!EXPECT(!(cond)))
#define pr_err(...)		(errors++)
#define pr_warn_ratelimited(...)	(errors++)
#define DEFINE_SPINLOCK(name)	struct lock name
#define spin_lock(l)		EXPECT_EQ((l)->held++, 0)
#define spin_unlock(l)		EXPECT_EQ(--(l)->held, 0)
#define DECLARE_WAIT_QUEUE_HEAD(name)	struct lock name
#define wait_event(queue, cond)	((void)(queue), EXPECT(cond))
#define wake_up_all(queue)	((void)(queue))
#define kref_init(ref)		((ref)->v = 1)
#define kref_get(ref)		((ref)->v++)
#define DEFINE_XARRAY_ALLOC1(name)	struct table name
#define xa_limit_31b		0
#define XA_PRESENT		0
#define xa_for_each(t, at, w)	\
	for ((at) = 0; ((w) = xa_find(t, &(at), ULONG_MAX, XA_PRESENT)); (at)++)
#define INIT_LIST_HEAD(head)	((head)->next = (head), (head)->prev = (head))
#define list_for_each_entry(e, head, member)					\
	for ((e) = container_of((head)->next, __typeof__(*(e)), member);	\
	     &(e)->member != (head);						\
	     (e) = container_of((e)->member.next, __typeof__(*(e)), member))

#define WATCHES		8

struct lock { int held; };
struct kref { int v; };
struct task_struct { int v; };
struct table { void *slot[WATCHES]; };
struct kvec { void *iov_base; size_t iov_len; };
struct list_head { struct list_head *next, *prev; };

struct xsl_item {
	struct list_head list;
	void (*run)(struct xsl_item *item);
};

struct xsl_lane { int refs; };

struct xenbus_watch {
	const char *node;
	unsigned int nr_pending;
	bool (*will_handle)(struct xenbus_watch *watch, const char *path, const char *token);
	void (*callback)(struct xenbus_watch *watch, const char *path, const char *token);
};

static struct task_struct thread, *current = &thread;
static struct xsl_lane lane;
static struct xsl_item *queued[4];
static unsigned int errors, items, sent, taken_back, pauses;
/* What XS_WATCH was sent with, what is done until its answer is there, and the answers. */
static char body[64];
static u32 body_len;
static void (*meanwhile)(void);
static int answers[8];

static void list_add_tail(struct list_head *entry, struct list_head *head)
{
	entry->next = head;
	entry->prev = head->prev;
	head->prev->next = entry;
	head->prev = entry;
}

static void list_del(struct list_head *entry)
{
	entry->prev->next = entry->next;
	entry->next->prev = entry->prev;
}

static void kref_put(struct kref *ref, void (*release)(struct kref *ref))
{
	EXPECT(ref->v > 0);
	if (!--ref->v)
		release(ref);
}

static void *xa_load(struct table *t, unsigned long at)
{
	return at < WATCHES ? t->slot[at] : NULL;
}

static void *xa_find(struct table *t, unsigned long *at, unsigned long most, int filter)
{
	for (; *at < WATCHES; ++*at)
		if (t->slot[*at])
			return t->slot[*at];
	return NULL;
}

static void xa_erase(struct table *t, unsigned long at)
{
	t->slot[at] = NULL;
}

static int xa_alloc_cyclic(struct table *t, u32 *id, void *w, int limit, u32 *last, int gfp)
{
	*id = *last % (WATCHES - 1) + 1;
	*last = *id;
	t->slot[*id] = w;
	return 0;
}

static int kstrtou32(const char *text, unsigned int base, u32 *number)
{
	*number = strtoul(text, NULL, base);
	return 0;
}

static int xsl_gate_enter(void) { return 0; }
static void xsl_gate_leave(void) { }
static struct xsl_lane *xsl_lane_of(const char *path) { return NULL; }

static struct xsl_lane *xsl_lane_get(struct xsl_lane *l)
{
	l->refs++;
	return l;
}

static struct xsl_lane *xsl_lane_make(bool freezes, const char *name)
{
	return xsl_lane_get(&lane);
}

static void xsl_lane_put(struct xsl_lane *l)
{
	if (l)
		l->refs--;
}

static void xsl_lane_add(struct xsl_lane *l, struct xsl_item *item)
{
	if (EXPECT(items < 4))
		queued[items++] = item;
}

static bool xsl_again(unsigned int tries, unsigned int most, unsigned int first)
{
	pauses++;
	return tries < most;
}

static int xsl_talk(enum xsd_sockmsg_type type, u32 tx, const struct kvec *vec, unsigned int n,
		    char **reply, u32 *len)
{
	EXPECT_EQ(type, XS_WATCH);
	body_len = 0;
	for (; n; n--, vec++) {
		memcpy(body + body_len, vec->iov_base, vec->iov_len);
		body_len += vec->iov_len;
	}
	if (meanwhile)
		meanwhile();
	return answers[sent++ % 8];
}

static int xsl_tell(enum xsd_sockmsg_type type, u32 tx, const struct kvec *vec, unsigned int n)
{
	EXPECT_EQ(type, XS_UNWATCH);
	taken_back++;
	return 0;
}

#include "xenstore-lite/store/watch.c"

static unsigned int heard;

static void hear(struct xenbus_watch *w, const char *path, const char *token)
{
	heard++;
}

static void hear_and_end(struct xenbus_watch *w, const char *path, const char *token)
{
	heard++;
	unregister_xenbus_watch(w);
}

static struct xenbus_watch watch;

static void start(void (*callback)(struct xenbus_watch *w, const char *path, const char *token))
{
	watch = (struct xenbus_watch){ .node = "backend/vif", .callback = callback };
	memset(answers, 0, sizeof(answers));
	meanwhile = NULL;
	errors = 0;
	items = 0;
	sent = 0;
	taken_back = 0;
	pauses = 0;
	heard = 0;
	lane.refs = 0;
}

/* xenstored sends an event as soon as the watch is there, and the lane runs it. */
static void event_comes(void)
{
	unsigned int i;

	xsl_watch_event(body, body_len);
	for (i = 0; i < items; i++)
		queued[i]->run(queued[i]);
	items = 0;
}

static void is_heard_until_it_ends(void)
{
	start(hear);
	EXPECT_EQ(register_xenbus_watch(&watch), 0);
	event_comes();
	EXPECT_EQ(heard, 1);
	unregister_xenbus_watch(&watch);
	EXPECT_EQ(taken_back, 1);
	event_comes();
	EXPECT_EQ(heard, 1);
	EXPECT_EQ(lane.refs, 0);
}

static void its_callback_ends_it_before_an_answer(void)
{
	start(hear_and_end);
	meanwhile = event_comes;
	EXPECT_EQ(register_xenbus_watch(&watch), 0);
	EXPECT_EQ(heard, 1);
	EXPECT_EQ(lane.refs, 0);
}

/* And that is none: it must not be let go again. */
static void its_callback_ends_it_before_an_error(void)
{
	start(hear_and_end);
	meanwhile = event_comes;
	answers[0] = -ETIMEDOUT;
	EXPECT_EQ(register_xenbus_watch(&watch), -ETIMEDOUT);
	EXPECT_EQ(heard, 1);
	EXPECT_EQ(lane.refs, 0);
}

static void one_that_failed_is_not_kept(void)
{
	start(hear);
	answers[0] = -ETIMEDOUT;
	EXPECT_EQ(register_xenbus_watch(&watch), -ETIMEDOUT);
	EXPECT_EQ(lane.refs, 0);
	EXPECT(!xsl_watch_is_kept(body, body_len));
}

static void look_before_the_answer(void)
{
	EXPECT(!xsl_watch_is_kept(body, body_len));
}

/* Sent to another xenstored, whose answer comes when nobody waits for it. */
static void one_that_is_registered_is_kept(void)
{
	start(hear);
	meanwhile = look_before_the_answer;
	EXPECT_EQ(register_xenbus_watch(&watch), 0);
	meanwhile = NULL;
	EXPECT(xsl_watch_is_kept(body, body_len));
	answers[1] = -ETIMEDOUT;
	answers[2] = -EEXIST;
	xsl_watch_rearm();
	EXPECT_EQ(sent, 3);
	EXPECT_EQ(errors, 0);
	EXPECT(xsl_watch_is_kept(body, body_len));
	unregister_xenbus_watch(&watch);
	EXPECT(!xsl_watch_is_kept(body, body_len));
	EXPECT_EQ(lane.refs, 0);
}

/* The whole guest waits meanwhile. */
static void there_is_an_end_to_trying(void)
{
	unsigned int i;

	start(hear);
	EXPECT_EQ(register_xenbus_watch(&watch), 0);
	for (i = 0; i < 8; i++)
		answers[i] = -ETIMEDOUT;
	sent = 0;
	xsl_watch_rearm();
	EXPECT_EQ(sent, XSL_LOOKS);
	EXPECT_EQ(errors, 1);
	unregister_xenbus_watch(&watch);
	EXPECT_EQ(lane.refs, 0);
}

const struct test_case test_cases[] = {
	TEST(is_heard_until_it_ends),
	TEST(its_callback_ends_it_before_an_answer),
	TEST(its_callback_ends_it_before_an_error),
	TEST(one_that_failed_is_not_kept),
	TEST(one_that_is_registered_is_kept),
	TEST(there_is_an_end_to_trying),
	{ }
};
