/* SPDX-License-Identifier: GPL-2.0 */
/* What a console's name in the store may be. PURE: no lock, allocation or message. */
#ifndef _PVCON_NAME_H
#define _PVCON_NAME_H

#include <linux/types.h>

/* Longest channel name accepted, in bytes without the NUL. */
#define PVCON_NAME_MAX	255

/**
 * pvcon_name_ok() - whether a channel's name may be shown to users
 * @name: the value of key "name" as the toolstack wrote it; not trusted
 *
 * The name becomes a line of sysfs and a variable of a uevent, where a newline
 * or an escape sequence would be read as something else.
 *
 * Return: true for 1 to PVCON_NAME_MAX printable ASCII characters.
 */
bool pvcon_name_ok(const char *name);

/**
 * pvcon_number() - the N of device/console/N
 * @nodename: a device's path in the store
 * @number: where N goes
 *
 * Return: 0, or a negative errno if the path does not end in "/" and a decimal
 * number that fits 64 bits.
 */
int pvcon_number(const char *nodename, u64 *number);

#endif
