// SPDX-License-Identifier: GPL-2.0
/*
 * How the guest ends: reboot, power-off, crash.
 *
 * Xen's rule: the guest names a reason, and the toolstack does what the guest's
 * configuration says for it (on_poweroff, on_reboot, on_crash).
 */
#include <linux/console.h>
#include <linux/kexec.h>
#include <linux/notifier.h>
#include <linux/panic_notifier.h>
#include <linux/reboot.h>

#include <xen/hvc-console.h>
#include <xen/interface/sched.h>
#include <xen/xen-ops.h>
#include <asm/reboot.h>

#include "hypercall-stubs/result.h"
#include "hypercall-stubs/vcpu.h"
#include "xpv.h"

/* A crash once there was a panic, which restarts the machine by the same way. */
static unsigned int xpv_restart_reason = SHUTDOWN_reboot;
static bool xpv_crash_at_once;

/**
 * xen_reboot() - end the guest
 * @reason: SHUTDOWN_*
 */
void xen_reboot(int reason)
{
	hcall_must(hcall_shutdown(reason));
}

static void xpv_restart(char *command)
{
	xen_reboot(SHUTDOWN_reboot);
}

static void xpv_halt_machine(void)
{
	xen_reboot(SHUTDOWN_poweroff);
}

static void xpv_power_off(void)
{
	do_kernel_power_off();
	xen_reboot(SHUTDOWN_poweroff);
}

static void xpv_crash(struct pt_regs *regs)
{
	xen_reboot(SHUTDOWN_crash);
}

static void xpv_emergency_restart(void)
{
	xen_reboot(xpv_restart_reason);
}

#ifdef CONFIG_EARLY_PRINTK
/*
 * Before the first console nobody would see the log. Without a console daemon in the host
 * this waits for ever, as each message after it would.
 */
static void xpv_show_early_log(void)
{
	static bool shown;

	if (shown || !hlist_empty(&console_list))
		return;
	shown = true;
	console_verbose();
	register_console(&xenboot_console);
}

/* What early_printk() says, into the log; xpv_show_early_log() shows it if it is the last. */
static void xpv_early_write(struct console *console, const char *text, unsigned int length)
{
	pr_info("%.*s", (int)length, text);
}

static struct console xpv_early_console = {
	.name	= "pv",
	.write	= xpv_early_write,
};

/**
 * xpv_early_console_init() - keep what is said of an exception that nothing handles
 *
 * Context: the command line's earlyprintk= has been read.
 */
void __init xpv_early_console_init(void)
{
	if (!early_console)
		early_console = &xpv_early_console;
}
#else
static void xpv_show_early_log(void) { }
void __init xpv_early_console_init(void) { }
#endif

/**
 * xpv_die_early() - end a guest that could not boot, with what the log has
 */
void xpv_die_early(void)
{
	xpv_show_early_log();
	xen_reboot(SHUTDOWN_crash);
}

static int xpv_panic(struct notifier_block *self, unsigned long event, void *text)
{
	/* Consoles take nothing from a CPU that is coming or going. */
	set_cpu_online(raw_smp_processor_id(), true);
	if (system_state == SYSTEM_BOOTING)
		xpv_show_early_log();
	if (xpv_crash_at_once)
		xen_reboot(SHUTDOWN_crash);
	xpv_restart_reason = SHUTDOWN_crash;
	/* Without a timeout panic() would spin for ever, unseen by the toolstack. */
	if (!panic_timeout)
		panic_timeout = -1;
	return NOTIFY_DONE;
}

static struct notifier_block xpv_panic_block = {
	.notifier_call	= xpv_panic,
	.priority	= INT_MIN,	/* after those that print */
};

static int __init xpv_parse_legacy_crash(char *arg)
{
	return xpv_option_bool("xen_legacy_crash", arg, &xpv_crash_at_once);
}
early_param("xen_legacy_crash", xpv_parse_legacy_crash);

/**
 * xpv_machine_init() - take over the ends of the machine
 */
void __init xpv_machine_init(void)
{
	machine_ops = (struct machine_ops) {
		.restart		= xpv_restart,
		.halt			= xpv_halt_machine,
		.power_off		= xpv_power_off,
		.shutdown		= xpv_halt_machine,
		.crash_shutdown		= xpv_crash,
		.emergency_restart	= xpv_emergency_restart,
	};
}

/**
 * xpv_machine_init_late() - have a panic end the guest
 */
void __init xpv_machine_init_late(void)
{
	atomic_notifier_chain_register(&panic_notifier_list, &xpv_panic_block);
}
