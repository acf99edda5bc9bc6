// SPDX-License-Identifier: GPL-2.0
/*
 * netdevs INTERFACE: what the stack knows of an interface's queues, NAPIs and pools, by
 * netdev's generic netlink, one object a line: "qstats rx 0 packets 12 bytes 1200",
 * "total rx 12 tx 3", "queue rx 0 napi 8193", "napi 8193 irq 60", "pool 4".
 * Exit status 3: this kernel has no such netlink.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* linux/netdev.h of 6.12, which Debian 12 has not. */
enum { CMD_POOL_GET = 5, CMD_QUEUE_GET = 10, CMD_NAPI_GET = 11, CMD_QSTATS_GET = 12 };
enum { POOL_ID = 1, POOL_IFINDEX = 2 };
enum { QUEUE_ID = 1, QUEUE_IFINDEX = 2, QUEUE_TYPE = 3, QUEUE_NAPI = 4 };
enum { NAPI_IFINDEX = 1, NAPI_ID = 2, NAPI_IRQ = 3 };
enum {
	QSTATS_IFINDEX = 1, QSTATS_TYPE = 2, QSTATS_QUEUE = 3, QSTATS_SCOPE = 4,
	RX_PACKETS = 8, RX_BYTES = 9, TX_PACKETS = 10, TX_BYTES = 11,
};

enum { SCOPE_QUEUE = 1, TYPE_RX = 0 };

#define MAX_ATTR	64

struct request {
	struct nlmsghdr nl;
	struct genlmsghdr genl;
	char attrs[64];
};

/* The attributes of one object, by number; those that are not there are -1. */
typedef void show(const int64_t *value);

static int sock;
static unsigned int ifindex;

static void add_attr(struct request *r, int type, const void *data, size_t size)
{
	struct nlattr *attr = (void *)((char *)r + NLMSG_ALIGN(r->nl.nlmsg_len));

	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + size;
	memcpy((char *)attr + NLA_HDRLEN, data, size);
	r->nl.nlmsg_len = NLMSG_ALIGN(r->nl.nlmsg_len) + NLA_ALIGN(attr->nla_len);
}

static void begin(struct request *r, int family, int command, int flags)
{
	memset(r, 0, sizeof(*r));
	r->nl.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN);
	r->nl.nlmsg_type = family;
	r->nl.nlmsg_flags = NLM_F_REQUEST | flags;
	r->genl.cmd = command;
	r->genl.version = 1;
}

static void read_attrs(const struct nlmsghdr *nl, int64_t *value)
{
	const char *at = (const char *)NLMSG_DATA(nl) + GENL_HDRLEN;
	const char *end = (const char *)nl + nl->nlmsg_len;

	memset(value, 0xff, MAX_ATTR * sizeof(*value));
	while (at + NLA_HDRLEN <= end) {
		const struct nlattr *attr = (const void *)at;
		int type = attr->nla_type & NLA_TYPE_MASK, size = attr->nla_len - NLA_HDRLEN;
		uint32_t u32;
		uint16_t u16;

		if (size < 0)
			break;
		if (type < MAX_ATTR && size == 8) {
			memcpy(&value[type], at + NLA_HDRLEN, 8);
		} else if (type < MAX_ATTR && size == 4) {
			memcpy(&u32, at + NLA_HDRLEN, 4);
			value[type] = u32;
		} else if (type < MAX_ATTR && size == 2) {
			memcpy(&u16, at + NLA_HDRLEN, 2);
			value[type] = u16;
		}
		at += NLA_ALIGN(attr->nla_len);
	}
}

