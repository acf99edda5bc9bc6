/* SPDX-License-Identifier: GPL-2.0 */
/* The disk with the root file system, as far as the kernel knows it at boot. */
#ifndef _XSL_ROOT_H
#define _XSL_ROOT_H

#include <linux/types.h>

struct bus_type;

/**
 * struct xsl_root - the disk
 * @name: as root= has it
 * @mounts: the kernel is to mount it; otherwise a program of the initramfs is
 * @bus: where its disk may be
 * @is_there: asks whether it is there, with its partitions
 */
struct xsl_root {
	const char *name;
	bool mounts;
	const struct bus_type *bus;
	bool (*is_there)(void);
};

/**
 * xsl_root() - find out which disk that is
 * @bus: where it may be
 *
 * Return: the disk, or NULL if the kernel cannot know.
 */
const struct xsl_root *xsl_root(const struct bus_type *bus);

#endif
