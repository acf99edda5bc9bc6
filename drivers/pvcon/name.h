/* SPDX-License-Identifier: GPL-2.0 */
/* A console's number, from its path in the store. PURE: no lock, allocation or message. */
#ifndef _PVCON_NAME_H
#define _PVCON_NAME_H

#include <linux/types.h>

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
