/* SPDX-License-Identifier: GPL-2.0 */
/* Interrupts are a variable, which the test defines and looks at. */
#ifndef _SHIM_LINUX_IRQFLAGS_H
#define _SHIM_LINUX_IRQFLAGS_H

#include <stdbool.h>

extern bool shim_irqs_off;

#define local_irq_save(flags)		((flags) = shim_irqs_off, shim_irqs_off = true)
#define local_irq_restore(flags)	(shim_irqs_off = (flags))

#endif
