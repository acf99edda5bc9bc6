/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The transmit ring: chains of requests out, responses of an untrusted backend
 * in. PURE: no locks, no allocation, no kernel services.
 *
 * Every data request carries an id of ours that its response repeats, in any
 * order. An id is in flight from pvnet_txring_put() until that response, and
 * only then: anything else the backend says about it is a lie. Extra-info slots
 * have no id; they are answered with a NULL status, which therefore may come
 * only as often as extras were sent.
 *
 * A packet is one data slot, then its extra if it has one, then its other data
 * slots. The backend may fetch what is below the published index at any time,
 * so a chain is complete before pvnet_txring_push().
 *
 * The caller serialises all functions on one ring.
 */
#ifndef _PVNET_TXRING_H
#define _PVNET_TXRING_H

#include <pv/reason.h>

#include "wire.h"

/* Most ring entries one packet takes: its data and one GSO extra. */
#define PVNET_TX_MAX_ENTRIES	(PVNET_MAX_SLOTS + 1)

/* An id: not in flight, put since the last pvnet_txring_age(), put before it. */
enum { PVNET_TX_FREE, PVNET_TX_NEW, PVNET_TX_OLD };

/**
 * struct pvnet_txring - our side of a transmit ring
 * @ring: the indices and the shared page
 * @pushed: request index the backend was last shown
 * @seen: response index the backend has shown, checked
 * @extras: extra-info slots that were not answered yet
 * @nr_free: number of ids that are not in flight
 * @free: those ids, most recently freed last
 * @busy: whether an id is in flight, and since when: PVNET_TX_*
 * @withheld: an id was in flight at both of the last two looks of pvnet_txring_age()
 */
struct pvnet_txring {
	struct xen_netif_tx_front_ring ring;
	RING_IDX pushed;
	RING_IDX seen;
	unsigned int extras;
	unsigned int nr_free;
	u16 free[PVNET_TX_ENTRIES];
	u8 busy[PVNET_TX_ENTRIES];
	bool withheld;
};

/**
 * struct pvnet_tx_slot - one piece of a packet, within one page
 * @gref: grant of the page
 * @id: from pvnet_txring_get_id()
 * @offset: of the piece in the page
 * @size: its bytes
 */
struct pvnet_tx_slot {
	grant_ref_t gref;
	u16 id;
	u16 offset;
	u16 size;
};

/**
 * struct pvnet_tx_head - what the backend is told about a packet as a whole
 * @len: bytes of all its slots, ETH_HLEN to XEN_NETIF_MAX_TX_SIZE
 * @flags: XEN_NETTXF_csum_blank and XEN_NETTXF_data_validated
 * @gso: segmentation, or type XEN_NETIF_GSO_TYPE_NONE
 */
struct pvnet_tx_head {
	u16 len;
	u16 flags;
	struct pvnet_gso gso;
};

/**
 * struct pvnet_tx_done - a valid response
 * @id: the request it answers; not in flight any more
 * @ok: false if the backend dropped the packet or met an error
 */
struct pvnet_tx_done {
	u16 id;
	bool ok;
};

/**
 * pvnet_txring_init() - start with an empty ring
 * @r: any memory
 * @sring: the shared page
 */
void pvnet_txring_init(struct pvnet_txring *r, struct xen_netif_tx_sring *sring);

/**
 * pvnet_txring_room() - how many ring entries a new packet may take
 * @r: the ring
 *
 * Return: entries; a packet of n data slots also finds n ids when they fit.
 */
unsigned int pvnet_txring_room(const struct pvnet_txring *r);

/**
 * pvnet_txring_next_id() - the id that pvnet_txring_get_id() would return
 * @r: a ring with room
 *
 * Return: the id.
 */
u16 pvnet_txring_next_id(const struct pvnet_txring *r);

/**
 * pvnet_txring_get_id() - take an id for a slot about to be put on the ring
 * @r: a ring with room
 *
 * Return: the id; it must be given to pvnet_txring_put() next.
 */
