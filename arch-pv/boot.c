// SPDX-License-Identifier: GPL-2.0
/*
 * From the first C function to start_kernel(), and the few globals that the rest
 * of Linux reads to know that it runs on Xen.
 *
 * Xen's rule here: at entry only the builder's page tables are there, and nothing
 * privileged works. So the order is fixed: hooks before the first use of a hooked
 * instruction, the table of machine frames before the first page table entry,
 * descriptors before traps, our own page tables last.
 */
#include <linux/acpi.h>
#include <linux/console.h>
#include <linux/cpufreq.h>
#include <linux/cpuidle.h>
#include <linux/export.h>
#include <linux/memblock.h>
#include <linux/start_kernel.h>

#include <xen/features.h>
#include <xen/hvc-console.h>
#include <xen/xen.h>
#include <asm/acpi.h>
#include <asm/cpu.h>
#include <asm/fixmap.h>
#include <asm/hypervisor.h>
#include <asm/numa.h>
#include <asm/nmi.h>
#include <asm/mach_traps.h>
#include <asm/mtrr.h>
#include <asm/setup.h>
#include <asm/text-patching.h>
#include <asm/tlbflush.h>
#include <asm/xen/events.h>
#include <xen/interface/nmi.h>

#include "hypercall-stubs/cpu.h"
#include "hypercall-stubs/memory.h"
#include "hypercall-stubs/result.h"
#include "hypercall-stubs/xen.h"
#include "xpv.h"

enum xen_domain_type __ro_after_init xen_domain_type = XEN_NATIVE;
EXPORT_SYMBOL_GPL(xen_domain_type);

u32 __ro_after_init xen_start_flags;
EXPORT_SYMBOL(xen_start_flags);

struct start_info *xen_start_info;
EXPORT_SYMBOL_GPL(xen_start_info);

/* Where Xen's page is to be until it is mapped, and while the guest is suspended. */
struct shared_info xpv_no_shared_info;
struct shared_info *HYPERVISOR_shared_info = &xpv_no_shared_info;

/* HVM guests only; the event code of the kernel asks for it. */
bool xen_have_vector_callback;
EXPORT_SYMBOL_GPL(xen_have_vector_callback);

unsigned long *machine_to_phys_mapping = (unsigned long *)MACH2PHYS_VIRT_START;
EXPORT_SYMBOL(machine_to_phys_mapping);
unsigned long machine_to_phys_nr;
EXPORT_SYMBOL(machine_to_phys_nr);

/**
 * xpv_say() - a line on Xen's own console, before there is any other
 * @text: the line
 */
void __init xpv_say(const char *text)
{
	hcall_console_write(text, strlen(text));
}

/**
 * xen_running_on_version_or_later() - compare Xen's version
 * @major: at least this, or the same and
 * @minor: at least this
 *
 * Return: whether it is.
 */
bool xen_running_on_version_or_later(unsigned int major, unsigned int minor)
{
	return xen_pv_domain() && hcall_xen_version() >= (int)(major << 16 | minor);
}

static void __init xpv_find_m2p(void)
{
	struct xen_machphys_mapping map;

	hcall_must(hcall_machphys_mapping(&map));
	machine_to_phys_mapping = (unsigned long *)map.v_start;
	machine_to_phys_nr = map.max_mfn + 1;
}

static void __init xpv_banner(void)
{
	struct xen_extraversion extra = { "" };
	int version = hcall_xen_version();

	hcall_xen_extraversion(&extra);
	pr_info("Xen %d.%d%s, PV guest, guest layer of pvguest\n",
		version >> 16, version & 0xffff, extra.extraversion);
}

/* setup_arch(), with the command line still to be read. */
static void __init xpv_arch_setup(void)
{
	xpv_machine_init_late();
	hcall_must(hcall_vm_assist(VMASST_TYPE_writable_pagetables));
	xpv_callbacks_init();

	strscpy(boot_command_line, xen_start_info->cmd_line,
		min_t(size_t, COMMAND_LINE_SIZE, MAX_GUEST_CMDLINE));

	disable_acpi();
	disable_cpuidle();
	disable_cpufreq();
	xen_set_default_idle();
#ifdef CONFIG_NUMA
	numa_off = 1;
#endif
}

