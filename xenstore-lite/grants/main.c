// SPDX-License-Identifier: GPL-2.0
/* The grant table's beginning, and what debugfs shows of it. */
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/seq_file.h>

#include <xen/xen.h>

#include "gnt.h"

/**
 * gnttab_init() - have a grant table
 *
 * Return: 0 or a negative errno.
 */
int __init gnttab_init(void)
{
	int rc = gnt_table_init();

	return rc ?: gnt_refs_init();
}

/* Before the frontends, and behind what core_initcall has. */
static int __init gnt_start(void)
{
	int rc = xen_pv_domain() ? gnttab_init() : 0;

	/* Disks, interfaces, the console: nothing would work, and nobody would know why. */
	if (rc)
		panic("xen: no grant table: %d\n", rc);
	return 0;
}
core_initcall_sync(gnt_start);

static int gnt_stats_show(struct seq_file *file, void *unused)
{
	gnt_table_show(file);
	gnt_refs_show(file);
	gnt_defer_show(file);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(gnt_stats);

static int __init gnt_debugfs_init(void)
{
	if (xen_pv_domain())
		debugfs_create_file("grants", 0400, NULL, NULL, &gnt_stats_fops);
	return 0;
}
fs_initcall(gnt_debugfs_init);
