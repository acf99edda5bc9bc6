// SPDX-License-Identifier: GPL-2.0
/* Lines of the lab's protocol: made, sent, read, and checked by their sums. */
#include "frame.h"

#include <errno.h>
#include <poll.h>
#include <resolv.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static uint32_t crc32(const unsigned char *p, size_t len)
{
	uint32_t crc = ~0u;

	while (len--) {
		crc ^= *p++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

int frame_write(int fd, const struct frame *f)
{
	char line[FRAME_LINE_MAX + 2];
	size_t len, done = 0;
	int n;

	len = snprintf(line, sizeof(line), "~%c %016llx %08x ", f->kind,
		       (unsigned long long)f->id, crc32(f->data, f->len));
	n = b64_ntop(f->data, f->len, line + len, sizeof(line) - len - 1);
	if (n < 0) {
		errno = EMSGSIZE;
		return -1;
	}
	len += n;
	line[len++] = '\n';

	while (done < len) {
		ssize_t put = write(fd, line + done, len - done);

		if (put > 0) {
			done += put;
		} else if (errno == EAGAIN) {
			struct pollfd p = { .fd = fd, .events = POLLOUT };

			poll(&p, 1, 1000);
		} else if (errno != EINTR) {
			return -1;
		}
	}
	return 0;
}

static int parse(const char *line, struct frame *f)
{
	static unsigned char data[sizeof(f->data)];
	const char *start = strrchr(line, '~');
	unsigned long long id;
	unsigned int crc;
	char kind;
	int at, n;

	if (!start || sscanf(start, "~%c %16llx %8x %n", &kind, &id, &crc, &at) != 3)
		return 0;
	/* b64_pton() wants room for one byte more than it stores */
	n = b64_pton(start + at, data, sizeof(data));
	if (n < 0 || n > FRAME_DATA_MAX || crc32(data, n) != crc)
		return 0;
	memcpy(f->data, data, n);
	f->data[n] = '\0';
	f->len = n;
	f->id = id;
	f->kind = kind;
	return 1;
}

int frame_read(int fd, struct frame_reader *r, struct frame *f)
{
	/*
	 * Byte by byte would cost a system call each, so read ahead and stop
	 * at the first frame; peers speak in turn, nothing useful follows it.
	 */
	char buf[4096];
	ssize_t got = read(fd, buf, sizeof(buf));
	int found = 0;

	if (got < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	if (!got)
		return -1;
	for (ssize_t i = 0; i < got; i++) {
		if (buf[i] == '\r')
			continue;
		if (buf[i] != '\n') {
			if (r->len < FRAME_LINE_MAX)
				r->line[r->len++] = buf[i];
			continue;
		}
		r->line[r->len] = '\0';
		r->len = 0;
		found |= parse(r->line, f);
	}
	return found;
}
