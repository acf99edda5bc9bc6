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

/* take_once() - one attempt of take() */
static int take_once(const char *key, char **order)
{
	struct xenbus_transaction t;
	int err = xenbus_transaction_start(&t);

	if (err)
		return err;
	*order = xenbus_read(t, "control", key, NULL);
	if (IS_ERR(*order)) {
		xenbus_transaction_end(t, 1);
		return PTR_ERR(*order);
	}
	/* Empty: taken before. */
	err = **order ? xenbus_write(t, "control", key, "") : -ENOENT;
	if (err)
		xenbus_transaction_end(t, 1);
	else
		err = xenbus_transaction_end(t, 0);
	if (err)
		kfree(*order);
	return err;
}

/* take() - read and empty a key below control/. Return: the order or NULL. */
static char *take(const char *key)
{
	unsigned int tries = 0;
	char *order;
	int err;

	do {
		err = take_once(key, &order);
		if (!err)
			return order;
	} while (err == -EAGAIN && xsl_again(++tries, XSL_TRIES, XSL_TRIES_FIRST));
	if (err != -ENOENT)
		pr_err("control/%s: the order cannot be taken (%d)\n", key, err);
	return NULL;
}

static void ordered(struct xenbus_watch *watch, const char *path, const char *token)
{
	const struct order *order;
	char *name;

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

static void say_what_we_can(void)
{
	unsigned int i;
	char key[24];
	int err;

	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		if (!orders[i].told)
			continue;
		snprintf(key, sizeof(key), "feature-%s", orders[i].name);
		err = xenbus_write(XBT_NIL, "control", key, "1");
		if (err)
			pr_err("control/%s: not written (%d)\n", key, err);
	}
}

static int store_ready(struct notifier_block *nb, unsigned long event, void *data)
{
	int err = register_xenbus_watch(&order_watch);

	if (err)
		pr_err("the host cannot shut this guest down: no watch (%d)\n", err);
#ifdef CONFIG_MAGIC_SYSRQ
	err = register_xenbus_watch(&key_watch);
	if (err)
		pr_err("the host cannot send keys of sysrq: no watch (%d)\n", err);
#endif
	say_what_we_can();
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
