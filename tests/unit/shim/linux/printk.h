/* SPDX-License-Identifier: GPL-2.0 */
/* The test defines what is done with a message; %pS gives the address and an S. */
#ifndef _SHIM_LINUX_PRINTK_H
#define _SHIM_LINUX_PRINTK_H

void shim_printk(const char *fmt, ...) __attribute__((__format__(__printf__, 1, 2)));

extern _Bool shim_printk_deferred;

#define printk_deferred_enter()	((void)(shim_printk_deferred = 1))
#define printk_deferred_exit()	((void)(shim_printk_deferred = 0))

#define pr_err(fmt, ...)	shim_printk(pr_fmt(fmt), ##__VA_ARGS__)

#endif
