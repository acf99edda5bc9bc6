// SPDX-License-Identifier: GPL-2.0
/*
 * The grant table: its version, its frames, its entries.
 *
 * Xen's rule: the table belongs to Xen and is mapped by machine frame. A guest asks for as many
 * frames as it wants, up to a limit of the host, and never gives one back. After a restore the
 * table is another one, empty, of version 1 until the guest asks for 2, and the host another.
 *
 * Locking: the table grows under the lock of refs.c, and is only mapped anew while all other CPUs
 * are stopped. Entries belong to who has their reference.
 */
#define pr_fmt(fmt) "xen:grant_table: " fmt

#include <linux/init.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>
#include <linux/panic.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include <xen/xen.h>
#include <asm/xen/cpuid.h>
#include <asm/xen/hypercall.h>
#include <asm/xen/hypervisor.h>

#include "entry.h"
#include "gnt.h"

/* What the documentation of Linux calls it. */
#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX "grant_table."

#define GNT_STATUS_PER_FRAME	(PAGE_SIZE / sizeof(grant_status_t))
/* Far beyond what any host allows; keeps sums of references within 32 bits. */
#define GNT_MAX_FRAMES		65536U

/*
 * @version: 1 or 2
 * @entries: where it is mapped
 * @status: where the status words of version 2 are mapped
 * @frames: its machine frames, as Xen says
 * @status_frames: those of the status words
 * @nr_frames: how many there are
 * @max_frames: how many there can be
 * @room: how many there are addresses for
 */
static struct {
	unsigned int version;
	union {
		void *entries;
		struct grant_entry_v1 *v1;
		union grant_entry_v2 *v2;
	};
	grant_status_t *status;
	xen_pfn_t *frames;
	u64 *status_frames;
	unsigned int nr_frames, max_frames, room;
} gnt_table;

static unsigned int gnt_version_wanted;

static int gnt_set_version(const char *val, const struct kernel_param *kp)
{
	return param_set_uint_minmax(val, kp, 1, 2);
}

static const struct kernel_param_ops gnt_version_ops = {
	.set = gnt_set_version,
	.get = param_get_uint,
};
module_param_cb(version, &gnt_version_ops, &gnt_version_wanted, 0);
MODULE_PARM_DESC(version, "layout of grant entries, 1 or 2 (default: 1 where the host's frames fit)");

static unsigned int gnt_per_frame(void)
{
	return PAGE_SIZE / (gnt_table.version == 2 ? sizeof(union grant_entry_v2) :
			    sizeof(struct grant_entry_v1));
}

/* Version 1 has 32 bits for a frame. */
static bool gnt_frames_are_wide(void)
{
	u32 base = xen_cpuid_base();

	if (cpuid_eax(base) < base + 5)
		return false;
	return (cpuid_ebx(base + 5) & XEN_CPUID_MACHINE_ADDRESS_WIDTH_MASK) > 32 + PAGE_SHIFT;
}

static void gnt_choose_version(void)
{
	struct gnttab_set_version arg = {
		.version = gnt_version_wanted ?: gnt_frames_are_wide() ? 2 : 1,
	};
	unsigned int wanted = arg.version;

	if (HYPERVISOR_grant_table_op(GNTTABOP_set_version, &arg, 1) || arg.version != 2)
		gnt_table.version = 1;
	else
		gnt_table.version = 2;
	if (gnt_table.version != wanted)
		pr_warn("Xen refuses version %u\n", wanted);
}

/**
 * gnttab_max_grant_frames() - how large the host lets the table become
 *
 * Return: a number of frames.
 */
unsigned int gnttab_max_grant_frames(void)
{
	struct gnttab_query_size query = { .dom = DOMID_SELF };

	if (HYPERVISOR_grant_table_op(GNTTABOP_query_size, &query, 1) || query.status)
		return 4;	/* what the first hosts, which could not be asked, had */
	return min(query.max_nr_frames, GNT_MAX_FRAMES);
}
EXPORT_SYMBOL_GPL(gnttab_max_grant_frames);

static int gnt_map_status(unsigned int nr_frames)
{
	unsigned int count = DIV_ROUND_UP(nr_frames * gnt_per_frame(), GNT_STATUS_PER_FRAME);
	struct gnttab_get_status_frames arg = { .dom = DOMID_SELF, .nr_frames = count };
	int rc;

	set_xen_guest_handle(arg.frame_list, gnt_table.status_frames);
	rc = HYPERVISOR_grant_table_op(GNTTABOP_get_status_frames, &arg, 1);
	if (rc || arg.status)
		return rc ?: -EINVAL;
	return arch_gnttab_map_status(gnt_table.status_frames, count, count, &gnt_table.status);
}

/* Have so many frames; those that are mapped already stay where they are. */
static int gnt_map(unsigned int nr_frames)
{
	struct gnttab_setup_table arg = { .dom = DOMID_SELF, .nr_frames = nr_frames };
	int rc;

	set_xen_guest_handle(arg.frame_list, gnt_table.frames);
	rc = HYPERVISOR_grant_table_op(GNTTABOP_setup_table, &arg, 1);
	if (rc || arg.status)
		return rc ?: -ENOSPC;
	if (gnt_table.version == 2) {
		rc = gnt_map_status(nr_frames);
		if (rc)
			return rc;
	}
	rc = arch_gnttab_map_shared(gnt_table.frames, nr_frames, gnt_table.room,
				    &gnt_table.entries);
	if (!rc)
		gnt_table.nr_frames = nr_frames;
	return rc;
}

