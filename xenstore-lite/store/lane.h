/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A lane: work that is done in its order, one piece at a time. Lanes do not wait for each
 * other, so that a driver that blocks holds up its own device alone.
 *
 * A lane can claim a path: watches of what is below it run there, whoever registers them.
 */
#ifndef _XSL_LANE_H
#define _XSL_LANE_H

#include <linux/list.h>
#include <linux/types.h>

#include "wire/claim.h"

/**
 * struct xsl_item - one piece of work
 * @list: in the lane
 * @run: does it; may sleep, and free the item
 */
struct xsl_item {
	struct list_head list;
	void (*run)(struct xsl_item *item);
};

struct xsl_lane;

/**
 * xsl_lane_make() - make a lane
 * @freezes: it stands still while the guest is suspended
 * @name: of its thread, behind "xenwatch/"
 *
 * Return: the lane with one reference, or NULL if there is no memory.
 */
struct xsl_lane *xsl_lane_make(bool freezes, const char *name);

/**
 * xsl_lane_get() - take a reference
 * @lane: the lane
 *
 * Return: @lane.
 */
struct xsl_lane *xsl_lane_get(struct xsl_lane *lane);

/**
 * xsl_lane_put() - give a reference back; what was added is still done
 * @lane: the lane, or NULL
 */
void xsl_lane_put(struct xsl_lane *lane);

/**
 * xsl_lane_add() - have something done
 * @lane: the lane
 * @item: what, not in any lane
 *
 * Does not sleep.
 */
void xsl_lane_add(struct xsl_lane *lane, struct xsl_item *item);

/**
 * xsl_lane_claim() - have watches of a path, and of what is below it, run in a lane
 * @lane: the lane, which stays until the claim is given up
 * @claim: where that is noted
 * @path: the path, which stays as long
 *
 * Watches that are registered already stay where they are.
 */
void xsl_lane_claim(struct xsl_lane *lane, struct xsl_claim *claim, const char *path);

/**
 * xsl_lane_unclaim() - give a claim up
 * @claim: the claim; nothing happens if there is none
 */
void xsl_lane_unclaim(struct xsl_claim *claim);

/**
 * xsl_lane_of() - find the lane that has claimed a path
 * @path: the path
 *
 * Return: the lane with a reference for the caller, or NULL.
 */
struct xsl_lane *xsl_lane_of(const char *path);

#endif
