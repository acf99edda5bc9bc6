/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One message of the lab's command channel as one line of text.
 *
 * The line is a guest's primary console, which the guest's kernel may write
 * to at any moment, so every message carries a checksum and whatever does
 * not parse is not ours:
 *
 *   ~<kind> <id> <crc32 of the bytes> <base64 of the bytes>\n
 */
#ifndef LAB_FRAME_H
#define LAB_FRAME_H

#include <stddef.h>
#include <stdint.h>

enum {
	FRAME_DATA_MAX	= 12288,
	/* base64 grows by a third; the header is below 64 characters */
	FRAME_LINE_MAX	= FRAME_DATA_MAX / 3 * 4 + 64,
};

/* What the kind letter says. */
enum frame_kind {
	FRAME_REQUEST	= 'Q',
	FRAME_REPLY	= 'R',
	FRAME_BUSY	= 'B',	/* request seen, still working on it */
};

struct frame {
	enum frame_kind kind;
	uint64_t id;		/* chosen by the requester, never reused */
	size_t len;
	unsigned char data[FRAME_DATA_MAX + 1];	/* a NUL follows the bytes */
};

/* A line being put together from what the console delivers. */
struct frame_reader {
	size_t len;
	char line[FRAME_LINE_MAX + 1];
};

/**
 * frame_write() - send one frame, whole
 * @fd: where to; may be non-blocking
 * @f: the frame
 *
 * Return: 0, or -1 with errno set.
 */
int frame_write(int fd, const struct frame *f);

/**
 * frame_read() - take in what @fd has and see whether it ends a frame
 * @fd: non-blocking
 * @r: zeroed before the first call
 * @f: the frame, valid after a return of 1
 *
 * Return: 1 with a frame, 0 when more bytes are needed, -1 on end of file
 * or error.
 */
int frame_read(int fd, struct frame_reader *r, struct frame *f);

#endif
