// SPDX-License-Identifier: GPL-2.0
/* LOCK prefixes in a guest with one CPU: Linux 6.12, which knows where they are. */
#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/kernel.h>

#include <asm/cmdline.h>
#include <asm/setup.h>

#include "xpv.h"

#define INSN_LOCK	0xf0
#define INSN_SEGMENT_DS	0x3e

/**
 * xpv_drop_lock_prefixes() - take them out of a kernel that never has a second CPU
 *
 * It would do that when all is patched, one text_poke() each: two changes of the page table
 * and two of the root, 2,000 times. While its text is still writable a store does it.
 */
void __init xpv_drop_lock_prefixes(void)
{
	const s32 *site;

	if (num_possible_cpus() > 1 ||
	    cmdline_find_option_bool(boot_command_line, "noreplace-smp"))
		return;
	for (site = __smp_locks; site < __smp_locks_end; site++) {
		u8 *insn = (u8 *)site + *site;

		/* A prefix that is without effect on the instructions in question. */
		if (core_kernel_text((unsigned long)insn) && *insn == INSN_LOCK)
			*insn = INSN_SEGMENT_DS;
	}
}
