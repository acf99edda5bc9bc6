// SPDX-License-Identifier: GPL-2.0
/*
 * Reads of every size and alignment from all disks of pvblk, those in use as
 * well: nothing is written. A disk in use may change meanwhile, so a sector is
 * compared only if it was the same before and after.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/fs.h>
#include <linux/hdreg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "disk.h"
#include "ktap.h"

#define READERS		4
#define READS		64

static unsigned char *before, *after, *part;

/* Where all sectors are alike, one read in the place of another goes unnoticed. */
static bool tells_sectors_apart(const struct disk *d)
{
	unsigned int i, differ = 0;

	for (i = 1; i < AREA / SECTOR; i++)
		differ += memcmp(before + (i - 1) * SECTOR, before + i * SECTOR, SECTOR) != 0;
	if (differ < AREA / SECTOR / 8)
		ktap_skip("the first %u bytes of %s are empty: nothing to tell sectors apart by",
			  AREA, d->name);
	return differ >= AREA / SECTOR / 8;
}

static bool read_whole(const struct disk *d, unsigned char *to)
{
	ssize_t n = pread(d->direct, to, AREA, 0);

	return ktap_check(n == AREA, "reading %u bytes at 0 returns %zd (%s)",
			  AREA, n, n < 0 ? strerror(errno) : "short");
}

/* Compares what @part holds with the disk at @at, where the disk stood still. */
static void compare(size_t at, size_t bytes, const char *what)
{
	size_t i, n;

	for (i = 0; i < bytes; i += n) {
		size_t pos = at + i;

		n = SECTOR - pos % SECTOR;
		if (n > bytes - i)
			n = bytes - i;
		if (memcmp(before + pos, after + pos, n))
			continue;
		if (!ktap_check(!memcmp(part + i, before + pos, n),
				"%s, %zu bytes at %zu: wrong data in sector %zu",
				what, bytes, at, pos / SECTOR))
			return;
	}
}

static void test_ioctls(void *arg)
{
	const struct disk *d = arg;
	unsigned int physical = 0;
	struct hd_geometry geo = {};
	int ro = -1;

	ktap_check((long long)d->bytes == disk_setting(d, "size") * SECTOR,
		   "BLKGETSIZE64 says %llu, sysfs %lld sectors",
		   (unsigned long long)d->bytes, disk_setting(d, "size"));
	ktap_check(d->block == disk_setting(d, "queue/logical_block_size"),
		   "BLKSSZGET says %u", d->block);
	ktap_check(!ioctl(d->direct, BLKPBSZGET, &physical) &&
		   physical == disk_setting(d, "queue/physical_block_size"),
		   "BLKPBSZGET says %u", physical);
	ktap_check(!ioctl(d->direct, BLKROGET, &ro) && !!ro == d->readonly,
		   "BLKROGET says %d", ro);
	ktap_check(!ioctl(d->direct, HDIO_GETGEO, &geo) && geo.heads == 255 &&
		   geo.sectors == 63,
		   "HDIO_GETGEO says %u heads, %u sectors, expected 255 and 63",
		   geo.heads, geo.sectors);
}

static void test_direct(void *arg)
{
	const struct disk *d = arg;
	unsigned char *buffer = disk_buffer(AREA);
	unsigned int i;

	if (!read_whole(d, before) || !tells_sectors_apart(d))
		return;
	for (i = 0; i < nr_shapes; i++) {
		size_t at = (size_t)shapes[i].at * d->block;
		size_t bytes = (size_t)shapes[i].blocks * d->block;
		unsigned char *to = buffer + shapes[i].memory * SECTOR;
		ssize_t n;

		if (!disk_shape_fits(d, &shapes[i]))
			continue;
		if (!read_whole(d, before))
			break;
		n = pread(d->direct, to, bytes, at);
		if (!ktap_check(n == (ssize_t)bytes, "%zu bytes at %zu to memory at %u: %zd (%s)",
				bytes, at, shapes[i].memory * SECTOR, n, strerror(errno)) ||
		    !read_whole(d, after))
			break;
		memcpy(part, to, bytes);
		compare(at, bytes, "direct read");
	}
	free(buffer);
}

static void refused(ssize_t n, const char *what)
{
	ktap_check(n < 0 && errno == EINVAL, "%s returns %zd (%s), expected EINVAL",
		   what, n, n < 0 ? strerror(errno) : "no error");
}

static void test_misaligned(void *arg)
{
	const struct disk *d = arg;

	refused(pread(d->direct, part + 1, d->block, 0), "memory at an odd address");
	refused(pread(d->direct, part + SECTOR / 2, d->block, 0), "memory at half a sector");
	refused(pread(d->direct, part, d->block - 1, 0), "less than a block");
	refused(pread(d->direct, part, d->block + 1, 0), "a byte more than a block");
	refused(pread(d->direct, part, d->block, d->block / 2), "an offset of half a block");
}

