/* SPDX-License-Identifier: GPL-2.0 */
/* objtool does not read userspace. */
#ifndef _SHIM_LINUX_OBJTOOL_H
#define _SHIM_LINUX_OBJTOOL_H

#define ANNOTATE_NOENDBR

#endif
