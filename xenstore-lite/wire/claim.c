// SPDX-License-Identifier: GPL-2.0
/* Who a path belongs to. See claim.h. */
#include <linux/string.h>

#include "claim.h"
#include "text.h"

void xsl_claim_add(struct xsl_claim **all, struct xsl_claim *claim)
{
	claim->next = *all;
	*all = claim;
}

void xsl_claim_remove(struct xsl_claim **all, struct xsl_claim *claim)
{
	struct xsl_claim **link = all;

	while (*link && *link != claim)
		link = &(*link)->next;
	if (*link)
		*link = claim->next;
	claim->path = NULL;
}

void *xsl_claim_find(const struct xsl_claim *all, const char *path)
{
	const struct xsl_claim *claim, *best = NULL;

	for (claim = all; claim; claim = claim->next)
		if (xsl_text_below(path, claim->path) &&
		    (!best || strlen(claim->path) > strlen(best->path)))
			best = claim;
	return best ? best->owner : NULL;
}
