// SPDX-License-Identifier: GPL-2.0
/* The module, and what of a connection debugfs shows. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/workqueue.h>
#include <xen/xen.h>

#include <pv/front.h>

#include "internal.h"

struct workqueue_struct *pvfront_wq;

static struct dentry *pvfront_debugfs_root;

static int pvfront_debugfs_show(struct seq_file *m, void *unused)
{
	struct pvfront *f = m->private;
	unsigned int i, errors = 0;

	seq_printf(m, "phase %s\n", pvfront_phase_name(READ_ONCE(f->phase)));
	seq_printf(m, "backend %s\n", xenbus_strstate(READ_ONCE(f->peer)));
	seq_printf(m, "pages_kept %u\n", pvfront_kept(f));
	seq_printf(m, "pages_resting %u\n", pvfront_resting_pages(f));
	seq_printf(m, "connections %u\n", READ_ONCE(f->pace.begun));
	for (i = 0; i < PVFRONT_NR_REASONS; i++) {
		errors += atomic_read(&f->broke[i]);
		seq_printf(m, "broke_%s %d\n", pvfront_reason_name(i),
			   atomic_read(&f->broke[i]));
	}
	seq_printf(m, "protocol_errors %u\n", errors);
	if (!f->ops->show)
		return 0;
	if (!mutex_trylock(&f->busy)) {
		seq_puts(m, "changing\n");
		return 0;
	}
	f->ops->show(f, m);
	mutex_unlock(&f->busy);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(pvfront_debugfs);

void pvfront_debugfs_add(struct pvfront *f)
{
	f->dir = debugfs_create_file(dev_name(&f->xdev->dev), 0400,
				     pvfront_debugfs_root, f,
				     &pvfront_debugfs_fops);
}

void pvfront_debugfs_del(struct pvfront *f)
{
	debugfs_remove(f->dir);
	f->dir = NULL;
}

static int __init pvfront_module_init(void)
{
	int err;

	if (!xen_domain())
		return -ENODEV;

	pvfront_rest_init();
	pvfront_wq = alloc_workqueue("pvfront", WQ_UNBOUND | WQ_MEM_RECLAIM | WQ_FREEZABLE,
				     0);
	if (!pvfront_wq)
		return -ENOMEM;
	err = pvfront_follow_init();
	if (err) {
		pr_err("cannot watch for other backends (%d)\n", err);
		destroy_workqueue(pvfront_wq);
		return err;
	}
	pvfront_debugfs_root = debugfs_create_dir("pvfront", NULL);
	return 0;
}
module_init(pvfront_module_init);

static void __exit pvfront_module_exit(void)
{
	debugfs_remove(pvfront_debugfs_root);
	pvfront_follow_exit();
	pvfront_rest_exit();
	destroy_workqueue(pvfront_wq);
}
module_exit(pvfront_module_exit);

MODULE_DESCRIPTION("Library shared by the pvblk, pvnet and pvcon Xen frontends");
MODULE_AUTHOR("The pvguest developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(PV_VERSION);
