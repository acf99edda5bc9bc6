// SPDX-License-Identifier: GPL-2.0
/*
 * An APIC driver for a CPU that has none.
 *
 * Xen's rule: CPUID says that there is an APIC, since programs look for it, but events take
 * the place of interrupts. Common code calls the driver for self-interrupts, backtraces and
 * topology; what stays is that.
 */
#include <linux/init.h>
#include <linux/smp.h>

#include <xen/xen.h>
#include <asm/apic.h>
#include <asm/x86_init.h>

#include "xpv.h"

/* APIC numbers are those of virtual CPUs, as xpv_cpuid() has them. */
static u32 xpv_apic_read(u32 reg)
{
	return reg == APIC_ID ? smp_processor_id() << 24 : 0;
}

static void xpv_apic_write(u32 reg, u32 val)
{
}

static u64 xpv_apic_icr_read(void)
{
	return 0;
}

static void xpv_apic_icr_write(u32 low, u32 high)
{
}

static void xpv_apic_eoi(void)
{
}

static int xpv_apic_is_ours(void)
{
	return xen_pv_domain();
}

static int xpv_apic_madt_is_ours(char *oem_id, char *table_id)
{
	return xen_pv_domain();
}

static u32 xpv_apic_get_id(u32 reg)
{
	return reg >> 24;
}

static u32 xpv_apic_id_of(int cpu)
{
	return cpu_present(cpu) ? cpu_data(cpu).topo.apicid : BAD_APICID;
}

static struct apic xpv_apic __ro_after_init = {
	.name			= "Xen PV",
	.probe			= xpv_apic_is_ours,
	.acpi_madt_oem_check	= xpv_apic_madt_is_ours,
	.max_apic_id		= U32_MAX,
	.cpu_present_to_apicid	= xpv_apic_id_of,
	.get_apic_id		= xpv_apic_get_id,
	.calc_dest_apicid	= apic_flat_calc_apicid,

#ifdef CONFIG_SMP
	.send_IPI_mask		= xpv_send_ipi_mask,
	.send_IPI_mask_allbutself = xpv_send_ipi_mask_allbutself,
	.send_IPI_allbutself	= xpv_send_ipi_allbutself,
	.send_IPI_all		= xpv_send_ipi_all,
	.send_IPI_self		= xpv_send_ipi_self,
#endif

	.read			= xpv_apic_read,
	.write			= xpv_apic_write,
	.eoi			= xpv_apic_eoi,
	.icr_read		= xpv_apic_icr_read,
	.icr_write		= xpv_apic_icr_write,
};

apic_driver(xpv_apic);

/* Nobody asks for an I/O APIC that no table announces. */
static unsigned int xpv_io_apic_read(unsigned int apic, unsigned int reg)
{
	return ~0U;
}

/**
 * xpv_apic_init() - have the driver found
 */
void __init xpv_apic_init(void)
{
	x86_init.irqs.intr_mode_init = x86_64_probe_apic;
	x86_apic_ops.io_apic_read = xpv_io_apic_read;
}
