/* SPDX-License-Identifier: GPL-2.0 */
/* Included by headers of the ABI that use nothing of it. */
#ifndef _SHIM_LINUX_SPINLOCK_H
#define _SHIM_LINUX_SPINLOCK_H

#endif
