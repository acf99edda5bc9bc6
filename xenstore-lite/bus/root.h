/* SPDX-License-Identifier: GPL-2.0 */
/* The disk with the root file system, as far as the kernel knows it at boot. */
#ifndef _XSL_ROOT_H
#define _XSL_ROOT_H

#include <linux/types.h>

/**
 * struct xsl_root - the disk
 * @name: as root= has it
 * @mounts: the kernel is to mount it; otherwise a program of the initramfs is
 * @is_there: asks whether it is there
 */
struct xsl_root {
	const char *name;
	bool mounts;
	bool (*is_there)(void);
};

/**
 * xsl_root() - find out which disk that is
 *
 * Return: the disk, or NULL if the kernel cannot know.
 */
const struct xsl_root *xsl_root(void);

#endif
