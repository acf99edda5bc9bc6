// SPDX-License-Identifier: GPL-2.0
/*
 * Privileged instructions that are not about descriptors, interrupts or memory:
 * CPUID, MSRs, control and debug registers, the kernel's stack, I/O ports.
 *
 * Xen's rule: the kernel runs in ring 3, so each of these traps or is forbidden.
 * A trap costs about as much as two hypercalls, so what the kernel only wants to read
 * back is kept here, and what Xen ignores is not sent.
 */
#include <linux/init.h>
#include <linux/percpu.h>

#include <xen/features.h>
#include <xen/xen.h>
#include <asm/cpu.h>
#include <asm/io_bitmap.h>
#include <asm/mwait.h>
#include <asm/paravirt.h>
#include <asm/processor.h>
#include <asm/xen/interface.h>

#include <../kernel/cpu/cpu.h>

#include "hypercall-stubs/batch.h"
#include "hypercall-stubs/cpu.h"
#include "hypercall-stubs/result.h"
#include "xpv.h"

static DEFINE_PER_CPU(unsigned long, xpv_cr0);

/*
 * CPUID itself would show the host: the prefix has Xen answer it for this guest.
 * The kernel finds no topology in leaf 0xb and no MWAIT in leaf 5, since a virtual
 * CPU has neither.
 */
static void xpv_cpuid(unsigned int *eax, unsigned int *ebx, unsigned int *ecx, unsigned int *edx)
{
	unsigned int leaf = *eax;

	if (leaf == CPUID_LEAF_MWAIT) {
		*eax = *ebx = *ecx = *edx = 0;
		return;
	}
	asm(XEN_CPUID : "+a" (*eax), "=b" (*ebx), "+c" (*ecx), "=d" (*edx));
	if (leaf == 0xb)
		*ebx = 0;
	/* An APIC's number, which the kernel takes for the CPU's: Xen has 0 for each. */
	if (leaf == 1)
		*ebx = (*ebx & 0xffffff) | raw_smp_processor_id() << 24;
}

static noinstr unsigned long xpv_get_debugreg(int reg)
{
	return hcall_get_debugreg(reg);
}

static noinstr void xpv_set_debugreg(int reg, unsigned long val)
{
	hcall_set_debugreg(reg, val);
}

static unsigned long xpv_read_cr0(void)
{
	unsigned long cr0 = this_cpu_read(xpv_cr0);

	if (!cr0) {
		cr0 = native_read_cr0();
		this_cpu_write(xpv_cr0, cr0);
	}
	return cr0;
}

/* Of CR0, a guest has only the bit that traps the next use of the FPU. */
static void xpv_write_cr0(unsigned long cr0)
{
	unsigned long old = xpv_read_cr0();

	this_cpu_write(xpv_cr0, cr0);
	if ((old ^ cr0) & X86_CR0_TS)
		hbatch_fpu_taskswitch(cr0 & X86_CR0_TS);
}

static void xpv_write_cr4(unsigned long cr4)
{
	native_write_cr4(cr4 & ~(X86_CR4_PGE | X86_CR4_PSE | X86_CR4_PCE));
}

/* Xen keeps the TSS. */
static unsigned long xpv_store_tr(void)
{
	return 0;
}

/* Where user code enters the kernel; told at every task switch. */
static void xpv_load_sp0(unsigned long sp0)
{
	this_cpu_write(cpu_tss_rw.x86_tss.sp0, sp0);
	hbatch_stack_switch(__KERNEL_DS, sp0);
}

#ifdef CONFIG_X86_IOPL_IOPERM
static void xpv_invalidate_io_bitmap(void)
{
	native_tss_invalidate_io_bitmap();
	hcall_warn(hcall_set_iobitmap(NULL, 0));
}

static void xpv_update_io_bitmap(void)
{
	struct x86_hw_tss *tss = &this_cpu_ptr(&cpu_tss_rw)->x86_tss;

	native_tss_update_io_bitmap();
	if (tss->io_bitmap_base == IO_BITMAP_OFFSET_INVALID)
		hcall_warn(hcall_set_iobitmap(NULL, 0));
	else
		hcall_warn(hcall_set_iobitmap((u8 *)tss + tss->io_bitmap_base, IO_BITMAP_BITS));
}
#endif

