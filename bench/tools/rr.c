// SPDX-License-Identifier: GPL-2.0
/*
 * Request and response of one byte over TCP, one after the other:
 *	rr serve PORT			answers one client, then ends
 *	rr ADDRESS PORT TRIPS		prints what a round trip took, in nanoseconds
 */
#define _GNU_SOURCE	/* the name of the program */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load.h"

#define TRIPS_MAX 1000000

static void no_delay(int fd)
{
	int on = 1;

	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)))
		die("TCP_NODELAY");
}

static void serve(int fd, struct sockaddr_in *at)
{
	int on = 1, client;
	char c;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	at->sin_addr.s_addr = htonl(INADDR_ANY);
	if (bind(fd, (struct sockaddr *)at, sizeof(*at)) || listen(fd, 1))
		die("listen");
	client = accept(fd, NULL, NULL);
	if (client < 0)
		die("accept");
	no_delay(client);
	while (read(client, &c, 1) == 1)
		if (write(client, &c, 1) != 1)
			die("write");
}

static int by_size(const void *a, const void *b)
{
	long long x = *(const long long *)a, y = *(const long long *)b;

	return (x > y) - (x < y);
}

static void ask(int fd, struct sockaddr_in *at, long trips)
{
	long long *took = calloc(trips, sizeof(*took)), start, total;
	char c = 0;
	long i;

	if (!took)
		die("memory");
	if (connect(fd, (struct sockaddr *)at, sizeof(*at)))
		die("connect");
	no_delay(fd);
	total = now();
	for (i = 0; i < trips; i++) {
		start = now();
		if (write(fd, &c, 1) != 1 || read(fd, &c, 1) != 1)
			die("round trip");
		took[i] = now() - start;
	}
	total = now() - total;
	qsort(took, trips, sizeof(*took), by_size);
	printf("{ \"trips\": %ld, \"total_ns\": %lld, \"p50_ns\": %lld, \"p99_ns\": %lld }\n",
	       trips, total, took[trips / 2], took[trips * 99 / 100]);
}

int main(int argc, char **argv)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	int serving = argc == 3 && !strcmp(argv[1], "serve");
	int fd;

	if (!serving && argc != 4) {
		fprintf(stderr, "usage: rr serve PORT | rr ADDRESS PORT TRIPS\n");
		return 2;
	}
	at.sin_port = htons(parse("port", argv[2], 1, 65535));
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		die("socket");
	if (serving) {
		serve(fd, &at);
		return 0;
	}
	if (inet_pton(AF_INET, argv[1], &at.sin_addr) != 1) {
		fprintf(stderr, "rr: address %s: not an IPv4 address\n", argv[1]);
		return 2;
	}
	ask(fd, &at, parse("trips", argv[3], 1, TRIPS_MAX));
	return 0;
}
