/* SPDX-License-Identifier: GPL-2.0 */
/* One CPU. What must not be interrupted is refused while interrupts are on. */
#ifndef _SHIM_LINUX_PERCPU_H
#define _SHIM_LINUX_PERCPU_H

#include <assert.h>

#include <linux/irqflags.h>

#define DEFINE_PER_CPU(type, name)	__typeof__(type) name
#define DECLARE_PER_CPU(type, name)	extern __typeof__(type) name

#define this_cpu_ptr(ptr)		({ assert(shim_irqs_off); (ptr); })
#define __this_cpu_inc(var)		({ assert(shim_irqs_off); (var)++; })
#define __this_cpu_write(var, val)	({ assert(shim_irqs_off); (var) = (val); })

#define this_cpu_inc(var)		((var)++)
#define this_cpu_read(var)		(var)
#define this_cpu_write(var, val)	((var) = (val))

#endif
