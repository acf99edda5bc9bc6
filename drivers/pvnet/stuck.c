// SPDX-License-Identifier: GPL-2.0
/* Tells an event that was lost from one that is only late. PURE. */
#include "stuck.h"

unsigned int pvnet_stuck_look(struct pvnet_stuck *s, const struct pvnet_look *now)
{
	unsigned int lost = s->last.waits & now->waits, moved = 0;

	if (now->tx_cons != s->last.tx_cons)
		moved |= PVNET_LOST_TX;
	if (now->rx_cons != s->last.rx_cons)
		moved |= PVNET_LOST_RX;
	if (now->tx_moves != s->last.tx_moves)
		moved |= PVNET_LOST_NOTIFY;
	lost &= ~moved;

	s->quiet = !now->waits && !now->busy && !moved;
	s->last = *now;
	s->last.waits &= ~lost;
	return lost;
}
