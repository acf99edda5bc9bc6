/* SPDX-License-Identifier: GPL-2.0 */
/* The end of the access that the backend has to a request's memory, or what becomes of it. */
#ifndef _PVBLK_ACCESS_H
#define _PVBLK_ACCESS_H

#include <linux/types.h>

struct request;

/**
 * pvblk_request_end_access() - end the backend's access to a request's own memory
 * @rq: a request that was mapped, if only in part
 *
 * Not that to pages of ours which stay granted. The references stay the ring's: a backend
 * may still read requests that name them, and must not find other memory there.
 *
 * Context: any; the caller is alone on @rq.
 * Return: false if the backend maps some of it still: its owner must not get it back.
 * May be tried again.
 */
bool pvblk_request_end_access(struct request *rq);

/**
 * pvblk_request_rest() - have a request's own memory rest if it has to
 * @rq: a request that was given up, or is to be sent again, with its access ended
 *
 * A backend that answered has let go of the memory in order. Of one that did not, the
 * domain may be dying: see include/pv/grant.h.
 *
 * Context: process context; may sleep for memory, without I/O.
 */
void pvblk_request_rest(struct request *rq);

/**
 * pvblk_request_abandon() - give up memory that the backend does not let go of
 * @rq: a request that was given up
 *
 * Only where its owner may have it back all the same: what the backend can only read,
 * and, once the disk is dead, pages of the page cache that nobody else maps, which are
 * not up to date after a failed read. They are not freed before the backend lets go.
 *
 * Not a buffer of O_DIRECT or of the kernel's own that is read into: its owner would
 * use it anew, and a late read would overwrite that.
 *
 * Context: process context; may sleep for memory, without I/O.
 * Return: true if the backend has no access any more, or none that matters.
 */
bool pvblk_request_abandon(struct request *rq);

#endif
