/* SPDX-License-Identifier: GPL-2.0 */
/* glibc's strings, with the kernel's types. */
#ifndef _SHIM_LINUX_STRING_H
#define _SHIM_LINUX_STRING_H

#include <linux/types.h>
#include <string.h>

#endif
