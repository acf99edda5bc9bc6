/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A lane: work that is done in its order, one piece at a time. Lanes do not wait for each
 * other, so that a driver that blocks holds up its own device alone.
 */
#ifndef _XSL_LANE_H
#define _XSL_LANE_H

#include <linux/list.h>
#include <linux/types.h>

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
 * xsl_lane_start() - make what all lanes run on, at boot
 *
 * Return: 0 or -ENOMEM.
 */
int xsl_lane_start(void);

/**
 * xsl_lane_make() - make a lane
 * @freezes: it stands still while the guest is suspended
 *
 * Return: the lane with one reference, or NULL if there is no memory.
 */
struct xsl_lane *xsl_lane_make(bool freezes);

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

#endif
