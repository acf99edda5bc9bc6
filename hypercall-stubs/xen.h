/* SPDX-License-Identifier: GPL-2.0 */
/* Xen itself, its console and grants, as far as arch-pv needs them. */
#ifndef _HYPERCALL_STUBS_XEN_H
#define _HYPERCALL_STUBS_XEN_H

#include <linux/types.h>

#include <xen/interface/grant_table.h>
#include <xen/interface/version.h>
#include <xen/interface/xen.h>
#include <asm/xen/hypercall.h>

/**
 * hcall_xen_version() - ask which Xen this is
 *
 * Return: its major number in bits 31 to 16, its minor number below.
 */
static inline int hcall_xen_version(void)
{
	return HYPERVISOR_xen_version(XENVER_version, NULL);
}

/**
 * hcall_xen_extraversion() - ask for the rest of Xen's version
 * @extra: filled with text such as ".4-pre", always ended by a 0
 *
 * Return: 0 or a negative errno.
 */
static inline int hcall_xen_extraversion(struct xen_extraversion *extra)
{
	int rc = HYPERVISOR_xen_version(XENVER_extraversion, extra);

	extra->extraversion[sizeof(extra->extraversion) - 1] = 0;
	return rc;
}

/**
 * hcall_console_write() - write to Xen's own console
 * @text: the text; Xen shows it only when built or told to (guest_loglvl=all)
 * @len: bytes of it
 *
 * Return: 0 or a negative errno.
 */
static inline int hcall_console_write(const char *text, unsigned int len)
{
	return HYPERVISOR_console_io(CONSOLEIO_write, len, (char *)text);
}

/**
 * hcall_grant_map() - map memory that other guests have granted
 * @maps: what to map, each with its result filled in
 * @count: how many
 *
 * Return: 0 when all of @maps have a result, good or bad, or a negative errno.
 */
static inline int hcall_grant_map(struct gnttab_map_grant_ref *maps, unsigned int count)
{
	return HYPERVISOR_grant_table_op(GNTTABOP_map_grant_ref, maps, count);
}

/**
 * hcall_grant_unmap() - undo hcall_grant_map()
 * @unmaps: what to unmap, each with its result filled in
 * @count: how many
 *
 * Return: 0 when all of @unmaps have a result, good or bad, or a negative errno.
 */
static inline int hcall_grant_unmap(struct gnttab_unmap_grant_ref *unmaps, unsigned int count)
{
	return HYPERVISOR_grant_table_op(GNTTABOP_unmap_grant_ref, unmaps, count);
}

#endif
