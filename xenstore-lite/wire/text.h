/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is in the payloads that xenstored sends: strings, each with the zero byte that ends
 * it, one after the other. PURE. Whether they all have their end is checked here, once, so
 * that the rest of the client can use them as strings of C.
 */
#ifndef _XSL_TEXT_H
#define _XSL_TEXT_H

#include <linux/types.h>

/**
 * xsl_text_errno() - turn the payload of XS_ERROR into a number
 * @body: the payload
 * @len: its length
 *
 * Return: a negative errno; -EPROTO for what is no name of an error.
 */
int xsl_text_errno(const char *body, u32 len);

/**
 * xsl_text_count() - count the strings of a payload
 * @body: the payload
 * @len: its length
 *
 * Return: their number, 0 for an empty payload, or -EPROTO if the last one has no end.
 */
int xsl_text_count(const char *body, u32 len);

/**
 * xsl_text_event() - take the event of a watch apart
 * @body: the payload
 * @len: its length
 * @path: set to the path that changed
 * @token: set to what the client called the watch
 *
 * Return: 0, or -EPROTO unless these are two strings.
 */
int xsl_text_event(const char *body, u32 len, const char **path, const char **token);

/**
 * struct xsl_part - one piece of a directory that is too large for one reply
 * @generation: changes whenever the directory does
 * @names: the names, one string after the other
 * @len: bytes of them
 * @last: no more of the directory is to come
 */
struct xsl_part {
	const char *generation;
	const char *names;
	u32 len;
	bool last;
};

/**
 * xsl_text_part() - take a reply to XS_DIRECTORY_PART apart
 * @body: the payload
 * @len: its length
 * @part: filled
 *
 * Return: 0, or -EPROTO unless it has a generation, whole names, and no empty name but
 * the one that ends the directory.
 */
int xsl_text_part(const char *body, u32 len, struct xsl_part *part);

/**
 * xsl_text_is_name() - say whether a string is the name of a node in its directory
 * @name: the string
 *
 * Return: false for an empty one, which put behind the directory is the directory again, and for
 * one with a slash, which is a path.
 */
bool xsl_text_is_name(const char *name);

/**
 * xsl_text_is_path() - say whether a string is a path of names
 * @path: the string, without a slash at its start
 *
 * Return: false if one of its names is empty.
 */
bool xsl_text_is_path(const char *path);

/**
 * xsl_text_node() - say which device a path is about
 * @path: a path that changed
 * @levels: how many parts of it name a device, as device/vbd/51712 has 3
 *
 * Return: the length of the device's own path at the start of @path, or 0 if the path is a
 * directory above the devices.
 */
unsigned int xsl_text_node(const char *path, unsigned int levels);

/**
 * xsl_text_below() - say whether a path is a node or what is below it
 * @path: the path
 * @node: the node, without a slash at its end
 *
 * Return: true for "a/b" and "a/b/c" below "a/b", false for "a/bc".
 */
bool xsl_text_below(const char *path, const char *node);

#endif
