// SPDX-License-Identifier: GPL-2.0
/* How soon, and how often, a connection may be set up anew. PURE. */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/types.h>

#include <pv/pace.h>

/* @ms, twice that the second time, and so on. */
static unsigned int pvfront_pace_grown(unsigned int ms, unsigned int times)
{
	if (!times)
		return 0;
	while (--times && ms < PVFRONT_PACE_MOST_MS)
		ms *= 2;
	return ms < PVFRONT_PACE_MOST_MS ? ms : PVFRONT_PACE_MOST_MS;
}

unsigned int pvfront_pace_wait(const struct pvfront_pace *p)
{
	unsigned int least = pvfront_pace_grown(PVFRONT_PACE_FAILED_MS, p->failed);
	unsigned int wait = 0;

	if (p->begun >= PVFRONT_PACE_MAX)
		return PVFRONT_PACE_NEVER;
	if (p->begun >= PVFRONT_PACE_FREE)
		wait = pvfront_pace_grown(PVFRONT_PACE_FIRST_MS,
					  p->begun - PVFRONT_PACE_FREE + 1);
	return wait > least ? wait : least;
}

void pvfront_pace_begin(struct pvfront_pace *p)
{
	p->begun++;
}

void pvfront_pace_fail(struct pvfront_pace *p)
{
	if (p->failed < PVFRONT_PACE_MAX)
		p->failed++;
}

void pvfront_pace_end(struct pvfront_pace *p, u64 ms)
{
	p->failed = 0;
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
EXPORT_SYMBOL_GPL(pvfront_is_transient);
