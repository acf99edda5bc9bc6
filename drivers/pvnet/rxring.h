/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The receive ring: empty buffers out, packets of an untrusted backend in.
 * PURE: no locks, no allocation, no kernel services.
 *
 * A response always lies in the slot of the request whose buffer it fills,
 * because extra-info slots carry no id. So the id of a buffer is its slot's
 * number, buffers come back in the order they were posted, and the id repeated
 * in a response is there to be checked only.
 *
 * A packet is one data slot, then extras, then more data slots. It is taken as a
 * whole or not at all: a chain whose end was not published yet is left alone.
 *
 * The caller serialises all functions on one ring.
 */
#ifndef _PVNET_RXRING_H
#define _PVNET_RXRING_H

#include <pv/reason.h>

#include "wire.h"

/**
 * struct pvnet_rxring - our side of a receive ring
 * @ring: the indices and the shared page
 * @pushed: request index the backend was last shown
 * @seen: response index the backend has shown, checked
 */
struct pvnet_rxring {
	struct xen_netif_rx_front_ring ring;
	RING_IDX pushed;
	RING_IDX seen;
};

/**
 * struct pvnet_rx_slot - one piece of a packet
 * @id: the buffer it lies in
 * @offset: of the piece in the buffer's page
 * @len: its bytes; @offset + @len is within the page
 */
struct pvnet_rx_slot {
	u16 id;
	u16 offset;
	u16 len;
};

/* What a packet's hash is made of. */
enum pvnet_hash_kind { PVNET_HASH_NONE, PVNET_HASH_ADDRESSES, PVNET_HASH_PORTS };

/**
 * struct pvnet_rx_packet - a packet taken from the ring
 * @nr: number of data slots
 * @len: bytes of all slots together
 * @gso: how the packet is to be segmented
 * @csum_blank: the transport checksum is not filled in
 * @validated: the transport checksum was verified or never left the host
 * @failed: the backend could not copy some part: drop the packet
 * @hash_kind: an enum pvnet_hash_kind
 * @hash: the hash, if it is not PVNET_HASH_NONE
 * @slot: the data slots
 */
struct pvnet_rx_packet {
	unsigned int nr;
	unsigned int len;
	struct pvnet_gso gso;
	bool csum_blank;
	bool validated;
	bool failed;
	u8 hash_kind;
	u32 hash;
	struct pvnet_rx_slot slot[PVNET_MAX_SLOTS];
};

/**
 * pvnet_rxring_init() - start with an empty ring
 * @r: any memory
 * @sring: the shared page
 */
void pvnet_rxring_init(struct pvnet_rxring *r, struct xen_netif_rx_sring *sring);

/**
 * pvnet_rxring_vacant() - which buffer can be posted next
 * @r: the ring
 * @id: on true, that buffer's id: the backend has given it back, or never had it
 *
 * Return: false if all buffers are posted.
 */
bool pvnet_rxring_vacant(const struct pvnet_rxring *r, u16 *id);

/**
 * pvnet_rxring_post() - hand the next buffer to the backend
 * @r: a ring with a vacancy
 * @gref: grant of the page of the buffer that pvnet_rxring_vacant() named
 *
 * The backend does not see it before pvnet_rxring_push().
 */
void pvnet_rxring_post(struct pvnet_rxring *r, grant_ref_t gref);

/**
 * pvnet_rxring_posted() - how many buffers the backend has, or will have
 * @r: the ring
 *
 * Return: buffers that are on the ring and not filled.
 */
unsigned int pvnet_rxring_posted(const struct pvnet_rxring *r);

/**
 * pvnet_rxring_push() - show the backend the buffers posted
 * @r: the ring
 *
 * Return: whether the backend asked to be notified of them.
 */
bool pvnet_rxring_push(struct pvnet_rxring *r);

/**
 * pvnet_rxring_look() - read how far the backend's responses go
 * @r: the ring
 *
 * pvnet_rxring_next() takes what is there now and nothing that comes later, which
 * bounds its caller's loop.
 *
 * Return: 0, or -EOVERFLOW if there are more responses than buffers, or fewer than
 * there were before.
 */
int pvnet_rxring_look(struct pvnet_rxring *r);

/**
 * pvnet_rxring_next() - take the next packet
 * @r: the ring
 * @pkt: on 1, the packet
 *
 * Return: 1; 0 if no complete packet is there; -ERANGE for an id that is not the
 * slot's, -EFBIG for data outside its page, -E2BIG for too many slots, -EBADMSG
 * for an extra of a wrong kind, -EINVAL for bad segmentation, -EPROTO for flags
 * in a wrong place. An error leaves the ring as it was.
 */
int pvnet_rxring_next(struct pvnet_rxring *r, struct pvnet_rx_packet *pkt);

/**
 * pvnet_rxring_arm() - ask for an event
 * @r: the ring
 * @ahead: at which response that was not seen, 1 for the next one
 *
 * Return: true if there are responses that pvnet_rxring_look() has not seen: no
 * event may come for them.
 */
bool pvnet_rxring_arm(struct pvnet_rxring *r, unsigned int ahead);

/**
 * pvnet_rxring_answered() - whether there are responses to take
 * @r: the ring
 *
 * Return: true if there are.
 */
bool pvnet_rxring_answered(const struct pvnet_rxring *r);

/**
 * pvnet_rxring_reason() - what pvfront_break() is to be told
 * @err: what pvnet_rxring_look() or pvnet_rxring_next() returned
 *
 * Return: the reason; PVFRONT_NR_REASONS if it is no error of the ring.
 */
enum pvfront_reason pvnet_rxring_reason(int err);

#endif
