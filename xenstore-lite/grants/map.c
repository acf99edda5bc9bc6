// SPDX-License-Identifier: GPL-2.0
/*
 * Pages of other domains, mapped and copied by their grants: what backends and gntdev do.
 *
 * Xen's rule: one call has many operations, each with a status of its own. "Try again" is said
 * while the other domain's page is not in memory.
 */
#define pr_fmt(fmt) "xen:grant_table: " fmt

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/workqueue.h>

#include <asm/xen/hypercall.h>
#include <asm/xen/page.h>

#include "gnt.h"

/* It waits 1 ms, 2 ms and so on, 32 s in all. */
#define GNT_AGAIN_TRIES		255
/* How long a user of a page that is to be unmapped is waited for, at first. */
#define GNT_UNMAP_DELAY_MS	5

/* One operation alone, until Xen says something else. */
static void gnt_try_again(unsigned int cmd, void *op, s16 *status)
{
	unsigned int ms;

	for (ms = 1; *status == GNTST_eagain && ms <= GNT_AGAIN_TRIES; ms++) {
		msleep(ms);
		if (HYPERVISOR_grant_table_op(cmd, op, 1))
			*status = GNTST_general_error;
	}
	if (*status == GNTST_eagain) {
		pr_err("the page of a grant has not come into memory for 32 s\n");
		*status = GNTST_bad_page;
	}
}

/**
 * gnttab_batch_map() - map grants, without accounting for pages
 * @batch: what to map; each gets its status, which is not "try again"
 * @count: how many
 *
 * Context: may sleep.
 */
void gnttab_batch_map(struct gnttab_map_grant_ref *batch, unsigned int count)
{
	unsigned int i;
	int rc = HYPERVISOR_grant_table_op(GNTTABOP_map_grant_ref, batch, count);

	for (i = 0; i < count; i++) {
		if (WARN_ONCE(rc, "mapping of grants: %d\n", rc))
			batch[i].status = GNTST_general_error;
		gnt_try_again(GNTTABOP_map_grant_ref, &batch[i], &batch[i].status);
	}
}
EXPORT_SYMBOL_GPL(gnttab_batch_map);

/**
 * gnttab_batch_copy() - have Xen copy from and to grants
 * @batch: what to copy; each gets its status, which is not "try again"
 * @count: how many
 *
 * Context: may sleep.
 */
void gnttab_batch_copy(struct gnttab_copy *batch, unsigned int count)
{
	unsigned int i;
	int rc = HYPERVISOR_grant_table_op(GNTTABOP_copy, batch, count);

	for (i = 0; i < count; i++) {
		if (WARN_ONCE(rc, "copying by grants: %d\n", rc))
			batch[i].status = GNTST_general_error;
		gnt_try_again(GNTTABOP_copy, &batch[i], &batch[i].status);
	}
}
EXPORT_SYMBOL_GPL(gnttab_batch_copy);

/* From here on others see that the page's contents are another domain's. */
static void gnt_mark_foreign(struct page *page, const struct gnttab_map_grant_ref *map)
{
	struct xen_page_foreign *foreign;

	SetPageForeign(page);
	foreign = xen_page_foreign(page);
	foreign->domid = map->dom;
	foreign->gref = map->ref;
}

/**
 * gnttab_map_refs() - map grants over pages of ours that have no memory
 * @maps: the mappings, each gets a status
 * @kernel_maps: mappings of the same grants into the kernel, or NULL
 * @pages: the pages
 * @count: of each
 *
 * Return: 0 or a negative errno; also with 0 single ones may have failed.
 */
int gnttab_map_refs(struct gnttab_map_grant_ref *maps, struct gnttab_map_grant_ref *kernel_maps,
		    struct page **pages, unsigned int count)
{
	unsigned int i;
	int rc = HYPERVISOR_grant_table_op(GNTTABOP_map_grant_ref, maps, count);

