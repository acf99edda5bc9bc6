// SPDX-License-Identifier: GPL-2.0
/*
 * The console that PVCON_TEST_CONSOLE names (console-1): open, close, poll, write,
 * and with PVCON_TEST_ECHO=yes, where the other side sends back what it gets, read.
 * Nobody else may have it open.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "ktap.h"

#define OPENS		50
#define SHORT		1000	/* bytes; less than the ring has room for */
#define LONG		65536
#define WAIT_MS		20000

/**
 * struct console - the console under test
 * @device: its name on the Xen bus
 * @node: its line's device node
 * @echo: the other side sends back what it gets
 * @fd: the line, raw
 * @saved: its settings before
 */
struct console {
	char device[64];
	char node[32];
	bool echo;
	int fd;
	struct termios saved;
};

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static bool read_line(const char *path, char *to, size_t bytes)
{
	FILE *f = fopen(path, "re");
	bool ok = f && fgets(to, bytes, f);

	if (f)
		fclose(f);
	if (ok)
		to[strcspn(to, "\n")] = '\0';
	return ok;
}

/* A number of the console's debugfs file, or -1. */
static long long counter(const struct console *c, const char *name)
{
	char path[128], word[64];
	long long value, found = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/sys/kernel/debug/pvfront/%s", c->device);
	f = fopen(path, "re");
	while (f && fscanf(f, "%63s", word) == 1)
		if (!strcmp(word, name) && fscanf(f, "%lld", &value) == 1)
			found = value;
	if (f)
		fclose(f);
	return found;
}

static bool counter_reaches(const struct console *c, const char *name, long long value)
{
	struct timespec nap = { .tv_nsec = 10000000 };
	long long end = now_ms() + WAIT_MS;

	while (counter(c, name) < value && now_ms() < end)
		nanosleep(&nap, NULL);
	return ktap_check(counter(c, name) >= value, "%s is %lld, expected %lld", name,
			  counter(c, name), value);
}

static bool get(const struct console *c, char *to, size_t bytes)
{
	struct pollfd wait = { .fd = c->fd, .events = POLLIN };
	size_t got = 0;

	while (got < bytes && poll(&wait, 1, WAIT_MS) > 0) {
		ssize_t n = read(c->fd, to + got, bytes - got);

		if (n <= 0 && errno != EAGAIN)
			break;
		got += n > 0 ? n : 0;
	}
	return ktap_check(got == bytes, "%zu of %zu bytes came back", got, bytes);
}

static void fill(char *to, size_t bytes, unsigned int seed)
{
	size_t i;

	for (i = 0; i < bytes; i++)
		to[i] = (i * 7 + i / 251 + seed) & 0xff;
}

static void test_opens(void *arg)
{
	const struct console *c = arg;
	unsigned int i;

	for (i = 0; i < OPENS; i++) {
		int fd = open(c->node, O_RDWR | O_NOCTTY | O_NONBLOCK);

		if (!ktap_check(fd >= 0, "open %u of %s: %s", i, c->node, strerror(errno)))
			return;
		ktap_check(isatty(fd), "%s is no terminal", c->node);
		ktap_check(!close(fd), "close %u: %s", i, strerror(errno));
	}
}

/* Settings are of the line: those made through one descriptor show in the other. */
static void test_settings(void *arg)
{
	const struct console *c = arg;
	struct winsize size = { .ws_row = 33, .ws_col = 111 }, seen = {};
	struct termios raw;
	int fd = open(c->node, O_RDWR | O_NOCTTY | O_NONBLOCK);

	if (!ktap_check(fd >= 0, "opening %s again: %s", c->node, strerror(errno)))
		return;
	ktap_check(!tcgetattr(fd, &raw) && !(raw.c_lflag & (ICANON | ECHO)),
		   "the line is not raw for the second to open it");
	ktap_check(!ioctl(fd, TIOCSWINSZ, &size) && !ioctl(c->fd, TIOCGWINSZ, &seen) &&
		   seen.ws_row == 33 && seen.ws_col == 111,
		   "window size is %u x %u, expected 111 x 33", seen.ws_col, seen.ws_row);
	close(fd);
}

static void test_idle(void *arg)
{
	const struct console *c = arg;
	struct pollfd wait = { .fd = c->fd, .events = POLLIN | POLLOUT };
	char byte;
	int n;

	n = poll(&wait, 1, 0);
	ktap_check(n == 1 && wait.revents == POLLOUT,
		   "poll returns %d with events 0x%x, expected 1 with 0x%x (room to write)",
		   n, wait.revents, POLLOUT);
	n = read(c->fd, &byte, 1);
	ktap_check(n < 0 && errno == EAGAIN, "reading returns %d (%s), expected EAGAIN", n,
		   strerror(errno));
}

static void test_write(void *arg)
{
	const struct console *c = arg;
	long long output = counter(c, "output"), received = counter(c, "received");
	char sent[SHORT], came[SHORT];
	ssize_t n;

	fill(sent, sizeof(sent), 1);
	n = write(c->fd, sent, sizeof(sent));
	if (!ktap_check(n == sizeof(sent), "writing %d bytes returns %zd (%s)", SHORT, n,
			strerror(errno)))
		return;
	ktap_check(!tcdrain(c->fd), "tcdrain: %s", strerror(errno));
	if (counter_reaches(c, "output", output + SHORT))
		ktap_check(counter(c, "output") == output + SHORT,
			   "output grew by %lld, expected %d",
			   counter(c, "output") - output, SHORT);
	if (!c->echo || !get(c, came, sizeof(came)))
		return;
	ktap_check(!memcmp(sent, came, sizeof(came)), "what comes back is not what was sent");
	ktap_check(counter(c, "received") == received + SHORT, "received grew by %lld, expected %d",
		   counter(c, "received") - received, SHORT);
}

