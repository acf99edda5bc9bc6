/* SPDX-License-Identifier: GPL-2.0 */
/* Xen itself, its console, event channels and grants, as far as arch-pv needs them. */
#ifndef _HYPERCALL_STUBS_XEN_H
#define _HYPERCALL_STUBS_XEN_H

#include <linux/types.h>

#include <xen/interface/event_channel.h>
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
 * hcall_features() - read 32 of Xen's features
 * @submap: which 32, from 0 on
 * @features: filled with a bit for each XENFEAT_*
 *
 * Return: 0 or a negative errno.
 */
static inline int hcall_features(unsigned int submap, u32 *features)
{
	struct xen_feature_info arg = { .submap_idx = submap };
	int rc = HYPERVISOR_xen_version(XENVER_get_features, &arg);

	*features = arg.submap;
	return rc;
}

/**
 * hcall_deliver_events() - enter and leave Xen, which delivers pending events on the way
 *
 * Context: any, also noinstr; with events unmasked.
 */
static __always_inline void hcall_deliver_events(void)
{
	HYPERVISOR_xen_version(XENVER_version, NULL);
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
 * hcall_evtchn_send() - signal an event channel
 * @port: the local end
 *
 * Return: 0 or a negative errno.
 */
static inline int hcall_evtchn_send(evtchn_port_t port)
{
	struct evtchn_send arg = { .port = port };

	return HYPERVISOR_event_channel_op(EVTCHNOP_send, &arg);
}

#endif
