/* SPDX-License-Identifier: GPL-2.0 */
/* Where the rings of pvnet's tests begin. */
#ifndef _TESTS_UNIT_PVNET_RING_H
#define _TESTS_UNIT_PVNET_RING_H

/*
 * Has an empty ring of either direction, struct pvnet_rxring or pvnet_txring,
 * start at an index other than 0, so that indices wrap within a test.
 */
#define pvnet_ring_at(r, sring, index) do {	\
	RING_IDX __at = (index);		\
						\
	(r)->ring.req_prod_pvt = __at;		\
	(r)->ring.rsp_cons = __at;		\
	(r)->pushed = __at;			\
	(r)->seen = __at;			\
	(sring)->req_prod = __at;		\
	(sring)->rsp_prod = __at;		\
} while (0)

#endif
