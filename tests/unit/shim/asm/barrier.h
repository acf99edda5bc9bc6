/* SPDX-License-Identifier: GPL-2.0 */
/* The barriers against the other side of a shared ring, strong enough for any machine. */
#ifndef _SHIM_ASM_BARRIER_H
#define _SHIM_ASM_BARRIER_H

#include <linux/compiler.h>

#define virt_mb()	__atomic_thread_fence(__ATOMIC_SEQ_CST)
#define virt_rmb()	__atomic_thread_fence(__ATOMIC_ACQUIRE)
#define virt_wmb()	__atomic_thread_fence(__ATOMIC_RELEASE)

#define virt_store_mb(var, value)	do { WRITE_ONCE(var, value); virt_mb(); } while (0)

#define virt_load_acquire(p)		__atomic_load_n(p, __ATOMIC_ACQUIRE)
#define virt_store_release(p, v)	__atomic_store_n(p, v, __ATOMIC_RELEASE)

#endif
