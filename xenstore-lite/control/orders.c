// SPDX-License-Identifier: GPL-2.0
/*
 * What the host orders: to shut down, to reboot, to suspend, a key of sysrq. It writes the
 * order into control/, and we empty it, which says that we have it.
 *
 * The watches have lanes of their own (store/watch.h), so that no driver holds an order up.
 */
#define pr_fmt(fmt) "xen: " fmt

#include <linux/err.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/reboot.h>
#include <linux/slab.h>
#include <linux/sysrq.h>
#include <linux/timer.h>
#include <xen/interface/sched.h>
#include <xen/xen-ops.h>
#include <xen/xen.h>
#include <xen/xenbus.h>
#include <asm/xen/hypercall.h>

#include "store/store.h"
#include "store/watch.h"
#include "suspend.h"

/* Devices have this long to close when the guest goes down. */
#define DOWN_TIME	(60 * HZ)

static bool going_down;

static void power_off(void)
{
	if (system_state > SYSTEM_RUNNING) {
		pr_info("shuts down already\n");
		return;
	}
	/* Without programs nobody else would do it. */
	orderly_poweroff(system_state < SYSTEM_RUNNING);
}

static void reboot(void)
{
	going_down = true;
	orderly_reboot();
}

#ifdef CONFIG_HIBERNATE_CALLBACKS
static void suspend(void)
{
	xsl_suspend();
}
#endif

static const struct order {
	const char *name;
	bool told;	/* the host asks whether we can do it */
	void (*run)(void);
} orders[] = {
	{ "poweroff", true, power_off },
	{ "halt", false, power_off },
	{ "reboot", true, reboot },
#ifdef CONFIG_HIBERNATE_CALLBACKS
	{ "suspend", true, suspend },
#endif
};

static const struct order *find(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(orders); i++)
		if (!strcmp(orders[i].name, name))
			return &orders[i];
	return NULL;
}

/* Return: 0 if it was emptied, with @order set to what was there, or a negative errno. */
static int read_and_empty(struct xenbus_transaction t, const char *key, char **order)
{
	char *value = xenbus_read(t, "control", key, NULL);
	int err;

	if (IS_ERR(value))
		return PTR_ERR(value);
	err = *value ? xenbus_write(t, "control", key, "") : -ENOENT;
	if (err) {
		kfree(value);
		return err;
	}
	kfree(*order);
	*order = value;
	return 0;
}

/*
 * take_once() - one attempt of take(). @order: what the attempt before has found if nobody knows
 * whether it was in time to empty the key, else NULL. If the key is empty now, it was; if not, that
 * attempt's end does no harm when it comes: in a transaction it empties nothing but what it found.
 */
static int take_once(const char *key, char **order)
{
	struct xenbus_transaction t;
	int err = xenbus_transaction_start(&t);

	if (err)
		return err;
	err = read_and_empty(t, key, order);
	if (err) {
		xenbus_transaction_end(t, 1);
		return err == -ENOENT && *order ? 0 : err;
	}
	err = xenbus_transaction_end(t, 0);
	/* It has not been emptied: somebody else has written there. */
	if (err == -EAGAIN) {
		kfree(*order);
		*order = NULL;
	}
	return err;
}

static bool again(int err, unsigned int tries)
{
	if (err == -EAGAIN)
		return xsl_again(tries, XSL_TRIES, XSL_TRIES_FIRST);
	return xsl_answer(err) == XSL_AGAIN && xsl_again(tries, XSL_LOOKS, XSL_LOOKS_FIRST);
}

/* take() - read and empty a key below control/. Return: the order or NULL. */
static char *take(const char *key)
{
	unsigned int tries = 0;
	char *order = NULL;
	int err;

	do
		err = take_once(key, &order);
	while (err && again(err, ++tries));
	if (!err)
		return order;
	if (err != -ENOENT)
		pr_err("control/%s: the order cannot be taken (%d)\n", key, err);
	kfree(order);
	return NULL;
}

/* Nobody else writes there, so that it may be written twice. */
static void say_that_we_can(const struct order *order)
{
	unsigned int tries = 0;
	char key[24];
	int err;

	snprintf(key, sizeof(key), "feature-%s", order->name);
	do
		err = xenbus_write(XBT_NIL, "control", key, "1");
	while (err && again(err, ++tries));
	if (err)
		pr_err("control/%s: not written (%d)\n", key, err);
}

/* With the first event, which every new watch gets: boot does not wait for the answers. */
static void say_what_we_can(void)
{
	static bool said;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(orders) && !said; i++)
		if (orders[i].told)
			say_that_we_can(&orders[i]);
	said = true;
}

static void ordered(struct xenbus_watch *watch, const char *path, const char *token)
{
	const struct order *order;
	char *name;

	say_what_we_can();
	if (going_down)
		return;
	name = take("shutdown");
	if (!name)
		return;
	order = find(name);
	if (order)
		order->run();
	else
		pr_info("control/shutdown: no such order: '%s'\n", name);
	kfree(name);
}

static struct xenbus_watch order_watch = {
	.node = "control/shutdown",
	.callback = ordered,
};

#ifdef CONFIG_MAGIC_SYSRQ
static void key_pressed(struct xenbus_watch *watch, const char *path, const char *token)
{
	char *key = take("sysrq");

	if (key)
		handle_sysrq(*key);
	kfree(key);
}

static struct xenbus_watch key_watch = {
	.node = "control/sysrq",
	.callback = key_pressed,
};
#endif

static int store_ready(struct notifier_block *nb, unsigned long event, void *data)
{
	xsl_watch_sure(&order_watch);
#ifdef CONFIG_MAGIC_SYSRQ
	xsl_watch_sure(&key_watch);
#endif
	return NOTIFY_DONE;
}

/*
 * A driver that hangs keeps its device locked, and the kernel waits for that lock before it
 * powers off: by then file systems are unmounted, and nothing is lost by not waiting.
 */
static int how;

static void too_long(struct timer_list *unused)
{
	struct sched_shutdown op = { .reason = how };

	pr_emerg("devices do not close, shuts down without\n");
	HYPERVISOR_sched_op(SCHEDOP_shutdown, &op);
}

static DEFINE_TIMER(down_timer, too_long);

static int goes_down(struct notifier_block *nb, unsigned long code, void *command)
{
	if (code != SYS_DOWN && code != SYS_HALT && code != SYS_POWER_OFF)
		return NOTIFY_DONE;
	going_down = true;
	how = code == SYS_DOWN ? SHUTDOWN_reboot : SHUTDOWN_poweroff;
	mod_timer(&down_timer, jiffies + DOWN_TIME);
	return NOTIFY_DONE;
}

static struct notifier_block store_notifier = {
	.notifier_call = store_ready,
};

static struct notifier_block down_notifier = {
	.notifier_call = goes_down,
};

int xen_setup_shutdown_event(void)
{
	if (!xen_domain())
		return -ENODEV;
	register_reboot_notifier(&down_notifier);
	return register_xenstore_notifier(&store_notifier);
}
EXPORT_SYMBOL_GPL(xen_setup_shutdown_event);
subsys_initcall(xen_setup_shutdown_event);
