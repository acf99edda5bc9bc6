/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_ASM_SMAP_H
#define _SHIM_ASM_SMAP_H

#define ASM_STAC	""
#define ASM_CLAC	""

#endif
