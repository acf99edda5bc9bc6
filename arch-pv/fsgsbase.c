// SPDX-License-Identifier: GPL-2.0
/*
 * RDFSBASE, RDGSBASE, WRFSBASE and WRGSBASE in programs.
 *
 * Xen's rule: while the kernel runs, a program's GS base is in a register that only Xen can
 * read. A program that may write it by itself has the kernel ask for it, by a trap, at every
 * switch away from a program.
 *
 * With "xen_fsgsbase=0" on the command line the instructions are left disabled, the kernel is
 * told of each new base by what it does already (arch_prctl), and the programs that do use
 * the instructions pay: each is an exception, carried out here. They see it: a base cannot
 * be kept beside a selector then.
 */
#include <linux/init.h>
#include <linux/kdebug.h>
#include <linux/notifier.h>
#include <linux/ptrace.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include <asm/cpufeature.h>
#include <asm/debugreg.h>
#include <asm/fsgsbase.h>
#include <asm/insn.h>
#include <asm/insn-eval.h>
#include <asm/trapnr.h>
#include <asm/traps.h>

#include "hypercall-stubs/cpu.h"
#include "hypercall-stubs/result.h"
#include "fsgscode.h"
#include "xpv.h"

static bool xpv_native_fsgsbase __initdata = true;

static int __init xpv_parse_fsgsbase(char *arg)
{
	return xpv_option_bool("xen_fsgsbase", arg, &xpv_native_fsgsbase);
}
early_param("xen_fsgsbase", xpv_parse_fsgsbase);

/* What the program's GS base on this CPU is, while a task switch knows it. */
struct xpv_user_gs {
	unsigned long base;
	bool known;
};

static DEFINE_PER_CPU(struct xpv_user_gs, xpv_user_gs);

/*
 * With the instructions enabled, a task switch reads the base of the task that leaves and
 * writes that of the one that comes, with interrupts off. Between these only a load of a
 * selector changes it, so an equal one need not be written. Without them a switch writes and
 * does not read: nothing is known then.
 */
static void xpv_user_gs_known(unsigned long base, bool known)
{
	this_cpu_write(xpv_user_gs.base, base);
	this_cpu_write(xpv_user_gs.known, known && boot_cpu_has(X86_FEATURE_FSGSBASE));
}

/**
 * xpv_read_user_gs() - read the program's GS base
 * @base: set to it
 *
 * Of a task that runs no program (any more) no program can have changed it: it is what was
 * set when the task came. A thread of the kernel never had one; of a program that has ended
 * the register may hold anything, and nobody asks.
 *
 * Context: interrupts are off.
 * Return: 0 or an error of reading MSRs.
 */
int xpv_read_user_gs(u64 *base)
{
	int err = 0;

	if (current->mm)
		err = xpv_native_read_msr(MSR_KERNEL_GS_BASE, base);
	else
		*base = current->thread.gsbase;
	xpv_user_gs_known(*base, !err && (current->mm || current->flags & PF_KTHREAD));
	return err;
}

/**
 * xpv_write_user_gs() - set the program's GS base
 * @base: what it becomes
 *
 * Return: 0, or -EIO when Xen refuses it.
 */
int xpv_write_user_gs(u64 base)
{
	bool same = this_cpu_read(xpv_user_gs.known) && this_cpu_read(xpv_user_gs.base) == base;
	int err = !same && hcall_set_segment_base(SEGBASE_GS_USER, base) ? -EIO : 0;

	xpv_forget_user_gs();
	return err;
}

/**
 * xpv_forget_user_gs() - a selector was loaded, which changed the program's GS base
 *
 * Afterwards, for an interrupt that shows registers reads the base, and so knows it.
 */
void xpv_forget_user_gs(void)
{
	this_cpu_write(xpv_user_gs.known, false);
}

/*
 * -EAGAIN: the page of the instruction, or of its end, went away meanwhile, and the program
 * is to come back with it. A notifier must not sleep, so it is not waited for here. Not
 * insn_decode_from_regs(), which looks for the code segment in the GDT, which is Xen's.
 */
