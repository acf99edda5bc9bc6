/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ring pages and event channels: plain objects whose close function is safe on a zeroed
 * or already closed one, so that error paths need no flags.
 */
#ifndef _PV_CHANNEL_H
#define _PV_CHANNEL_H

#include <linux/interrupt.h>
#include <linux/types.h>
#include <xen/events.h>
#include <xen/grant_table.h>

#include <pv/grant.h>

struct pvfront;
struct pvfront_pub;

#define PVFRONT_MAX_RING_ORDER	4
#define PVFRONT_MAX_RING_PAGES	(1U << PVFRONT_MAX_RING_ORDER)

/**
 * struct pvfront_pages - zeroed contiguous pages granted to the backend
 * @front: the connection
 * @to: who they are granted to
 * @va: first byte; NULL when not set up
 * @nr: number of pages
 * @ref: a grant per page
 */
struct pvfront_pages {
	struct pvfront *front;
	struct pvfront_grantee to;
	void *va;
	unsigned int nr;
	grant_ref_t ref[PVFRONT_MAX_RING_PAGES];
};

/**
 * pvfront_pages_open() - allocate and grant ring pages, read-write
 * @f: the connection
 * @s: zeroed or closed
 * @nr: pages, 1 to PVFRONT_MAX_RING_PAGES
 *
 * Context: process context; sleeps, allocates with GFP_NOIO.
 * Return: 0 or -errno, reported.
 */
int pvfront_pages_open(struct pvfront *f, struct pvfront_pages *s,
		       unsigned int nr);

/**
 * pvfront_pages_close() - take the grants back and free the pages
 * @s: any; nothing happens if it is not open
 *
 * A page that the backend may still use rests, see <pv/grant.h>.
 *
 * Context: process context.
 */
void pvfront_pages_close(struct pvfront_pages *s);

/**
 * pvfront_pages_publish() - write the grants of a ring's pages
 * @p: the transaction
 * @queue: as for pvfront_put()
 * @name: "ring-ref", "tx-ring-ref", ...; with @numbered a page's index follows
 * @s: the pages
 * @numbered: write ring-ref0, ring-ref1, ... even for one page
 */
void pvfront_pages_publish(struct pvfront_pub *p, int queue, const char *name,
			   const struct pvfront_pages *s, bool numbered);

/**
 * struct pvfront_event - an event channel to the backend with its handler
 * @port: the local port, published to the backend
 * @irq: 0 when not set up
 * @cookie: as given to pvfront_event_open()
 * @name: as shown in /proc/interrupts
 */
struct pvfront_event {
	evtchn_port_t port;
	unsigned int irq;
	void *cookie;
	char name[32];
};

/**
 * pvfront_event_open() - allocate an event channel and bind a handler
 * @f: the connection
 * @e: zeroed or closed; its address must not change while it is open
 * @handler: runs in hard interrupt context and owes the event a
 *	pvfront_event_eoi(), then or later: until then no further event is
 *	delivered, which is what bounds a storm
 * @cookie: passed to @handler
 * @fmt: printf format of the name shown in /proc/interrupts
 *
 * Context: process context; sleeps.
 * Return: 0 or -errno, reported.
 */
__printf(5, 6)
int pvfront_event_open(struct pvfront *f, struct pvfront_event *e,
		       irq_handler_t handler, void *cookie,
		       const char *fmt, ...);

/**
 * pvfront_event_close() - wait for a running handler and close the channel
 * @e: any; nothing happens if it is not open
 *
 * Context: process context; sleeps.
 */
void pvfront_event_close(struct pvfront_event *e);

/**
 * pvfront_event_notify() - send an event to the backend
 * @e: an open event
 *
 * Context: any. One hypercall.
 */
static inline void pvfront_event_notify(struct pvfront_event *e)
{
	notify_remote_via_irq(e->irq);
}

/**
 * pvfront_event_eoi() - allow the next event to be delivered
 * @e: an open event
 * @useful: whether the event brought any work; a backend that sends useless
 *	ones is slowed down by the kernel's event code
 *
 * Context: any.
 */
static inline void pvfront_event_eoi(struct pvfront_event *e, bool useful)
{
	xen_irq_lateeoi(e->irq, useful ? 0 : XEN_EOI_FLAG_SPURIOUS);
}

#endif