static void test_end(void *arg)
{
	const struct disk *d = arg;
	ssize_t n;

	n = pread(d->direct, part, d->block, d->bytes - d->block);
	ktap_check(n == (ssize_t)d->block, "the last block: %zd", n);
	n = pread(d->direct, part, 8 * d->block, d->bytes - d->block);
	ktap_check(n == (ssize_t)d->block, "8 blocks at the last one: %zd, expected %u",
		   n, d->block);
	n = pread(d->direct, part, d->block, d->bytes);
	ktap_check(n == 0, "at the end: %zd, expected 0", n);
}

static void test_cached(void *arg)
{
	static const unsigned int sizes[] = { 1, 511, 512, 513, 4095, 4097, 65537 };
	const struct disk *d = arg;
	unsigned int i;

	if (disk_in_use(d)) {
		ktap_skip("%s is in use: its cache may be ahead of the disk", d->name);
		return;
	}
	if (!read_whole(d, before) || !tells_sectors_apart(d))
		return;
	memcpy(after, before, AREA);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		size_t at = 4096 * i + 4096 - i * 3;
		ssize_t n = pread(d->cached, part, sizes[i], at);

		if (ktap_check(n == (ssize_t)sizes[i], "%u bytes at %zu: %zd", sizes[i], at, n))
			compare(at, sizes[i], "cached read");
	}
}

/* With the cache dropped, what was cached is asked of the backend again. */
static void test_flush_buffers(void *arg)
{
	const struct disk *d = arg;
	long long first, second;
	ssize_t n;

	n = pread(d->cached, part, 65536, 0);
	ktap_check(n == 65536, "65536 bytes through the cache: %zd", n);
	first = disk_counter(d, "requests");
	ktap_check(!ioctl(d->cached, BLKFLSBUF, 0), "BLKFLSBUF: %s", strerror(errno));
	n = pread(d->cached, part, 65536, 0);
	ktap_check(n == 65536, "65536 bytes after BLKFLSBUF: %zd", n);
	second = disk_counter(d, "requests");
	ktap_check(first >= 0 && second > first,
		   "requests: %lld before BLKFLSBUF and a read, %lld after", first, second);
}

static int reader(const struct disk *d, unsigned int number)
{
	unsigned int state = number + 1, i;
	unsigned char *to = disk_buffer(65536);

	for (i = 0; i < READS; i++) {
		size_t at, bytes;

		state = state * 1664525U + 1013904223U;
		bytes = ((state >> 10) % 8 + 1) * d->block;
		at = (state >> 13) % ((AREA - 65536) / d->block) * d->block;
		if (pread(d->direct, to, bytes, at) != (ssize_t)bytes)
			return 1;
		if (memcmp(before + at, to, bytes))
			return 2;
	}
	return 0;
}

static void test_readers(void *arg)
{
	const struct disk *d = arg;

	if (disk_in_use(d)) {
		ktap_skip("%s is in use: it may change below the readers", d->name);
		return;
	}
	if (!read_whole(d, before) || !tells_sectors_apart(d))
		return;
	disk_share(d, READERS, reader);
}

static void test_counters(void *arg)
{
	const struct disk *d = arg;

	ktap_check(disk_counter(d, "protocol_errors") == 0, "protocol_errors is %lld",
		   disk_counter(d, "protocol_errors"));
	ktap_check(disk_counter(d, "notifies") > 0 && disk_counter(d, "interrupts") > 0,
		   "notifies %lld, interrupts %lld", disk_counter(d, "notifies"),
		   disk_counter(d, "interrupts"));
	ktap_check(disk_counter(d, "responses") > 0 &&
		   disk_counter(d, "responses") <= disk_counter(d, "requests"),
		   "responses %lld, requests %lld", disk_counter(d, "responses"),
		   disk_counter(d, "requests"));
}

static const struct disk_test tests[] = {
	{ "ioctls agree with sysfs", test_ioctls },
	{ "direct reads of all sizes and alignments", test_direct },
	{ "misaligned direct reads are refused", test_misaligned },
	{ "reads at the end", test_end },
	{ "cached reads of odd sizes", test_cached },
	{ "BLKFLSBUF drops the cache", test_flush_buffers },
	{ "parallel readers", test_readers },
	{ "counters", test_counters },
};

static void test_disk(const char *name)
{
	struct disk d;
	const char *why = disk_open(&d, name, O_RDONLY);
	char title[128];
	unsigned int i;

	if (why) {
		printf("Bail out! %s\n", why);
		exit(1);
	}
	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		snprintf(title, sizeof(title), "%s: %s", d.name, tests[i].name);
		ktap_run(title, tests[i].run, &d);
	}
	close(d.direct);
	close(d.cached);
}

int main(void)
{
	glob_t found;
	size_t i;

	disk_skip_unless_testable();
	if (glob("/sys/bus/xen/drivers/pvblk/vbd-*/block/*", 0, NULL, &found))
		ktap_skip_all("no disk of this guest is bound to pvblk");
	before = disk_buffer(AREA);
	after = disk_buffer(AREA);
	part = disk_buffer(AREA);

	ktap_plan(found.gl_pathc * ARRAY_SIZE(tests));
	for (i = 0; i < found.gl_pathc; i++)
		test_disk(found.gl_pathv[i]);
	return ktap_finished();
}
