/* SPDX-License-Identifier: GPL-2.0 */
/* What differs between the kernels that xenstore-lite is for; versions are tested here only. */
#ifndef _XSL_COMPAT_H
#define _XSL_COMPAT_H

#include <linux/version.h>
#include <xen/xenbus.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
typedef bool xsl_abort_t;
#define XSL_READ_STATE_ARGS	const struct xenbus_device *dev, const char *path
#define XSL_REPLACES		true
#define XSL_READ_STATE_GONE	(dev && dev->vanished)
#define xsl_set_vanished(dev)	((dev)->vanished = true)
#else
typedef int xsl_abort_t;
#define XSL_HAS_MKDIR
#define XSL_HAS_RESUME_UNREGISTER
#define XSL_HAS_RUNSTATE_SNAPSHOT
#define XSL_READ_STATE_ARGS	const char *path
#define XSL_REPLACES		false
#define XSL_READ_STATE_GONE	false
#define xsl_set_vanished(dev)	((void)(dev))
#endif

#endif
