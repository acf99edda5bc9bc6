/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ring page, its event channel and the thread that reads it. Requests are written by who
 * makes them, as far as there is room, and the rest by the thread.
 */
#ifndef _XSL_LINK_H
#define _XSL_LINK_H

#include <linux/types.h>

struct xsl_request;

/**
 * xsl_link_start() - begin to talk to xenstored, at boot
 *
 * Return: 0 or a negative errno.
 */
int xsl_link_start(void);

/**
 * xsl_link_submit() - send a request, waiting for a place
 * @req: the request; xsl_request_finish() will be called once if 0 is returned
 * @ticks: how long xenstored has for an answer
 *
 * Return: 0, -EIO if the ring is unusable, -ETIMEDOUT if there was no place in time, -EINTR
 * if a fatal signal came.
 */
int xsl_link_submit(struct xsl_request *req, unsigned long ticks);

/**
 * xsl_link_post() - send a request if there is a place for it
 * @req: the request; xsl_request_finish() will be called once if 0 is returned
 * @ticks: how long xenstored has for an answer
 *
 * Does not sleep.
 *
 * Return: 0, -EIO if the ring is unusable, -EBUSY if there is no place.
 */
int xsl_link_post(struct xsl_request *req, unsigned long ticks);

/**
 * xsl_link_abandon() - nobody waits for a request any more
 * @req: a submitted request
 *
 * Return: true if it was given up, and has no outcome; false if its outcome is there, or is
 * just being set.
 */
bool xsl_link_abandon(struct xsl_request *req);

/**
 * xsl_link_stop() - wait, with a bound, until no request is in flight, and leave the ring alone
 *
 * Requests that come later wait for xsl_link_go() or xsl_link_resume().
 */
void xsl_link_stop(void);

/**
 * xsl_link_go() - go on with the ring where it was left: the guest was not saved after all
 */
void xsl_link_go(void);

/**
 * xsl_link_resume() - begin anew after a migration: another xenstored, the same page
 *
 * What the old one had some of ends with -EAGAIN.
 */
void xsl_link_resume(void);

#endif
