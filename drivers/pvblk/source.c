// SPDX-License-Identifier: GPL-2.0
/*
 * Which image a disk is of, as far as the toolstack says: the backend's `params`. Another one
 * under the same number is another disk, unless serial or wwid (identity.c) say that it is
 * the same. Not after a restore: on another host one image may have another path.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "pvblk.h"

/* So much of each is shown. */
#define PVBLK_SOURCE_SHOWN	128

static int pvblk_source_shown(const char *source)
{
	return strnlen(source, PVBLK_SOURCE_SHOWN);
}

int pvblk_source_read(struct pvblk_disk *d, char **source)
{
	char *text = xenbus_read(XBT_NIL, d->front.xdev->otherend, "params", NULL);

	*source = NULL;
	if (!IS_ERR(text))
		*source = text;
	else if (PTR_ERR(text) != -ENOENT)
		return PTR_ERR(text);
	return 0;
}

int pvblk_source_look(struct pvblk_disk *d, char **source)
{
	int err = pvblk_source_read(d, source);

	/* A toolstack may hide it, but not from one moment to the next. */
	if (err == -EACCES && !d->source)
		return 0;
	if (err)
		pvfront_fail(&d->front, err, "reading %s/params", d->front.xdev->otherend);
	return err;
}

bool pvblk_source_differs(const char *old, const char *new)
{
	return old && new && strcmp(old, new);
}

int pvblk_source_fit(struct pvblk_disk *d, const struct pvblk_vpd *v, const char *source)
{
	if (!pvblk_source_differs(d->source, source) || pvblk_identity_is_same(d, v))
		return 0;
	pvfront_fail(&d->front, -EINVAL,
		     "params was \"%*pE\" and is \"%*pE\": the new backend does not fit the disk in use",
		     pvblk_source_shown(d->source), d->source, pvblk_source_shown(source),
		     source);
	return -EINVAL;
}

void pvblk_source_take(struct pvblk_disk *d, char *source)
{
	if (!source)
		return;
	kfree(d->source);
	d->source = source;
}

void pvblk_source_forget(struct pvblk_disk *d)
{
	kfree(d->source);
	d->source = NULL;
}

void pvblk_source_say(const struct pvblk_disk *d, const struct pvblk_disk *new)
{
	dev_err(&new->front.xdev->dev,
		"%s was of \"%*pE\" and is of \"%*pE\": the disk that waits for the former fails\n",
		d->place.name, pvblk_source_shown(d->source), d->source,
		pvblk_source_shown(new->source), new->source);
}
