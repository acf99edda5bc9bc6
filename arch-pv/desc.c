// SPDX-License-Identifier: GPL-2.0
/*
 * Descriptor tables: GDT, LDT and the descriptors of thread-local storage.
 *
 * Xen's rule: a page that holds descriptors in use has no writable mapping anywhere,
 * and its entries change by a hypercall, which checks them. Xen adjusts privilege
 * levels on the way, so what is read back differs from what was asked for.
 */
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/vmalloc.h>

#include <asm/desc.h>
#include <asm/paravirt.h>
#include <asm/pgtable.h>

#include "hypercall-stubs/batch.h"
#include "hypercall-stubs/cpu.h"
#include "hypercall-stubs/result.h"
#include "xpv.h"

/* What was last asked for, so that an unchanged descriptor costs no hypercall. */
static DEFINE_PER_CPU(struct desc_struct [GDT_ENTRY_TLS_ENTRIES], xpv_tls);

/* The boot CPU's GDT before per-CPU areas exist. */
static struct desc_struct *xpv_boot_gdt __initdata;

/* Change all mappings of a page of descriptors: the given one, and the direct map's. */
static void xpv_desc_protect(void *va, pgprot_t prot)
{
	unsigned int level;
	pte_t *pte;
	void *direct;
	u8 byte;

	/*
	 * The top-level entry of a vmalloc address may be missing in the current page
	 * table, where Xen would not find it: a read has it filled in. No other page
	 * table may come between that and the hypercall.
	 */
	preempt_disable();
	copy_from_kernel_nofault(&byte, va, 1);
	pte = lookup_address((unsigned long)va, &level);
	direct = __va(PFN_PHYS(pte_pfn(*pte)));
	xpv_set_protection(va, prot);
	if (direct != va)
		xpv_set_protection(direct, prot);
	preempt_enable();
}

/**
 * xpv_desc_make_readonly() - make a page fit to hold descriptors
 * @va: its address
 */
void xpv_desc_make_readonly(void *va)
{
	xpv_desc_protect(va, PAGE_KERNEL_RO);
}

static void xpv_load_gdt(const struct desc_ptr *desc)
{
	void *gdt = (void *)desc->address;
	unsigned long frame = arbitrary_virt_to_mfn(gdt);

	xpv_desc_make_readonly(gdt);
	hcall_must(hcall_set_gdt(&frame, (desc->size + 1) / sizeof(struct desc_struct)));
}

/* There is no direct map yet, and the kernel's mapping is the builder's. */
static void __init xpv_load_gdt_early(const struct desc_ptr *desc)
{
	unsigned long pfn = PFN_DOWN(__pa(desc->address)), frame = pfn_to_mfn(pfn);

	hcall_must(hcall_update_va_mapping(desc->address, pfn_pte(pfn, PAGE_KERNEL_RO), 0));
	hcall_must(hcall_set_gdt(&frame, (desc->size + 1) / sizeof(struct desc_struct)));
}

static void xpv_write_desc(struct desc_struct *entry, const void *desc)
{
	u64 machine = arbitrary_virt_to_machine(entry).maddr;

	/* A batch may hold an older write of the same descriptor. */
	preempt_disable();
	hbatch_flush();
	hcall_warn(hcall_update_descriptor(machine, *(const u64 *)desc));
	preempt_enable();
}

static void xpv_write_gdt_entry(struct desc_struct *gdt, int entry, const void *desc, int type)
{
	trace_xen_cpu_write_gdt_entry(gdt, entry, desc, type);
	/* Xen has its own TSS, and sets the LDT by MMUEXT_SET_LDT. */
	if (type != DESC_TSS && type != DESC_LDT)
		xpv_write_desc(&gdt[entry], desc);
}

static void xpv_write_ldt_entry(struct desc_struct *ldt, int entry, const void *desc)
{
	trace_xen_cpu_write_ldt_entry(ldt, entry, *(const u64 *)desc);
	xpv_write_desc(&ldt[entry], desc);
}

static void xpv_ldt_protect(struct desc_struct *ldt, unsigned int entries, pgprot_t prot)
{
	unsigned int i;

	for (i = 0; i < entries; i += PAGE_SIZE / LDT_ENTRY_SIZE)
		xpv_desc_protect(ldt + i, prot);
}

static void xpv_alloc_ldt(struct desc_struct *ldt, unsigned int entries)
{
	xpv_ldt_protect(ldt, entries, PAGE_KERNEL_RO);
}

static void xpv_free_ldt(struct desc_struct *ldt, unsigned int entries)
{
	xpv_ldt_protect(ldt, entries, PAGE_KERNEL);
}

static void xpv_set_ldt(const void *ldt, unsigned int entries)
{
	trace_xen_cpu_set_ldt(ldt, entries);
	hbatch_mmuext(mmuext_set_ldt((unsigned long)ldt, entries));
}

static void xpv_load_tls(struct thread_struct *thread, unsigned int cpu)
{
	struct desc_struct *shadow = this_cpu_ptr(xpv_tls), *gdt;
	bool held = hbatch_held();
	unsigned long frame = 0;
	unsigned int i;

	for (i = 0; i < GDT_ENTRY_TLS_ENTRIES; i++) {
		u64 desc = *(u64 *)&thread->tls_array[i];

		if (*(u64 *)&shadow[i] == desc)
			continue;
		gdt = get_cpu_gdt_rw(cpu) + GDT_ENTRY_TLS_MIN;
		if (!frame) {
			frame = arbitrary_virt_to_mfn(gdt);
			/* A held batch writes after %fs may be loaded again: its old
			 * selector must not meet the new descriptor then.
			 */
			if (held)
				loadsegment(fs, 0);
		}
		shadow[i] = thread->tls_array[i];
		hbatch_update_descriptor(PFN_PHYS(frame) | offset_in_page(&gdt[i]), desc);
	}
}

static void xpv_load_gs_index(unsigned int selector)
{
	hcall_warn(hcall_set_segment_base(SEGBASE_GS_USER_SEL, selector));
	xpv_forget_user_gs();
}

/**
 * xpv_desc_init_early() - take over descriptors, and load the boot CPU's GDT
 */
void __init xpv_desc_init_early(void)
{
	struct pv_cpu_ops *ops = &pv_ops.cpu;

	ops->load_tls = xpv_load_tls;
	ops->load_gs_index = xpv_load_gs_index;
	ops->write_gdt_entry = xpv_write_gdt_entry;
	ops->write_ldt_entry = xpv_write_ldt_entry;
	ops->alloc_ldt = xpv_alloc_ldt;
	ops->free_ldt = xpv_free_ldt;
	ops->set_ldt = xpv_set_ldt;

	xpv_boot_gdt = get_cpu_gdt_rw(0);
	ops->load_gdt = xpv_load_gdt_early;
	switch_gdt_and_percpu_base(0);
	ops->load_gdt = xpv_load_gdt;
}

/**
 * xpv_desc_release_boot_gdt() - make the page of the first GDT ordinary memory again
 *
 * Context: the boot CPU has loaded another.
 */
void __init xpv_desc_release_boot_gdt(void)
{
	xpv_desc_protect(xpv_boot_gdt, PAGE_KERNEL);
}
