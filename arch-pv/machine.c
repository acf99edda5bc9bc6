// SPDX-License-Identifier: GPL-2.0
/*
 * How the guest ends: reboot, power-off, crash.
 *
 * Xen's rule: the guest names a reason, and the toolstack does what the guest's
 * configuration says for it (on_poweroff, on_reboot, on_crash).
 */
#include <linux/kexec.h>
#include <linux/notifier.h>
#include <linux/panic_notifier.h>
#include <linux/reboot.h>

#include <xen/interface/sched.h>
#include <xen/xen-ops.h>
#include <asm/reboot.h>

#include "stubs/result.h"
#include "stubs/vcpu.h"
#include "pv.h"

/* A crash once there was a panic, which restarts the machine by the same way. */
static unsigned int pv_restart_reason = SHUTDOWN_reboot;
static bool pv_crash_at_once;

/**
 * xen_reboot() - end the guest
 * @reason: SHUTDOWN_*
 */
void xen_reboot(int reason)
{
	hcall_must(hcall_shutdown(reason));
}

static void pv_restart(char *command)
{
	xen_reboot(SHUTDOWN_reboot);
}

static void pv_halt_machine(void)
{
	xen_reboot(SHUTDOWN_poweroff);
}

static void pv_power_off(void)
{
	do_kernel_power_off();
	xen_reboot(SHUTDOWN_poweroff);
}

static void pv_crash(struct pt_regs *regs)
{
	xen_reboot(SHUTDOWN_crash);
}

static void pv_emergency_restart(void)
{
	xen_reboot(pv_restart_reason);
}

static int pv_panic(struct notifier_block *self, unsigned long event, void *text)
{
	if (pv_crash_at_once)
		xen_reboot(SHUTDOWN_crash);
	pv_restart_reason = SHUTDOWN_crash;
	/* Without a timeout panic() would spin for ever, unseen by the toolstack. */
	if (!panic_timeout)
		panic_timeout = -1;
	return NOTIFY_DONE;
}

static struct notifier_block pv_panic_block = {
	.notifier_call	= pv_panic,
	.priority	= INT_MIN,	/* after those that print */
};

static int __init pv_parse_legacy_crash(char *arg)
{
	pv_crash_at_once = true;
	return 0;
}
early_param("xen_legacy_crash", pv_parse_legacy_crash);

/**
 * pv_machine_init() - take over the ends of the machine
 */
void __init pv_machine_init(void)
{
	machine_ops = (struct machine_ops) {
		.restart		= pv_restart,
		.halt			= pv_halt_machine,
		.power_off		= pv_power_off,
		.shutdown		= pv_halt_machine,
		.crash_shutdown		= pv_crash,
		.emergency_restart	= pv_emergency_restart,
	};
}

/**
 * pv_machine_init_late() - have a panic end the guest
 */
void __init pv_machine_init_late(void)
{
	atomic_notifier_chain_register(&panic_notifier_list, &pv_panic_block);
}
