// SPDX-License-Identifier: GPL-2.0
/*
 * The back end's directory in xenstore, and what it does when the frontend changes its state:
 * what xen-blkback does, unless it was told to be deaf.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xen/io/xenbus.h>

#include "backend.h"

static struct xs_handle *xs;
static char *own, *front;
static int own_state, front_state = -1;

static bool read_text(const char *dir, const char *key, char *text, unsigned int size)
{
	unsigned int length;
	char path[256];
	char *value;

	snprintf(path, sizeof(path), "%s/%s", dir, key);
	value = xs_read(xs, XBT_NULL, path, &length);
	if (!value)
		return false;
	snprintf(text, size, "%s", value);
	free(value);
	return true;
}

bool store_front_text(const char *key, char *text, unsigned int size)
{
	return read_text(front, key, text, size);
}

long store_front_number(const char *key, long fallback)
{
	char text[32];

	return store_front_text(key, text, sizeof(text)) ? atol(text) : fallback;
}

long store_own_number(const char *key, long fallback)
{
	char text[32];

	return read_text(own, key, text, sizeof(text)) ? atol(text) : fallback;
}

/* False when the directory is gone. */
bool store_set(const char *key, const char *value)
{
	char path[256], old[128];

	/* Nothing is made anew in a directory that the toolstack has removed. */
	if (!read_text(own, "frontend", old, sizeof(old)))
		return false;
	snprintf(path, sizeof(path), "%s/%s", own, key);
	return xs_write(xs, XBT_NULL, path, value, strlen(value));
}

void store_set_state(int state)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", state);
	own_state = state;
	say("state %d%s", state, store_set("state", text) ? "" : ", but the nodes are gone");
}

static void connect_frontend(void)
{
	char text[32];

	if (disk_connected() || !disk_connect())
		return;
	snprintf(text, sizeof(text), "%lu", image_sectors());
	/* What a command or the start wrote stands. */
	if (!read_text(own, "sectors", text, sizeof(text)))
		store_set("sectors", text);
	if (!read_text(own, "info", text, sizeof(text)))
		store_set("info", "0");
	if (!read_text(own, "sector-size", text, sizeof(text)))
		store_set("sector-size", "512");
	store_set_state(XenbusStateConnected);
}

void store_remove(void)
{
	xs_rm(xs, XBT_NULL, own);
}

void store_event(void)
{
	unsigned int count;
	char **event = xs_read_watch(xs, &count);
	bool first = front_state < 0;
	int state;

	free(event);
	state = store_front_number("state", XenbusStateUnknown);
	if (state == front_state || conduct.deaf)
		return;
	front_state = state;
	say("frontend %d", state);
	/* It is Connected to a back end that has died: its ring holds old requests. */
	if (first && state == XenbusStateConnected)
		return;
	switch (state) {
	case XenbusStateInitialising:
		if (own_state == XenbusStateClosed)
			store_set_state(XenbusStateInitWait);
		break;
	case XenbusStateInitialised:
	case XenbusStateConnected:
		connect_frontend();
		break;
	case XenbusStateClosing:
		disk_disconnect();
		store_set_state(XenbusStateClosing);
		break;
	case XenbusStateClosed:
		disk_disconnect();
		if (conduct.circling)
			store_set_state(XenbusStateInitWait);
		else if (own_state != XenbusStateClosed)
			store_set_state(XenbusStateClosed);
		break;
	case XenbusStateUnknown:
		disk_disconnect();
		break;
	}
}

int store_fd(void)	{ return xs_fileno(xs); }

void store_open(unsigned int domid, const char *vdev)
{
	char text[256];

	xs = xs_open(0);
	if (!xs)
		die("cannot reach xenstore");
	if (asprintf(&own, "/local/domain/0/backend/lab/%u/%s", domid, vdev) < 0 ||
	    !read_text(own, "frontend", text, sizeof(text)))
		die("%s/frontend cannot be read", own);
	front = strdup(text);
	snprintf(text, sizeof(text), "%s/state", front);
	if (!front || !xs_watch(xs, text, "state"))
		die("cannot watch %s", text);
}
