// SPDX-License-Identifier: GPL-2.0
/*
 * Requests of programs, from /dev/xen/xenbus. See program.h.
 *
 * A reply is handed over in a workqueue: the program's file is locked for that, and who has
 * the lock may wait for the thread that reads the ring.
 */
#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "lane.h"
#include "link.h"
#include "program.h"
#include "request.h"

struct program {
	struct xb_req_data data;
	struct xsl_request *req;
	u32 id;			/* the program's own number of the request */
	struct work_struct work;
};

static struct workqueue_struct *replies;

/* Of the watches of all programs; made for the first one. */
static struct xsl_lane *programs;
static DEFINE_MUTEX(programs_lock);

static const char *error_name(int err)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(xsd_errors); i++)
		if (xsd_errors[i].errnum == -err)
			return xsd_errors[i].errstring;
	return "EIO";
}

static void set_error(struct program *p, int err)
{
	p->data.msg.type = XS_ERROR;
	p->data.body = kstrdup(error_name(err), GFP_KERNEL | __GFP_NOFAIL);
	p->data.msg.len = strlen(p->data.body) + 1;
}

static void reply(struct work_struct *work)
{
	struct program *p = container_of(work, struct program, work);
	struct xsl_request *req = p->req;

	p->data.msg = req->call.head;
	p->data.msg.req_id = p->id;
	if (req->error) {
		set_error(p, req->error);
	} else {
		p->data.msg.len = req->len;
		p->data.body = req->reply;
		req->reply = NULL;
	}
	xsl_request_put(req);
	xenbus_dev_queue_reply(&p->data);
}

static void done(struct xsl_request *req)
{
	struct program *p = req->owner;

	queue_work(replies, &p->work);
}

void xs_free_req(struct kref *kref)
{
	kfree(container_of(container_of(kref, struct xb_req_data, kref), struct program, data));
}

int xenbus_dev_request_and_reply(struct xsd_sockmsg *msg, void *par)
{
	struct kvec vec = { .iov_base = msg + 1, .iov_len = msg->len };
	struct xsl_request *req;
	struct program *p;
	int err;

	/* It would end the kernel's own watches. */
	if (msg->type == XS_RESET_WATCHES)
		return -EPERM;
	p = kzalloc(sizeof(*p), GFP_KERNEL);
	if (!p)
		return -ENOMEM;
	req = xsl_request_make(msg->type, msg->tx_id, &vec, 1);
	if (IS_ERR(req)) {
		kfree(p);
		return PTR_ERR(req);
	}
	kref_init(&p->data.kref);
	p->data.type = msg->type;
	p->data.par = par;
	p->id = msg->req_id;
	p->req = req;
	INIT_WORK(&p->work, reply);
	req->done = done;
	req->owner = p;
	err = xsl_link_submit(req, XSL_DEADLINE);
	if (err) {
		xsl_request_put(req);
		kfree(p);
	}
	return err;
}

int xsl_watch_program(struct xenbus_watch *watch)
{
	mutex_lock(&programs_lock);
	if (!programs)
		programs = xsl_lane_make(true, "programs");
	mutex_unlock(&programs_lock);
	return programs ? xsl_watch_add(watch, programs) : -ENOMEM;
}

int xsl_program_end(struct xenbus_transaction t, int abort)
{
	struct kvec vec = { .iov_base = abort ? "F" : "T", .iov_len = 2 };

	return xsl_talk(XS_TRANSACTION_END, t.id, &vec, 1, NULL, NULL);
}

static int __init start(void)
{
	replies = alloc_ordered_workqueue("xenstore_programs", 0);
	return replies ? 0 : -ENOMEM;
}
postcore_initcall(start);
