/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Entries of the grant table, of both versions.
 *
 * Xen's rule: an entry is valid from the moment that its flags are. While a peer has it mapped,
 * Xen sets bits of reading and writing: in the flags of version 1, in a status word of its own
 * in version 2. The memory is Xen's and ours; a peer changes those bits through Xen only.
 *
 * PURE: words of memory, nothing else.
 */
#ifndef _XENSTORE_LITE_GRANTS_ENTRY_H
#define _XENSTORE_LITE_GRANTS_ENTRY_H

#include <linux/types.h>

#include <xen/interface/grant_table.h>

void gnt_v1_permit(struct grant_entry_v1 *entry, domid_t domid, u32 frame, u16 flags);
bool gnt_v1_end(struct grant_entry_v1 *entry);
void gnt_v2_permit(union grant_entry_v2 *entry, domid_t domid, u64 frame, u16 flags);
bool gnt_v2_end(union grant_entry_v2 *entry, const grant_status_t *status);

#endif