/* Both ways at once, more than rings and buffers hold. */
static void test_echo(void *arg)
{
	static char sent[LONG], came[LONG];
	struct console *c = arg;
	struct pollfd wait = { .fd = c->fd };
	size_t out = 0, in = 0;

	if (!c->echo) {
		ktap_skip("PVCON_TEST_ECHO is not yes");
		return;
	}
	fill(sent, sizeof(sent), 2);
	while (in < LONG) {
		ssize_t n;

		wait.events = POLLIN | (out < LONG ? POLLOUT : 0);
		if (poll(&wait, 1, WAIT_MS) <= 0)
			break;
		n = wait.revents & POLLIN ? read(c->fd, came + in, LONG - in) : 0;
		in += n > 0 ? n : 0;
		n = wait.revents & POLLOUT ? write(c->fd, sent + out, LONG - out) : 0;
		out += n > 0 ? n : 0;
	}
	ktap_check(in == LONG, "%zu of %d bytes were sent, %zu came back", out, LONG, in);
	ktap_check(!memcmp(sent, came, LONG), "what comes back is not what was sent");
}

/* The last close waits until the ring has taken what was written. */
static void test_close(void *arg)
{
	struct console *c = arg;
	long long output = counter(c, "output");
	char sent[SHORT], came[SHORT];
	struct termios raw;

	fill(sent, sizeof(sent), 3);
	ktap_check(write(c->fd, sent, SHORT) == SHORT, "write: %s", strerror(errno));
	tcgetattr(c->fd, &raw);
	if (c->echo) {
		ktap_check(get(c, came, SHORT) && !memcmp(sent, came, SHORT),
			   "what comes back is not what was sent");
	}
	close(c->fd);
	counter_reaches(c, "output", output + SHORT);
	c->fd = open(c->node, O_RDWR | O_NOCTTY | O_NONBLOCK);
	if (ktap_check(c->fd >= 0, "opening it again: %s", strerror(errno)))
		tcsetattr(c->fd, TCSANOW, &raw);
}

static void test_debugfs(void *arg)
{
	const struct console *c = arg;

	ktap_check(counter(c, "protocol_errors") == 0, "protocol_errors is %lld",
		   counter(c, "protocol_errors"));
	ktap_check(counter(c, "output") > 0, "output is %lld", counter(c, "output"));
}

static const char *console_open(struct console *c, const char *name)
{
	static char why[128];
	const char *echo = getenv("PVCON_TEST_ECHO");
	char path[128], line[16];
	struct termios raw;

	snprintf(c->device, sizeof(c->device), "%s", name);
	c->echo = echo && !strcmp(echo, "yes");
	snprintf(path, sizeof(path), "/sys/bus/xen/drivers/pvcon/%s/hvc", c->device);
	snprintf(why, sizeof(why), "%s is no console with a line of pvcon", c->device);
	if (!read_line(path, line, sizeof(line)) || strncmp(line, "hvc", 3))
		return why;
	snprintf(c->node, sizeof(c->node), "/dev/%s", line);
	c->fd = open(c->node, O_RDWR | O_NOCTTY | O_NONBLOCK);
	snprintf(why, sizeof(why), "%s: %s", c->node, strerror(errno));
	if (c->fd < 0 || tcgetattr(c->fd, &c->saved))
		return why;
	raw = c->saved;
	cfmakeraw(&raw);
	if (tcsetattr(c->fd, TCSANOW, &raw))
		return why;
	/* What came while nobody read is not ours. */
	tcflush(c->fd, TCIFLUSH);
	return NULL;
}

int main(void)
{
	const char *name = getenv("PVCON_TEST_CONSOLE"), *why;
	struct console c = {};

	if (geteuid())
		ktap_skip_all("has to be run as root");
	if (access("/sys/bus/xen", F_OK))
		ktap_skip_all("no /sys/bus/xen: this is not a Xen guest");
	if (access("/sys/bus/xen/drivers/pvcon", F_OK))
		ktap_skip_all("pvcon is not loaded: modprobe pvcon");
	if (!name)
		ktap_skip_all("PVCON_TEST_CONSOLE names no console, like console-1, to write to");

	ktap_plan(7);
	why = console_open(&c, name);
	if (why) {
		printf("Bail out! %s\n", why);
		return 1;
	}
	ktap_run("opened and closed often", test_opens, &c);
	ktap_run("two users of one line", test_settings, &c);
	ktap_run("poll and read without input", test_idle, &c);
	ktap_run("what is written goes out", test_write, &c);
	ktap_run("echo of 65536 bytes", test_echo, &c);
	ktap_run("what is written before a close goes out", test_close, &c);
	ktap_run("debugfs", test_debugfs, &c);
	if (c.fd >= 0)
		tcsetattr(c.fd, TCSANOW, &c.saved);
	return ktap_finished();
}
