// SPDX-License-Identifier: GPL-2.0
/*
 * A console ring against a backend that sends, fetches, and now and then lies.
 *
 * The input: four bytes of start index, then operations of three bytes: a code
 * and a 16-bit argument. While nobody has lied, every byte must arrive once and
 * in order; after a lie nothing but memory safety and the refusal is promised.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>
#include <linux/kernel.h>

#include "drivers/pvcon/ring.h"
#include "tests/unit/pvcon_peer.h"
#include "fuzz.h"

#define MUST(cond) do { if (!(cond)) abort(); } while (0)

enum op {
	OP_WRITE, OP_READ, OP_FETCH, OP_SEND, OP_NEWS, OP_MOVE, OP_LIE_IN, OP_LIE_OUT, OP_COUNT
};

/* A byte stream in flight: what its reader must see next, what its writer puts next. */
struct stream {
	unsigned char put, get;
	unsigned int flying;
};

struct world {
	struct xencons_interface *page;
	struct pvcon_ring ring;
	struct stream in, out;
	bool lied;
	bool waiting;	/* the backend saw "in" full and has not been told of room */
};

static void make(struct stream *s, unsigned char *bytes, unsigned int len)
{
	for (unsigned int i = 0; i < len; i++)
		bytes[i] = (unsigned char)(s->put + i);
}

static void took(struct stream *s, const unsigned char *bytes, unsigned int len)
{
	MUST(len <= s->flying);
	for (unsigned int i = 0; i < len; i++)
		MUST(bytes[i] == s->get++);
	s->flying -= len;
}

static void put(struct stream *s, unsigned int len)
{
	s->put += len;
	s->flying += len;
}

static void op_write(struct world *w, unsigned int arg)
{
	unsigned int len = arg % 3000;
	unsigned char *bytes = malloc(len);

	make(&w->out, bytes, len);
	int n = pvcon_ring_write(&w->ring, (char *)bytes, len);

	free(bytes);
	if (w->lied) {
		MUST(n == -EPROTO || (n >= 0 && (unsigned int)n <= len));
		return;
	}
	MUST(n == (int)min_t(u32, len, 2048 - w->out.flying));
	put(&w->out, n);
}

static void op_read(struct world *w, unsigned int arg)
{
	unsigned int len = arg % 1500;
	unsigned char *bytes = malloc(len);
	bool tell = false;
	int n = pvcon_ring_read(&w->ring, (char *)bytes, len, &tell);

	if (w->lied) {
		MUST(n == -EPROTO || (n >= 0 && (unsigned int)n <= len));
	} else {
		MUST(n == (int)min_t(u32, len, w->in.flying));
		took(&w->in, bytes, n);
		w->waiting = w->waiting && !tell;
		/* Drained, so a backend that waits would do so for ever. */
		MUST(w->in.flying || !w->waiting);
	}
	free(bytes);
}

static void op_fetch(struct world *w, unsigned int arg)
{
	unsigned char bytes[3000];
	unsigned int n;

	if (w->lied)
		return;
	n = peer_fetch(w->page, bytes, arg % 3000);
	took(&w->out, bytes, n);
	MUST(pvcon_ring_unsent(&w->ring) == (int)w->out.flying);
}

static void op_send(struct world *w, unsigned int arg)
{
	unsigned char bytes[1500];
	unsigned int len = arg % 1500, n;

	/* One that waits to be told does not look. */
	if (w->lied || w->waiting)
		return;
	make(&w->in, bytes, len);
	n = peer_send(w->page, bytes, len);
	MUST(n == min_t(u32, len, 1024 - w->in.flying));
	put(&w->in, n);
	w->waiting = n < len;
}

static void op_news(struct world *w)
{
	int n = pvcon_ring_news(&w->ring);

	MUST(n == 0 || n == 1 || (w->lied && n == -EPROTO));
	MUST(w->lied || pvcon_ring_news(&w->ring) == 0);
}

static void op_move(struct world *w)
{
	struct xencons_interface saved, *page;
	int err = pvcon_ring_save(&w->ring, &saved);

	MUST(!err || w->lied);
	page = malloc(sizeof(*page));
	pvcon_ring_start(&w->ring, page, &saved);
	free(w->page);
	w->page = page;
	/* A backend that connects looks at the ring. */
	w->waiting = false;
	if (err) {
		/* The ring was dropped with its lies and is an honest one again. */
		memset(&w->in, 0, sizeof(w->in));
		memset(&w->out, 0, sizeof(w->out));
		w->lied = false;
	}
}

static void step(struct world *w, unsigned int code, unsigned int arg)
{
	switch ((enum op)(code % OP_COUNT)) {
	case OP_WRITE:
		return op_write(w, arg);
	case OP_READ:
		return op_read(w, arg);
	case OP_FETCH:
		return op_fetch(w, arg);
	case OP_SEND:
		return op_send(w, arg);
	case OP_NEWS:
		return op_news(w);
	case OP_MOVE:
		return op_move(w);
	case OP_LIE_IN:
		w->lied = true;
		w->page->in_prod += arg << (code >> 4);
		w->page->in_cons ^= arg;
		return;
	case OP_LIE_OUT:
		w->lied = true;
		w->page->out_cons -= arg << (code >> 4);
		w->page->out_prod ^= arg;
		return;
	case OP_COUNT:
		break;
	}
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct xencons_interface old = { };
	struct world w = { };
	u32 start;

	if (size < sizeof(start))
		return 0;
	memcpy(&start, data, sizeof(start));
	old.in_cons = start;
	old.in_prod = start;
	old.out_cons = start;
	old.out_prod = start;
	w.page = malloc(sizeof(*w.page));
	pvcon_ring_start(&w.ring, w.page, &old);

	for (size_t i = sizeof(start); i + 3 <= size; i += 3)
		step(&w, data[i], data[i + 1] | data[i + 2] << 8);
	free(w.page);
	return 0;
}
