/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What /dev/xen/xenbus needs of us: Linux's own xenbus_dev_frontend.c, unchanged, which is
 * compiled with this file in place of its private header. So the names here are its own.
 */
#ifndef _XENBUS_XENBUS_H
#define _XENBUS_XENBUS_H

#include <linux/kref.h>
#include <linux/types.h>
#include <xen/xenbus.h>

#include "watch.h"

/**
 * struct xb_req_data - a program's request that has its reply
 * @kref: its life
 * @type: what was asked for
 * @msg: header of the reply
 * @body: payload of the reply, freed by who gets it
 * @par: the open file
 */
struct xb_req_data {
	struct kref kref;
	enum xsd_sockmsg_type type;
	struct xsd_sockmsg msg;
	char *body;
	void *par;
};

/* Of xenbus_dev_frontend.c: the number of the host that transactions belong to. */
extern unsigned int xb_dev_generation_id;

void xenbus_dev_queue_reply(struct xb_req_data *req);

/**
 * xenbus_dev_request_and_reply() - send a program's request
 * @msg: its header, and behind it the payload
 * @par: the open file, for xenbus_dev_queue_reply(), which is called once
 *
 * Return: 0 or a negative errno.
 */
int xenbus_dev_request_and_reply(struct xsd_sockmsg *msg, void *par);

/**
 * xs_free_req() - free a request, for kref_put()
 * @kref: of the request
 */
void xs_free_req(struct kref *kref);

/**
 * xsl_program_end() - end a transaction that a program left open
 * @t: the transaction
 * @abort: true
 *
 * Return: 0 or a negative errno.
 */
int xsl_program_end(struct xenbus_transaction t, int abort);

static inline void xs_request_exit(struct xb_req_data *req) { }

#ifdef XSL_PROGRAM_FILE
#define register_xenbus_watch xsl_watch_program
#define xenbus_transaction_end xsl_program_end
/* That file has its own. */
#undef pr_fmt
#endif

#endif
