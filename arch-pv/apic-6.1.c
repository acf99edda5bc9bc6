// SPDX-License-Identifier: GPL-2.0
/*
 * An APIC driver for a CPU that has none, of Linux 6.1.
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

static u32 xpv_apic_read(u32 reg)
{
	return 0;
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

static void xpv_apic_nothing(void)
{
}

static u32 xpv_apic_idle(void)
{
	return 0;
}

static int xpv_apic_is_ours(void)
{
	return xen_pv_domain();
}

static int xpv_apic_madt_is_ours(char *oem_id, char *table_id)
{
	return xen_pv_domain();
}

static int xpv_apic_any_id(u32 id)
{
	return 1;
}

static int xpv_apic_registered(void)
{
	return 1;
}

static u32 xpv_apic_get_id(unsigned long reg)
{
	return reg >> 24 & 0xff;
}

static u32 xpv_apic_set_id(unsigned int id)
{
	return id << 24;
}

static int xpv_apic_package(int id, int shift)
{
	return id >> shift;
}

static int xpv_apic_id_of(int cpu)
{
	return cpu_present(cpu) ? cpu_data(cpu).apicid : BAD_APICID;
}

static void xpv_apic_inquire(int id)
{
}

static struct apic xpv_apic = {
	.name			= "Xen PV",
	.probe			= xpv_apic_is_ours,
	.acpi_madt_oem_check	= xpv_apic_madt_is_ours,
	.apic_id_valid		= xpv_apic_any_id,
	.apic_id_registered	= xpv_apic_registered,
	.init_apic_ldr		= xpv_apic_nothing,
	.check_apicid_used	= default_check_apicid_used,
	.ioapic_phys_id_map	= default_ioapic_phys_id_map,
	.check_phys_apicid_present = default_check_phys_apicid_present,
	.cpu_present_to_apicid	= xpv_apic_id_of,
	.apicid_to_cpu_present	= physid_set_mask_of_physid,
	.phys_pkg_id		= xpv_apic_package,
	.get_apic_id		= xpv_apic_get_id,
	.set_apic_id		= xpv_apic_set_id,
	.calc_dest_apicid	= apic_flat_calc_apicid,
	.inquire_remote_apic	= xpv_apic_inquire,

#ifdef CONFIG_SMP
	.send_IPI_mask		= xpv_send_ipi_mask,
	.send_IPI_mask_allbutself = xpv_send_ipi_mask_allbutself,
	.send_IPI_allbutself	= xpv_send_ipi_allbutself,
	.send_IPI_all		= xpv_send_ipi_all,
	.send_IPI_self		= xpv_send_ipi_self,
#endif

	.read			= xpv_apic_read,
	.write			= xpv_apic_write,
	.eoi_write		= xpv_apic_write,
	.icr_read		= xpv_apic_icr_read,
	.icr_write		= xpv_apic_icr_write,
	.wait_icr_idle		= xpv_apic_nothing,
	.safe_wait_icr_idle	= xpv_apic_idle,
};

apic_driver(xpv_apic);

/* A probe may have taken another that thinks it knows this CPU. */
static void __init xpv_apic_insist(void)
{
	apic = &xpv_apic;
}

/* Nobody asks for an I/O APIC that no table announces. */
static unsigned int xpv_io_apic_read(unsigned int apic, unsigned int reg)
{
	return ~0U;
}

/**
 * xpv_apic_init() - put the driver in
 */
void __init xpv_apic_init(void)
{
	x86_init.irqs.intr_mode_init = x86_init_noop;
	apic = &xpv_apic;
	x86_platform.apic_post_init = xpv_apic_insist;
	x86_apic_ops.io_apic_read = xpv_io_apic_read;
}
