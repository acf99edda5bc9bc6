/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PVFRONT_INTERNAL_H
#define _PVFRONT_INTERNAL_H

struct pvfront;
struct workqueue_struct;

/*
 * Runs the state machines of all frontends, each device's in its own order.
 * Has a rescuer: reconnecting the disk that memory is swapped to must not wait
 * for memory.
 */
extern struct workqueue_struct *pvfront_wq;

/* debugfs: pvfront/<device>, for people; nothing depends on it being there. */
void pvfront_debugfs_add(struct pvfront *f);
void pvfront_debugfs_del(struct pvfront *f);

#endif
