/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel tells the compiler. */
#ifndef _SHIM_LINUX_COMPILER_H
#define _SHIM_LINUX_COMPILER_H

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define barrier()	__asm__ __volatile__("" : : : "memory")

#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, val)	(*(volatile __typeof__(x) *)&(x) = (val))

#undef __always_inline	/* glibc has one too */
#define __always_inline	inline __attribute__((__always_inline__))
#define noinline	__attribute__((__noinline__))
#define __noreturn	__attribute__((__noreturn__))
#define __must_check	__attribute__((__warn_unused_result__))
#define __nonstring	__attribute__((__nonstring__))
#define __packed	__attribute__((__packed__))
#define fallthrough	__attribute__((__fallthrough__))

/* sparse checks these in the kernel build. */
#define __bitwise
#define __force

#endif
