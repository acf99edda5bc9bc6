// SPDX-License-Identifier: GPL-2.0
/*
 * dom0's end of the lab's command channel.
 *
 *   guestctl TTY ping SECONDS            wait for the guest's agent
 *   guestctl TTY run SECONDS <script     output to stdout, its status is ours
 *   guestctl TTY get REMOTE >local
 *   guestctl TTY put REMOTE <local
 *
 * Exit status 200: the guest does not answer.  201: it refused the request.
 */
#define _GNU_SOURCE
#include "frame.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define OUTPUT "/run/lab.out"

enum {
	EXIT_SILENT	= 200,
	EXIT_REFUSED	= 201,
	EXIT_USAGE	= 202,
	REPEAT_MS	= 3000,
	/* Any request but "run" is answered at once; TCG may be slow. */
	ANSWER_SECONDS	= 60,
};

static int tty;
static const char *tty_path;
static struct frame_reader reader;
static struct frame request, reply;

static long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

static void request_start(const char *what)
{
	request.kind = FRAME_REQUEST;
	if (getrandom(&request.id, sizeof(request.id), 0) != sizeof(request.id))
		exit(EXIT_SILENT);
	request.len = strlen(what) + 1;
	memcpy(request.data, what, request.len);
}

__attribute__((format(printf, 1, 2)))
static void request_field(const char *fmt, ...)
{
	size_t room = FRAME_DATA_MAX - request.len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf((char *)request.data + request.len, room, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= room) {
		fprintf(stderr, "guestctl: request too long (at most %d bytes)\n",
			FRAME_DATA_MAX);
		exit(EXIT_USAGE);
	}
	request.len += n + 1;
}

/*
 * Send the request until its answer comes, repeating it in case either was
 * garbled.  An answer of "busy" proves the guest alive but not the end of it.
 */
static void exchange(unsigned int seconds)
{
	long long end = now_ms() + seconds * 1000LL, repeat = 0;
	struct pollfd p = { .fd = tty, .events = POLLIN };

	while (now_ms() < end) {
		if (now_ms() >= repeat) {
			if (frame_write(tty, &request))
				break;
			repeat = now_ms() + REPEAT_MS;
		}
		if (poll(&p, 1, 200) <= 0)
			continue;
		switch (frame_read(tty, &reader, &reply)) {
		case -1:
			fprintf(stderr, "guestctl: %s: console is gone\n",
				tty_path);
			exit(EXIT_SILENT);
		case 1:
			if (reply.kind == FRAME_REPLY && reply.id == request.id)
				return;
			/* The agent's hello: ask at once. */
			if (reply.kind == FRAME_REPLY && !reply.id)
				repeat = 0;
		}
	}
	fprintf(stderr, "guestctl: %s: no answer to \"%s\" within %u s\n",
		tty_path, request.data, seconds);
	exit(EXIT_SILENT);
}

static void refuse_errors(void)
{
	if (!strncmp((char *)reply.data, "error", 5)) {
		fprintf(stderr, "guestctl: %s\n", reply.data);
		exit(EXIT_REFUSED);
	}
}

static void put_stdout(size_t header)
{
	if (fwrite(reply.data + header, 1, reply.len - header, stdout) !=
	    reply.len - header)
		exit(EXIT_USAGE);
}

/* Fetch @path from @offset on to stdout. */
static void fetch(const char *path, long long offset)
{
	size_t header;

	for (;;) {
		request_start("get");
		request_field("%s", path);
		request_field("%lld", offset);
		exchange(ANSWER_SECONDS);
		refuse_errors();
		header = strlen((char *)reply.data) + 1;
		if (reply.len == header)
			return;
		put_stdout(header);
		offset += reply.len - header;
	}
}

static int do_run(unsigned int seconds)
{
	static char script[FRAME_DATA_MAX];
	size_t len = fread(script, 1, sizeof(script) - 1, stdin);
	long long size;
	size_t header;
	int status;

	script[len] = '\0';
	request_start("run");
	request_field("%u", seconds);
	request_field("%s", script);
	/* The guest keeps the time; ours only catches a guest that is gone. */
	exchange(seconds + ANSWER_SECONDS);
	refuse_errors();
	if (sscanf((char *)reply.data, "%d %lld", &status, &size) != 2)
		exit(EXIT_REFUSED);
	header = strlen((char *)reply.data) + 1;
	put_stdout(header);
	if ((long long)(reply.len - header) < size)
		fetch(OUTPUT, reply.len - header);
	return status;
}

static int do_put(const char *path)
{
	char buf[FRAME_DATA_MAX / 2];
	long long offset = 0;
	size_t len;

	do {
		len = fread(buf, 1, sizeof(buf), stdin);
		request_start("put");
		request_field("%s", path);
		request_field("%lld", offset);
		memcpy(request.data + request.len, buf, len);
		request.len += len;
		exchange(ANSWER_SECONDS);
		refuse_errors();
		offset += len;
	} while (len == sizeof(buf));
	return 0;
}

static int do_ping(unsigned int seconds)
{
	request_start("ping");
	exchange(seconds);
	return 0;
}

static void tty_open(const char *path)
{
	struct termios raw;

	tty_path = path;
	tty = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
	if (tty < 0 || tcgetattr(tty, &raw)) {
		fprintf(stderr, "guestctl: %s: %s\n", path, strerror(errno));
		exit(EXIT_SILENT);
	}
	cfmakeraw(&raw);
	tcsetattr(tty, TCSANOW, &raw);
}

int main(int argc, char **argv)
{
	const char *what = argc == 4 ? argv[2] : "";

	if (argc == 4)
		tty_open(argv[1]);
	if (!strcmp(what, "ping"))
		return do_ping(atoi(argv[3]));
	if (!strcmp(what, "run"))
		return do_run(atoi(argv[3]));
	if (!strcmp(what, "put"))
		return do_put(argv[3]);
	if (!strcmp(what, "get"))
		return fetch(argv[3], 0), 0;
	fprintf(stderr, "usage: guestctl TTY ping|run|put|get SECONDS|PATH\n");
	return EXIT_USAGE;
}
