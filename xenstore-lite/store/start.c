// SPDX-License-Identifier: GPL-2.0
/* When the xenstore is there: at boot, and who is told of it. */
#define pr_fmt(fmt) "xenstore: " fmt

#include <linux/export.h>
#include <linux/init.h>
#include <linux/notifier.h>
#include <linux/proc_fs.h>
#include <xen/page.h>
#include <xen/xen.h>
#include <xen/xenbus.h>
#include <asm/xen/hypervisor.h>

#include "link.h"

int xenstored_ready;

int xen_store_evtchn;
EXPORT_SYMBOL_GPL(xen_store_evtchn);

struct xenstore_domain_interface *xen_store_interface;
EXPORT_SYMBOL_GPL(xen_store_interface);

static BLOCKING_NOTIFIER_HEAD(chain);

int register_xenstore_notifier(struct notifier_block *nb)
{
	if (xenstored_ready)
		return nb->notifier_call(nb, 0, NULL);
	return blocking_notifier_chain_register(&chain, nb);
}
EXPORT_SYMBOL_GPL(register_xenstore_notifier);

void unregister_xenstore_notifier(struct notifier_block *nb)
{
	blocking_notifier_chain_unregister(&chain, nb);
}
EXPORT_SYMBOL_GPL(unregister_xenstore_notifier);

static bool linked;

static int __init start(void)
{
	int err;

	if (!xen_pv_domain())
		return -ENODEV;
#ifdef CONFIG_XEN_COMPAT_XENFS
	proc_create_mount_point("xen");
#endif
	xen_store_evtchn = xen_start_info->store_evtchn;
	if (!xen_store_evtchn) {
		pr_err("the host gives this guest none, so it has no devices\n");
		return -ENODEV;
	}
	xen_store_interface = gfn_to_virt(xen_start_info->store_mfn);
	err = xsl_link_start();
	linked = !err;
	return err;
}
postcore_initcall(start);

/* Those who asked earlier are told when drivers are there. */
static int __init tell(void)
{
	if (!linked)
		return -ENODEV;
	xenstored_ready = 1;
	blocking_notifier_call_chain(&chain, 0, NULL);
	return 0;
}
device_initcall(tell);
