// SPDX-License-Identifier: GPL-2.0
/* Strings in payloads of xenstored. See text.h. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <xen/interface/io/xs_wire.h>

#include "text.h"

int xsl_text_errno(const char *body, u32 len)
{
	unsigned int i;

	if (xsl_text_count(body, len) != 1)
		return -EPROTO;
	for (i = 0; i < ARRAY_SIZE(xsd_errors); i++)
		if (!strcmp(body, xsd_errors[i].errstring))
			return -xsd_errors[i].errnum;
	return -EPROTO;
}

int xsl_text_count(const char *body, u32 len)
{
	int count = 0;
	u32 i;

	if (len && body[len - 1])
		return -EPROTO;
	for (i = 0; i < len; i++)
		count += !body[i];
	return count;
}

int xsl_text_event(const char *body, u32 len, const char **path, const char **token)
{
	if (xsl_text_count(body, len) != 2)
		return -EPROTO;
	*path = body;
	*token = body + strlen(body) + 1;
	return 0;
}

int xsl_text_part(const char *body, u32 len, struct xsl_part *part)
{
	const char *end = body + len;
	u32 skip;

	if (xsl_text_count(body, len) < 1 || !*body)
		return -EPROTO;
	skip = strlen(body) + 1;
	part->generation = body;
	part->names = body + skip;
	part->len = len - skip;
	part->last = false;
	for (body = part->names; body < end; body += strlen(body) + 1) {
		if (*body)
			continue;
		/* The empty name behind all others. */
		if (body + 1 != end)
			return -EPROTO;
		part->len--;
		part->last = true;
	}
	/* A piece of nothing that is not the last would be asked for again and again. */
	return part->len || part->last ? 0 : -EPROTO;
}

bool xsl_text_is_name(const char *name)
{
	return *name && !strchr(name, '/');
}

bool xsl_text_is_path(const char *path)
{
	size_t len = strlen(path);

	return len && *path != '/' && path[len - 1] != '/' && !strstr(path, "//");
}

unsigned int xsl_text_node(const char *path, unsigned int levels)
{
	unsigned int i;

	for (i = 0; path[i]; i++)
		if (path[i] == '/' && !--levels)
			return i;
	return levels == 1 ? i : 0;
}

bool xsl_text_below(const char *path, const char *node)
{
	size_t len = strlen(node);

	return !strncmp(path, node, len) && (!path[len] || path[len] == '/');
}