int gnt_table_grow(u32 more)
{
	u32 spare = gnt_table.max_frames - gnt_table.nr_frames;
	u32 frames = DIV_ROUND_UP(more, gnt_per_frame());

	if (!spare || frames > spare)
		return -ENOSPC;
	return gnt_map(gnt_table.nr_frames + frames);
}

u32 gnt_table_refs(void)
{
	return gnt_table.nr_frames * gnt_per_frame();
}

u32 gnt_table_max_refs(void)
{
	return gnt_table.max_frames * gnt_per_frame();
}

int __init gnt_table_init(void)
{
	unsigned int room = gnttab_max_grant_frames();
	unsigned int status = DIV_ROUND_UP(room * (PAGE_SIZE / sizeof(union grant_entry_v2)),
					   GNT_STATUS_PER_FRAME);
	int rc;

	gnt_table.frames = kvcalloc(room, sizeof(*gnt_table.frames), GFP_KERNEL);
	gnt_table.status_frames = kvcalloc(status, sizeof(*gnt_table.status_frames), GFP_KERNEL);
	if (!gnt_table.frames || !gnt_table.status_frames) {
		rc = -ENOMEM;
		goto free;
	}
	rc = arch_gnttab_init(room, status);
	if (rc)
		goto free;
	gnt_table.room = room;
	gnt_table.max_frames = room;
	gnt_choose_version();
	rc = gnt_map(1);
	if (rc)
		goto free;
	pr_info("version %u, up to %u entries\n", gnt_table.version, gnt_table_max_refs());
	return 0;
free:
	kvfree(gnt_table.frames);
	kvfree(gnt_table.status_frames);
	return rc;
}

/**
 * gnttab_suspend() - the table goes away
 *
 * Context: one CPU, interrupts off.
 * Return: 0.
 */
int gnttab_suspend(void)
{
	arch_gnttab_unmap(gnt_table.entries, gnt_table.nr_frames);
	if (gnt_table.version == 2)
		arch_gnttab_unmap(gnt_table.status,
				  DIV_ROUND_UP(gnt_table_refs(), GNT_STATUS_PER_FRAME));
	return 0;
}

/**
 * gnttab_resume() - there is a table again, another one or, after a cancelled suspend, the old
 *
 * Context: one CPU, interrupts off. References keep their numbers, so there have to be as many
 * entries as there were.
 * Return: 0. Without a table nothing that the guest lives of would go on, so it ends.
 */
int gnttab_resume(void)
{
	u32 refs = gnt_table_refs();
	unsigned int frames;
	int rc;

	gnt_choose_version();
	gnt_table.max_frames = min(gnt_table.room, gnttab_max_grant_frames());
	frames = DIV_ROUND_UP(refs, gnt_per_frame());
	if (frames > gnt_table.max_frames)
		panic("xen: this host allows %u frames of grants, %u are in use\n",
		      gnt_table.max_frames, frames);
	rc = gnt_map(frames);
	if (rc)
		panic("xen: no grant table of %u frames after resume: %d\n", frames, rc);
	return 0;
}

/**
 * gnttab_grant_foreign_access_ref() - permit another domain access to a page
 * @ref: a reference that the caller has claimed
 * @domid: the domain
 * @frame: the page's machine frame
 * @readonly: not 0: reading only
 */
void gnttab_grant_foreign_access_ref(grant_ref_t ref, domid_t domid, unsigned long frame,
				     int readonly)
{
	u16 flags = readonly ? GTF_readonly : 0;

	if (gnt_table.version == 2)
		gnt_v2_permit(&gnt_table.v2[ref], domid, frame, flags);
	else if (!WARN_ONCE(upper_32_bits(frame), "frame %#lx needs grant_table.version=2\n",
			    frame))
		gnt_v1_permit(&gnt_table.v1[ref], domid, frame, flags);
}
EXPORT_SYMBOL_GPL(gnttab_grant_foreign_access_ref);

bool gnt_end(grant_ref_t ref)
{
	if (gnt_table.version == 2)
		return gnt_v2_end(&gnt_table.v2[ref], &gnt_table.status[ref]);
	return gnt_v1_end(&gnt_table.v1[ref]);
}

u64 gnt_frame(grant_ref_t ref)
{
	if (gnt_table.version == 2)
		return READ_ONCE(gnt_table.v2[ref].full_page.frame);
	return READ_ONCE(gnt_table.v1[ref].frame);
}

domid_t gnt_peer(grant_ref_t ref)
{
	if (gnt_table.version == 2)
		return READ_ONCE(gnt_table.v2[ref].hdr.domid);
	return READ_ONCE(gnt_table.v1[ref].domid);
}

void gnt_table_show(struct seq_file *file)
{
	seq_printf(file, "version %u\nframes %u of %u\n", gnt_table.version,
		   READ_ONCE(gnt_table.nr_frames), gnt_table.max_frames);
}
