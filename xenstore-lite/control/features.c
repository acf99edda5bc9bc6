// SPDX-License-Identifier: GPL-2.0
/* What this Xen can do for guests. Runs before anything else, without a stack protector. */
#include <linux/cache.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <xen/features.h>
#include <xen/interface/xen.h>
#include <xen/interface/version.h>
#include <xen/xen.h>
#include <asm/xen/hypercall.h>

u8 xen_features[XENFEAT_NR_SUBMAPS * 32] __read_mostly;
EXPORT_SYMBOL_GPL(xen_features);

/* Every Xen since 4.0 has these, and the guest cannot go on without. */
static void insist(unsigned int feature, const char *what)
{
	if (!xen_feature(feature))
		panic("This Xen is too old: it lacks %s\n", what);
}

void xen_setup_features(void)
{
	struct xen_feature_info map;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(xen_features); i++) {
		map.submap_idx = i / 32;
		if (i % 32 == 0 && HYPERVISOR_xen_version(XENVER_get_features, &map) < 0)
			break;
		xen_features[i] = map.submap >> (i % 32) & 1;
	}
	if (!xen_pv_domain())
		return;
	insist(XENFEAT_mmu_pt_update_preserve_ad, "updates of page tables that keep A and D");
	insist(XENFEAT_gnttab_map_avail_bits, "free bits in mappings of grants");
}
