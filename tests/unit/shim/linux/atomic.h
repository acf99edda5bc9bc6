/* SPDX-License-Identifier: GPL-2.0 */
/* What is exchanged with Xen, which keeps its LOCK prefix on one CPU too. */
#ifndef _SHIM_LINUX_ATOMIC_H
#define _SHIM_LINUX_ATOMIC_H

#define xchg(ptr, new)			__atomic_exchange_n(ptr, new, __ATOMIC_SEQ_CST)
#define sync_cmpxchg(ptr, old, new)	__sync_val_compare_and_swap(ptr, old, new)

#endif
