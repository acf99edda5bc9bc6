// SPDX-License-Identifier: GPL-2.0
/* Numbers read from the store, each with its bounds. */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <pv/front.h>

static int pvfront_read_key(struct pvfront *f, const char *dir,
			    const struct pvfront_key *key, u64 *to)
{
	char *text = xenbus_read(XBT_NIL, dir, key->name, NULL);
	int err;

	if (IS_ERR(text)) {
		err = PTR_ERR(text);
		if (err == -ENOENT && key->def != PVFRONT_REQUIRED) {
			*to = key->def;
			return 0;
		}
		pvfront_fail(f, err, "reading %s/%s", dir, key->name);
		return err;
	}

	err = pvfront_parse_u64(text, key->min, key->max, to);
	if (err)
		pvfront_fail(f, err,
			     "%s/%s is \"%*pE\", not a number from %llu to %llu",
			     dir, key->name, (int)strnlen(text, 32), text,
			     key->min, key->max);
	kfree(text);
	return err;
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
		if (err)
			return err;
	}
	return 0;
}
EXPORT_SYMBOL_GPL(pvfront_read_keys);
