// SPDX-License-Identifier: GPL-2.0
/*
 * Writing an offer: one transaction, one sticky error, one place that reports
 * which key it was.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#include <pv/front.h>

#include "internal.h"

struct pvfront_pub {
	struct xenbus_device *xdev;
	struct xenbus_transaction xbt;
	int err;
	char where[64];		/* the key that failed, for the report */
};

static void pvfront_pub_fail(struct pvfront_pub *p, int err, int queue,
			     const char *name)
{
	p->err = err;
	if (queue == PVFRONT_DEVICE)
		strscpy(p->where, name, sizeof(p->where));
	else
		snprintf(p->where, sizeof(p->where), "queue-%d/%s", queue,
			 name);
}

void pvfront_put(struct pvfront_pub *p, int queue, const char *name,
		 const char *fmt, ...)
{
	char dir[128], value[64];
	va_list args;
	int err;

	if (p->err)
		return;

	va_start(args, fmt);
	err = vsnprintf(value, sizeof(value), fmt, args);
	va_end(args);
	if (err >= (int)sizeof(value)) {
		pvfront_pub_fail(p, -E2BIG, queue, name);
		return;
	}

	if (queue == PVFRONT_DEVICE)
		strscpy(dir, p->xdev->nodename, sizeof(dir));
	else
		snprintf(dir, sizeof(dir), "%s/queue-%d", p->xdev->nodename,
			 queue);

	err = xenbus_write(p->xbt, dir, name, value);
	if (err)
		pvfront_pub_fail(p, err, queue, name);
}
EXPORT_SYMBOL_GPL(pvfront_put);

void pvfront_del(struct pvfront_pub *p, const char *name)
{
	int err;

	if (p->err)
		return;

	err = xenbus_rm(p->xbt, p->xdev->nodename, name);
	if (err && err != -ENOENT)
		pvfront_pub_fail(p, err, PVFRONT_DEVICE, name);
}
EXPORT_SYMBOL_GPL(pvfront_del);

void pvfront_pages_publish(struct pvfront_pub *p, int queue, const char *name,
			   const struct pvfront_pages *s, bool numbered)
{
	char key[32];
	unsigned int i;

	if (!numbered) {
		pvfront_put(p, queue, name, "%u", s->ref[0]);
		return;
	}
	for (i = 0; i < s->nr; i++) {
		snprintf(key, sizeof(key), "%s%u", name, i);
		pvfront_put(p, queue, key, "%u", s->ref[i]);
	}
}
EXPORT_SYMBOL_GPL(pvfront_pages_publish);

int pvfront_publish(struct pvfront *f,
		    void (*fill)(struct pvfront *f, struct pvfront_pub *p))
{
	struct pvfront_pub p = { .xdev = f->xdev };
	unsigned int tries;
	int err;

	for (tries = 0; tries < PVFRONT_COMMIT_TRIES; tries++) {
		err = xenbus_transaction_start(&p.xbt);
		if (err) {
			pvfront_fail(f, err, "starting a transaction");
			return err;
		}

		fill(f, &p);
		err = pvfront_transaction_end(p.xbt, p.err);
		if (p.err || err != -EAGAIN)
			break;
	}
	f->few_keys |= err == -ENOSPC;
	if (p.err)
		pvfront_fail(f, err, "writing %s", p.where);
	else if (err)
		pvfront_fail(f, err, "committing the transaction%s",
			     err == -ENOSPC ?
			     ": xenstored's quota of keys for this guest is used up" : "");
	return err;
}
EXPORT_SYMBOL_GPL(pvfront_publish);
