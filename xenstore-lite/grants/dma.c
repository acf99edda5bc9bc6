// SPDX-License-Identifier: GPL-2.0
/*
 * Buffers that a device can reach, to map grants over: their own memory goes back to Xen while
 * they are in use.
 */
#define pr_fmt(fmt) "xen:grant_table: " fmt

#include <linux/dma-mapping.h>
#include <linux/mm.h>

#include <xen/mem-reservation.h>

#include "gnt.h"

static void *gnt_dma_alloc(struct gnttab_dma_alloc_args *args, size_t size)
{
	gfp_t gfp = GFP_KERNEL | __GFP_NOWARN;

	if (args->coherent)
		return dma_alloc_coherent(args->dev, size, &args->dev_bus_addr, gfp);
	return dma_alloc_wc(args->dev, size, &args->dev_bus_addr, gfp);
}

static void gnt_dma_free(struct gnttab_dma_alloc_args *args, size_t size)
{
	if (args->coherent)
		dma_free_coherent(args->dev, size, args->vaddr, args->dev_bus_addr);
	else
		dma_free_wc(args->dev, size, args->vaddr, args->dev_bus_addr);
}

/**
 * gnttab_dma_alloc_pages() - allocate such a buffer
 * @args: for which device, how large; the rest is filled in
 *
 * Return: 0 or a negative errno.
 */
int gnttab_dma_alloc_pages(struct gnttab_dma_alloc_args *args)
{
	size_t size = (size_t)args->nr_pages << PAGE_SHIFT;
	int i, rc;

	args->vaddr = gnt_dma_alloc(args, size);
	if (!args->vaddr)
		return -ENOMEM;
	for (i = 0; i < args->nr_pages; i++) {
		args->pages[i] = virt_to_page((char *)args->vaddr + ((size_t)i << PAGE_SHIFT));
		args->frames[i] = xen_page_to_gfn(args->pages[i]);
		xenmem_reservation_scrub_page(args->pages[i]);
	}
	xenmem_reservation_va_mapping_reset(args->nr_pages, args->pages);
	rc = xenmem_reservation_decrease(args->nr_pages, args->frames);
	if (rc != args->nr_pages) {
		pr_err("%d of %d pages of a buffer could be given to Xen\n", rc, args->nr_pages);
		rc = -EFAULT;
		goto free;
	}
	rc = gnttab_pages_set_private(args->nr_pages, args->pages);
	if (!rc)
		return 0;
free:
	gnttab_dma_free_pages(args);
	return rc;
}
EXPORT_SYMBOL_GPL(gnttab_dma_alloc_pages);

/**
 * gnttab_dma_free_pages() - undo gnttab_dma_alloc_pages()
 * @args: as filled in
 *
 * Return: 0, or -EFAULT when Xen has not given all of the memory back.
 */
int gnttab_dma_free_pages(struct gnttab_dma_alloc_args *args)
{
	int i, rc;

	gnttab_pages_clear_private(args->nr_pages, args->pages);
	for (i = 0; i < args->nr_pages; i++)
		args->frames[i] = page_to_xen_pfn(args->pages[i]);
	rc = xenmem_reservation_increase(args->nr_pages, args->frames);
	if (rc != args->nr_pages) {
		/* Addresses without memory must not be allocated again: the buffer is lost. */
		pr_err("%d of %d pages of a buffer came back from Xen\n", rc, args->nr_pages);
		return -EFAULT;
	}
	xenmem_reservation_va_mapping_update(args->nr_pages, args->pages, args->frames);
	gnt_dma_free(args, (size_t)args->nr_pages << PAGE_SHIFT);
	return 0;
}
EXPORT_SYMBOL_GPL(gnttab_dma_free_pages);
