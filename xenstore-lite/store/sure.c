// SPDX-License-Identifier: GPL-2.0
/* Watches that are registered sooner or later. See watch.h. */
#define pr_fmt(fmt) "xenstore: " fmt

#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <xen/xenbus.h>

#include "store.h"
#include "watch.h"

/* From the end of one try, which takes up to 30 s, to the next. */
#define PAUSE	(10 * HZ)

struct sure {
	struct delayed_work work;
	struct xenbus_watch *watch;
};

static void try_again(struct work_struct *work)
{
	struct sure *s = container_of(to_delayed_work(work), struct sure, work);
	const char *node = s->watch->node;
	int err = register_xenbus_watch(s->watch);

	if (xsl_answer(err) == XSL_AGAIN) {
		queue_delayed_work(system_long_wq, &s->work, PAUSE);
		return;
	}
	if (err)
		pr_err("no watch on %s (%d)\n", node, err);
	else
		pr_info("the watch on %s is there now\n", node);
	kfree(s);
}

int xsl_watch_sure(struct xenbus_watch *watch)
{
	int err = register_xenbus_watch(watch);
	struct sure *s;

	if (!err)
		return 0;
	s = xsl_answer(err) == XSL_AGAIN ? kzalloc(sizeof(*s), GFP_KERNEL) : NULL;
	if (!s) {
		pr_err("no watch on %s (%d)\n", watch->node, err);
		return err;
	}
	pr_err("no watch on %s yet (%d)\n", watch->node, err);
	s->watch = watch;
	INIT_DELAYED_WORK(&s->work, try_again);
	queue_delayed_work(system_long_wq, &s->work, PAUSE);
	return 0;
}
