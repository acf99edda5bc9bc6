/* SPDX-License-Identifier: GPL-2.0 */
/* No unwinder reads hints in userspace. */
#ifndef _SHIM_ASM_UNWIND_HINTS_H
#define _SHIM_ASM_UNWIND_HINTS_H

#define UNWIND_HINT_SAVE
#define UNWIND_HINT_RESTORE

#endif
