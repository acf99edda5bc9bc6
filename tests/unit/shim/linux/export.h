/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing is exported in userspace. */
#ifndef _SHIM_LINUX_EXPORT_H
#define _SHIM_LINUX_EXPORT_H

#define EXPORT_SYMBOL_GPL(sym)	_Static_assert(1, #sym)

#endif
