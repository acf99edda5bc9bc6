// SPDX-License-Identifier: GPL-2.0
/* The disk under test: its size and limits, shapes of requests, and how they are made. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "disk.h"
#include "ktap.h"

#define DEBUGFS		"/sys/kernel/debug/pvfront"
#define SPACES		"\n "

/*
 * 11 pages are the most that fit into a request without indirect segments; with
 * a buffer that starts inside a page they are one segment more.
 */
const struct shape shapes[] = {
	{ 0, 1, 0 }, { 1, 1, 1 }, { 7, 1, 7 }, { 3, 2, 7 }, { 5, 3, 5 },
	{ 0, 7, 2 }, { 1, 8, 0 }, { 1, 8, 1 }, { 8, 9, 7 }, { 2, 15, 3 },
	{ 16, 87, 0 }, { 16, 88, 0 }, { 16, 88, 1 }, { 17, 89, 7 },
	{ 9, 96, 4 }, { 0, 128, 0 }, { 13, 129, 3 }, { 1, 255, 1 },
	{ 0, 256, 0 }, { 0, 256, 7 }, { 31, 257, 5 }, { 3, 1500, 5 },
	{ 0, 2048, 0 }, { 1, 2047, 1 },
};

const unsigned int nr_shapes = ARRAY_SIZE(shapes);

void disk_skip_unless_testable(void)
{
	if (geteuid())
		ktap_skip_all("has to be run as root");
	if (access("/sys/bus/xen", F_OK))
		ktap_skip_all("no /sys/bus/xen: this is not a Xen guest");
	if (access("/sys/bus/xen/drivers/pvblk", F_OK))
		ktap_skip_all("pvblk is not loaded: modprobe pvblk");
	if (access(DEBUGFS, F_OK))
		ktap_skip_all("no " DEBUGFS "; is debugfs mounted on /sys/kernel/debug?");
}

/* The device's name is the last part of what this link points to. */
static bool disk_find_device(struct disk *d)
{
	char pattern[128];
	const char *name;
	glob_t found;

	snprintf(pattern, sizeof(pattern), "/sys/bus/xen/drivers/pvblk/vbd-*/block/%s",
		 d->name);
	if (glob(pattern, 0, NULL, &found))
		return false;
	name = strstr(found.gl_pathv[0], "vbd-");
	snprintf(d->device, sizeof(d->device), "%.*s", (int)strcspn(name, "/"), name);
	globfree(&found);
	return true;
}

const char *disk_open(struct disk *d, const char *name, int flags)
{
	static char why[128];
	char node[DISK_NAME + 8];
	const char *slash = strrchr(name, '/');

	memset(d, 0, sizeof(*d));
	snprintf(d->name, sizeof(d->name), "%s", slash ? slash + 1 : name);
	snprintf(node, sizeof(node), "/dev/%s", d->name);
	snprintf(why, sizeof(why), "%s is no disk of pvblk", d->name);
	if (!disk_find_device(d))
		return why;

	d->direct = open(node, flags | O_DIRECT);
	snprintf(why, sizeof(why), "%s: %s", node, strerror(errno));
	if (d->direct < 0)
		return why;
	/* A second claim of our own would be refused. */
	d->cached = open(node, flags & ~O_EXCL);
	if (d->cached < 0 || ioctl(d->direct, BLKGETSIZE64, &d->bytes) ||
	    ioctl(d->direct, BLKSSZGET, &d->block)) {
		snprintf(why, sizeof(why), "%s: %s", node, strerror(errno));
		return why;
	}
	d->readonly = disk_setting(d, "ro") != 0;
	if (d->bytes < 4ULL * AREA) {
		snprintf(why, sizeof(why), "%s has %llu bytes, expected at least %u",
			 node, (unsigned long long)d->bytes, 4 * AREA);
		return why;
	}
	return NULL;
}

bool disk_shape_fits(const struct disk *d, const struct shape *s)
{
	return (uint64_t)(s->at + s->blocks) * d->block <= AREA;
}

bool disk_in_use(const struct disk *d)
{
	char node[DISK_NAME + 8];
	int fd;

	snprintf(node, sizeof(node), "/dev/%s", d->name);
	fd = open(node, O_RDONLY | O_EXCL);
	if (fd < 0)
		return true;
	close(fd);
	return false;
}

static size_t disk_slurp(const char *path, char *to, size_t bytes)
{
	FILE *f = fopen(path, "re");
	size_t n = 0;

	if (f) {
		n = fread(to, 1, bytes - 1, f);
		fclose(f);
	}
	to[n] = '\0';
	return n;
}

long long disk_setting(const struct disk *d, const char *file)
{
	char path[128], text[64], *end;
	long long value;

	snprintf(path, sizeof(path), "/sys/block/%s/%s", d->name, file);
	if (!disk_slurp(path, text, sizeof(text)))
		return -1;
	value = strtoll(text, &end, 10);
	return *end == '\n' ? value : -1;
}

long long disk_counter(const struct disk *d, const char *word)
{
	static char text[65536];
	char path[128], *save, *token;
	long long sum = -1;

	snprintf(path, sizeof(path), DEBUGFS "/%s", d->device);
	disk_slurp(path, text, sizeof(text));
	for (token = strtok_r(text, SPACES, &save); token;
	     token = strtok_r(NULL, SPACES, &save)) {
		if (strcmp(token, word))
			continue;
		token = strtok_r(NULL, SPACES, &save);
		if (!token)
			break;
		sum = (sum < 0 ? 0 : sum) + strtoll(token, NULL, 10);
	}
	return sum;
}

unsigned char *disk_buffer(size_t bytes)
{
	void *p;

	if (posix_memalign(&p, 4096, bytes + 4096)) {
		printf("Bail out! no memory for %zu bytes\n", bytes);
		exit(1);
	}
	return p;
}

void disk_fill(unsigned char *to, size_t bytes, unsigned int seed)
{
	uint32_t state = seed * 2654435761U + 1;
	size_t i;

	for (i = 0; i < bytes; i++) {
		state = state * 1664525U + 1013904223U;
		to[i] = state >> 24;
	}
}

void disk_share(const struct disk *d, unsigned int processes,
		int (*work)(const struct disk *d, unsigned int number))
{
	unsigned int i;
	int status;

	/* Each child has a copy of what is not written yet. */
	fflush(stdout);
	for (i = 0; i < processes; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(work(d, i));
		ktap_check(pid > 0, "fork: %s", strerror(errno));
	}
	while (wait(&status) > 0)
		ktap_check(status == 0, "a process ended with %d (1: error, 2: wrong data)",
			   WEXITSTATUS(status));
}
