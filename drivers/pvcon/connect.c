// SPDX-License-Identifier: GPL-2.0
/*
 * A console's connection. The backend publishes nothing that we need, so an
 * offer is a ring and an event channel, and the line appears with it. The
 * frontend directory's other keys speak to the backend: "limit" and "tty" to
 * xenconsoled, "output", "type", "connection" to QEMU, "protocol" to viewers.
 */
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kobject.h>
#include <linux/string.h>

#include <pv/compat/hvc.h>
#include <pv/compat/xenbus.h>

#include "pvcon.h"

/* How long a close waits for a backend to fetch the last output. */
#define PVCON_DRAIN_JIFFIES	(HZ / 2)

static irqreturn_t pvcon_event(int irq, void *cookie)
{
	struct pvcon *con = cookie;
	bool useful = pvcon_tty_event(con->tty);

	wake_up(&con->sent);
	if (!pvfront_is_broken(&con->front))
		pvfront_event_eoi(&con->event, useful);
	return IRQ_HANDLED;
}

int pvcon_forget_keys(struct pvcon *con)
{
	static const char * const keys[] = { "ring-ref", "port" };
	struct xenbus_device *xdev = con->front.xdev;
	size_t i;
	int err;

	/* Another device has the directory by now. */
	if (pv_vanished(xdev))
		return 0;
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		err = xenbus_rm(XBT_NIL, xdev->nodename, keys[i]);
		if (err && err != -ENOENT) {
			xenbus_dev_fatal(xdev, err, "removing %s/%s",
					 xdev->nodename, keys[i]);
			return err;
		}
	}
	return 0;
}

static void pvcon_fill_keys(struct pvfront *f, struct pvfront_pub *p)
{
	struct pvcon *con = pvcon_of(f);

	pvfront_pages_publish(p, PVFRONT_DEVICE, "ring-ref", &con->page, false);
	pvfront_put(p, PVFRONT_DEVICE, "port", "%u", con->event.port);
}

static int pvcon_add_line(struct pvcon *con)
{
	struct pvcon_tty *tty;

	/* Kept across an interruption. */
	if (con->tty)
		return 0;

	tty = pvcon_tty_add();
	if (IS_ERR(tty)) {
		pvfront_fail(&con->front, PTR_ERR(tty),
			     "no line for the console; the kernel has hvc0 to hvc%u for all drivers",
			     HVC_LINES - 1);
		return PTR_ERR(tty);
	}
	con->tty = tty;
	WRITE_ONCE(con->line, pvcon_tty_line(tty));
	return 0;
}

static int pvcon_offer(struct pvfront *f)
{
	struct pvcon *con = pvcon_of(f);
	int err;

	err = pvcon_add_line(con);
	if (err)
		return err;

	err = pvfront_pages_open(f, &con->page, 1);
	if (err)
		return err;
	pvcon_ring_start(&con->ring, con->page.va, &con->saved);

	err = pvfront_event_open(f, &con->event, pvcon_event, con, "%s",
				 dev_name(&f->xdev->dev));
	if (err)
		return err;

	return pvfront_publish(f, pvcon_fill_keys);
}

/* Lets a udev rule give the line a name that does not depend on probe order. */
static void pvcon_announce(struct pvcon *con)
{
	struct device *dev = &con->front.xdev->dev;
	char line[16], channel[sizeof("CHANNEL=") + 256];
	char *env[] = { line, con->channel ? channel : NULL, NULL };

	snprintf(line, sizeof(line), "HVC=hvc%d", con->line);
	if (con->channel)
		snprintf(channel, sizeof(channel), "CHANNEL=%s", con->channel);
	kobject_uevent_env(&dev->kobj, KOBJ_CHANGE, env);

	if (con->channel)
		dev_info(dev, "hvc%d, channel \"%s\"\n", con->line, con->channel);
	else
		dev_info(dev, "hvc%d\n", con->line);
}

static int pvcon_connect(struct pvfront *f)
{
	struct pvcon *con = pvcon_of(f);

	pvcon_tty_attach(con->tty, con);
	pvcon_announce(con);
	return 0;
}

/*
 * Keep the bytes neither side has read, for the ring of the next connection. A backend
 * that has not let go of the ring yet goes on with it.
 */
static void pvcon_save_ring(struct pvcon *con)
{
	if (con->ring.shared && pvcon_ring_save(&con->ring, &con->saved))
		dev_warn(&con->front.xdev->dev,
			 "impossible index in the console ring: its bytes are lost\n");
}

static void pvcon_close(struct pvfront *f, enum pvfront_why why)
{
	struct pvcon *con = pvcon_of(f);

	if (con->tty && (why == PVFRONT_CLOSING || why == PVFRONT_REMOVED))
		wait_event_timeout(con->sent, pvcon_tty_sent(con->tty),
				   PVCON_DRAIN_JIFFIES);
	if (con->tty)
		pvcon_tty_detach(con->tty);
	pvfront_event_close(&con->event);

	pvcon_forget_keys(con);
	pvfront_let_go(f, why);
	if (pvfront_keeps_users(why))
		pvcon_save_ring(con);
	else
		memset(&con->saved, 0, sizeof(con->saved));
	con->ring.shared = NULL;
	pvfront_pages_close(&con->page);

	if (pvfront_keeps_users(why) || !con->tty)
		return;
	WRITE_ONCE(con->line, -1);
	pvcon_tty_remove(con->tty);
	con->tty = NULL;
}

static void pvcon_show(struct pvfront *f, struct seq_file *m)
{
	struct pvcon *con = pvcon_of(f);

	seq_printf(m, "line %d\n", READ_ONCE(con->line));
	seq_printf(m, "in_cons %u\n", READ_ONCE(con->ring.in.index));
	seq_printf(m, "out_prod %u\n", READ_ONCE(con->ring.out.index));
	seq_printf(m, "received %llu\n", READ_ONCE(con->received));
	seq_printf(m, "output %llu\n", READ_ONCE(con->output));
	seq_printf(m, "refused %llu\n", READ_ONCE(con->refused));
}

const struct pvfront_ops pvcon_front_ops = {
	.offered_state = XenbusStateInitialised,
	.offer = pvcon_offer,
	.connect = pvcon_connect,
	.close = pvcon_close,
	.show = pvcon_show,
};