/* Page tables can map what Xen names by machine frame now. */
static void __init xpv_init_platform(void)
{
	set_fixmap(FIX_PARAVIRT_BOOTMAP, xen_start_info->shared_info);
	HYPERVISOR_shared_info = (struct shared_info *)fix_to_virt(FIX_PARAVIRT_BOOTMAP);
	per_cpu(xen_vcpu, 0) = HYPERVISOR_shared_info->vcpu_info;
	xpv_early_console_init();
	xpv_fsgsbase_init();
	xpv_time_init_early();
	/* There are no MTRRs to say that memory is cached. */
	guest_force_mtrr_state(NULL, 0, MTRR_TYPE_WRBACK);
	xpv_smp_count();
}

static unsigned char xpv_nmi_reason(void)
{
	unsigned long reason = HYPERVISOR_shared_info->arch.nmi_reason;
	unsigned char port61 = 0;

	if (reason & XEN_NMIREASON_io_error)
		port61 |= NMI_REASON_IOCHK;
	if (reason & XEN_NMIREASON_pci_serr)
		port61 |= NMI_REASON_SERR;
	return port61;
}

static void __init xpv_install_hooks(void)
{
	x86_init.resources.memory_setup = xpv_memory_setup;
	x86_init.irqs.intr_mode_select = x86_init_noop;
	x86_init.oem.arch_setup = xpv_arch_setup;
	x86_init.oem.banner = xpv_banner;
	x86_init.hyper.init_platform = xpv_init_platform;
#ifndef CONFIG_SMP
	x86_init.hyper.guest_late_init = xpv_irq_init_late;
#endif
	x86_platform.get_nmi_reason = xpv_nmi_reason;
	x86_platform.realmode_reserve = x86_init_noop;
	x86_platform.realmode_init = x86_init_noop;
}

/* What a boot loader would have left. */
static void __init xpv_fill_boot_params(void)
{
	phys_addr_t initrd = xen_start_info->mod_start;

	if (xen_start_flags & SIF_MOD_START_PFN)
		initrd = PFN_PHYS(initrd);
	else if (initrd)
		initrd = __pa(initrd);

	boot_params.hdr.type_of_loader = 0x90;	/* Xen */
	boot_params.hdr.hardware_subarch = X86_SUBARCH_XEN;
	boot_params.hdr.cmd_line_ptr = __pa(xen_start_info->cmd_line);
	boot_params.hdr.ramdisk_image = initrd;
	boot_params.ext_ramdisk_image = initrd >> 32;
	boot_params.hdr.ramdisk_size = xen_start_info->mod_len;
	boot_params.ext_ramdisk_size = xen_start_info->mod_len >> 32;
}

/**
 * xen_start_kernel() - the first C function
 * @info: what the builder says of this guest, in the kernel's mapping
 *
 * Context: one CPU, events masked, page tables of the builder.
 */
asmlinkage __visible void __init xen_start_kernel(struct start_info *info)
{
	clear_bss();

	xen_start_info = info;
	xen_start_flags = info->flags;
	xen_domain_type = XEN_PV_DOMAIN;
	/* By this, not by the variable, 7.3 has frames of the guest from machine frames. */
	setup_force_cpu_cap(X86_FEATURE_XENPV);
	early_boot_irqs_disabled = true;

	/* The kernel leaves its first exceptions by this jump. */
	__text_gen_insn((void *)early_xen_iret_patch, JMP32_INSN_OPCODE,
			early_xen_iret_patch, xpv_iret, JMP32_INSN_SIZE);

	xen_setup_features();
	xpv_cpu_init_early();
	xpv_irq_init_early();
	xpv_install_hooks();
	xpv_find_m2p();
	xpv_mmu_init_early();
	xpv_lazy_init();
	xpv_p2m_init_early();

	xpv_cpu_init_caps();
	xpv_desc_init_early();
	xpv_traps_init_early();
	xpv_apic_init();
	xpv_machine_init();
	xpv_smp_init();

	xpv_boot_pagetable();

	/* Common code touches ports from here on, some of which even Xen's emulation
	 * refuses below this level.
	 */
	hcall_warn(hcall_set_iopl(1));

	xpv_fill_boot_params();
	add_preferred_console("xenboot", 0, NULL);
	add_preferred_console("hvc", 0, NULL);
	xen_setup_runstate_info(0);
	cr4_init_shadow();
	x86_64_start_reservations((char *)__pa_symbol(&boot_params));
}

static u32 __init xpv_detect(void)
{
	return xen_pv_domain() ? xen_cpuid_base() : 0;
}

const __initconst struct hypervisor_x86 x86_hyper_xen_pv = {
	.name		= "Xen PV",
	.detect		= xpv_detect,
	.type		= X86_HYPER_XEN_PV,
	.ignore_nopv	= true,
};
