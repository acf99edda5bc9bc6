// SPDX-License-Identifier: GPL-2.0
/*
 * Packets over UDP, as fast as the sender can:
 *	udp receive PORT			serves one sender, then ends
 *	udp ADDRESS PORT PACKETS BYTES		sends, and prints what was received
 *
 * Packets are numbered from 1. Number 0 ends them, and is repeated until the result comes
 * by a TCP connection to the same port: what the receiver has no room for is lost, but
 * whatever it has taken it also reads. Both times are of one clock each: the receiver's
 * from its first packet to the end, which it reads right after the last packet, the
 * sender's from its first to its last call.
 */
#define _GNU_SOURCE	/* the name of the program */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "load.h"

#define PACKETS_MAX	10000000
#define BYTES_MAX	65507
/* A receiver that gets no processor for a while loses little. The kernel doubles it. */
#define BUFFER_BYTES	(2 << 20)
#define SILENCE_SECONDS	10
#define END_AGAIN_MS	5

struct result {
	unsigned long received;
	long long ns;
};

static char packet[BYTES_MAX];

/* Where reading the clock is a system call, one for each packet would be in the value. */
static void serve(int control, int packets, struct sockaddr_in *at)
{
	struct timeval silence = { .tv_sec = SILENCE_SECONDS };	/* end and all is lost */
	int on = 1, bytes = BUFFER_BYTES;
	struct result result = { 0 };
	unsigned long number;
	long long first = 0;

	setsockopt(control, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (setsockopt(packets, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)) ||
	    setsockopt(packets, SOL_SOCKET, SO_RCVTIMEO, &silence, sizeof(silence)))
		die("options of the socket");
	at->sin_addr.s_addr = htonl(INADDR_ANY);
	if (bind(packets, (struct sockaddr *)at, sizeof(*at)) ||
	    bind(control, (struct sockaddr *)at, sizeof(*at)) || listen(control, 1))
		die("listen");
	control = accept(control, NULL, NULL);
	if (control < 0)
		die("accept");
	for (;;) {
		if (recv(packets, packet, sizeof(packet), 0) < (ssize_t)sizeof(number)) {
			first += SILENCE_SECONDS * 1000000000LL;
			break;
		}
		memcpy(&number, packet, sizeof(number));
		if (!number)
			break;
		if (!result.received++)
			first = now();
	}
	result.ns = result.received ? now() - first : 0;
	if (send(control, &result, sizeof(result), MSG_NOSIGNAL) != sizeof(result))
		die("the sender has ended");
}

static void number_send(int packets, unsigned long number, size_t bytes)
{
	memcpy(packet, &number, sizeof(number));
	if (send(packets, packet, bytes, 0) != (ssize_t)bytes)
		die("send");
}

static void flood(int control, int packets, struct sockaddr_in *at, unsigned long count,
		  size_t bytes)
{
	struct pollfd answer = { .fd = control, .events = POLLIN };
	struct result result;
	unsigned long n;
	long long took;

	if (connect(control, (struct sockaddr *)at, sizeof(*at)) ||
	    connect(packets, (struct sockaddr *)at, sizeof(*at)))
		die("connect");
	took = now();
	for (n = 1; n <= count; n++)
		number_send(packets, n, bytes);
	took = now() - took;
	do {
		number_send(packets, 0, bytes);
	} while (!poll(&answer, 1, END_AGAIN_MS));
	if (recv(control, &result, sizeof(result), MSG_WAITALL) != sizeof(result))
		die("the receiver has ended");
	printf("{ \"sent\": %lu, \"received\": %lu, \"lost\": %lu,\n",
	       count, result.received, count - result.received);
	printf("  \"receiver_ns\": %lld, \"sender_ns\": %lld }\n", result.ns, took);
}

int main(int argc, char **argv)
{
	int receiving = argc == 3 && !strcmp(argv[1], "receive");
	int control = socket(AF_INET, SOCK_STREAM, 0), packets = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in at = { .sin_family = AF_INET };

	if (!receiving && (argc != 5 || inet_pton(AF_INET, argv[1], &at.sin_addr) != 1)) {
		fprintf(stderr, "usage: udp receive PORT | udp ADDRESS PORT PACKETS BYTES\n");
		return 2;
	}
	at.sin_port = htons(parse("port", argv[2], 1, 65535));
	if (receiving)
		serve(control, packets, &at);
	else
		flood(control, packets, &at, parse("packets", argv[3], 1, PACKETS_MAX),
		      parse("bytes", argv[4], sizeof(unsigned long), BYTES_MAX));
	return 0;
}
