// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's end of the lab's command channel: serves requests that arrive
 * on the console and is also PID 1, so it reaps whatever commands leave behind.
 *
 * A request is repeated until its answer arrives, so each is carried out once
 * by its id and the last answer is kept for repetition.
 *
 * Requests (fields end with NUL, the rest is data) and their answers:
 *   run SECONDS SCRIPT	STATUS SIZE, then the first bytes of the output
 *   get PATH OFFSET	"ok", then bytes (none at the end) | "error WHY"
 *   put PATH OFFSET DATA	"ok" | "error WHY"
 *   ping		"ok"
 */
#define _GNU_SOURCE
#include "frame.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define OUTPUT "/run/lab.out"

enum { STATUS_TIMEOUT = 124, KILL_GRACE = 5 };

static int console;
static struct frame_reader reader;
static struct frame request, reply;

/* Cut the next NUL-terminated field off the request; "" when there is none. */
static const char *field(size_t *at)
{
	const char *s = (const char *)request.data + *at;

	*at += strlen(s) + 1;
	if (*at > request.len)
		*at = request.len;
	return s;
}

__attribute__((format(printf, 1, 2)))
static void reply_set(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	reply.len = vsnprintf((char *)reply.data, FRAME_DATA_MAX, fmt, ap) + 1;
	va_end(ap);
	if (reply.len > FRAME_DATA_MAX)
		reply.len = FRAME_DATA_MAX;
}

static void reply_add_file(int fd, off_t offset)
{
	ssize_t got = pread(fd, reply.data + reply.len,
			    FRAME_DATA_MAX - reply.len, offset);

	if (got > 0)
		reply.len += got;
}

static time_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

/* Reap everything; true once @pid itself is gone. */
static int reap(pid_t pid, int *status)
{
	int one, gone = 0;
	pid_t got;

	while ((got = waitpid(-1, &one, WNOHANG)) > 0) {
		if (got == pid) {
			*status = WIFEXITED(one) ? WEXITSTATUS(one) :
						   128 + WTERMSIG(one);
			gone = 1;
		}
	}
	return gone;
}

/* A request that arrives while one is running can only be its repetition. */
static void say_busy(void)
{
	static struct frame again;
	struct frame busy = { .kind = FRAME_BUSY };

	if (frame_read(console, &reader, &again) != 1 ||
	    again.kind != FRAME_REQUEST)
		return;
	busy.id = again.id;
	frame_write(console, &busy);
}

static int wait_for(pid_t pid, unsigned int seconds, const sigset_t *unblocked)
{
	struct pollfd p = { .fd = console, .events = POLLIN };
	struct timespec tick = { .tv_sec = 1 };
	time_t end = now() + seconds;
	int killed = 0, status = 0;

	while (!reap(pid, &status)) {
		if (now() >= end) {
			/* A process the kernel holds on to does not die. */
			if (killed)
				return STATUS_TIMEOUT;
			kill(-pid, SIGKILL);
			killed = 1;
			end = now() + KILL_GRACE;
		}
		if (ppoll(&p, 1, &tick, unblocked) > 0)
			say_busy();
	}
	return killed ? STATUS_TIMEOUT : status;
}

static void child(int out, const char *script)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	dup2(open("/dev/null", O_RDONLY), 0);
	dup2(out, 1);
	dup2(out, 2);
	execl("/bin/bash", "bash", "-c", script, NULL);
	_exit(127);
}

static void do_run(size_t at, const sigset_t *unblocked)
{
	unsigned int seconds = atoi(field(&at));
	const char *script = field(&at);
	struct stat st;
	int out, status;
	pid_t pid;

	/* What an earlier command left running may still hold the old file. */
	unlink(OUTPUT);
	out = open(OUTPUT, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	pid = out < 0 ? -1 : fork();
	if (pid < 0) {
		reply_set("error %s", strerror(errno));
		goto close_out;
	}
	if (!pid)
		child(out, script);

	status = wait_for(pid, seconds, unblocked);
	if (fstat(out, &st))
		st.st_size = 0;
	reply_set("%d %lld", status, (long long)st.st_size);
	reply_add_file(out, 0);
close_out:
	if (out >= 0)
		close(out);
}

static void do_get(size_t at)
{
	const char *path = field(&at);
	off_t offset = atoll(field(&at));
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		reply_set("error %s: %s", path, strerror(errno));
		return;
	}
	reply_set("ok");
	reply_add_file(fd, offset);
	close(fd);
}

static void do_put(size_t at)
{
	const char *path = field(&at);
	off_t offset = atoll(field(&at));
	size_t len = request.len - at;
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (offset ? 0 : O_TRUNC),
		      0755);

	if (fd < 0 || pwrite(fd, request.data + at, len, offset) != (ssize_t)len)
		reply_set("error %s: %s", path, strerror(errno));
	else
		reply_set("ok");
	if (fd >= 0)
		close(fd);
}

static void serve(const sigset_t *unblocked)
{
	size_t at = 0;
	const char *what = field(&at);

	if (!strcmp(what, "run"))
		do_run(at, unblocked);
	else if (!strcmp(what, "get"))
		do_get(at);
	else if (!strcmp(what, "put"))
		do_put(at);
	else if (!strcmp(what, "ping"))
		reply_set("ok");
	else
		reply_set("error unknown request %s", what);
	reply.kind = FRAME_REPLY;
	reply.id = request.id;
}

static void on_sigchld(int sig)
{
	(void)sig;
}

static int console_open(const char *path)
{
	struct termios raw;
	int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 || tcgetattr(fd, &raw))
		return -1;
	cfmakeraw(&raw);
	return tcsetattr(fd, TCSANOW, &raw) ? -1 : fd;
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = on_sigchld };
	sigset_t blocked, unblocked;
	struct pollfd p = { .events = POLLIN };

	console = console_open(argc > 1 ? argv[1] : "/dev/hvc0");
	if (console < 0) {
		perror("guestd: console");
		return 1;
	}
	/* SIGCHLD is let in only while waiting, so none is missed. */
	sigaction(SIGCHLD, &sa, NULL);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGCHLD);
	sigprocmask(SIG_BLOCK, &blocked, &unblocked);

	/* Unasked: whoever waits for this guest now knows it is up. */
	reply.kind = FRAME_REPLY;
	reply_set("ok");
	frame_write(console, &reply);

	p.fd = console;
	for (;;) {
		int unused;

		if (ppoll(&p, 1, NULL, &unblocked) < 0) {
			reap(-1, &unused);
			continue;
		}
		if (frame_read(console, &reader, &request) != 1 ||
		    request.kind != FRAME_REQUEST)
			continue;
		if (request.id != reply.id)
			serve(&unblocked);
		frame_write(console, &reply);
	}
}
