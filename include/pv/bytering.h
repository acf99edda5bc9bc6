/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One direction of a shared ring of bytes, seen from one of its ends. PURE: no lock,
 * allocation or message; the caller serialises all calls on one end.
 *
 * The other side can write the whole page at any time. So our own index lives here and
 * the page only gets copies of it, and the other side's index is read once per call and
 * checked before it is used: there are never more bytes between the two than the ring
 * has room for. Indices run freely modulo 2^32.
 */
#ifndef _PV_BYTERING_H
#define _PV_BYTERING_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/barrier.h>

/**
 * struct pv_bytering - one end of one direction
 * @bytes: the bytes, in the shared page
 * @size: their number, a power of two
 * @ours: where the other side sees our index, in the shared page
 * @theirs: the other side's index, in the shared page
 * @index: our index: bytes taken so far by a reader, sent so far by a writer
 */
struct pv_bytering {
	char *bytes;
	u32 size;
	u32 *ours;
	const u32 *theirs;
	u32 index;
};

/**
 * pv_bytering_unread() - count the bytes that can be read, as a reader
 * @r: the reader's end
 * @prod: the writer's index, read once
 *
 * Return: their number, or -EPROTO if that index is impossible.
 */
static inline int pv_bytering_unread(const struct pv_bytering *r, u32 prod)
{
	u32 fill = prod - r->index;

	return fill <= r->size ? (int)fill : -EPROTO;
}

/**
 * pv_bytering_unsent() - count the bytes that the reader has not taken, as a writer
 * @r: the writer's end
 * @cons: the reader's index, read once
 *
 * Return: their number, or -EPROTO if that index is impossible.
 */
static inline int pv_bytering_unsent(const struct pv_bytering *r, u32 cons)
{
	u32 fill = r->index - cons;

	return fill <= r->size ? (int)fill : -EPROTO;
}

/**
 * pv_bytering_read() - take bytes
 * @r: the reader's end
 * @buf: where they go
 * @len: room there
 * @left: how many are left unread; valid unless an error is returned
 *
 * Return: bytes taken, or -EPROTO if the writer's index is impossible.
 */
static inline int pv_bytering_read(struct pv_bytering *r, char *buf,
				   unsigned int len, unsigned int *left)
{
	u32 at = r->index % r->size;
	u32 count, first;
	int fill;

	/* Pairs with the writer's barrier between the bytes and its index. */
	fill = pv_bytering_unread(r, virt_load_acquire(r->theirs));
	if (fill < 0)
		return fill;

	count = min_t(u32, len, fill);
	first = min_t(u32, count, r->size - at);
	memcpy(buf, r->bytes + at, first);
	memcpy(buf + first, r->bytes, count - first);

	r->index += count;
	/* Pairs with the writer's barrier between reading this and using the room. */
	virt_store_release(r->ours, r->index);
	*left = fill - count;
	return count;
}

/**
 * pv_bytering_write() - send bytes, as many as fit
 * @r: the writer's end
 * @buf: the bytes
 * @len: their number
 *
 * Return: bytes sent, 0 if the ring is full, or -EPROTO if the reader's index is
 * impossible.
 */
static inline int pv_bytering_write(struct pv_bytering *r, const char *buf,
				    unsigned int len)
{
	u32 at = r->index % r->size;
	u32 count, first;
	int fill;

	/* Pairs with the reader's barrier between the bytes and its index. */
	fill = pv_bytering_unsent(r, virt_load_acquire(r->theirs));
	if (fill < 0)
		return fill;

	count = min_t(u32, len, r->size - fill);
	first = min_t(u32, count, r->size - at);
	memcpy(r->bytes + at, buf, first);
	memcpy(r->bytes, buf + first, count - first);

	r->index += count;
	/* Pairs with the reader's barrier between our index and the bytes. */
	virt_store_release(r->ours, r->index);
	return count;
}

#endif
