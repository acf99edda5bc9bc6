// SPDX-License-Identifier: GPL-2.0
/* Entries of the grant table are filled in and taken back. PURE. */
#include <linux/atomic.h>
#include <linux/compiler.h>
#include <asm/barrier.h>

#include "entry.h"

/* How often a peer may change its mappings under the eyes of gnt_v1_end(). */
#define GNT_END_TRIES	64

#define GNT_IN_USE	(GTF_reading | GTF_writing)

/**
 * gnt_v1_permit() - permit access
 * @entry: an entry that permits none
 * @domid: to whom
 * @frame: to which machine frame
 * @flags: 0 or GTF_readonly
 */
void gnt_v1_permit(struct grant_entry_v1 *entry, domid_t domid, u32 frame, u16 flags)
{
	WRITE_ONCE(entry->frame, frame);
	WRITE_ONCE(entry->domid, domid);
	/* Pairs with Xen, which reads the flags first. */
	virt_wmb();
	WRITE_ONCE(entry->flags, GTF_permit_access | flags);
}

/**
 * gnt_v1_end() - end access, unless the peer has it mapped
 * @entry: the entry
 *
 * Return: true when the peer has no access any more, and will get none.
 */
bool gnt_v1_end(struct grant_entry_v1 *entry)
{
	unsigned int tries;

	for (tries = 0; tries < GNT_END_TRIES; tries++) {
		u16 flags = READ_ONCE(entry->flags);

		if (flags & GNT_IN_USE)
			return false;
		/* A full barrier: what follows comes after the end of access. */
		if (sync_cmpxchg(&entry->flags, flags, 0) == flags)
			return true;
	}
	return false;
}

/**
 * gnt_v2_permit() - permit access
 * @entry: an entry that permits none
 * @domid: to whom
 * @frame: to which machine frame
 * @flags: 0 or GTF_readonly
 */
void gnt_v2_permit(union grant_entry_v2 *entry, domid_t domid, u64 frame, u16 flags)
{
	WRITE_ONCE(entry->full_page.frame, frame);
	WRITE_ONCE(entry->hdr.domid, domid);
	/* Pairs with Xen, which reads the flags first. */
	virt_wmb();
	WRITE_ONCE(entry->hdr.flags, GTF_permit_access | flags);
}

/**
 * gnt_v2_end() - end access, unless the peer has it mapped
 * @entry: the entry
 * @status: Xen's word of it
 *
 * New mappings are impossible from the first call on, also when the peer has an old one.
 *
 * Return: true when the peer has no access any more.
 */
bool gnt_v2_end(union grant_entry_v2 *entry, const grant_status_t *status)
{
	WRITE_ONCE(entry->hdr.flags, 0);
	/* Pairs with Xen, which sets the status, then looks at the flags again. */
	virt_mb();
	if (READ_ONCE(*status) & GNT_IN_USE)
		return false;
	/* The peer's accesses come before the end; the page is reused after. */
	virt_mb();
	return true;
}
