/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Watches: whoever registers one hears of each change of a path and of what is below it.
 *
 * What is heard twice before it was handled is handled once, after the last change. If there
 * is no memory for an event, or there are too many, the watch hears of its own path instead,
 * which means: something below has changed, look.
 */
#ifndef _XSL_WATCH_H
#define _XSL_WATCH_H

#include <linux/types.h>

struct xenbus_watch;
struct xsl_lane;

/**
 * xsl_watch_add() - register a watch whose callbacks run in a lane
 * @watch: the watch, its node and callback set
 * @lane: the lane; NULL for one of its own
 *
 * A watch without a lane stands still while the guest is suspended, unless its node is below
 * control/: what the host orders there is what ends the suspension.
 *
 * Return: 0 or a negative errno.
 */
int xsl_watch_add(struct xenbus_watch *watch, struct xsl_lane *lane);

/**
 * xsl_watch_program() - register a watch of a program
 * @watch: the watch
 *
 * Those of all programs are in one lane, so that a program hears of things in their order.
 *
 * Return: 0 or a negative errno.
 */
int xsl_watch_program(struct xenbus_watch *watch);

/**
 * xsl_watch_sure() - register a watch that this guest cannot do without
 * @watch: the watch, which is never unregistered
 *
 * If xenstored cannot be asked now, that is said, and tried again in the background, each minute
 * at least, until it can: the watch gets its first event then.
 *
 * Return: 0, or a negative errno if trying again is of no use, which is said, too.
 */
int xsl_watch_sure(struct xenbus_watch *watch);

/**
 * xsl_watch_event() - xenstored has sent an event
 * @body: the payload
 * @len: its length
 */
void xsl_watch_event(const char *body, u32 len);

/**
 * xsl_watch_is_kept() - say whether a watch is to be there
 * @body: the payload of XS_WATCH
 * @len: its length
 *
 * A watch that was registered may be sent again, to another xenstored. If that is answered when
 * nobody waits for it any more, the watch is there, and has to be.
 *
 * Return: false for one whose registration failed or that has ended.
 */
bool xsl_watch_is_kept(const char *body, u32 len);

/**
 * xsl_watch_rearm() - tell another xenstored of all watches, after a migration
 *
 * What fails is tried again, 4 times in all.
 */
void xsl_watch_rearm(void);

#endif
