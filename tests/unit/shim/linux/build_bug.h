/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's assertions at build time, in C's own. */
#ifndef _SHIM_LINUX_BUILD_BUG_H
#define _SHIM_LINUX_BUILD_BUG_H

#define static_assert(expr, ...)	_Static_assert(expr, "" __VA_ARGS__ #expr)
#define BUILD_BUG_ON(cond)		_Static_assert(!(cond), #cond)

#endif
