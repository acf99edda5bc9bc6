// SPDX-License-Identifier: GPL-2.0
/*
 * Refuses allocations that are made on behalf of one module, as failslab and
 * fail_page_alloc do. Debian's kernels are built without those, and Linux 6.1 has their
 * filter by caller for 32 bits only; but the functions that they decide in,
 * should_failslab() and should_fail_alloc_page(), are in every kernel, to be probed.
 *
 * An allocation is the module's if an address of its code is on the stack.
 */
#include <linux/errno.h>
#include <linux/kprobes.h>
#include <linux/linkage.h>
#include <linux/module.h>
#include <linux/spinlock.h>
#include <linux/stacktrace.h>

#define NOMEM_DEPTH	48U

static unsigned long start, end;
module_param(start, ulong, 0644);
module_param(end, ulong, 0644);
MODULE_PARM_DESC(end, "Code of the module whose allocations count, from start to before end; 0: of none");

static bool pages;
module_param(pages, bool, 0644);
MODULE_PARM_DESC(pages, "Whether pages are refused, not objects of slab caches");

static unsigned long skip, times;
module_param(skip, ulong, 0644);
MODULE_PARM_DESC(skip, "So many allocations are given");
module_param(times, ulong, 0644);
MODULE_PARM_DESC(times, "After those so many are refused");

static unsigned long seen;
module_param(seen, ulong, 0644);
MODULE_PARM_DESC(seen, "Counts allocations of the module");

/* For all that counts. A probe is not run within a probe, so nobody waits for itself. */
static DEFINE_RAW_SPINLOCK(nomem_lock);

/* What a refused call returns to its caller by. */
asmlinkage void nomem_return(void);
asm(".pushsection .text, \"ax\"\n"
	".type nomem_return, @function\n"
	".globl nomem_return\n"
	"nomem_return:\n"
	ASM_ENDBR
	ASM_RET
	".size nomem_return, . - nomem_return\n"
	".popsection\n");

static bool nomem_is_ours(void)
{
	unsigned long to = READ_ONCE(end), stack[NOMEM_DEPTH];
	unsigned int i, nr;

	if (!to)
		return false;
	nr = stack_trace_save(stack, NOMEM_DEPTH, 0);
	for (i = 0; i < nr; i++)
		if (stack[i] >= READ_ONCE(start) && stack[i] < to)
			return true;
	return false;
}

static bool nomem_refuse(bool page)
{
	bool refuse = false;
	unsigned long flags;

	if (page != READ_ONCE(pages) || !nomem_is_ours())
		return false;
	raw_spin_lock_irqsave(&nomem_lock, flags);
	seen++;
	if (skip) {
		skip--;
	} else if (times) {
		times--;
		refuse = true;
	}
	raw_spin_unlock_irqrestore(&nomem_lock, flags);
	return refuse;
}

/* Returns 1 after it has changed where the probed function goes. */
static int nomem_answer(struct pt_regs *regs, unsigned long value)
{
	regs_set_return_value(regs, value);
	instruction_pointer_set(regs, (unsigned long)nomem_return);
	return 1;
}

/* The gfp mask of a call says whether its caller can bear a refusal. */
static int nomem_call(struct pt_regs *regs, unsigned long gfp, bool page, unsigned long refusal)
{
	if ((gfp & (__force unsigned long)__GFP_NOFAIL) || !nomem_refuse(page))
		return 0;
	return nomem_answer(regs, refusal);
}

/* int should_failslab(struct kmem_cache *s, gfp_t gfp) */
static int nomem_slab(struct kprobe *p, struct pt_regs *regs)
{
	return nomem_call(regs, regs->si, false, -ENOMEM);
}

/* bool should_fail_alloc_page(gfp_t gfp, unsigned int order) */
static int nomem_page(struct kprobe *p, struct pt_regs *regs)
{
	return nomem_call(regs, regs->di, true, true);
}

/* Its being there keeps a probe from being made a jump, which cannot go elsewhere. */
static void nomem_post(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
}

static struct kprobe nomem_slabs = {
	.symbol_name = "should_failslab",
	.pre_handler = nomem_slab,
	.post_handler = nomem_post,
};

static struct kprobe nomem_pages = {
	.symbol_name = "should_fail_alloc_page",
	.pre_handler = nomem_page,
	.post_handler = nomem_post,
};

static struct kprobe *nomem_probes[] = { &nomem_slabs, &nomem_pages };

static int __init nomem_init(void)
{
	return register_kprobes(nomem_probes, ARRAY_SIZE(nomem_probes));
}
module_init(nomem_init);

static void __exit nomem_exit(void)
{
	unregister_kprobes(nomem_probes, ARRAY_SIZE(nomem_probes));
}
module_exit(nomem_exit);

MODULE_DESCRIPTION("Refuses allocations of one module");
MODULE_LICENSE("GPL");
