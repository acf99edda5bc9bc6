// SPDX-License-Identifier: GPL-2.0
/* When a page that a backend could use may become ordinary memory. PURE. */
#include <linux/types.h>

#include "restrule.h"

bool pvfront_rest_is_typed(u16 domid, unsigned long since, unsigned long restored)
{
	return domid && (long)(since - restored) >= 0;
}

bool pvfront_rest_is_over(const struct pvfront_rest_state *s)
{
	if (s->mapped)
		return false;
	if (!s->typed || s->gone)
		return true;
	return s->orderly && s->secs >= s->enough;
}
