// SPDX-License-Identifier: GPL-2.0
/*
 * Suspending. See suspend.h.
 *
 * From outside to inside: programs and kernel threads stand still, no memory is on its way to or
 * from Xen any more, devices give up their backends, the xenstore is left alone, all CPUs but one
 * are stopped, and that one calls Xen. The call returns on the new host, or at once if the host
 * changed its mind, and everything is undone from inside to outside.
 */
#define pr_fmt(fmt) "xen: " fmt

#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/freezer.h>
#include <linux/notifier.h>
#include <linux/pm.h>
#include <linux/stop_machine.h>
#include <linux/suspend.h>
#include <linux/syscore_ops.h>
#include <xen/events.h>
#include <xen/grant_table.h>
#include <xen/hvc-console.h>
#include <xen/page.h>
#include <xen/xen-ops.h>
#include <xen/xenbus.h>
#include <asm/xen/hypercall.h>
#include <asm/xen/hypervisor.h>

#include "balloon/bal.h"
#include "compat.h"
#include "suspend.h"

static RAW_NOTIFIER_HEAD(resumed);

void xen_resume_notifier_register(struct notifier_block *nb)
{
	raw_notifier_chain_register(&resumed, nb);
}
EXPORT_SYMBOL_GPL(xen_resume_notifier_register);

#ifdef XSL_HAS_RESUME_UNREGISTER
void xen_resume_notifier_unregister(struct notifier_block *nb)
{
	raw_notifier_chain_unregister(&resumed, nb);
}
EXPORT_SYMBOL_GPL(xen_resume_notifier_unregister);
#endif

/* On the last CPU, without interrupts. @data: set to whether the guest stayed where it was. */
static int call_xen(void *data)
{
	bool *stayed = data;
	int err = syscore_suspend();

	if (err)
		return err;
	gnttab_suspend();
	xen_manage_runstate_time(-1);
	xen_arch_pre_suspend();
	*stayed = HYPERVISOR_suspend(virt_to_gfn(xen_start_info));
	xen_arch_post_suspend(*stayed);
	xen_manage_runstate_time(*stayed);
	gnttab_resume();
	if (!*stayed) {
		xen_irq_resume();
		xen_timer_resume();
	}
	syscore_resume();
	return 0;
}

/* Devices do not know yet; the innermost part. */
static int leave(bool *stayed)
{
	int err = dpm_suspend_end(PMSG_FREEZE);

	if (err)
		return err;
	xen_arch_suspend();
	err = stop_machine(call_xen, stayed, cpumask_of(0));
	/* Messages come first. */
	if (!*stayed)
		xen_console_resume();
	raw_notifier_call_chain(&resumed, 0, NULL);
	xen_arch_resume();
	dpm_resume_start(*stayed ? PMSG_THAW : PMSG_RESTORE);
	return err;
}

static int leave_with_devices(void)
{
	bool stayed = true;
	int err = dpm_suspend_start(PMSG_FREEZE);

	if (!err) {
		xs_suspend();
		err = leave(&stayed);
		if (stayed)
			xs_suspend_cancel();
		else
			xs_resume();
	}
	dpm_resume_end(stayed ? PMSG_THAW : PMSG_RESTORE);
	return err;
}

int xsl_suspend(void)
{
	const char *step = "another transition of the system is under way";
	int err = -EBUSY;

	if (!mutex_trylock(&system_transition_mutex))
		goto out;
	step = "programs do not stand still";
	err = freeze_processes();
	if (err)
		goto out_unlock;
	step = "kernel threads do not stand still";
	err = freeze_kernel_threads();
	if (err)
		goto out_thaw;
	step = "memory is on its way to or from the host";
	err = bal_stop();
	if (err)
		goto out_thaw;
	step = "devices do not stand still";
	err = leave_with_devices();
	bal_go();
out_thaw:
	thaw_processes();
out_unlock:
	mutex_unlock(&system_transition_mutex);
out:
	if (err)
		pr_err("not suspended: %s (%d)\n", step, err);
	return err;
}
