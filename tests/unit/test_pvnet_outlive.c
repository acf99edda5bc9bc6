// SPDX-License-Identifier: GPL-2.0
/* Interfaces without a vif: who waits for whom, and who frees them. */
#include <fake.h>

#define flush_work	run_work
static void run_work(struct work_struct *work);

#include "drivers/pvnet/outlive.c"
#include "tests/unit/fake.h"
#include "test.h"

static struct xenbus_device vif = { .nodename = "device/vif/0" };
static struct xenbus_device next = { .nodename = "device/vif/0" };
static struct xenbus_device other = { .nodename = "device/vif/1" };
static struct net_device dev = { .name = "eth0" };
static struct pvnet net;
static struct pvfront *waiting;
static struct device *parent;
static struct work_struct *scheduled;
static unsigned int unregistered, freed, counted, waits;
static bool locked, over, slow;
static int limit;

const struct pvfront_ops pvnet_front_ops = { .expired = pvnet_expired };

void rtnl_lock(void)
{
	locked = true;
}

void rtnl_unlock(void)
{
	locked = false;
}

void schedule_work(struct work_struct *work)
{
	scheduled = work;
}

static void run_work(struct work_struct *work)
{
	if (scheduled == work) {
		scheduled = NULL;
		work->run(work);
	}
}

bool fake_wait(unsigned long timeout)
{
	waits++;
	EXPECT(timeout <= 5 * HZ);
	if (slow)
		return false;
	if (scheduled)
		run_work(scheduled);
	return true;
}

void unregister_netdev(struct net_device *d)
{
	unregistered++;
	d->reg_state = NETREG_UNREGISTERED;
}

void pvnet_netdev_free(struct pvnet *n)
{
	EXPECT_EQ(unregistered, 1);
	freed++;
}

/* pvfront's, of one orphan. */
void pvfront_orphan(struct pvfront *f)
{
	EXPECT(!waiting);
	waiting = f;
}

struct pvfront *pvfront_orphan_take(const struct pvfront_ops *ops,
				    bool (*match)(struct pvfront *f, const void *data),
				    const void *data)
{
	struct pvfront *f = waiting;

	if (!f || (match && !match(f, data)))
		return NULL;
	waiting = NULL;
	return f;
}

bool pvfront_orphan_is_over(const struct pvfront *f)
{
	return over;
}

void pvfront_abandon(struct pvfront *f)
{
	pvnet_front_ops.expired(f);
}

void pvfront_orphans_end(const struct pvfront_ops *ops)
{
	struct pvfront *f = pvfront_orphan_take(ops, NULL, NULL);

	if (f)
		pvfront_abandon(f);
}

void pvfront_orphans_limit(const struct pvfront_ops *ops, int seconds)
{
	EXPECT(ops == &pvnet_front_ops);
	limit = seconds;
}

void pvfront_adopt(struct pvfront *f, struct xenbus_device *xdev)
{
	f->xdev = xdev;
	f->adopted = true;
}

void pvfront_policy_set(struct pvfront *f, int *value, int seconds)
{
	*value = seconds;
}

void pvfront_count_anew(struct pvfront *f)
{
	EXPECT(!waiting);
	counted++;
}

int pvfront_move_device(struct device *d, struct device *to)
{
	EXPECT(locked);
	EXPECT(d == &dev.dev);
	parent = to;
	return 0;
}

void pvfront_exit(struct pvfront *f)
{
}

/* Its vif is gone, and it waits as long as that. */
static void be_orphaned(int seconds)
{
	fake_reset(FAKE_NEVER);
	fake_store("00:16:3e:00:00:02");
	INIT_LIST_HEAD(&pvnet_orphans);
	pvnet_orphans_init();
	net = (struct pvnet){ .front.xdev = &vif, .dev = &dev };
	net.given_mac = "00:16:3e:00:00:02";
	net.front.policy.ctrl_loss = PVFRONT_OFF;
	dev.reg_state = NETREG_REGISTERED;
	waiting = NULL;
	scheduled = NULL;
	parent = &vif.dev;
	unregistered = 0;
	freed = 0;
	counted = 0;
	waits = 0;
	over = false;
	slow = false;
	pvfront_limit_ctrl_loss_tmo.value = seconds;
	pvnet_orphan(&net);
}

