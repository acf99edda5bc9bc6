/* SPDX-License-Identifier: GPL-2.0 */
/* What the rest of xenstore-lite asks of the xenstore beside <xen/xenbus.h>. */
#ifndef _XSL_STORE_H
#define _XSL_STORE_H

#include <linux/types.h>
#include <xen/xenbus.h>

#include "wire/answer.h"

/**
 * xsl_again() - wait before something is tried again
 * @tries: how often it was tried
 * @most: how often it may be
 * @first: ms after the first time, twice as many each time
 *
 * Return: whether it is to be tried again.
 */
bool xsl_again(unsigned int tries, unsigned int most, unsigned int first);

/**
 * xsl_path() - put a path together
 * @dir: its beginning
 * @node: what follows, "" for nothing
 *
 * Return: the path, to be freed by kfree(), or NULL if there is no memory.
 */
char *xsl_path(const char *dir, const char *node);

/**
 * xsl_ask() - send a request about one path, outside of transactions through the gate
 * @type: what is asked for
 * @t: the transaction or XBT_NIL
 * @path: the path
 * @value: the second part of the payload, or NULL
 * @size: its length
 * @reply: set to the reply, to be freed by kfree(); may be NULL
 * @len: set to its length; may be NULL
 *
 * Return: 0 or a negative errno.
 */
int xsl_ask(enum xsd_sockmsg_type type, struct xenbus_transaction t, const char *path,
	    const void *value, size_t size, char **reply, u32 *len);

/**
 * xsl_exists() - look whether there is a node
 * @path: its path
 *
 * Return: 1, 0 if xenstored says that there is none, or a negative errno if it could not be
 * found out.
 */
int xsl_exists(const char *path);

#endif
