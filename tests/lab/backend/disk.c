// SPDX-License-Identifier: GPL-2.0
/*
 * Connections of the disk and their requests: one ring of one page, requests of up to eleven
 * segments, flushes. A request's pages are mapped when it comes and, unless grants are
 * persistent or the back end keeps everything, unmapped when it has been answered. A request
 * that is delayed outlives its connection and is carried out in its time, as one that a real
 * back end has handed to slow storage is. Of an interface the receive ring is taken, each of
 * whose buffers stays mapped, and nothing is ever answered.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define mb()	__sync_synchronize()	/* what the macros of ring.h are made of */
#define rmb()	__sync_synchronize()	/* the same */
#define wmb()	__sync_synchronize()	/* the same */
#include <xen/io/blkif.h>
#include <xen/io/netif.h>

#include "backend.h"

/* A page of the guest. */
struct page {
	struct page *next;
	uint32_t ref;
	int prot;
	int users;
	void *addr;
};

struct connection {
	struct connection *next;
	struct page *pages;
	void *ring_page;
	blkif_back_ring_t ring;
	netif_rx_back_ring_t rx;	/* of an interface; ring is not used then */
	bool vif;
	xenevtchn_port_or_error_t port;
	bool persistent;
	bool live;
	bool spoiled;
};

struct request {
	struct request *next;
	struct connection *conn;
	blkif_request_t req;
	struct page *pages[BLKIF_MAX_SEGMENTS_PER_REQUEST];
	char *data;		/* of a write that is delayed: storage has taken it already */
	long due;
};

static struct connection *connections;
static struct request *requests, **requests_end = &requests;
static struct { unsigned long answered, late, flushes, mapped; } count;

static struct connection *live(void)
{
	struct connection *c;

	for (c = connections; c && !c->live;)
		c = c->next;
	return c;
}

bool disk_connected(void)	{ return live(); }

static bool is_write(const blkif_request_t *req)
{
	return req->operation != BLKIF_OP_READ;
}

static void *map(uint32_t ref, int prot)
{
	void *addr = xengnttab_map_grant_ref(grant_tab, frontend_id, ref, prot);

	if (addr)
		count.mapped++;
	return addr;
}

static void unmap(void *addr)
{
	if (xengnttab_unmap(grant_tab, addr, 1))
		die("unmapping: %s", strerror(errno));
	count.mapped--;
}

static struct page *page_get(struct connection *c, uint32_t ref, int prot)
{
	struct page *p;

	for (p = c->pages; p; p = p->next)
		if (p->ref == ref && (p->prot & prot) == prot)
			break;
	if (!p) {
		void *addr = map(ref, prot);

		if (!addr)
			return NULL;
		p = calloc(1, sizeof(*p));
		*p = (struct page){ .next = c->pages, .ref = ref, .prot = prot, .addr = addr };
		c->pages = p;
	}
	p->users++;
	return p;
}

/* Unmaps the pages of a connection that nobody uses. */
static void pages_drop(struct connection *c)
{
	struct page **link = &c->pages, *p;

	while ((p = *link)) {
		if (p->users) {
			link = &p->next;
			continue;
		}
		*link = p->next;
		unmap(p->addr);
		free(p);
	}
}

bool disk_connect(void)
{
	long rx_ref = store_front_number("rx-ring-ref", -1);
	long ref = store_front_number("ring-ref", rx_ref);
	long port = store_front_number("event-channel", -1);
	struct connection *c;
	char abi[32] = "x86_64-abi";

	if (ref < 0 || port < 0 ||
	    (rx_ref < 0 && !store_front_text("protocol", abi, sizeof(abi))))
		return false;
	if (strcmp(abi, "x86_64-abi"))
		die("protocol %s is not served", abi);
	c = calloc(1, sizeof(*c));
	c->vif = rx_ref >= 0;
	c->ring_page = map(ref, PROT_READ | PROT_WRITE);
	c->port = xenevtchn_bind_interdomain(event_chan, frontend_id, port);
	if (!c->ring_page || c->port < 0) {
		say("cannot connect to ring %ld, port %ld: %s", ref, port, strerror(errno));
		if (c->ring_page)
			unmap(c->ring_page);
		if (c->port >= 0)
			xenevtchn_unbind(event_chan, c->port);
		free(c);
		return false;
	}
	if (c->vif)
		BACK_RING_ATTACH(&c->rx, (netif_rx_sring_t *)c->ring_page, 0, 4096);
	else
		BACK_RING_ATTACH(&c->ring, (blkif_sring_t *)c->ring_page, 0, 4096);
	c->persistent = store_own_number("feature-persistent", 0) &&
			store_front_number("feature-persistent", 0);
	c->live = true;
	c->next = connections;
	connections = c;
	return true;
}

