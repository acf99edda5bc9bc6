// SPDX-License-Identifier: GPL-2.0
/*
 * Clocks and timers: what time it is, how fast the TSC runs, ticks, stolen time.
 *
 * Xen's rule: system time is nanoseconds since Xen's boot. Each CPU has a record to compute
 * it from the TSC, rewritten when the CPU is scheduled; guarded by a version, like a
 * seqlock. Timers are one-shot, absolute in system time, and each CPU's own. There is no
 * PIT, HPET or CMOS to calibrate with, and none is needed: the record holds the frequency.
 */
#include <linux/clockchips.h>
#include <linux/clocksource.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/percpu.h>
#include <linux/sched/cputime.h>
#include <linux/timekeeping.h>

#include <xen/events.h>
#include <xen/xen.h>
#include <xen/xen-ops.h>
#include <asm/paravirt.h>
#include <asm/pvclock.h>
#include <asm/timer.h>
#include <asm/tsc.h>
#include <asm/vdso/clocksource.h>
#include <asm/x86_init.h>
#include <asm/xen/cpuid.h>
#include <asm/xen/hypervisor.h>

#include "hypercall-stubs/result.h"
#include "hypercall-stubs/vcpu.h"
#include "xpv.h"

/* A time that is past when Xen sees it brings the event at once, so none is too near. */
#define MIN_DELTA_NS	1
#define MAX_DELTA_NS	U32_MAX

static unsigned long xpv_min_delta_ns __ro_after_init = MIN_DELTA_NS;

static int __init xpv_parse_timer_slop(char *arg)
{
	return xpv_option_number("xen_timer_slop", arg, MIN_DELTA_NS, NSEC_PER_SEC,
				 &xpv_min_delta_ns);
}
early_param("xen_timer_slop", xpv_parse_timer_slop);

struct xpv_timer {
	struct clock_event_device dev;
	char name[16];
};

static DEFINE_PER_CPU(struct xpv_timer, xpv_timer);

/* The scheduler's clock begins with the kernel, and has no step at a restore. */
static u64 xpv_sched_offset;
static u64 xpv_sched_at_suspend;

/* The record that user code reads, or NULL. */
static struct pvclock_vsyscall_time_info *xpv_user_time;

static u64 xpv_system_time(void)
{
	u64 ns;

	preempt_disable_notrace();
	ns = pvclock_clocksource_read_nowd(&__this_cpu_read(xen_vcpu)->time);
	preempt_enable_notrace();
	return ns;
}

static u64 xpv_clocksource_read(struct clocksource *source)
{
	return xpv_system_time();
}

static int xpv_clocksource_enable(struct clocksource *source)
{
	vclocks_set_used(VDSO_CLOCKMODE_PVCLOCK);
	return 0;
}

static struct clocksource xpv_clocksource = {
	.name	= "xen",
	.rating	= 400,
	.read	= xpv_clocksource_read,
	.enable	= xpv_clocksource_enable,
	.mask	= CLOCKSOURCE_MASK(64),
	.flags	= CLOCK_SOURCE_IS_CONTINUOUS,
};

static noinstr u64 xpv_sched_clock(void)
{
	/* sched_clock() has seen to it that the CPU stays the same. */
	return pvclock_clocksource_read_nowd(&__this_cpu_read(xen_vcpu)->time) - xpv_sched_offset;
}

static unsigned long xpv_tsc_khz(void)
{
	setup_force_cpu_cap(X86_FEATURE_TSC_KNOWN_FREQ);
	return pvclock_tsc_khz(&HYPERVISOR_shared_info->vcpu_info[0].time);
}

static void xpv_get_wallclock(struct timespec64 *now)
{
	preempt_disable();
	pvclock_read_wallclock(&HYPERVISOR_shared_info->wc, &__this_cpu_read(xen_vcpu)->time, now);
	preempt_enable();
}

