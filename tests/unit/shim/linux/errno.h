/* SPDX-License-Identifier: GPL-2.0 */
/* glibc's <errno.h> takes the numbers from this header, so hand it the real one. */
#include_next <linux/errno.h>
