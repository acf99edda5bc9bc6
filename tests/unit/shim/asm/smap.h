/* SPDX-License-Identifier: GPL-2.0 */
/* Userspace has no other memory to be let into. */
#ifndef _SHIM_ASM_SMAP_H
#define _SHIM_ASM_SMAP_H

#define ASM_STAC	""
#define ASM_CLAC	""

#endif
