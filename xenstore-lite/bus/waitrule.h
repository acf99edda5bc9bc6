/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How long to wait for devices, at boot and when a driver is loaded. PURE: numbers to a decision.
 *
 * At boot only the disk with the root file system counts, where the kernel knows which that is:
 * once it is there nothing else is waited for. If the kernel is to mount it and it is not there,
 * it is waited for as long as some disk may still come, however slow its backend is.
 *
 * Elsewhere nobody knows what is needed. A device whose backend is not there yet, or is gone, is
 * not waited for. One whose backend is at work is: while no device at all is connected, as it may
 * be the only one, and else as long as some device gets on.
 */
#ifndef _XSL_WAITRULE_H
#define _XSL_WAITRULE_H

#include <linux/types.h>

/* In ms: for the root file system, for the first device, for each step of a later one. */
#define XSL_WAIT_ROOT	300000UL
#define XSL_WAIT_FIRST	30000UL
#define XSL_WAIT_STEP	1000UL

/**
 * struct xsl_wait - what there is
 * @mounts: the kernel is to mount the root file system from a disk that it knows
 * @root: that disk is there
 * @coming: disks that are not connected and that their host has not taken away, and looks for
 *	devices that are under way
 * @at_work: devices whose backends are about to connect, and these looks
 * @connected: devices that are
 * @total: ms of waiting
 * @quiet: ms since a device has got on
 */
struct xsl_wait {
	bool mounts;
	bool root;
	unsigned int coming;
	unsigned int at_work;
	unsigned int connected;
	unsigned long total;
	unsigned long quiet;
};

/**
 * xsl_wait_more() - decide
 * @now: what there is
 *
 * Return: whether to wait.
 */
bool xsl_wait_more(const struct xsl_wait *now);

/**
 * xsl_wait_names_disk() - say whether the kernel can find out if the disk of root= is there
 * @root: the option's value
 *
 * Return: false for a network, memory, flash, what only programs can resolve, and numbers, which
 * the kernel believes.
 */
bool xsl_wait_names_disk(const char *root);

#endif