/* Forgets what is over: a connection that has ended goes when nothing of it is mapped. */
static void connections_clean(bool all)
{
	struct connection **link = &connections, *c;

	while ((c = *link)) {
		if (c->live || (conduct.keep && !all)) {
			link = &c->next;
			continue;
		}
		pages_drop(c);
		if (c->ring_page)
			unmap(c->ring_page);
		c->ring_page = NULL;
		if (c->pages) {		/* of requests that are delayed */
			link = &c->next;
			continue;
		}
		*link = c->next;
		free(c);
	}
}

void disk_release(void)	{ connections_clean(true); }

/* Lets go of the pages, which comes before the answer: the frontend takes them back then. */
static void request_unmap(struct request *r)
{
	unsigned int i;

	for (i = 0; i < BLKIF_MAX_SEGMENTS_PER_REQUEST; i++) {
		if (r->pages[i])
			r->pages[i]->users--;
		r->pages[i] = NULL;
	}
	if (!r->conn->persistent && !conduct.keep)
		pages_drop(r->conn);
}

static void request_free(struct request *r)
{
	request_unmap(r);
	free(r->data);
	free(r);
}

void disk_disconnect(void)
{
	struct connection *c = live();
	struct request **link = &requests, *r;

	if (!c)
		return;
	c->live = false;
	xenevtchn_unbind(event_chan, c->port);
	/* What silence held back is not carried out any more. */
	while (!conduct.answers && (r = *link)) {
		if (r->conn != c) {
			link = &r->next;
			continue;
		}
		*link = r->next;
		request_free(r);
	}
	for (requests_end = &requests; *requests_end;)
		requests_end = &(*requests_end)->next;
	connections_clean(false);
	say("disconnected");
}

static void take(struct connection *c, const blkif_request_t *req)
{
	struct request *r = calloc(1, sizeof(*r));
	unsigned int i;

	r->conn = c;
	r->req = *req;
	r->due = now_ms() + conduct.delay_ms;
	if (req->nr_segments > BLKIF_MAX_SEGMENTS_PER_REQUEST)
		die("a request has %u segments", req->nr_segments);
	for (i = 0; i < req->nr_segments; i++) {
		r->pages[i] = page_get(c, req->seg[i].gref, is_write(req) && !c->persistent ?
				       PROT_READ : PROT_READ | PROT_WRITE);
		if (!r->pages[i])
			say("cannot map grant %u", req->seg[i].gref);
	}
	if (conduct.delay_ms && is_write(req)) {
		r->data = calloc(BLKIF_MAX_SEGMENTS_PER_REQUEST, 4096);
		for (i = 0; i < req->nr_segments; i++)
			if (r->pages[i])
				memcpy(r->data + i * 4096, r->pages[i]->addr, 4096);
	}
	*requests_end = r;
	requests_end = &r->next;
}

static void take_buffers(struct connection *c)
{
	struct page *p;

	while (RING_HAS_UNCONSUMED_REQUESTS(&c->rx)) {
		p = page_get(c, RING_GET_REQUEST(&c->rx, c->rx.req_cons++)->gref,
			     PROT_READ | PROT_WRITE);
		if (p)
			p->users--;	/* it stays until the connection ends */
		else
			say("cannot map a buffer");
	}
}

static void take_all(struct connection *c)
{
	blkif_request_t req;
	int more;

	do {
		while (RING_HAS_UNCONSUMED_REQUESTS(&c->ring)) {
			memcpy(&req, RING_GET_REQUEST(&c->ring, c->ring.req_cons), sizeof(req));
			c->ring.req_cons++;
			take(c, &req);
		}
		RING_FINAL_CHECK_FOR_REQUESTS(&c->ring, more);
	} while (more);
}

