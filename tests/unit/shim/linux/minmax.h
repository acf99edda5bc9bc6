/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's min() and max(), as strict about types. */
#ifndef _SHIM_LINUX_MINMAX_H
#define _SHIM_LINUX_MINMAX_H

/* As in the kernel, both sides must have one type, and each is evaluated once. */
#define __shim_pick(x, op, y) ({		\
	__typeof__(x) __x = (x);		\
	__typeof__(y) __y = (y);		\
	(void)(&__x == &__y);			\
	__x op __y ? __x : __y; })

#define min(x, y)		__shim_pick(x, <, y)
#define max(x, y)		__shim_pick(x, >, y)
#define min3(x, y, z)		min(min(x, y), z)
#define min_t(type, x, y)	__shim_pick((type)(x), <, (type)(y))
#define max_t(type, x, y)	__shim_pick((type)(x), >, (type)(y))

#endif