/* Send a request and show what comes; 0, or the errno that the kernel answered. */
static int ask(struct request *r, show *show)
{
	static char buf[1 << 16];
	int64_t value[MAX_ATTR];

	if (send(sock, r, r->nl.nlmsg_len, 0) < 0)
		return errno;
	for (;;) {
		ssize_t n = recv(sock, buf, sizeof(buf), 0);
		struct nlmsghdr *nl = (void *)buf;

		if (n < 0)
			return errno;
		for (; NLMSG_OK(nl, n); nl = NLMSG_NEXT(nl, n)) {
			if (nl->nlmsg_type == NLMSG_DONE)
				return -*(int *)NLMSG_DATA(nl);
			if (nl->nlmsg_type == NLMSG_ERROR)
				return -((struct nlmsgerr *)NLMSG_DATA(nl))->error;
			read_attrs(nl, value);
			show(value);
			/* netdev does not mark the parts of a dump. */
			if (!(r->nl.nlmsg_flags & NLM_F_DUMP))
				return 0;
		}
	}
}

static const char *type_name(int64_t type)
{
	return type == TYPE_RX ? "rx" : "tx";
}

static void show_qstats(const int64_t *v)
{
	int rx = v[QSTATS_TYPE] == TYPE_RX;

	if (v[QSTATS_QUEUE] >= 0)
		printf("qstats %s %lld packets %lld bytes %lld\n", type_name(v[QSTATS_TYPE]),
		       (long long)v[QSTATS_QUEUE], (long long)v[rx ? RX_PACKETS : TX_PACKETS],
		       (long long)v[rx ? RX_BYTES : TX_BYTES]);
	else
		printf("total rx %lld tx %lld\n", (long long)v[RX_PACKETS],
		       (long long)v[TX_PACKETS]);
}

static void show_queue(const int64_t *v)
{
	printf("queue %s %lld napi %lld\n", type_name(v[QUEUE_TYPE]), (long long)v[QUEUE_ID],
	       (long long)v[QUEUE_NAPI]);
}

static void show_napi(const int64_t *v)
{
	printf("napi %lld irq %lld\n", (long long)v[NAPI_ID], (long long)v[NAPI_IRQ]);
}

static void show_pool(const int64_t *v)
{
	if (v[POOL_IFINDEX] == ifindex)
		printf("pool %lld\n", (long long)v[POOL_ID]);
}

static int64_t family = -1;

static void note_family(const int64_t *v)
{
	family = v[CTRL_ATTR_FAMILY_ID];
}

static void dump(int command, int ifindex_attr, int scope, show *show)
{
	uint32_t queue = SCOPE_QUEUE;
	struct request r;
	int err;

	begin(&r, family, command, NLM_F_DUMP);
	if (ifindex_attr)
		add_attr(&r, ifindex_attr, &ifindex, sizeof(ifindex));
	if (scope)
		add_attr(&r, scope, &queue, sizeof(queue));
	err = ask(&r, show);
	if (err) {
		fprintf(stderr, "netdevs: command %d: %s\n", command, strerror(err));
		exit(1);
	}
}

int main(int argc, char **argv)
{
	struct request r;
	int err;

	ifindex = argc == 2 ? if_nametoindex(argv[1]) : 0;
	if (!ifindex) {
		fprintf(stderr, "usage: netdevs INTERFACE, one that exists\n");
		return 2;
	}
	sock = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	if (sock < 0) {
		perror("netdevs: socket");
		return 1;
	}
	begin(&r, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	add_attr(&r, CTRL_ATTR_FAMILY_NAME, "netdev", sizeof("netdev"));
	err = ask(&r, note_family);
	if (err || family < 0) {
		fprintf(stderr, "netdevs: this kernel has no family netdev: %s\n", strerror(err));
		return 3;
	}
	dump(CMD_QSTATS_GET, QSTATS_IFINDEX, QSTATS_SCOPE, show_qstats);
	dump(CMD_QSTATS_GET, QSTATS_IFINDEX, 0, show_qstats);
	dump(CMD_QUEUE_GET, QUEUE_IFINDEX, 0, show_queue);
	dump(CMD_NAPI_GET, NAPI_IFINDEX, 0, show_napi);
	dump(CMD_POOL_GET, 0, 0, show_pool);
	return 0;
}
