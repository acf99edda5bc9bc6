// SPDX-License-Identifier: GPL-2.0
/*
 * Rings of backends: pages that another guest grants, mapped side by side in the kernel. Xen
 * fills in the page table entries, which are made here and named to it by machine address.
 */
#include <linux/export.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>
#include <xen/grant_table.h>
#include <xen/page.h>
#include <asm/xen/hypercall.h>

#include "bus.h"

struct mapping {
	struct list_head list;
	struct vm_struct *area;
	unsigned int pages;	/* that are mapped, the first ones */
	u64 entry[XENBUS_MAX_RING_GRANTS];
	grant_handle_t handle[XENBUS_MAX_RING_GRANTS];
};

static DEFINE_SPINLOCK(lock);
static LIST_HEAD(mappings);

static int note_entry(pte_t *pte, unsigned long addr, void *data)
{
	struct mapping *m = data;
	unsigned long at = (addr - (unsigned long)m->area->addr) / XEN_PAGE_SIZE;

	m->entry[at] = arbitrary_virt_to_machine(pte).maddr;
	return 0;
}

static struct mapping *reserve(unsigned int pages)
{
	struct mapping *m = kzalloc(sizeof(*m), GFP_KERNEL);

	if (!m)
		return NULL;
	m->area = get_vm_area(pages * XEN_PAGE_SIZE, VM_IOREMAP);
	if (!m->area)
		goto out_free;
	if (apply_to_page_range(&init_mm, (unsigned long)m->area->addr, pages * XEN_PAGE_SIZE,
				note_entry, m))
		goto out_area;
	return m;

out_area:
	free_vm_area(m->area);
out_free:
	kfree(m);
	return NULL;
}

/* Address space that Xen did not unmap is never used again. */
static int release(struct xenbus_device *dev, struct mapping *m)
{
	struct gnttab_unmap_grant_ref op;
	int err = GNTST_okay;
	unsigned int i;

	for (i = 0; i < m->pages; i++) {
		gnttab_set_unmap_op(&op, m->entry[i], GNTMAP_host_map | GNTMAP_contains_pte,
				    m->handle[i]);
		if (HYPERVISOR_grant_table_op(GNTTABOP_unmap_grant_ref, &op, 1))
			op.status = GNTST_general_error;
		if (op.status == GNTST_okay)
			continue;
		err = op.status;
		xenbus_dev_error(dev, err, "unmapping page %u of a ring", i);
	}
	if (err == GNTST_okay)
		free_vm_area(m->area);
	kfree(m);
	return err;
}

static int map_pages(struct xenbus_device *dev, struct mapping *m, const grant_ref_t *refs,
		     unsigned int pages)
{
	struct gnttab_map_grant_ref op;

	for (; m->pages < pages; m->pages++) {
		gnttab_set_map_op(&op, m->entry[m->pages], GNTMAP_host_map | GNTMAP_contains_pte,
				  refs[m->pages], dev->otherend_id);
		/* Tries again while the page is paged out. */
		gnttab_batch_map(&op, 1);
		if (op.status != GNTST_okay) {
			xenbus_dev_fatal(dev, op.status, "mapping grant %u of domain %d",
					 refs[m->pages], dev->otherend_id);
			return -ENOENT;
		}
		m->handle[m->pages] = op.handle;
	}
	return 0;
}

int xenbus_map_ring_valloc(struct xenbus_device *dev, grant_ref_t *gnt_refs,
			   unsigned int nr_grefs, void **vaddr)
{
	struct mapping *m;
	int err;

	*vaddr = NULL;
	if (!nr_grefs || nr_grefs > XENBUS_MAX_RING_GRANTS)
		return -EINVAL;
	m = reserve(nr_grefs);
	if (!m)
		return -ENOMEM;
	err = map_pages(dev, m, gnt_refs, nr_grefs);
	if (err) {
		release(dev, m);
		return err;
	}
	spin_lock(&lock);
	list_add(&m->list, &mappings);
	spin_unlock(&lock);
	*vaddr = m->area->addr;
	return 0;
}
EXPORT_SYMBOL_GPL(xenbus_map_ring_valloc);

static struct mapping *take(const void *vaddr)
{
	struct mapping *m, *found = NULL;

	spin_lock(&lock);
	list_for_each_entry(m, &mappings, list)
		if (m->area->addr == vaddr)
			found = m;
	if (found)
		list_del(&found->list);
	spin_unlock(&lock);
	return found;
}

int xenbus_unmap_ring_vfree(struct xenbus_device *dev, void *vaddr)
{
	struct mapping *m = take(vaddr);

	if (m)
		return release(dev, m);
	xenbus_dev_error(dev, -ENOENT, "no ring is mapped at %p", vaddr);
	return GNTST_bad_virt_addr;
}
EXPORT_SYMBOL_GPL(xenbus_unmap_ring_vfree);
