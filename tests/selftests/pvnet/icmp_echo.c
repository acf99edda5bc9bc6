// SPDX-License-Identifier: GPL-2.0
/*
 * icmp_echo ADDRESS BYTES...: sends an echo request with so many bytes of data for
 * each size given and compares every byte that comes back. Three tries each, as
 * networks may lose packets; wrong data is an error at once.
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define TRIES		3
#define TRY_MS		1000
#define MOST		(65535 - 20 - sizeof(struct icmphdr))

static unsigned char request[65536], answer[65536];

static uint16_t checksum(const unsigned char *data, size_t bytes)
{
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i < bytes; i++)
		sum += data[i] << (i % 2 ? 0 : 8);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

static void make_request(size_t bytes, unsigned int sequence)
{
	struct icmphdr *head = (struct icmphdr *)request;
	size_t i;

	memset(head, 0, sizeof(*head));
	head->type = ICMP_ECHO;
	head->un.echo.id = htons(getpid());
	head->un.echo.sequence = htons(sequence);
	for (i = 0; i < bytes; i++)
		request[sizeof(*head) + i] = i * 7 + (i >> 8) + sequence;
	head->checksum = checksum(request, sizeof(*head) + bytes);
}

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* Whether what came is the answer to what was sent; ends the program if it lies. */
static bool is_answer(const struct sockaddr_in *from, const struct sockaddr_in *to,
		      ssize_t got, size_t bytes)
{
	const struct icmphdr *sent = (struct icmphdr *)request, *head;
	size_t skip = (answer[0] & 15) * 4;

	head = (struct icmphdr *)(answer + skip);
	if (got < (ssize_t)(skip + sizeof(*head)) || from->sin_addr.s_addr != to->sin_addr.s_addr ||
	    head->type != ICMP_ECHOREPLY || head->un.echo.id != sent->un.echo.id ||
	    head->un.echo.sequence != sent->un.echo.sequence)
		return false;
	if (got - skip - sizeof(*head) != bytes)
		errx(1, "%zu bytes of data come back as %zu", bytes, got - skip - sizeof(*head));
	if (memcmp(head + 1, sent + 1, bytes))
		errx(1, "%zu bytes of data come back changed", bytes);
	return true;
}

static bool echo(int fd, const struct sockaddr_in *to, size_t bytes, unsigned int sequence)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	long long end = now_ms() + TRY_MS, left;

	make_request(bytes, sequence);
	if (sendto(fd, request, sizeof(struct icmphdr) + bytes, 0, (const void *)to,
		   sizeof(*to)) < 0)
		err(1, "sending %zu bytes of data", bytes);
	while ((left = end - now_ms()) > 0 && poll(&wait, 1, left) > 0) {
		struct sockaddr_in from = {};
		socklen_t size = sizeof(from);
		ssize_t got = recvfrom(fd, answer, sizeof(answer), 0, (void *)&from, &size);

		if (is_answer(&from, to, got, bytes))
			return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	unsigned int sequence = 0, tries;
	int fd, i, room = 1 << 20;

	if (argc < 3 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1)
		errx(2, "usage: icmp_echo IPV4-ADDRESS BYTES...");
	fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	if (fd < 0)
		err(1, "a raw socket");
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));

	for (i = 2; i < argc; i++) {
		char *end;
		unsigned long bytes = strtoul(argv[i], &end, 10);

		if (*end || !*argv[i] || bytes > MOST)
			errx(2, "%s: not a number of bytes from 0 to %zu", argv[i], MOST);
		for (tries = 0; tries < TRIES; tries++)
			if (echo(fd, &to, bytes, ++sequence))
				break;
		if (tries == TRIES)
			errx(1, "no answer from %s to %u requests of %lu bytes", argv[1], TRIES,
			     bytes);
	}
	return 0;
}