	if (rc)
		return rc;
	for (i = 0; i < count; i++) {
		gnt_try_again(GNTTABOP_map_grant_ref, &maps[i], &maps[i].status);
		if (maps[i].status == GNTST_okay)
			gnt_mark_foreign(pages[i], &maps[i]);
		else if (maps[i].status == GNTST_no_device_space)
			pr_warn_ratelimited("the host's limit of mapped grants is reached\n");
	}
	return set_foreign_p2m_mapping(maps, kernel_maps, pages, count);
}
EXPORT_SYMBOL_GPL(gnttab_map_refs);

/**
 * gnttab_unmap_refs() - undo gnttab_map_refs()
 * @unmaps: the mappings
 * @kernel_unmaps: those of the kernel, or NULL
 * @pages: the pages
 * @count: of each
 *
 * Return: 0 or a negative errno.
 */
int gnttab_unmap_refs(struct gnttab_unmap_grant_ref *unmaps,
		      struct gnttab_unmap_grant_ref *kernel_unmaps, struct page **pages,
		      unsigned int count)
{
	unsigned int i;
	int rc = HYPERVISOR_grant_table_op(GNTTABOP_unmap_grant_ref, unmaps, count);

	if (rc)
		return rc;
	for (i = 0; i < count; i++)
		ClearPageForeign(pages[i]);
	return clear_foreign_p2m_mapping(unmaps, kernel_unmaps, pages, count);
}
EXPORT_SYMBOL_GPL(gnttab_unmap_refs);

/* A page that a packet or a request still has must not lose its memory. */
static bool gnt_unmap_can(const struct gntab_unmap_queue_data *item)
{
	unsigned int i;

	for (i = 0; i < item->count; i++) {
		if (page_count(item->pages[i]) > 1)
			return false;
	}
	return true;
}

static void gnt_unmap_step(struct gntab_unmap_queue_data *item)
{
	if (gnt_unmap_can(item)) {
		item->done(gnttab_unmap_refs(item->unmap_ops, item->kunmap_ops, item->pages,
					     item->count), item);
		return;
	}
	item->age++;
	schedule_delayed_work(&item->gnttab_work,
			      msecs_to_jiffies(GNT_UNMAP_DELAY_MS * min(item->age, 200U)));
}

static void gnt_unmap_work(struct work_struct *work)
{
	gnt_unmap_step(container_of(work, struct gntab_unmap_queue_data, gnttab_work.work));
}

/**
 * gnttab_unmap_refs_async() - undo gnttab_map_refs() as soon as nobody else uses the pages
 * @item: what to undo, and who is told
 *
 * The callback may be called before this returns.
 */
void gnttab_unmap_refs_async(struct gntab_unmap_queue_data *item)
{
	INIT_DELAYED_WORK(&item->gnttab_work, gnt_unmap_work);
	item->age = 0;
	gnt_unmap_step(item);
}
EXPORT_SYMBOL_GPL(gnttab_unmap_refs_async);

struct gnt_unmap_wait {
	struct completion done;
	int rc;
};

static void gnt_unmap_done(int rc, struct gntab_unmap_queue_data *item)
{
	struct gnt_unmap_wait *wait = item->data;

	wait->rc = rc;
	complete(&wait->done);
}

/**
 * gnttab_unmap_refs_sync() - undo gnttab_map_refs(), after all other users of the pages
 * @item: what to undo; its callback and its data are ours meanwhile
 *
 * Return: 0 or a negative errno.
 */
int gnttab_unmap_refs_sync(struct gntab_unmap_queue_data *item)
{
	struct gnt_unmap_wait wait = { .done = COMPLETION_INITIALIZER_ONSTACK(wait.done) };

	item->data = &wait;
	item->done = gnt_unmap_done;
	gnttab_unmap_refs_async(item);
	wait_for_completion(&wait.done);
	return wait.rc;
}
EXPORT_SYMBOL_GPL(gnttab_unmap_refs_sync);
