// SPDX-License-Identifier: GPL-2.0
/* Numbers and texts read from the store, each with its bounds. */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <pv/front.h>

static bool pvfront_key_is_text(const struct pvfront_key *key)
{
	return key->kind == PVFRONT_KIND_TEXT || key->kind == PVFRONT_KIND_EXTRA;
}

static void pvfront_key_default(const struct pvfront_key *key, void *to)
{
	if (pvfront_key_is_text(key))
		*(char **)to = NULL;
	else
		*(u64 *)to = key->def;
}

/* Passes on @text, or the number that it is. It is the caller's still after an error. */
static int pvfront_key_take(const struct pvfront_key *key, char *text, void *to)
{
	int err;

	if (pvfront_key_is_text(key)) {
		err = pvfront_check_text(text, key->min, key->max);
		if (err)
			return err;
		*(char **)to = text;
		return 0;
	}
	err = pvfront_parse_u64(text, key->min, key->max, to);
	if (!err)
		kfree(text);
	return err;
}

static int pvfront_read_key(struct pvfront *f, const char *dir,
			    const struct pvfront_key *key, void *to)
{
	char *text = xenbus_read(XBT_NIL, dir, key->name, NULL);
	bool number = !pvfront_key_is_text(key);
	int err;

	if (IS_ERR(text)) {
		err = PTR_ERR(text);
		if (err == -ENOENT && key->def != PVFRONT_REQUIRED) {
			pvfront_key_default(key, to);
			return 0;
		}
		pvfront_fail(f, err, "reading %s/%s", dir, key->name);
		return err;
	}

	err = pvfront_key_take(key, text, to);
	if (!err)
		return 0;
	if (key->kind == PVFRONT_KIND_EXTRA) {
		xenbus_dev_error(f->xdev, err,
				 "%s/%s is \"%*pE\", not %llu to %llu printable ASCII characters: it is not used",
				 dir, key->name, (int)strnlen(text, 32), text,
				 key->min, key->max);
		pvfront_key_default(key, to);
		err = 0;
	} else {
		pvfront_fail(f, err, "%s/%s is \"%*pE\", not %s%llu to %llu%s",
			     dir, key->name, (int)strnlen(text, 32), text,
			     number ? "a number from " : "", key->min, key->max,
			     number ? "" : " printable ASCII characters");
	}
	kfree(text);
	return err;
}

/* The texts of a table of which so many keys were read. */
static void pvfront_free_texts(const struct pvfront_key *keys, size_t nr,
			       unsigned int table, void *to)
{
	while (nr--) {
		char **text = to + keys[nr].offset;

		if (keys[nr].table != table || !pvfront_key_is_text(&keys[nr]))
			continue;
		kfree(*text);
		*text = NULL;
	}
}

int pvfront_read_keys(struct pvfront *f, const char *dir,
		      const struct pvfront_key *keys, size_t nr,
		      unsigned int table, void *to)
{
	size_t i;
	int err;

	for (i = 0; i < nr; i++) {
		if (keys[i].table != table)
			continue;
		err = pvfront_read_key(f, dir, &keys[i], to + keys[i].offset);
		if (err) {
			pvfront_free_texts(keys, i, table, to);
			return err;
		}
	}
	return 0;
}
EXPORT_SYMBOL_GPL(pvfront_read_keys);
