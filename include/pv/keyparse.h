/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers and texts, as the store has them. PURE: no lock, allocation or message. */
#ifndef _PV_KEYPARSE_H
#define _PV_KEYPARSE_H

#include <linux/types.h>

/**
 * pvfront_parse_u64() - turn the text of a xenstore value into a number
 * @s: NUL-terminated text as the other side wrote it; not trusted
 * @min: smallest accepted value
 * @max: largest accepted value
 * @out: where the number goes; untouched on error
 *
 * Accepts decimal digits and nothing else: no sign, no blank, no base prefix,
 * no trailing text. Every numeric key of blkif.h and netif.h is written that
 * way.
 *
 * Context: any; takes no lock, does not sleep.
 * Return: 0, -EINVAL if @s is not such a number, -ERANGE if it does not fit
 * 64 bits or lies outside [@min, @max].
 */
int pvfront_parse_u64(const char *s, u64 min, u64 max, u64 *out);

/**
 * pvfront_check_text() - whether a text may be shown to users
 * @s: NUL-terminated text as the other side wrote it; not trusted
 * @min: least number of characters
 * @max: greatest number of characters
 *
 * Texts become lines of sysfs, of logs, variables of a uevent, where a newline or an escape
 * sequence would be read as something else.
 *
 * Context: any; takes no lock, does not sleep.
 * Return: 0, -ERANGE if it is shorter or longer, -EINVAL if not all of it is printable ASCII.
 */
int pvfront_check_text(const char *s, u64 min, u64 max);

#endif
