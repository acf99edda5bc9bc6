/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the balloon have of each other; the kernel's part is <xen/balloon.h>. */
#ifndef _XENSTORE_LITE_BALLOON_BAL_H
#define _XENSTORE_LITE_BALLOON_BAL_H

#include <linux/mutex.h>
#include <linux/types.h>

#include <xen/balloon.h>

/* One hypercall's worth. */
#define BAL_BATCH	512

/* Protects the balloon: its pages and balloon_stats. */
extern struct mutex bal_mutex;

/* pages.c; the first three under bal_mutex */

/**
 * bal_empty() - how many pages of the balloon could have memory
 *
 * Return: a number of pages.
 */
unsigned long bal_empty(void);

/**
 * bal_get_memory() - get memory for pages of the balloon, and give these to Linux
 * @count: how many, BAL_BATCH at most
 *
 * Allocates nothing.
 *
 * Return: how many Xen had memory for.
 */
unsigned long bal_get_memory(unsigned long count);

/**
 * bal_give_memory() - take pages from Linux, and give their memory to Xen
 * @count: how many, BAL_BATCH at most
 * @gfp: how hard to try
 *
 * Return: how many Linux could spare.
 */
unsigned long bal_give_memory(unsigned long count, gfp_t gfp);

/*
 * While the guest is saved, a machine frame that is known, and not yet mapped or not yet given
 * away, would become another guest's.
 */

/**
 * bal_stop() - no page goes to Xen or comes from it until bal_go(), those without memory are there
 *
 * Return: 0, or -EBUSY if some are on their way for more than 10 s.
 */
int bal_stop(void);

/**
 * bal_go() - pages go and come again
 */
void bal_go(void);

/* follow.c */

/**
 * bal_follow() - look at the target, and at what can be done
 */
void bal_follow(void);

/**
 * bal_follow_init() - begin to follow the target
 *
 * Return: 0 or a negative errno.
 */
int bal_follow_init(void);

#endif