u16 pvnet_txring_get_id(struct pvnet_txring *r);

/**
 * pvnet_txring_put() - write the whole chain of one packet
 * @r: a ring with room for @nr entries and the extra
 * @head: the packet
 * @slot: its data slots
 * @nr: how many, 1 to PVNET_MAX_SLOTS
 *
 * The backend does not see it before pvnet_txring_push().
 */
void pvnet_txring_put(struct pvnet_txring *r, const struct pvnet_tx_head *head,
		      const struct pvnet_tx_slot *slot, unsigned int nr);

/**
 * pvnet_txring_push() - show the backend what was put
 * @r: the ring
 *
 * Return: whether the backend asked to be notified of it.
 */
bool pvnet_txring_push(struct pvnet_txring *r);

/**
 * pvnet_txring_look() - read how far the backend's responses go
 * @r: the ring
 *
 * pvnet_txring_next() takes what is there now and nothing that comes later, which
 * bounds its caller's loop.
 *
 * Return: 0, or -EOVERFLOW if there are more responses than requests, or fewer than
 * there were before.
 */
int pvnet_txring_look(struct pvnet_txring *r);

/**
 * pvnet_txring_next() - take the next response
 * @r: the ring
 * @done: on 1, the response
 *
 * Return: 1; 0 if all were taken; -ERANGE for an id out of range, -EALREADY
 * for one not in flight, -EBADMSG for an unknown status, -EPROTO for a NULL
 * status that answers no extra. An error leaves the ring as it was.
 */
int pvnet_txring_next(struct pvnet_txring *r, struct pvnet_tx_done *done);

/**
 * pvnet_txring_age() - find out whether the backend withholds responses
 * @r: the ring
 *
 * To be called from time to time. What was in flight at the call before already is
 * withheld: it may not be answered for as long again. What was answered and not taken
 * counts as in flight.
 *
 * Return: true if that has begun: an event should be asked for anew.
 */
bool pvnet_txring_age(struct pvnet_txring *r);

/**
 * pvnet_txring_arm() - ask for an event when half of what is in flight is answered
 * @r: the ring
 * @each: when the next response comes instead
 *
 * It is the next as well while responses are withheld: these count as in flight, and the
 * others might not come to half of all.
 *
 * Return: true if there already are responses to take: no event may come for
 * them.
 */
bool pvnet_txring_arm(struct pvnet_txring *r, bool each);

/**
 * pvnet_txring_want() - ask for an event when all that was put is answered
 * @r: a ring on which something was put that was not pushed yet
 *
 * That is what makes it safe: the answer cannot come before it was asked for.
 */
void pvnet_txring_want(struct pvnet_txring *r);

/**
 * pvnet_txring_answered() - whether there are responses to take
 * @r: the ring
 *
 * Return: true if there are.
 */
bool pvnet_txring_answered(const struct pvnet_txring *r);

/**
 * pvnet_txring_due() - whether an event must have come
 * @r: the ring
 *
 * Return: true if there are responses as far as one was asked for.
 */
bool pvnet_txring_due(const struct pvnet_txring *r);

/**
 * pvnet_txring_unseen() - whether the backend has yet to look at requests
 * @r: the ring
 *
 * Return: true if it asked to be told of a request that it was shown already. That
 * is so for a short time after each event, and for long if an event was lost.
 */
bool pvnet_txring_unseen(const struct pvnet_txring *r);

/**
 * pvnet_txring_moves() - tell whether the backend is at work
 * @r: the ring
 *
 * Return: a number that changes when it answers, or asks to be told of later requests.
 */
RING_IDX pvnet_txring_moves(const struct pvnet_txring *r);

/**
 * pvnet_txring_reason() - what pvfront_break() is to be told
 * @err: what pvnet_txring_look() or pvnet_txring_next() returned
 *
 * Return: the reason; PVFRONT_NR_REASONS if it is no error of the ring.
 */
enum pvfront_reason pvnet_txring_reason(int err);

#endif
