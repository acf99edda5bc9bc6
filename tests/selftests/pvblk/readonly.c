// SPDX-License-Identifier: GPL-2.0
/*
 * A disk that the toolstack gave read-only refuses whatever would change it. The
 * disk that PVBLK_TEST_RO_DISK names; what is tried to be written is what was
 * read from there, so that not even a driver that fails the test does harm.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "disk.h"
#include "ktap.h"

static unsigned char *data;

static bool is_refusal(int error)
{
	return error == EPERM || error == EROFS || error == EACCES;
}

static void test_write(const struct disk *d, const char *when, int flags)
{
	char node[DISK_NAME + 8];
	ssize_t n;
	int fd;

	snprintf(node, sizeof(node), "/dev/%s", d->name);
	fd = open(node, O_RDWR | flags);
	if (fd < 0) {
		ktap_check(is_refusal(errno), "opening it for writing%s: %s", when,
			   strerror(errno));
		return;
	}
	n = pwrite(fd, data, d->block, 0);
	ktap_check(n < 0 && is_refusal(errno),
		   "a write%s returns %zd (%s), expected EPERM, EROFS or EACCES", when,
		   n, n < 0 ? strerror(errno) : "no error");
	close(fd);
}

static void test_flag(void *arg)
{
	struct disk *d = arg;
	int ro = 0;

	ktap_check(d->readonly, "sysfs says that it can be written");
	ktap_check(!ioctl(d->direct, BLKROGET, &ro) && ro, "BLKROGET says %d", ro);
}

static void test_writes(void *arg)
{
	test_write(arg, "", O_DIRECT);
	test_write(arg, " through the cache", 0);
}

/* BLKROSET is the user's own lock; it does not open the toolstack's. */
static void test_unlock(void *arg)
{
	struct disk *d = arg;
	int off = 0, ro = 0;

	ktap_check(!ioctl(d->direct, BLKROSET, &off), "BLKROSET: %s", strerror(errno));
	ktap_check(!ioctl(d->direct, BLKROGET, &ro) && ro, "BLKROGET says %d after BLKROSET 0",
		   ro);
	test_write(d, " after BLKROSET 0", O_DIRECT);
}

static void test_unchanged(void *arg)
{
	struct disk *d = arg;
	unsigned char *now = data + d->block;

	ktap_check(pread(d->direct, now, d->block, 0) == (ssize_t)d->block &&
		   !memcmp(now, data, d->block), "the first block is not what it was");
	ktap_check(disk_counter(d, "protocol_errors") == 0, "protocol_errors is %lld",
		   disk_counter(d, "protocol_errors"));
}

int main(void)
{
	const char *name = getenv("PVBLK_TEST_RO_DISK"), *why;
	struct disk d;

	disk_skip_unless_testable();
	if (!name)
		ktap_skip_all("PVBLK_TEST_RO_DISK names no read-only disk, like xvdb");
	ktap_plan(4);
	why = disk_open(&d, name, O_RDONLY);
	data = disk_buffer(65536);
	if (why || pread(d.direct, data, d.block, 0) != (ssize_t)d.block) {
		printf("Bail out! %s\n", why ? why : "the first block cannot be read");
		return 1;
	}
	if (!d.readonly) {
		printf("Bail out! %s is not read-only; nothing was tried\n", d.name);
		return 1;
	}
	ktap_run("the disk says that it is read-only", test_flag, &d);
	ktap_run("writes are refused", test_writes, &d);
	ktap_run("BLKROSET does not unlock it", test_unlock, &d);
	ktap_run("nothing has changed", test_unchanged, &d);
	return ktap_finished();
}
