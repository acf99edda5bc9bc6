/* SPDX-License-Identifier: GPL-2.0 */
/* For tests that take a source in, and bring what it needs. */
#ifndef _SHIM_LINUX_ERR_H
#define _SHIM_LINUX_ERR_H

#endif
