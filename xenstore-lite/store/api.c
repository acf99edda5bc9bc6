// SPDX-License-Identifier: GPL-2.0
/* Reading, writing and removing nodes, as <xen/xenbus.h> has it. */
#define pr_fmt(fmt) "xenstore: " fmt

#include <linux/err.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat.h"
#include "gate.h"
#include "request.h"
#include "store.h"

bool xsl_again(unsigned int tries, unsigned int most, unsigned int first)
{
	unsigned int ms = xsl_pause(tries, most, first);

	if (ms)
		schedule_timeout_idle(msecs_to_jiffies(ms));
	return ms;
}

char *xsl_path(const char *dir, const char *node)
{
	return kasprintf(GFP_NOIO | __GFP_HIGH, "%s%s%s", dir, *node ? "/" : "", node);
}

int xsl_ask(enum xsd_sockmsg_type type, struct xenbus_transaction t, const char *path,
	    const void *value, size_t size, char **reply, u32 *len)
{
	struct kvec vec[] = {
		{ .iov_base = (void *)path, .iov_len = strlen(path) + 1 },
		{ .iov_base = (void *)value, .iov_len = size },
	};
	int err = t.id ? 0 : xsl_gate_enter();

	if (err)
		return err;
	err = xsl_talk(type, t.id, vec, value ? 2 : 1, reply, len);
	if (!t.id)
		xsl_gate_leave();
	if (type == XS_WRITE && (err == -ENOSPC || err == -E2BIG))
		pr_warn_ratelimited("%s: more than xenstored allows (%d)\n", path, err);
	return err;
}

/* The same for a path in two parts. */
static int ask(enum xsd_sockmsg_type type, struct xenbus_transaction t, const char *dir,
	       const char *node, const char *value, char **reply, u32 *len)
{
	char *path = xsl_path(dir, node);
	int err;

	if (!path)
		return -ENOMEM;
	err = xsl_ask(type, t, path, value, value ? strlen(value) : 0, reply, len);
	kfree(path);
	return err;
}

void *xenbus_read(struct xenbus_transaction t, const char *dir, const char *node,
		  unsigned int *len)
{
	char *value;
	u32 size;
	int err = ask(XS_READ, t, dir, node, NULL, &value, &size);

	if (err)
		return ERR_PTR(err);
	if (len)
		*len = size;
	return value;
}
EXPORT_SYMBOL_GPL(xenbus_read);

int xenbus_write(struct xenbus_transaction t, const char *dir, const char *node,
		 const char *string)
{
	return ask(XS_WRITE, t, dir, node, string, NULL, NULL);
}
EXPORT_SYMBOL_GPL(xenbus_write);

int xenbus_rm(struct xenbus_transaction t, const char *dir, const char *node)
{
	return ask(XS_RM, t, dir, node, NULL, NULL, NULL);
}
EXPORT_SYMBOL_GPL(xenbus_rm);

#ifdef XSL_HAS_MKDIR
int xenbus_mkdir(struct xenbus_transaction t, const char *dir, const char *node)
{
	return ask(XS_MKDIR, t, dir, node, NULL, NULL, NULL);
}
EXPORT_SYMBOL_GPL(xenbus_mkdir);
#endif

int xsl_exists(const char *path)
{
	int err = xsl_ask(XS_READ, XBT_NIL, path, NULL, 0, NULL, NULL);

	if (err == -ENOENT)
		return 0;
	return err ? err : 1;
}

/* Drivers ask whether something is offered: what could not be found out, is not. */
int xenbus_exists(struct xenbus_transaction t, const char *dir, const char *node)
{
	return !ask(XS_READ, t, dir, node, NULL, NULL, NULL);
}
EXPORT_SYMBOL_GPL(xenbus_exists);

static int start(u32 *id)
{
	struct kvec nothing = { .iov_base = "", .iov_len = 1 };
	char *reply;
	int err = xsl_talk(XS_TRANSACTION_START, 0, &nothing, 1, &reply, NULL);

	if (err)
		return err;
	if (kstrtou32(reply, 10, id) || !*id)
		err = -EPROTO;
	kfree(reply);
	return err;
}

/* A transaction is inside of the gate until its end. */
int xenbus_transaction_start(struct xenbus_transaction *t)
{
	int err = xsl_gate_enter();

	if (err)
		return err;
	err = start(&t->id);
	if (err)
		xsl_gate_leave();
	return err;
}
EXPORT_SYMBOL_GPL(xenbus_transaction_start);

int xenbus_transaction_end(struct xenbus_transaction t, xsl_abort_t abort)
{
	struct kvec vec = { .iov_base = abort ? "F" : "T", .iov_len = 2 };
	int err = xsl_talk(XS_TRANSACTION_END, t.id, &vec, 1, NULL, NULL);

	xsl_gate_leave();
	return err;
}
EXPORT_SYMBOL_GPL(xenbus_transaction_end);