/* Xen knows fewer MSRs than hardware, so no access of the kernel may be fatal. */
static int xpv_read_msr(u32 msr, u64 *val)
{
	int err;

	if (msr == MSR_KERNEL_GS_BASE)
		return xpv_read_user_gs(val);
	err = xpv_native_read_msr(msr, val);
	if (msr == MSR_IA32_APICBASE) {
		*val &= ~(u64)(X2APIC_ENABLE | MSR_IA32_APICBASE_BSP);
		if (!raw_smp_processor_id())
			*val |= MSR_IA32_APICBASE_BSP;
	}
	return err;
}

/* Segment bases have a hypercall; how system calls enter is told by callbacks. */
static int xpv_write_msr(u32 msr, u64 val)
{
	switch (msr) {
	case MSR_FS_BASE:
		return hcall_set_segment_base(SEGBASE_FS, val) ? -EIO : 0;
	case MSR_GS_BASE:
		return hcall_set_segment_base(SEGBASE_GS_KERNEL, val) ? -EIO : 0;
	case MSR_KERNEL_GS_BASE:
		return xpv_write_user_gs(val);
	case MSR_STAR:
	case MSR_LSTAR:
	case MSR_CSTAR:
	case MSR_SYSCALL_MASK:
	case MSR_IA32_SYSENTER_CS:
	case MSR_IA32_SYSENTER_ESP:
	case MSR_IA32_SYSENTER_EIP:
		return 0;
	default:
		return xpv_native_write_msr(msr, val);
	}
}

XPV_MSR_HOOKS(xpv_read_msr, xpv_write_msr)

static int __init xpv_parse_msr_safe(char *arg)
{
	bool safe;
	int err = xpv_option_bool("xen_msr_safe", arg, &safe);

	if (!err && !safe)
		pr_err("xen_msr_safe=0: not in this kernel, where no MSR access is fatal; the option is ignored\n");
	return err;
}
early_param("xen_msr_safe", xpv_parse_msr_safe);

static u64 xpv_read_pmc(int counter)
{
	return 0;
}

/**
 * xpv_cpu_init_early() - take over what the first CPUID and MSR accesses go through
 */
void __init xpv_cpu_init_early(void)
{
	struct pv_cpu_ops *ops = &pv_ops.cpu;

	pv_info.name = "Xen";
	pv_info.extra_user_64bit_cs = FLAT_USER_CS64;
	xpv_no_io_delay();

	xpv_set_msr_hooks(ops);
	ops->cpuid = xpv_cpuid;
	ops->get_debugreg = xpv_get_debugreg;
	ops->set_debugreg = xpv_set_debugreg;
	ops->read_cr0 = xpv_read_cr0;
	ops->write_cr0 = xpv_write_cr0;
	ops->write_cr4 = xpv_write_cr4;
	ops->load_tr_desc = nop_func;
	ops->store_tr = xpv_store_tr;
	ops->load_sp0 = xpv_load_sp0;
	ops->read_pmc = xpv_read_pmc;
#ifdef CONFIG_X86_IOPL_IOPERM
	ops->invalidate_io_bitmap = xpv_invalidate_io_bitmap;
	ops->update_io_bitmap = xpv_update_io_bitmap;
#endif
}

/**
 * xpv_cpu_init_caps() - read what this CPU can do, and take out what a PV guest can't use
 */
void __init xpv_cpu_init_caps(void)
{
	static const u16 unusable[] __initconst = {
		X86_FEATURE_ACC, X86_FEATURE_ACPI, X86_FEATURE_APERFMPERF, X86_FEATURE_DCA,
		X86_FEATURE_MTRR, X86_FEATURE_MWAIT, X86_FEATURE_PCID, X86_FEATURE_SME,
		X86_FEATURE_X2APIC,
#ifdef X86_FEATURE_LKGS
		X86_FEATURE_LKGS,
#endif
	};
	unsigned int i;

	xpv_cpuid_scan(&boot_cpu_data);
	get_cpu_cap(&boot_cpu_data);
	get_cpu_address_sizes(&boot_cpu_data);
	x86_configure_nx();

	for (i = 0; i < ARRAY_SIZE(unusable); i++)
		setup_clear_cpu_cap(unusable[i]);

	/* Xen sets CR4.OSXSAVE unless it was told not to use XSAVE. */
	if (!(cpuid_ecx(1) & BIT(X86_FEATURE_OSXSAVE % 32))) {
		setup_clear_cpu_cap(X86_FEATURE_XSAVE);
		setup_clear_cpu_cap(X86_FEATURE_OSXSAVE);
	}
}
