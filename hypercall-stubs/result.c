// SPDX-License-Identifier: GPL-2.0
/* What is said when a hypercall fails that must not, from the first C function on. */
#define pr_fmt(fmt) "hypercall: " fmt

#include <linux/bug.h>
#include <linux/panic.h>
#include <linux/printk.h>

#include <xen/hvc-console.h>

#include "result.h"
#include "xen.h"

/**
 * hcall_die() - end the guest over a call that it can't do without
 * @call: the call, as text
 * @rc: what Xen answered
 */
void hcall_die(const char *call, long rc)
{
	char line[160];
	int len;

	/* panic() reaches a console only later in the boot; this one is Xen's. */
	len = scnprintf(line, sizeof(line), "hypercall: %s failed: %ld\n", call, rc);
	hcall_console_write(line, len);
	xen_raw_console_write(line);
	panic("hypercall: %s failed: %ld, called from %pS", call, rc, __builtin_return_address(0));
}

/**
 * hcall_complain() - report a call that failed and should not have
 * @call: the call, as text
 * @rc: what Xen answered
 */
void hcall_complain(const char *call, long rc)
{
	pr_err("%s failed: %ld, called from %pS\n", call, rc, __builtin_return_address(0));
	WARN_ON_ONCE(1);
}
