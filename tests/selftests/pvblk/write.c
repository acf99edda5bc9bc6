// SPDX-License-Identifier: GPL-2.0
/*
 * Writes of every size and alignment to the disk that PVBLK_TEST_DISK names, whose
 * first megabytes are lost. After each step the area on the disk is compared with
 * a model of it in memory, so that a write that hits its neighbours is seen too.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "disk.h"
#include "ktap.h"

#define WRITERS		4
#define WRITES		48
#define PIECES		64

static unsigned char *model, *seen, *data;
static unsigned int seed;

static bool agrees(const struct disk *d, const char *when)
{
	ssize_t n = pread(d->direct, seen, AREA, 0);
	size_t i;

	if (!ktap_check(n == AREA, "%s: reading back: %zd (%s)", when, n, strerror(errno)))
		return false;
	for (i = 0; i < AREA && seen[i] == model[i]; i++)
		;
	return ktap_check(i == AREA, "%s: the disk has 0x%02x at %zu, expected 0x%02x",
			  when, seen[i], i, model[i]);
}

/* New bytes, to the disk and to the model. */
static bool put(int fd, size_t at, size_t bytes, unsigned int memory)
{
	ssize_t n;

	disk_fill(data + memory, bytes, ++seed);
	memcpy(model + at, data + memory, bytes);
	n = pwrite(fd, data + memory, bytes, at);
	return ktap_check(n == (ssize_t)bytes, "%zu bytes at %zu from memory at %u: %zd (%s)",
			  bytes, at, memory, n, strerror(errno));
}

static void test_direct(void *arg)
{
	const struct disk *d = arg;
	char when[64];
	unsigned int i;

	if (!put(d->direct, 0, AREA, 0) || !agrees(d, "the whole area"))
		return;
	for (i = 0; i < nr_shapes; i++) {
		const struct shape *s = &shapes[i];

		if (!disk_shape_fits(d, s))
			continue;
		snprintf(when, sizeof(when), "%u blocks at %u from sector %u of a page",
			 s->blocks, s->at, s->memory);
		if (!put(d->direct, (size_t)s->at * d->block, (size_t)s->blocks * d->block,
			 s->memory * SECTOR) || !agrees(d, when))
			return;
	}
}

/* Blocks that lie on a page each, so that nothing can be merged into one segment. */
static void test_vectors(void *arg)
{
	const struct disk *d = arg;
	struct iovec pieces[PIECES];
	unsigned int i;
	ssize_t n;

	disk_fill(data, PIECES * 4096, ++seed);
	for (i = 0; i < PIECES; i++) {
		pieces[i].iov_base = data + i * 4096 + (d->block == SECTOR ? i % 8 * SECTOR : 0);
		pieces[i].iov_len = d->block;
		memcpy(model + (3 + i) * d->block, pieces[i].iov_base, d->block);
	}
	n = pwritev(d->direct, pieces, PIECES, 3 * d->block);
	ktap_check(n == (ssize_t)(PIECES * d->block), "%u pieces of a block: %zd (%s)", PIECES, n,
		   strerror(errno));
	agrees(d, "pieces");
}

static void test_indirect(void *arg)
{
	const struct disk *d = arg;
	long long first = disk_counter(d, "indirect"), second;
	long long segments = disk_counter(d, "max_segments");

	if (!put(d->direct, 0, AREA, 0) || !agrees(d, "one write"))
		return;
	second = disk_counter(d, "indirect");
	ktap_check(segments >= 11, "max_segments is %lld, expected at least 11", segments);
	ktap_check((second > first) == (segments > 11),
		   "indirect requests: %lld before, %lld after, with requests of up to %lld segments",
		   first, second, segments);
}

static void test_cached(void *arg)
{
	static const unsigned int sizes[] = { 1, 511, 512, 513, 4095, 4097, 65537, 131073 };
	const struct disk *d = arg;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		if (!put(d->cached, 4096 * i + 4096 - i * 3, sizes[i], i * 17))
			return;
	ktap_check(!fsync(d->cached), "fsync: %s", strerror(errno));
	agrees(d, "after fsync");

	ktap_check(!ioctl(d->cached, BLKFLSBUF, 0), "BLKFLSBUF: %s", strerror(errno));
	ktap_check(pread(d->cached, seen, AREA, 0) == AREA && !memcmp(seen, model, AREA),
		   "after BLKFLSBUF the cache has other data than was written");
}

/* Nothing but the flush is left to do, and the disk is ours alone. */
static void test_flush(void *arg)
{
	const struct disk *d = arg;
	char path[96], mode[32] = "";
	long long first, second;
	bool cache;
	FILE *f;

	snprintf(path, sizeof(path), "/sys/block/%s/queue/write_cache", d->name);
	f = fopen(path, "re");
	if (!ktap_check(f && fgets(mode, sizeof(mode), f), "%s cannot be read", path))
		return;
	fclose(f);
	cache = !strcmp(mode, "write back\n");

	put(d->direct, 0, d->block, 0);
	first = disk_counter(d, "requests");
	ktap_check(!fdatasync(d->direct), "fdatasync: %s", strerror(errno));
	second = disk_counter(d, "requests");
	ktap_check(first >= 0 && (second > first) == cache,
		   "requests: %lld before fdatasync, %lld after, and write_cache is %s",
		   first, second, mode);
}

