// SPDX-License-Identifier: GPL-2.0
/* What is said when a hypercall fails that must not, from the first C function on. */
#define pr_fmt(fmt) "hypercall: " fmt

#include <linux/bug.h>
#include <linux/instruction_pointer.h>
#include <linux/irqflags.h>
#include <linux/panic.h>
#include <linux/printk.h>

#include <xen/hvc-console.h>

#include "result.h"
#include "xen.h"

static void __noreturn hcall_end(const char *call, long rc, unsigned long caller)
{
	char line[160];
	int len;

	/* panic() reaches a console only later in the boot; this one is Xen's. */
	len = scnprintf(line, sizeof(line), "hypercall: %s failed: %ld\n", call, rc);
	hcall_console_write(line, len);
	xen_raw_console_write(line);
	panic("hypercall: %s failed: %ld, called from %pS", call, rc, (void *)caller);
}

/**
 * hcall_die_at() - end the guest over a call that it can't do without
 * @call: the call, as text
 * @rc: what Xen answered
 * @caller: address of who made the call
 *
 * Does not return; not declared so, for objtool knows nothing of it in other files.
 *
 * Context: any; the line on Xen's console takes no lock.
 */
void hcall_die_at(const char *call, long rc, unsigned long caller)
{
	hcall_end(call, rc, caller);
}

/**
 * hcall_die() - the same, on behalf of the function that calls this
 * @call: the call, as text
 * @rc: what Xen answered
 */
void hcall_die(const char *call, long rc)
{
	hcall_end(call, rc, _RET_IP_);
}

/**
 * hcall_complain() - report a call that failed and should not have
 * @call: the call, as text
 * @rc: what Xen answered
 */
void hcall_complain(const char *call, long rc)
{
	unsigned long flags;

	/* The caller may hold a lock of the scheduler, see hq_failed(). */
	local_irq_save(flags);
	printk_deferred_enter();
	pr_err("%s failed: %ld, called from %pS\n", call, rc, (void *)_RET_IP_);
	WARN_ON_ONCE(1);
	printk_deferred_exit();
	local_irq_restore(flags);
}
