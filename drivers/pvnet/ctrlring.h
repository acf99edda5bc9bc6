/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The control ring: one request at a time out, its response in, checked. PURE: no locks,
 * no allocation, no kernel services.
 *
 * The ABI lets a frontend have many requests in flight. There is no hurry here, and with
 * one the only response that can be right is the one with its id and its type.
 *
 * The caller serialises all functions on one ring.
 */
#ifndef _PVNET_CTRLRING_H
#define _PVNET_CTRLRING_H

#include <pv/reason.h>

#include "wire.h"

/**
 * struct pvnet_ctrlring - our side of a control ring
 * @ring: the indices and the shared page
 * @seen: response index the backend has shown, checked
 * @last: the newest request
 */
struct pvnet_ctrlring {
	struct xen_netif_ctrl_front_ring ring;
	RING_IDX seen;
	struct xen_netif_ctrl_request last;
};

/**
 * struct pvnet_ctrl_answer - what the backend says to a request
 * @err: 0, or why it does not do it: -EOPNOTSUPP, -EINVAL or, of a key or a table that is
 *	too large for it, -E2BIG
 * @data: what was asked for; of a request that sets something, anything
 */
struct pvnet_ctrl_answer {
	int err;
	u32 data;
};

/**
 * pvnet_ctrlring_init() - start with an empty ring
 * @r: any memory
 * @sring: the shared page
 */
void pvnet_ctrlring_init(struct pvnet_ctrlring *r, struct xen_netif_ctrl_sring *sring);

/**
 * pvnet_ctrlring_ask() - send a request, and have an event sent for its response
 * @r: a ring whose requests are all answered
 * @type: XEN_NETIF_CTRL_TYPE_*
 * @data: the three words that belong to it
 *
 * Return: whether the backend asked to be notified of it.
 */
bool pvnet_ctrlring_ask(struct pvnet_ctrlring *r, u16 type, const u32 data[3]);

/**
 * pvnet_ctrlring_take() - take the response to the request
 * @r: a ring with one request in flight
 * @answer: on 1, what it says
 *
 * Return: 1; 0 if it is not there; -EOVERFLOW for an index of responses that cannot be,
 * -ERANGE for another id, -ENOMSG for another type, -EBADMSG for a status that does not
 * exist. An error leaves the ring as it was.
 */
int pvnet_ctrlring_take(struct pvnet_ctrlring *r, struct pvnet_ctrl_answer *answer);

/**
 * pvnet_ctrlring_reason() - what pvfront_break() is to be told
 * @err: what pvnet_ctrlring_take() returned
 *
 * Return: the reason; PVFRONT_NR_REASONS if it is no error of the ring.
 */
enum pvfront_reason pvnet_ctrlring_reason(int err);

/**
 * pvnet_ctrlring_name() - a request in words
 * @type: XEN_NETIF_CTRL_TYPE_*
 *
 * Return: a constant string.
 */
const char *pvnet_ctrlring_name(u16 type);

#endif