static void its_time_begins_with_the_end_of_its_vif(void)
{
	be_orphaned(600);
	EXPECT(waiting == &net.front);
	EXPECT_EQ(counted, 1);
	EXPECT_EQ(net.front.policy.ctrl_loss, 600);
	EXPECT(!parent);
	EXPECT(!pvnet_adopt(&other));
	EXPECT_EQ(waits, 0);
	EXPECT(pvnet_adopt(&next) == &net);
	EXPECT(parent == &next.dev);
	EXPECT_EQ(net.front.policy.ctrl_loss, PVFRONT_OFF);
	/* That one's probe fails: it goes on waiting. */
	pvnet_orphan(&net);
	EXPECT_EQ(counted, 1);
	EXPECT_EQ(net.front.policy.ctrl_loss, 600);
	EXPECT(pvnet_adopt(&next) == &net);
	EXPECT_EQ(freed, 0);
}

/* pvfront's queue is for what memory may wait for; the stack's work is not. */
static void one_that_nobody_adopts_ends_in_a_work_item(void)
{
	be_orphaned(600);
	EXPECT(pvfront_orphan_take(NULL, NULL, NULL) == &net.front);
	pvnet_expired(&net.front);
	EXPECT_EQ(unregistered, 0);
	EXPECT_EQ(freed, 0);
	EXPECT(scheduled);
	run_work(scheduled);
	EXPECT_EQ(unregistered, 1);
	EXPECT_EQ(freed, 1);
	EXPECT(list_empty(&pvnet_orphans));
}

/* Its name is taken until then. */
static void the_next_vif_waits_for_one_that_goes(void)
{
	be_orphaned(600);
	pvfront_orphan_take(NULL, NULL, NULL);
	/* Not even ended yet. */
	slow = true;
	EXPECT(!pvnet_adopt(&next));
	EXPECT_EQ(waits, 1);
	EXPECT_EQ(freed, 0);
	pvnet_expired(&net.front);
	slow = false;
	EXPECT(!pvnet_adopt(&other));
	EXPECT_EQ(waits, 1);
	EXPECT(!pvnet_adopt(&next));
	EXPECT_EQ(waits, 2);
	EXPECT_EQ(freed, 1);
}

static void one_of_another_address_goes_first(void)
{
	be_orphaned(600);
	fake_store("00:16:3e:00:00:03");
	EXPECT(!pvnet_adopt(&next));
	EXPECT_EQ(freed, 1);

	/* The same if its time is up. */
	be_orphaned(600);
	over = true;
	EXPECT(!pvnet_adopt(&next));
	EXPECT_EQ(freed, 1);
}

/* Who it is for is not known, so nothing is lost: the probe fails. */
static void an_address_that_cannot_be_read_ends_nothing(void)
{
	be_orphaned(600);
	fake_fail_row(0, 100);
	EXPECT_EQ(PTR_ERR(pvnet_adopt(&next)), -ENOMEM);
	EXPECT_EQ(fake_reports(), 1);
	EXPECT(waiting == &net.front);
	EXPECT(!parent);
	EXPECT_EQ(freed, 0);
	/* Some that fail are not all. */
	fake_fail_row(0, PVNET_READ_TRIES - 1);
	EXPECT(pvnet_adopt(&next) == &net);

	be_orphaned(600);
	fake_store(NULL);
	EXPECT_EQ(PTR_ERR(pvnet_adopt(&next)), -ENOENT);
	EXPECT(waiting == &net.front);
	pvnet_orphans_exit();
}

static void what_is_set_counts_for_those_who_wait(void)
{
	be_orphaned(PVFRONT_OFF);
	limit = 7;
	pvfront_limit_ctrl_loss_tmo.changed(0);
	EXPECT_EQ(limit, 0);
	pvnet_orphans_exit();
}

static void none_is_left_when_the_module_goes(void)
{
	be_orphaned(PVFRONT_OFF);
	pvnet_orphans_exit();
	EXPECT_EQ(freed, 1);
	EXPECT(!waiting);
	EXPECT(!scheduled);
}

const struct test_case test_cases[] = {
	TEST(its_time_begins_with_the_end_of_its_vif),
	TEST(one_that_nobody_adopts_ends_in_a_work_item),
	TEST(the_next_vif_waits_for_one_that_goes),
	TEST(one_of_another_address_goes_first),
	TEST(an_address_that_cannot_be_read_ends_nothing),
	TEST(what_is_set_counts_for_those_who_wait),
	TEST(none_is_left_when_the_module_goes),
	{ }
};