static void test_end(void *arg)
{
	const struct disk *d = arg;
	ssize_t n;

	disk_fill(data, 2 * d->block, ++seed);
	n = pwrite(d->direct, data, 2 * d->block, d->bytes - d->block);
	ktap_check(n == (ssize_t)d->block, "2 blocks at the last one: %zd, expected %u", n,
		   d->block);
	n = pread(d->direct, seen, d->block, d->bytes - d->block);
	ktap_check(n == (ssize_t)d->block && !memcmp(seen, data, d->block),
		   "the last block has other data than was written");
	n = pwrite(d->direct, data, d->block, d->bytes);
	ktap_check(n < 0 && errno == ENOSPC, "behind the end: %zd (%s), expected ENOSPC", n,
		   strerror(errno));
}

static void test_zeroout(void *arg)
{
	const struct disk *d = arg;
	uint64_t range[2] = { 65536, 262144 }, odd[2] = { 65536, 100 };

	ktap_check(ioctl(d->direct, BLKZEROOUT, odd) < 0 && errno == EINVAL,
		   "BLKZEROOUT of 100 bytes: %s, expected EINVAL", strerror(errno));
	memset(model + range[0], 0, range[1]);
	ktap_check(!ioctl(d->direct, BLKZEROOUT, range), "BLKZEROOUT: %s", strerror(errno));
	agrees(d, "after BLKZEROOUT");
}

/* What is read from discarded blocks is anybody's guess, their neighbours not. */
static void test_discard(void *arg)
{
	const struct disk *d = arg;
	uint64_t range[2] = { 262144, 524288 }, odd[2] = { 262144, 100 };
	long long most = disk_setting(d, "queue/discard_max_bytes"), first, second;

	if (!put(d->direct, 0, AREA, 0))
		return;
	if (most <= 0) {
		ktap_check(ioctl(d->direct, BLKDISCARD, range) < 0 && errno == EOPNOTSUPP,
			   "BLKDISCARD, which is not offered: %s, expected EOPNOTSUPP",
			   strerror(errno));
		agrees(d, "after a BLKDISCARD that was refused");
		return;
	}
	ktap_check(ioctl(d->direct, BLKDISCARD, odd) < 0 && errno == EINVAL,
		   "BLKDISCARD of 100 bytes: %s, expected EINVAL", strerror(errno));
	first = disk_counter(d, "requests");
	ktap_check(!ioctl(d->direct, BLKDISCARD, range), "BLKDISCARD: %s", strerror(errno));
	second = disk_counter(d, "requests");
	ktap_check(second > first, "requests: %lld before BLKDISCARD, %lld after", first, second);
	ktap_check(pread(d->direct, model + range[0], range[1], range[0]) == (ssize_t)range[1],
		   "the discarded blocks cannot be read");
	agrees(d, "after BLKDISCARD");
}

/* Each has a part of the area for itself. */
static int writer(const struct disk *d, unsigned int number)
{
	size_t mine = AREA / WRITERS, start = mine * number, i;

	for (i = 0; i < WRITES; i++) {
		size_t bytes = (i % 8 + 1) * d->block;
		size_t at = start + i * 37 % (mine / d->block - 8) * d->block;

		disk_fill(data, bytes, number * 1000 + i);
		if (pwrite(d->direct, data, bytes, at) != (ssize_t)bytes)
			return 1;
		memcpy(model + at, data, bytes);
	}
	if (pread(d->direct, seen, mine, start) != (ssize_t)mine)
		return 1;
	return memcmp(seen, model + start, mine) ? 2 : 0;
}

static void test_writers(void *arg)
{
	const struct disk *d = arg;

	if (!put(d->direct, 0, AREA, 0))
		return;
	disk_share(d, WRITERS, writer);
}

static void test_counters(void *arg)
{
	const struct disk *d = arg;

	ktap_check(disk_counter(d, "protocol_errors") == 0, "protocol_errors is %lld",
		   disk_counter(d, "protocol_errors"));
	ktap_check(disk_counter(d, "requests") > 0 &&
		   disk_counter(d, "requests") == disk_counter(d, "responses"),
		   "at rest there are %lld requests and %lld responses",
		   disk_counter(d, "requests"), disk_counter(d, "responses"));
}

static const struct disk_test tests[] = {
	{ "direct writes of all sizes and alignments", test_direct },
	{ "blocks from scattered memory", test_vectors },
	{ "large writes use indirect requests if negotiated", test_indirect },
	{ "cached writes of odd sizes", test_cached },
	{ "fdatasync reaches the backend", test_flush },
	{ "writes at the end", test_end },
	{ "BLKZEROOUT", test_zeroout },
	{ "BLKDISCARD", test_discard },
	{ "parallel writers", test_writers },
	{ "counters", test_counters },
};

int main(void)
{
	const char *name = getenv("PVBLK_TEST_DISK"), *why;
	struct disk d;
	unsigned int i;

	disk_skip_unless_testable();
	if (!name)
		ktap_skip_all("PVBLK_TEST_DISK names no disk, like xvdb, whose data may be lost");
	ktap_plan(ARRAY_SIZE(tests));
	/* O_EXCL keeps us off a disk that is mounted, swap or part of another. */
	why = disk_open(&d, name, O_RDWR | O_EXCL);
	if (why) {
		printf("Bail out! %s\n", why);
		return 1;
	}
	model = disk_buffer(AREA);
	seen = disk_buffer(AREA);
	data = disk_buffer(AREA);
	for (i = 0; i < ARRAY_SIZE(tests); i++)
		ktap_run(tests[i].name, tests[i].run, &d);
	return ktap_finished();
}
