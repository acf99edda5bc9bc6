/* SPDX-License-Identifier: GPL-2.0 */
/* Keys of the store that are written: all of an offer in one transaction. */
#ifndef _PV_PUBLISH_H
#define _PV_PUBLISH_H

#include <linux/compiler.h>
#include <linux/types.h>

struct pvfront;
struct pvfront_pub;
struct xenbus_transaction;

#define PVFRONT_DEVICE	(-1)	/* not in a queue's directory */

/**
 * pvfront_put() - write one key in the transaction of pvfront_publish()
 * @p: the transaction
 * @queue: index of the queue whose directory queue-N/ the key belongs to, or
 *	PVFRONT_DEVICE for the device's own directory
 * @name: the key
 * @fmt: printf format of the value
 *
 * After a first error the remaining calls do nothing: the filler needs no
 * error checks of its own.
 *
 * Context: process context; sleeps.
 */
__printf(4, 5)
void pvfront_put(struct pvfront_pub *p, int queue, const char *name,
		 const char *fmt, ...);

/**
 * pvfront_del() - remove a key, or a directory with all below, if it is there
 * @p: the transaction
 * @name: key in the device's directory
 *
 * For keys an earlier driver or connection may have left behind and whose mere
 * presence changes what the backend does.
 *
 * Context: process context; sleeps.
 */
void pvfront_del(struct pvfront_pub *p, const char *name);

/**
 * pvfront_publish() - write all keys of an offer in one transaction
 * @f: the connection
 * @fill: calls pvfront_put() and pvfront_del(); run again when the store was
 *	changed under the transaction
 *
 * Context: process context; sleeps. Gives up after a bounded number of tries.
 * Return: 0 or -errno, reported with the name of the key that failed.
 */
int pvfront_publish(struct pvfront *f,
		    void (*fill)(struct pvfront *f, struct pvfront_pub *p));

/**
 * pvfront_find_state() - whether a device, or its backend, has a state
 * @t: the transaction, or XBT_NIL
 * @dir: its directory
 *
 * Unlike xenbus_exists(), which says no where it has no memory to look.
 *
 * Context: process context; sleeps.
 * Return: 0 if it has, -ENOENT if not, or another -errno if that is not known.
 */
int pvfront_find_state(struct xenbus_transaction t, const char *dir);

/**
 * pvfront_transaction_end() - commit a transaction, or abort it after an error
 * @t: the transaction
 * @err: what its reads and writes have come to
 *
 * xenbus_transaction_end() leaves the transaction open if it has no memory, and xenstored
 * allows a guest ten of them: one more, and no transaction begins any more.
 *
 * Context: process context; sleeps, 255 ms longer at most if there is no memory.
 * Return: @err, or if that is 0 what came of the commit: -EAGAIN if the store was changed
 * under it.
 */
int pvfront_transaction_end(struct xenbus_transaction t, int err);

#endif
