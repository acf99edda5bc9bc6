/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When a page that a backend could use may become ordinary memory. PURE. Why this is
 * not simply when nobody maps it: see the head of <pv/grant.h>.
 */
#ifndef _PVFRONT_RESTRULE_H
#define _PVFRONT_RESTRULE_H

#include <linux/types.h>

/**
 * struct pvfront_rest_state - what is known of a page whose connection has ended
 * @mapped: the grant table says that the backend maps it
 * @typed: Xen may hold it to its type for as long as the backend's domain exists
 * @gone: that domain does not exist any more
 * @orderly: the backend said Closed after we had
 * @secs: seconds since @mapped was first seen false
 * @enough: so many have to pass after an orderly end
 */
struct pvfront_rest_state {
	bool mapped;
	bool typed;
	bool gone;
	bool orderly;
	unsigned int secs;
	unsigned int enough;
};

/**
 * pvfront_rest_is_typed() - whether Xen may hold a page to its type in a PV guest
 * @domid: who could write to it
 * @since: when the connection began that granted it, in jiffies
 * @restored: what was granted before then was on a host that the guest has left
 *
 * Domain 0 does not die before its guests, and nothing of the old host has a type in the
 * restored guest, whatever number the backend has now.
 *
 * Context: any.
 * Return: true if so.
 */
bool pvfront_rest_is_typed(u16 domid, unsigned long since, unsigned long restored);

/**
 * pvfront_rest_is_over() - whether the page may be freed
 * @s: what is known
 *
 * Context: any.
 * Return: true if so.
 */
bool pvfront_rest_is_over(const struct pvfront_rest_state *s);

#endif
