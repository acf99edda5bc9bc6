/* SPDX-License-Identifier: GPL-2.0 */
/* No code is patched in userspace. */
#ifndef _SHIM_ASM_ALTERNATIVE_H
#define _SHIM_ASM_ALTERNATIVE_H

#define ANNOTATE_IGNORE_ALTERNATIVE

#endif
