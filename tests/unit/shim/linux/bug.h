/* SPDX-License-Identifier: GPL-2.0 */
/* Warnings are counted, for the test to look at. */
#ifndef _SHIM_LINUX_BUG_H
#define _SHIM_LINUX_BUG_H

extern unsigned int shim_warnings;

#define WARN_ON_ONCE(cond)	(shim_warnings += !!(cond))

#endif
