// SPDX-License-Identifier: GPL-2.0
/*
 * What Linux 7.3 asks of any Xen layer for HVM guests, which this kernel can't run as: it
 * says so, and starts on such a host as if there were no Xen.
 */
#include <linux/export.h>
#include <linux/init.h>

#include <xen/platform_pci.h>
#include <xen/xen.h>
#include <asm/hypervisor.h>
#include <asm/idtentry.h>
#include <asm/xen/events.h>

bool xen_percpu_upcall;
EXPORT_SYMBOL_GPL(xen_percpu_upcall);

DEFINE_IDTENTRY_SYSVEC(sysvec_xen_hvm_callback)
{
}

static u32 __init xpv_detect_no_hvm(void)
{
	return 0;
}

struct hypervisor_x86 x86_hyper_xen_hvm __initdata = {
	.name	= "Xen HVM",
	.detect	= xpv_detect_no_hvm,
};

/**
 * xen_has_pv_devices() - whether devices of the backends are there
 *
 * Return: it is, on Xen.
 */
bool xen_has_pv_devices(void)
{
	return xen_domain();
}
EXPORT_SYMBOL_GPL(xen_has_pv_devices);

bool xen_has_pv_disk_devices(void)
{
	return xen_domain();
}
EXPORT_SYMBOL_GPL(xen_has_pv_disk_devices);

bool xen_has_pv_nic_devices(void)
{
	return xen_domain();
}
EXPORT_SYMBOL_GPL(xen_has_pv_nic_devices);

/* No emulated disk that could be the same one. */
bool xen_has_pv_and_legacy_disk_devices(void)
{
	return false;
}
EXPORT_SYMBOL_GPL(xen_has_pv_and_legacy_disk_devices);