/* Moves the data; the status of the answer. */
static int carry_out(struct request *r)
{
	off_t at = (off_t)r->req.sector_number * 512;
	unsigned int i;

	if (r->req.operation == BLKIF_OP_FLUSH_DISKCACHE) {
		count.flushes++;
		if (conduct.flush_status != BLKIF_RSP_OKAY)
			return conduct.flush_status;
		if (!image_flush())
			return BLKIF_RSP_ERROR;
	} else if (r->req.operation != BLKIF_OP_READ && r->req.operation != BLKIF_OP_WRITE) {
		return BLKIF_RSP_EOPNOTSUPP;
	}
	for (i = 0; i < r->req.nr_segments; i++) {
		const struct blkif_request_segment *s = &r->req.seg[i];
		size_t bytes = (s->last_sect - s->first_sect + 1) * 512;
		char *from;
		bool done;

		if (!r->pages[i] || s->last_sect > 7 || s->first_sect > s->last_sect)
			return BLKIF_RSP_ERROR;
		from = r->data ? r->data + i * 4096 : r->pages[i]->addr;
		if (is_write(&r->req))
			done = image_write(from + s->first_sect * 512, bytes, at);
		else
			done = image_read(from + s->first_sect * 512, bytes, at);
		if (!done)
			return BLKIF_RSP_ERROR;
		at += bytes;
	}
	return BLKIF_RSP_OKAY;
}

static void put(struct connection *c, uint64_t id, unsigned int operation, int status)
{
	blkif_response_t *rsp = RING_GET_RESPONSE(&c->ring, c->ring.rsp_prod_pvt++);

	*rsp = (blkif_response_t){ .id = id, .operation = operation, .status = status };
}

void *disk_ring(void)
{
	struct connection *c = live();

	return c ? c->ring_page : NULL;
}

void disk_spoil(void)
{
	struct connection *c = live();

	if (c)
		c->spoiled = true;
}

void disk_notify(void)
{
	struct connection *c = live();

	if (c)
		xenevtchn_notify(event_chan, c->port);
}

static void answer(struct request *r, int result)
{
	struct connection *c = r->conn;
	uint8_t operation = r->req.operation;
	uint64_t id = r->req.id;
	int16_t status = result;
	unsigned int times = attack_answer(&id, &operation, &status);
	enum lie lie = conduct.lie;
	int notify;

	if (lie == LIE_ID)
		id ^= 0x5a5a5a;
	if (lie == LIE_OPERATION)
		operation = BLKIF_OP_DISCARD;
	while (times--)
		put(c, id, operation, status);
	if (lie == LIE_TWICE)
		put(c, id, operation, status);
	if (lie == LIE_PRODUCER)
		c->ring.rsp_prod_pvt += 1000;
	RING_PUSH_RESPONSES_AND_CHECK_NOTIFY(&c->ring, notify);
	if (notify || lie)
		xenevtchn_notify(event_chan, c->port);
	if (lie)
		say("lied");
	conduct.lie = LIE_NONE;
	count.answered++;
	if (conduct.answers > 0 && !--conduct.answers)
		say("silent now");
}

void disk_run(void)
{
	struct request **link = &requests, *r;
	struct connection *c = live();
	long now = now_ms();
	int status;

	if (c && c->vif)
		take_buffers(c);
	else if (c && !c->spoiled)
		take_all(c);
	while ((r = *link)) {
		if (r->due > now || (r->conn->live && (!conduct.answers || r->conn->spoiled))) {
			link = &r->next;
			continue;
		}
		*link = r->next;
		status = carry_out(r);
		request_unmap(r);
		if (r->conn->live)
			answer(r, status);
		else
			say("late %lu", ++count.late);
		request_free(r);
	}
	requests_end = link;
	connections_clean(false);
}

int disk_next_ms(void)
{
	struct request *r;
	long next = -1, now = now_ms();

	for (r = requests; r; r = r->next)
		if (!r->conn->live || (conduct.answers && !r->conn->spoiled))
			if (next < 0 || r->due < next)
				next = r->due;
	return next < 0 ? -1 : next > now ? next - now : 0;
}

void disk_report(void)
{
	struct request *r;
	unsigned int held = 0;

	for (r = requests; r; r = r->next)
		held++;
	say("report answered=%lu held=%u late=%lu flushes=%lu mapped=%lu", count.answered, held,
	    count.late, count.flushes, count.mapped);
}
