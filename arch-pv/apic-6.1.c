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

#include "pv.h"

static u32 pv_apic_read(u32 reg)
{
	return 0;
}

static void pv_apic_write(u32 reg, u32 val)
{
}

static u64 pv_apic_icr_read(void)
{
	return 0;
}

static void pv_apic_icr_write(u32 low, u32 high)
{
}

static void pv_apic_nothing(void)
{
}

static u32 pv_apic_idle(void)
{
	return 0;
}

static int pv_apic_is_ours(void)
{
	return xen_pv_domain();
}

static int pv_apic_madt_is_ours(char *oem_id, char *table_id)
{
	return xen_pv_domain();
}

static int pv_apic_any_id(u32 id)
{
	return 1;
}

static int pv_apic_registered(void)
{
	return 1;
}

static u32 pv_apic_get_id(unsigned long reg)
{
	return reg >> 24 & 0xff;
}

static u32 pv_apic_set_id(unsigned int id)
{
	return id << 24;
}

static int pv_apic_package(int id, int shift)
{
	return id >> shift;
}

static int pv_apic_id_of(int cpu)
{
	return cpu_present(cpu) ? cpu_data(cpu).apicid : BAD_APICID;
}

static void pv_apic_inquire(int id)
{
}

static struct apic pv_apic = {
	.name			= "Xen PV",
	.probe			= pv_apic_is_ours,
	.acpi_madt_oem_check	= pv_apic_madt_is_ours,
	.apic_id_valid		= pv_apic_any_id,
	.apic_id_registered	= pv_apic_registered,
	.init_apic_ldr		= pv_apic_nothing,
	.check_apicid_used	= default_check_apicid_used,
	.ioapic_phys_id_map	= default_ioapic_phys_id_map,
	.check_phys_apicid_present = default_check_phys_apicid_present,
	.cpu_present_to_apicid	= pv_apic_id_of,
	.apicid_to_cpu_present	= physid_set_mask_of_physid,
	.phys_pkg_id		= pv_apic_package,
	.get_apic_id		= pv_apic_get_id,
	.set_apic_id		= pv_apic_set_id,
	.calc_dest_apicid	= apic_flat_calc_apicid,
	.inquire_remote_apic	= pv_apic_inquire,

#ifdef CONFIG_SMP
	.send_IPI_mask		= pv_send_ipi_mask,
	.send_IPI_mask_allbutself = pv_send_ipi_mask_allbutself,
	.send_IPI_allbutself	= pv_send_ipi_allbutself,
	.send_IPI_all		= pv_send_ipi_all,
	.send_IPI_self		= pv_send_ipi_self,
#endif

	.read			= pv_apic_read,
	.write			= pv_apic_write,
	.eoi_write		= pv_apic_write,
	.icr_read		= pv_apic_icr_read,
	.icr_write		= pv_apic_icr_write,
	.wait_icr_idle		= pv_apic_nothing,
	.safe_wait_icr_idle	= pv_apic_idle,
};

apic_driver(pv_apic);

/* A probe may have taken another that thinks it knows this CPU. */
static void __init pv_apic_insist(void)
{
	apic = &pv_apic;
}

/* Nobody asks for an I/O APIC that no table announces. */
static unsigned int pv_io_apic_read(unsigned int apic, unsigned int reg)
{
	return ~0U;
}

/**
 * pv_apic_init() - put the driver in
 */
void __init pv_apic_init(void)
{
	x86_init.irqs.intr_mode_init = x86_init_noop;
	apic = &pv_apic;
	x86_platform.apic_post_init = pv_apic_insist;
	x86_apic_ops.io_apic_read = pv_io_apic_read;
}
