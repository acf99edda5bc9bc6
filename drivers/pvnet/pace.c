// SPDX-License-Identifier: GPL-2.0
/* Whether events follow each other so closely that gathering them pays. PURE. */
#include "pace.h"

void pvnet_pace_init(struct pvnet_pace *p)
{
	*p = (struct pvnet_pace) { .need = PVNET_PACE_RUN_MIN };
}

void pvnet_pace_event(struct pvnet_pace *p, u64 now, u64 soon)
{
	p->run = now - p->last <= soon ? p->run + 1 : 0;
	p->last = now;
	if (p->run >= p->need)
		p->gather = true;
}

void pvnet_pace_gathered(struct pvnet_pace *p, unsigned int n)
{
	if (n >= PVNET_PACE_WORTH) {
		p->need = PVNET_PACE_RUN_MIN;
		return;
	}
	p->gather = false;
	p->run = 0;
	if (p->need < PVNET_PACE_RUN_MAX)
		p->need *= 2;
}
