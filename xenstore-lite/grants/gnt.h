/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the grant table have of each other; the rest is <xen/grant_table.h>. */
#ifndef _XENSTORE_LITE_GRANTS_GNT_H
#define _XENSTORE_LITE_GRANTS_GNT_H

#include <linux/types.h>

#include <xen/grant_table.h>

#include "freelist.h"

struct seq_file;

/* table.c: the table itself */

/**
 * gnt_table_init() - find out which table Xen gives, and map the first of it
 *
 * Return: 0 or a negative errno.
 */
int gnt_table_init(void);

/**
 * gnt_table_grow() - have more entries
 * @more: at least how many
 *
 * Context: one caller at a time, with interrupts on or off.
 * Return: 0, -ENOSPC when Xen allows no more, or a negative errno.
 */
int gnt_table_grow(u32 more);

/**
 * gnt_table_refs() - how many entries there are
 *
 * Return: the first reference that has no entry.
 */
u32 gnt_table_refs(void);

/**
 * gnt_table_max_refs() - how many entries there can be
 *
 * Return: the first reference that will never have an entry.
 */
u32 gnt_table_max_refs(void);

/**
 * gnt_end() - end access by an entry, unless the peer has it mapped
 * @ref: the entry
 *
 * Return: true when access has ended.
 */
bool gnt_end(grant_ref_t ref);

/**
 * gnt_frame() - which frame an entry is for
 * @ref: the entry
 *
 * Return: the machine frame.
 */
u64 gnt_frame(grant_ref_t ref);

/**
 * gnt_peer() - who is permitted access
 * @ref: the entry
 *
 * Return: the domain's number.
 */
domid_t gnt_peer(grant_ref_t ref);

void gnt_table_show(struct seq_file *file);

/* refs.c: which entries are free */

/**
 * gnt_refs_init() - have a first set of references
 *
 * Context: gnt_table_init() has been called.
 * Return: 0 or a negative errno.
 */
int gnt_refs_init(void);

/**
 * gnt_refs_get() - take references
 * @count: how many
 *
 * Return: a chain of @count, or GREFS_END when they cannot be had.
 */
u32 gnt_refs_get(u32 count);

/**
 * gnt_refs_put() - give a chain of references back
 * @first: the first, or GREFS_END
 */
void gnt_refs_put(u32 first);

/**
 * gnt_slot() - the slot of a reference that the caller owns
 * @ref: the reference
 *
 * Return: the slot.
 */
struct grefs_slot *gnt_slot(grant_ref_t ref);

void gnt_refs_show(struct seq_file *file);

/* defer.c: grants whose end has to wait for the peer */

/**
 * gnt_defer() - end access as soon as the peer has unmapped the page
 * @ref: the grant
 * @page: the page, of which one reference goes with it, or NULL
 */
void gnt_defer(grant_ref_t ref, struct page *page);

void gnt_defer_show(struct seq_file *file);

#endif
