// SPDX-License-Identifier: GPL-2.0
/*
 * The file that holds the disk, and on command a cache of what is written, which is lost when
 * the process dies: until a flush the file does not have it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend.h"

static int image_fd;
static off_t image_bytes;
/* All of the disk as it is read, and which of its sectors the file lacks; NULL: no cache. */
static char *cache;
static bool *dirty;

void image_open(const char *path)
{
	image_fd = open(path, O_RDWR);
	if (image_fd < 0)
		die("%s: %s", path, strerror(errno));
	image_bytes = lseek(image_fd, 0, SEEK_END);
}

unsigned long image_sectors(void)	{ return image_bytes / 512; }

static bool image_has(size_t bytes, off_t at)
{
	return at >= 0 && at <= image_bytes && bytes <= (size_t)(image_bytes - at);
}

void image_cache(void)
{
	if (cache)
		return;
	cache = malloc(image_bytes);
	dirty = calloc(image_sectors(), sizeof(*dirty));
	if (!cache || !dirty || pread(image_fd, cache, image_bytes, 0) != image_bytes)
		die("no memory for a cache of %ld bytes", (long)image_bytes);
}

bool image_read(void *to, size_t bytes, off_t at)
{
	if (!image_has(bytes, at))
		return false;
	if (!cache)
		return pread(image_fd, to, bytes, at) == (ssize_t)bytes;
	memcpy(to, cache + at, bytes);
	return true;
}

bool image_write(const void *from, size_t bytes, off_t at)
{
	if (!image_has(bytes, at))
		return false;
	if (!cache)
		return pwrite(image_fd, from, bytes, at) == (ssize_t)bytes;
	memcpy(cache + at, from, bytes);
	memset(dirty + at / 512, true, bytes / 512);
	return true;
}

bool image_flush(void)
{
	unsigned long sector;

	for (sector = 0; cache && sector < image_sectors(); sector++) {
		if (!dirty[sector])
			continue;
		if (pwrite(image_fd, cache + sector * 512, 512, sector * 512) != 512)
			return false;
		dirty[sector] = false;
	}
	return true;
}