/* The host's clock is not the guest's to set. */
static int xpv_set_wallclock(const struct timespec64 *now)
{
	return -ENODEV;
}

static int xpv_timer_next(unsigned long delta, struct clock_event_device *dev)
{
	/* A time that is past by now brings the event at once. */
	return hcall_vcpu_set_timer(xen_vcpu_nr(smp_processor_id()), xpv_system_time() + delta, 0);
}

static int xpv_timer_shutdown(struct clock_event_device *dev)
{
	return hcall_vcpu_stop_timer(xen_vcpu_nr(smp_processor_id()));
}

static irqreturn_t xpv_timer_event(int irq, void *data)
{
	struct clock_event_device *dev = this_cpu_ptr(&xpv_timer.dev);

	/* Not set up yet, when a CPU that comes back has an old event pending. */
	if (!dev->event_handler)
		return IRQ_NONE;
	dev->event_handler(dev);
	return IRQ_HANDLED;
}

/**
 * xpv_timer_prepare() - make a CPU's timer, which it starts itself
 * @cpu: the CPU, not running yet, or the only one
 *
 * Return: 0 or a negative errno.
 */
int xpv_timer_prepare(unsigned int cpu)
{
	struct xpv_timer *timer = per_cpu_ptr(&xpv_timer, cpu);
	int irq;

	snprintf(timer->name, sizeof(timer->name), "timer%u", cpu);
	irq = bind_virq_to_irqhandler(VIRQ_TIMER, cpu, xpv_timer_event,
				      IRQF_TIMER | IRQF_PERCPU | IRQF_NOBALANCING |
				      IRQF_FORCE_RESUME | IRQF_EARLY_RESUME,
				      timer->name, NULL);
	if (irq < 0)
		return irq;
	xen_set_irq_priority(irq, XEN_IRQ_PRIORITY_MAX);

	timer->dev = (struct clock_event_device) {
		.name			= "xen",
		.features		= CLOCK_EVT_FEAT_ONESHOT,
		.rating			= 500,
		.mult			= 1,
		.min_delta_ns		= xpv_min_delta_ns,
		.min_delta_ticks	= xpv_min_delta_ns,
		.max_delta_ns		= MAX_DELTA_NS,
		.max_delta_ticks	= MAX_DELTA_NS,
		.set_next_event		= xpv_timer_next,
		.set_state_shutdown	= xpv_timer_shutdown,
		.cpumask		= cpumask_of(cpu),
		.irq			= irq,
	};
	return 0;
}

/**
 * xpv_timer_unprepare() - undo xpv_timer_prepare()
 * @cpu: the CPU, which does not run any more
 */
void xpv_timer_unprepare(unsigned int cpu)
{
	struct clock_event_device *dev = per_cpu_ptr(&xpv_timer.dev, cpu);

	if (dev->irq <= 0)
		return;
	unbind_from_irqhandler(dev->irq, NULL);
	dev->irq = 0;
}

/**
 * xpv_timer_start() - put this CPU's timer to use
 */
void xpv_timer_start(void)
{
	/* A tick that Xen starts each CPU with, for kernels without timers. */
	hcall_warn(hcall_vcpu_stop_periodic(xen_vcpu_nr(smp_processor_id())));
	clockevents_register_device(this_cpu_ptr(&xpv_timer.dev));
}

/* User code can only compute the time when the same TSC reading is good on all CPUs. */
static void __init xpv_user_time_init(void)
{
	struct pvclock_vsyscall_time_info *info;

	if (!(__this_cpu_read(xen_vcpu)->time.flags & PVCLOCK_TSC_STABLE_BIT))
		return;
	pvclock_set_flags(PVCLOCK_TSC_STABLE_BIT);

	info = (struct pvclock_vsyscall_time_info *)get_zeroed_page(GFP_KERNEL);
	if (!info)
		return;
	if (hcall_vcpu_register_time(0, &info->pvti)) {
		free_page((unsigned long)info);
		return;
	}
	xpv_user_time = info;
	pvclock_set_pvti_cpu0_va(info);
	xpv_clocksource.vdso_clock_mode = VDSO_CLOCKMODE_PVCLOCK;
}

