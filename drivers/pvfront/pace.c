// SPDX-License-Identifier: GPL-2.0
/* How soon, and how often, a connection may be set up anew. PURE. */
#include <linux/errno.h>
#include <linux/types.h>

#include <pv/pace.h>

unsigned int pvfront_pace_wait(const struct pvfront_pace *p)
{
	unsigned int least = p->failed ? PVFRONT_PACE_FAILED_MS : 0;
	unsigned int wait = PVFRONT_PACE_FIRST_MS;
	unsigned int i;

	if (p->begun >= PVFRONT_PACE_MAX)
		return PVFRONT_PACE_NEVER;
	if (p->begun < PVFRONT_PACE_FREE)
		return least;
	for (i = PVFRONT_PACE_FREE; i < p->begun && wait < PVFRONT_PACE_MOST_MS; i++)
		wait *= 2;
	return wait < PVFRONT_PACE_MOST_MS ? wait : PVFRONT_PACE_MOST_MS;
}

void pvfront_pace_begin(struct pvfront_pace *p)
{
	p->begun++;
	p->failed = false;
}

void pvfront_pace_end(struct pvfront_pace *p, u64 ms)
{
	if (ms >= PVFRONT_PACE_LASTED_MS)
		p->begun = 0;
}

bool pvfront_is_transient(int err)
{
	switch (err) {
	case -ENOMEM:
	case -ENOSPC:
	case -EAGAIN:
	case -EBUSY:
	case -EINTR:
	case -EIO:
		return true;
	default:
		return false;
	}
}
