// SPDX-License-Identifier: GPL-2.0
/*
 * xs_read PATH: prints a key of xenstore, which the kernel forwards requests to
 * through /dev/xen/xenbus. A relative path is below the guest's own directory.
 */
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The protocol's numbers. */
#define XS_TYPE_READ	2
#define XS_TYPE_ERROR	16
#define XS_MOST		4096

struct xs_header {
	uint32_t type;
	uint32_t request;
	uint32_t transaction;
	uint32_t bytes;
};

static void get(int fd, void *to, size_t bytes)
{
	while (bytes) {
		ssize_t n = read(fd, to, bytes);

		if (n <= 0)
			err(1, "reading the answer of xenstore");
		to += n;
		bytes -= n;
	}
}

int main(int argc, char **argv)
{
	struct xs_header head = { .type = XS_TYPE_READ };
	char body[XS_MOST + 1];
	int fd;

	if (argc != 2 || strlen(argv[1]) >= XS_MOST)
		errx(2, "usage: xs_read PATH");
	fd = open("/dev/xen/xenbus", O_RDWR);
	if (fd < 0)
		err(1, "/dev/xen/xenbus");

	/* The path's NUL belongs to the request. */
	head.bytes = strlen(argv[1]) + 1;
	if (write(fd, &head, sizeof(head)) != (ssize_t)sizeof(head) ||
	    write(fd, argv[1], head.bytes) != (ssize_t)head.bytes)
		err(1, "asking xenstore for %s", argv[1]);

	get(fd, &head, sizeof(head));
	if (head.bytes > XS_MOST)
		errx(1, "%s: xenstore answers with %u bytes, expected at most %u",
		     argv[1], head.bytes, XS_MOST);
	get(fd, body, head.bytes);
	body[head.bytes] = '\0';
	if (head.type == XS_TYPE_ERROR)
		errx(1, "%s: %s", argv[1], body);
	puts(body);
	return 0;
}
