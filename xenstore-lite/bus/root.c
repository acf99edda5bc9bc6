// SPDX-License-Identifier: GPL-2.0
/* Which disk has the root file system. See root.h. */
#include <linux/blkdev.h>
#include <linux/init.h>
#include <linux/string.h>
#include <xen/interface/xen.h>
#include <asm/xen/hypervisor.h>

#include "root.h"
#include "waitrule.h"

static char option[128] __initdata;

/* Beside the kernel's own root=, which is no early one. */
static int __init note(char *value)
{
	if (value)
		strscpy(option, value, sizeof(option));
	return 0;
}
early_param("root", note);

static bool __init is_there(void)
{
	dev_t number;

	return !early_lookup_bdev(option, &number);
}

static struct xsl_root root __initdata = {
	.name = option,
	.is_there = is_there,
};

const struct xsl_root * __init xsl_root(void)
{
	if (!xsl_wait_names_disk(option))
		return NULL;
	root.mounts = !IS_ENABLED(CONFIG_BLK_DEV_INITRD) || !xen_start_info->mod_len;
	return &root;
}