static int xpv_decode(struct pt_regs *regs, struct fsgscode *insn)
{
	u8 code[MAX_INSN_SIZE];
	int len;

	pagefault_disable();
	len = insn_fetch_from_user_inatomic(regs, code);
	pagefault_enable();
	return len < 0 ? len : fsgscode_decode(code, len, insn);
}

/*
 * A base that is in use with a selector other than 0 would not outlive a task switch, so the
 * selector goes, which the instruction itself leaves alone.
 */
static int xpv_write_base(bool fs, unsigned long base)
{
	unsigned int which = fs ? SEGBASE_FS : SEGBASE_GS_USER, selector;

	if (hcall_set_segment_base(which, base))
		return -EINVAL;
	if (fs) {
		current->thread.fsbase = base;
		savesegment(fs, selector);
		if (!selector)
			return 0;
		loadsegment(fs, 0);
	} else {
		current->thread.gsbase = base;
		savesegment(gs, selector);
		if (!selector)
			return 0;
		load_gs_index(0);
	}
	/* The load may have cleared it. */
	hcall_warn(hcall_set_segment_base(which, base));
	return 0;
}

/* Returns a negative errno for a base that is not canonical. */
static int xpv_emulate(struct pt_regs *regs, const struct fsgscode *insn)
{
	unsigned long *reg = (void *)regs + pt_regs_offset(regs, insn->reg);
	bool fs = insn->what == RDFSBASE || insn->what == WRFSBASE;
	unsigned long val;

	if (insn->what == WRFSBASE || insn->what == WRGSBASE)
		return xpv_write_base(fs, insn->wide ? *reg : (u32)*reg);
	val = fs ? x86_fsbase_read_task(current) : x86_gsbase_read_task(current);
	*reg = insn->wide ? val : (u32)val;
	return 0;
}

/* What the processor would have raised for the instruction, or after it. */
static void xpv_raise_gp(void)
{
	current->thread.error_code = 0;
	current->thread.trap_nr = X86_TRAP_GP;
	force_sig(SIGSEGV);
}

/* Not only a debugger steps: uprobes do, and want to know before there is a signal. */
static void xpv_raise_step(struct pt_regs *regs)
{
	unsigned long dr6 = DR_STEP;

	current->thread.virtual_dr6 = DR_STEP;
	if (notify_die(DIE_DEBUG, "debug", regs, (long)&dr6, 0, SIGTRAP) == NOTIFY_STOP)
		return;
	send_sigtrap(regs, 0, get_si_code(dr6 | current->thread.virtual_dr6));
}

static int xpv_invalid_opcode(struct notifier_block *self, unsigned long why, void *data)
{
	struct die_args *args = data;
	struct pt_regs *regs = args->regs;
	struct fsgscode insn;
	int err;

	if (why != DIE_TRAP || args->trapnr != X86_TRAP_UD || !user_64bit_mode(regs))
		return NOTIFY_DONE;
	err = xpv_decode(regs, &insn);
	if (err)
		return err == -EAGAIN ? NOTIFY_STOP : NOTIFY_DONE;
	if (xpv_emulate(regs, &insn)) {
		xpv_raise_gp();
		return NOTIFY_STOP;
	}
	regs->ip += insn.length;
	if (regs->flags & X86_EFLAGS_TF)
		xpv_raise_step(regs);
	return NOTIFY_STOP;
}

static struct notifier_block xpv_invalid_opcode_block = {
	.notifier_call = xpv_invalid_opcode,
};

/**
 * xpv_fsgsbase_init() - choose who pays
 *
 * Context: the command line has been read, CPU features have not.
 */
void __init xpv_fsgsbase_init(void)
{
	/*
	 * A null selector clears the base too on all CPUs of Intel. Of others CPUID 0x80000021
	 * says so, which the kernel heeds by itself: how this host does it tells nothing of
	 * the one that the guest moves to.
	 */
	if (boot_cpu_data.x86_vendor == X86_VENDOR_INTEL)
		setup_clear_cpu_cap(X86_BUG_NULL_SEG);
	if (xpv_native_fsgsbase || !boot_cpu_has(X86_FEATURE_FSGSBASE))
		return;
	setup_clear_cpu_cap(X86_FEATURE_FSGSBASE);
	register_die_notifier(&xpv_invalid_opcode_block);
}