/* Whether the host vouches for the TSC, so that user code may read it and do without the kernel. */
static bool __init xpv_tsc_is_safe(void)
{
	if (!boot_cpu_has(X86_FEATURE_CONSTANT_TSC) || !boot_cpu_has(X86_FEATURE_NONSTOP_TSC))
		return false;
	return !check_tsc_unstable() &&
	       cpuid_ebx(xen_cpuid_base() + 3) == XEN_CPUID_TSC_MODE_NEVER_EMULATE;
}

static void __init xpv_time_init(void)
{
	struct timespec64 now;

	xpv_user_time_init();
	/* Below that of the clock source "tsc". */
	if (xpv_tsc_is_safe())
		xpv_clocksource.rating = 299;
	clocksource_register_hz(&xpv_clocksource, NSEC_PER_SEC);
	xpv_get_wallclock(&now);
	do_settimeofday64(&now);
	setup_force_cpu_cap(X86_FEATURE_TSC);

	xen_setup_runstate_info(0);
	if (xpv_timer_prepare(0))
		panic("no event channel for the timer of the boot CPU\n");
	xpv_timer_start();
	xen_time_setup_guest();
}

/*
 * Linux counts ticks for time until clocksource_done_booting(), a fs_initcall, and those that
 * a CPU without its share of the host has missed by then it never gets back. The clock that
 * began with Xen's is behind it by as much, so it is set once more.
 */
static int __init xpv_time_set_again(void)
{
	struct timespec64 now;

	if (!xen_pv_domain())
		return 0;
	xpv_get_wallclock(&now);
	return do_settimeofday64(&now);
}
fs_initcall_sync(xpv_time_set_again);

/**
 * xpv_time_init_early() - have all clocks read Xen's, before any is calibrated
 *
 * Context: the shared page is mapped.
 */
void __init xpv_time_init_early(void)
{
	xpv_sched_offset = xpv_system_time();
	paravirt_set_sched_clock(xpv_sched_clock);
	static_call_update(pv_steal_clock, xen_steal_clock);

	/* Both: what is left to the kernel calibrates by the PIT, 100,000 traps. */
	x86_platform.calibrate_cpu = xpv_tsc_khz;
	x86_platform.calibrate_tsc = xpv_tsc_khz;
	x86_platform.get_wallclock = xpv_get_wallclock;
	x86_platform.set_wallclock = xpv_set_wallclock;
	x86_init.timers.timer_init = xpv_time_init;
	x86_init.timers.setup_percpu_clockev = x86_init_noop;
	x86_cpuinit.setup_percpu_clockev = x86_init_noop;
}

/**
 * xpv_time_suspend() - have Xen forget addresses, and note the time
 */
void xpv_time_suspend(void)
{
	xpv_sched_at_suspend = xpv_sched_clock();
	if (!xpv_user_time)
		return;
	hcall_warn(hcall_vcpu_register_time(0, NULL));
	/* A record of zeros has no stable bit: user code asks the kernel. */
	clear_page(xpv_user_time);
}

/**
 * xpv_time_resume() - go on, on a host that counts from another boot
 */
void xpv_time_resume(void)
{
	if (xpv_user_time)
		hcall_warn(hcall_vcpu_register_time(0, &xpv_user_time->pvti));
	pvclock_resume();
	xpv_sched_offset = xpv_system_time() - xpv_sched_at_suspend;
}

/**
 * xen_timer_resume() - the timers of CPUs that were made anew by the restore
 */
void xen_timer_resume(void)
{
	int cpu;

	for_each_online_cpu(cpu)
		hcall_warn(hcall_vcpu_stop_periodic(xen_vcpu_nr(cpu)));
}
