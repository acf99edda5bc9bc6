// SPDX-License-Identifier: GPL-2.0
/*
 * pv-backend DOMID VDEV FILE COMMANDS [KEY=VALUE...]: serve FILE as disk number VDEV of the
 * domain. The toolstack's part, the nodes of both ends, is done by the case (fake_disk of
 * dom0/lib/backend.sh). KEY=VALUE are keys of the back end's directory, written before it
 * waits for the frontend. COMMANDS is a FIFO, a command a line; each is
 * confirmed by a line in the log, which is the standard output.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <xen/io/blkif.h>
#include <xen/io/xenbus.h>

#include "backend.h"

struct conduct conduct = { .answers = -1, .flush_status = BLKIF_RSP_OKAY };
xengnttab_handle *grant_tab;
xenevtchn_handle *event_chan;
unsigned int frontend_id;

/* Rounds of the states that are still to be made, how long a connection lasts, since when
 * there has been one or none, and whether there is one.
 */
static long circles, circle_ms, circle_since;
static bool circle_connected;

/* A frontend that has not connected for so long is not going to. */
#define CIRCLE_PATIENCE_MS	60000

void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

void die(const char *format, ...)
{
	va_list args;

	fputs("pv-backend: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The number that all of text is, from 0 to most; exits when it is none. */
static long parse_number(const char *what, const char *text, long most)
{
	char *end;
	long n = text ? strtol(text, &end, 10) : -1;

	if (n < 0 || n > most || !*text || *end)
		die("%s is '%s', expected a number from 0 to %ld", what, text ? text : "", most);
	return n;
}

static void do_silent(char *args)	{ conduct.answers = parse_number("silent", args, 1 << 30); }
static void do_answer(char *args)	{ (void)args; conduct.answers = -1; }
static void do_delay(char *args)	{ conduct.delay_ms = parse_number("delay", args, 60000); }
static void do_keep(char *args)		{ conduct.keep = parse_number("keep", args, 1); }
static void do_deaf(char *args)		{ conduct.deaf = parse_number("deaf", args, 1); }
static void do_state(char *args)	{ store_set_state(parse_number("state", args, 99)); }
static void do_disconnect(char *args)	{ (void)args; disk_disconnect(); }
static void do_cache(char *args)	{ (void)args; image_cache(); }
static void do_attack(char *args)	{ attack(parse_number("attack", args, 1L << 40)); }
static void do_unmap(char *args)	{ (void)args; disk_release(); }
static void do_report(char *args)	{ (void)args; disk_report(); }

/* Which of the names, of which the last is NULL, the text is; exits when it is none. */
static unsigned int parse_name(const char *what, const char *text, const char * const *names)
{
	unsigned int i;

	for (i = 0; names[i]; i++)
		if (text && !strcmp(text, names[i]))
			return i;
	fprintf(stderr, "pv-backend: expected one of");
	for (i = 0; names[i]; i++)
		fprintf(stderr, " %s", names[i]);
	fputc('\n', stderr);
	die("%s is '%s'", what, text ? text : "");
}

static void do_lie(char *args)
{
	static const char * const names[] = {
		"none", "id", "operation", "twice", "producer", NULL
	};

	conduct.lie = parse_name("lie", args, names);
}

static void do_flush(char *args)
{
	static const char * const names[] = { "okay", "error", "unsupported", NULL };
	static const int status[] = { BLKIF_RSP_OKAY, BLKIF_RSP_ERROR, BLKIF_RSP_EOPNOTSUPP };

	conduct.flush_status = status[parse_name("flush", args, names)];
}

static void do_set(char *args)
{
	char *value = args ? strchr(args, ' ') : NULL;

	if (!value)
		die("set needs a key and a value");
	*value++ = '\0';
	store_set(args, value);
}

/* circles ROUNDS MS: Closed, InitWait, connected for so long if the frontend asks, and again. */
static void do_circles(char *args)
{
	char *ms = args ? strchr(args, ' ') : NULL;

	if (!ms)
		die("circles needs a number of rounds and milliseconds");
	*ms++ = '\0';
	circles = parse_number("circles", args, 100000);
	circle_ms = parse_number("milliseconds", ms, 60000);
	circle_since = now_ms();
	conduct.circling = circles;
}

static void circle_run(void)
{
	long lasts;

	if (!circles)
		return;
	if (disk_connected() != circle_connected) {
		circle_connected = !circle_connected;
		circle_since = now_ms();
	}
	lasts = now_ms() - circle_since;
	if (disk_connected() && lasts >= circle_ms) {
		disk_disconnect();
		conduct.circling = --circles;
		store_set_state(XenbusStateClosed);
		if (!circles)
			say("circles done");
	} else if (!disk_connected() && lasts >= CIRCLE_PATIENCE_MS) {
		say("circles refused, %ld were left", circles);
		circles = 0;
		conduct.circling = false;
	}
}

static const struct {
	const char *name;
	void (*run)(char *args);
} commands[] = {
	{ "silent", do_silent },	/* N: after N more answers none is given */
	{ "answer", do_answer },	/* all that was not answered, and so on */
	{ "delay", do_delay },		/* MS: requests are carried out so much later */
	{ "lie", do_lie },		/* KIND: the next answer is a lie */
	{ "flush", do_flush },		/* okay|error|unsupported */
	{ "keep", do_keep },		/* 1: nothing is unmapped any more */
	{ "deaf", do_deaf },		/* 1: what the frontend does is not seen */
	{ "state", do_state },		/* N */
	{ "disconnect", do_disconnect }, /* without a word to the frontend */
	{ "set", do_set },		/* KEY VALUE, in xenstore */
	{ "circles", do_circles },	/* ROUNDS MS */
	{ "cache", do_cache },		/* what is written stays in memory until a flush */
	{ "attack", do_attack },	/* SEED: something hostile, which the seed chooses */
	{ "unmap", do_unmap },		/* what was kept */
	{ "report", do_report },	/* counts, to the log */
	{ }
};

static void run_command(char *line)
{
	char whole[512];
	char *args = strchr(line, ' ');
	unsigned int i;

	snprintf(whole, sizeof(whole), "%s", line);
	if (args)
		*args++ = '\0';
	if (!strcmp(line, "quit")) {
		say("did quit");
		exit(0);
	}
	for (i = 0; commands[i].name; i++)
		if (!strcmp(line, commands[i].name)) {
			commands[i].run(args);
			say("did %s", whole);
			return;
		}
	die("unknown command '%s'", line);
}

static void read_commands(int fd)
{
	static char buffer[512];
	static unsigned int used;
	ssize_t got = read(fd, buffer + used, sizeof(buffer) - 1 - used);
	char *end;

	if (got <= 0)
		return;
	used += got;
	buffer[used] = '\0';
	while ((end = strchr(buffer, '\n'))) {
		*end++ = '\0';
		run_command(buffer);
		used -= end - buffer;
		memmove(buffer, end, used + 1);
	}
	if (used == sizeof(buffer) - 1)
		die("a command is too long");
}

/* Until the next time something is due, in milliseconds; -1 when nothing is. */
static int wait_ms(void)
{
	int ms = disk_next_ms();

	if (circles) {
		if (ms < 0 || ms > circle_ms)
			ms = circle_ms;
	}
	return ms;
}

static void loop(int fifo)
{
	struct pollfd fds[] = {
		{ .fd = fifo, .events = POLLIN },
		{ .fd = store_fd(), .events = POLLIN },
		{ .fd = xenevtchn_fd(event_chan), .events = POLLIN },
	};

	for (;;) {
		if (poll(fds, 3, wait_ms()) < 0 && errno != EINTR)
			die("poll: %s", strerror(errno));
		if (fds[0].revents)
			read_commands(fifo);
		if (fds[1].revents)
			store_event();
		if (fds[2].revents) {
			xenevtchn_port_or_error_t port = xenevtchn_pending(event_chan);

			if (port >= 0)
				xenevtchn_unmask(event_chan, port);
		}
		disk_run();
		circle_run();
	}
}

int main(int argc, char **argv)
{
	int fifo, i;

	if (argc < 5)
		die("usage: pv-backend DOMID VDEV FILE COMMANDS [KEY=VALUE...]");
	frontend_id = parse_number("DOMID", argv[1], 0x7fef);
	/* For writing too, so that it does not end when a writer goes. */
	fifo = open(argv[4], O_RDWR);
	grant_tab = xengnttab_open(NULL, 0);
	event_chan = xenevtchn_open(NULL, 0);
	if (fifo < 0 || !grant_tab || !event_chan)
		die("cannot open %s", fifo < 0 ? argv[4] : grant_tab ? "event channels" : "grants");
	image_open(argv[3]);
	store_open(frontend_id, argv[2]);
	for (i = 5; i < argc; i++) {
		char *value = strchr(argv[i], '=');

		if (!value)
			die("'%s' is not KEY=VALUE", argv[i]);
		*value++ = '\0';
		store_set(argv[i], value);
	}
	store_set_state(XenbusStateInitWait);
	loop(fifo);
}
