/* SPDX-License-Identifier: GPL-2.0 */
/* What differs for event channels between the kernels that the image is made of. */
#ifndef _XENSTORE_LITE_EVENTS_COMPAT_H
#define _XENSTORE_LITE_EVENTS_COMPAT_H

#include <linux/irq.h>
#include <linux/version.h>

/* An interrupt's affinity may change at any time, not only while it is handled. */
static inline void evt_compat_moves_at_once(unsigned int irq)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
	irq_set_status_flags(irq, IRQ_MOVE_PCNTXT);
#endif
}

#endif
