/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who a path belongs to: claims of paths, each for itself and for what is below it. PURE: no
 * lock, allocation or message; the caller serialises all calls, and owns the claims.
 */
#ifndef _XSL_CLAIM_H
#define _XSL_CLAIM_H

#include <linux/types.h>

/**
 * struct xsl_claim - one claim
 * @next: among all, which the first pointer of the list leads to
 * @path: the path, which stays until the claim is removed; NULL: nothing is claimed
 * @owner: whose
 */
struct xsl_claim {
	struct xsl_claim *next;
	const char *path;
	void *owner;
};

/**
 * xsl_claim_add() - claim a path
 * @all: the list of claims
 * @claim: the claim, its path and owner set
 */
void xsl_claim_add(struct xsl_claim **all, struct xsl_claim *claim);

/**
 * xsl_claim_remove() - give a claim up
 * @all: the list of claims
 * @claim: the claim; nothing happens if there is none
 */
void xsl_claim_remove(struct xsl_claim **all, struct xsl_claim *claim);

/**
 * xsl_claim_find() - ask who a path belongs to
 * @all: the claims
 * @path: the path
 *
 * Return: the owner of the nearest claim above, or NULL.
 */
void *xsl_claim_find(const struct xsl_claim *all, const char *path);

#endif
