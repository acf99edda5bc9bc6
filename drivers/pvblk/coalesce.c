// SPDX-License-Identifier: GPL-2.0
/* How many responses an event waits for. PURE. */
#include <linux/minmax.h>
#include <linux/types.h>

#include "coalesce.h"

void pvblk_coalesce_init(struct pvblk_coalesce *c)
{
	c->wait = 1;
	c->hold = 0;
	c->backoff = PVBLK_COALESCE_HOLD_MIN;
}

unsigned int pvblk_coalesce_next(struct pvblk_coalesce *c,
				 unsigned int in_flight, unsigned int most,
				 bool late)
{
	unsigned int share = in_flight / PVBLK_COALESCE_SHARE;

	if (late) {
		c->hold = c->backoff;
		c->backoff = min(c->backoff * 2, PVBLK_COALESCE_HOLD_MAX);
	} else if (c->wait > 1) {
		c->backoff = PVBLK_COALESCE_HOLD_MIN;
	} else if (c->hold) {
		c->hold--;
	}
	c->wait = c->hold ? 1 : max(min(share, most), 1U);
	return c->wait;
}
