// SPDX-License-Identifier: GPL-2.0
/*
 * The balloon follows its target, and does less than that when Linux has no memory left.
 *
 * What cannot be done is tried again after a second, then after twice as long each time: a host
 * without memory, or a guest that has none to spare, costs nothing.
 *
 * It all runs in a work item that is frozen with the guest. Whoever else has pages go to Xen or
 * come from it, such as who is out of memory, is stopped by bal_stop() when that is saved.
 */
#define pr_fmt(fmt) "xen:balloon: " fmt

#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/oom.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

#include "bal.h"
#include "plan.h"

/* How much Linux gets back at once when it is out of memory, and how long it keeps that. */
#define BAL_OOM_PAGES	1024
#define BAL_OOM_HOLD	(60 * HZ)

/* Seldom needed pages only: who wants a small guest does not want it to swap for that. */
#define BAL_GFP		(GFP_HIGHUSER | __GFP_NOWARN | __GFP_NORETRY | __GFP_NOMEMALLOC)

static void bal_work(struct work_struct *unused);

static struct workqueue_struct *bal_queue;
static DECLARE_DELAYED_WORK(bal_again, bal_work);
/* Until when nothing is given away, and whether that is so; under bal_mutex. */
static unsigned long bal_hold_until;
static bool bal_holds;

void bal_follow(void)
{
	if (bal_queue)
		mod_delayed_work(bal_queue, &bal_again, 0);
}

/* One step of many: true when there may be another at once. */
static bool bal_step(long *step)
{
	struct bal_goal goal = {
		.has = balloon_stats.current_pages,
		.target = balloon_stats.target_pages,
		.empty = bal_empty(),
	};

	if (bal_holds && time_after_eq(jiffies, bal_hold_until))
		bal_holds = false;
	goal.hold = bal_holds;
	*step = bal_plan_step(&goal, BAL_BATCH);
	if (*step > 0)
		return bal_get_memory(*step) == *step;
	return *step < 0 && bal_give_memory(-*step, BAL_GFP) == -*step;
}

/* When to look again, in jiffies, or 0: when something changes. Nothing more could be done. */
static unsigned long bal_delay(long step)
{
	struct bal_pace pace = {
		.delay = balloon_stats.schedule_delay,
		.max_delay = balloon_stats.max_schedule_delay,
		.tries = balloon_stats.retry_count,
		.max_tries = balloon_stats.max_retry_count,
	};
	bool again = true;

	if (step)
		again = bal_pace_failed(&pace);
	else
		bal_pace_start(&pace);
	balloon_stats.schedule_delay = pace.delay;
	balloon_stats.retry_count = pace.tries;
	if (step)
		return again ? pace.delay * HZ : 0;
	if (bal_holds && balloon_stats.target_pages < balloon_stats.current_pages)
		return max_t(long, bal_hold_until - jiffies, 1);
	return 0;
}

static void bal_work(struct work_struct *unused)
{
	unsigned long delay;
	bool done_some;
	long step;

	do {
		mutex_lock(&bal_mutex);
		done_some = bal_step(&step);
		if (done_some) {
			balloon_stats.schedule_delay = 1;
			balloon_stats.retry_count = 1;
		}
		mutex_unlock(&bal_mutex);
		cond_resched();
	} while (done_some);

	mutex_lock(&bal_mutex);
	delay = bal_delay(step);
	mutex_unlock(&bal_mutex);
	if (delay)
		queue_delayed_work(bal_queue, &bal_again, delay);
}

/**
 * balloon_set_new_target() - say how much memory the guest is to have
 * @target: pages
 *
 * It gets there as fast as it can, and as far.
 */
void balloon_set_new_target(unsigned long target)
{
	mutex_lock(&bal_mutex);
	balloon_stats.target_pages = target;
	balloon_stats.schedule_delay = 1;
	balloon_stats.retry_count = 1;
	mutex_unlock(&bal_mutex);
	bal_follow();
}
EXPORT_SYMBOL_GPL(balloon_set_new_target);

/*
 * Before Linux kills somebody. Who is out of memory may hold the balloon's lock, and then has
 * taken pages for it, which it stops to do without memory.
 */
static int bal_oom(struct notifier_block *unused, unsigned long unused2, void *arg)
{
	unsigned long *freed = arg, got = 0, step;

	if (!mutex_trylock(&bal_mutex))
		return NOTIFY_OK;
	do {
		step = bal_get_memory(BAL_BATCH);
		got += step;
	} while (step && got < BAL_OOM_PAGES);
	if (got) {
		bal_holds = true;
		bal_hold_until = jiffies + BAL_OOM_HOLD;
	}
	mutex_unlock(&bal_mutex);
	if (got) {
		pr_info_ratelimited("out of memory: took %lu KB back from the host, for a minute\n",
				    got << (PAGE_SHIFT - 10));
		bal_follow();
	}
	*freed += got;
	return NOTIFY_OK;
}

static struct notifier_block bal_oom_notifier = { .notifier_call = bal_oom };

int __init bal_follow_init(void)
{
	balloon_stats.schedule_delay = 1;
	balloon_stats.max_schedule_delay = 32;
	balloon_stats.retry_count = 1;
	balloon_stats.max_retry_count = RETRY_UNLIMITED;

	bal_queue = alloc_workqueue("xen-balloon", WQ_FREEZABLE | WQ_UNBOUND, 1);
	if (!bal_queue)
		return -ENOMEM;
	register_oom_notifier(&bal_oom_notifier);
	xen_balloon_init();
	return 0;
}
