// SPDX-License-Identifier: GPL-2.0
/*
 * Directories, of any size. One that does not fit into a message comes in pieces, by their
 * offset, each with the generation of the directory: if that changes between two pieces,
 * everything is asked for anew.
 */
#define pr_fmt(fmt) "xenstore: " fmt

#include <linux/err.h>
#include <linux/export.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "store.h"
#include "wire/text.h"

/* Bytes of names that one directory may have; a hostile xenstored has no end of them. */
#define NAMES_MAX	(1 << 20)

struct names {
	char *bytes;
	u32 len;
	char *generation;
};

static void forget(struct names *all)
{
	kfree(all->bytes);
	kfree(all->generation);
	memset(all, 0, sizeof(*all));
}

/* append() - take one piece; -EAGAIN if it is of another generation than those before */
static int append(struct names *all, const struct xsl_part *part)
{
	char *more;

	if (!all->generation)
		all->generation = kstrdup(part->generation, GFP_NOIO | __GFP_HIGH);
	if (!all->generation)
		return -ENOMEM;
	if (strcmp(all->generation, part->generation))
		return -EAGAIN;
	if (all->len + part->len > NAMES_MAX)
		return -EFBIG;
	more = krealloc(all->bytes, all->len + part->len + 1, GFP_NOIO | __GFP_HIGH);
	if (!more)
		return -ENOMEM;
	memcpy(more + all->len, part->names, part->len);
	all->bytes = more;
	all->len += part->len;
	return 0;
}

static int get_part(struct xenbus_transaction t, const char *path, struct names *all, bool *last)
{
	struct xsl_part part = { };
	char offset[12];
	char *reply;
	u32 len;
	int err;

	snprintf(offset, sizeof(offset), "%u", all->len);
	err = xsl_ask(XS_DIRECTORY_PART, t, path, offset, strlen(offset) + 1, &reply, &len);
	if (err)
		return err;
	err = xsl_text_part(reply, len, &part);
	if (!err)
		err = append(all, &part);
	*last = part.last;
	kfree(reply);
	return err;
}

static int get_parts(struct xenbus_transaction t, const char *path, struct names *all)
{
	unsigned int tries = 0;
	bool last;
	int err;

	do {
		forget(all);
		last = false;
		do
			err = get_part(t, path, all, &last);
		while (!err && !last);
	} while (err == -EAGAIN && xsl_again(++tries, XSL_TRIES, XSL_TRIES_FIRST));
	return err;
}

static int get_names(struct xenbus_transaction t, const char *path, struct names *all)
{
	int err = xsl_ask(XS_DIRECTORY, t, path, NULL, 0, &all->bytes, &all->len);

	if (err == -E2BIG)
		err = get_parts(t, path, all);
	if (!err && xsl_text_count(all->bytes, all->len) < 0)
		err = -EPROTO;
	return err;
}

/* The pointers and behind them the names, in one piece of memory, as callers free it. */
static char **list(const struct names *all, unsigned int *num)
{
	unsigned int count = xsl_text_count(all->bytes, all->len), i;
	char **names = kmalloc(count * sizeof(*names) + all->len + 1, GFP_NOIO | __GFP_HIGH);
	char *at;

	if (!names)
		return ERR_PTR(-ENOMEM);
	at = memcpy(names + count, all->bytes, all->len);
	for (i = 0; i < count; i++, at += strlen(at) + 1)
		names[i] = at;
	*num = count;
	return names;
}

char **xenbus_directory(struct xenbus_transaction t, const char *dir, const char *node,
			unsigned int *num)
{
	struct names all = { };
	char *path = xsl_path(dir, node);
	char **names;
	int err;

	if (!path)
		return ERR_PTR(-ENOMEM);
	err = get_names(t, path, &all);
	names = err ? ERR_PTR(err) : list(&all, num);
	forget(&all);
	kfree(path);
	return names;
}
EXPORT_SYMBOL_GPL(xenbus_directory);
