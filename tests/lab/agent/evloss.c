// SPDX-License-Identifier: GPL-2.0
/*
 * evloss DOMID PORT on|off: from dom0, lose the events of one port of a guest.
 * "on" masks the port where the guest has its masks, in its shared page; "off"
 * forgets what came meanwhile and unmasks it. The guest knows nothing of it. It
 * has to use the old event channels (xen.fifo_events=0): Xen does not tell where
 * a guest keeps the masks of the new ones.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define XC_WANT_COMPAT_MAP_FOREIGN_API
#include <xenctrl.h>
#include <xen/xen.h>

#define BITS	(8 * (int)sizeof(xen_ulong_t))
#define PORTS	(BITS * BITS)

static int wrong_use(void)
{
	fprintf(stderr, "usage: evloss DOMID PORT on|off, PORT from 1 to %d\n", PORTS - 1);
	return 2;
}

/* The number that all of text is, or -1. */
static long number(const char *text, long most)
{
	char *end;
	long n = strtol(text, &end, 10);

	return *text && !*end && n >= 0 && n <= most ? n : -1;
}

static int lose(shared_info_t *shared, int port, int on)
{
	xen_ulong_t bit = (xen_ulong_t)1 << (port % BITS), was;

	if (on) {
		__atomic_fetch_or(&shared->evtchn_mask[port / BITS], bit, __ATOMIC_SEQ_CST);
		return 0;
	}
	__atomic_fetch_and(&shared->evtchn_pending[port / BITS], ~bit, __ATOMIC_SEQ_CST);
	was = __atomic_fetch_and(&shared->evtchn_mask[port / BITS], ~bit, __ATOMIC_SEQ_CST);
	if (!(was & bit)) {
		fprintf(stderr, "evloss: port %d was not masked\n", port);
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	xc_domaininfo_t info;
	shared_info_t *shared;
	xc_interface *xch;
	long domid, port;
	int on, err;

	if (argc != 4)
		return wrong_use();
	domid = number(argv[1], DOMID_FIRST_RESERVED - 1);
	port = number(argv[2], PORTS - 1);
	on = !strcmp(argv[3], "on");
	if (domid < 0 || port < 1 || (!on && strcmp(argv[3], "off")))
		return wrong_use();

	xch = xc_interface_open(NULL, NULL, 0);
	if (!xch)
		return 1;
	if (xc_domain_getinfolist(xch, domid, 1, &info) != 1 || info.domain != domid) {
		fprintf(stderr, "evloss: no domain %ld\n", domid);
		return 1;
	}
	shared = xc_map_foreign_range(xch, domid, XC_PAGE_SIZE, PROT_READ | PROT_WRITE,
				      info.shared_info_frame);
	if (!shared) {
		perror("evloss: mapping the guest's shared page");
		return 1;
	}
	err = lose(shared, port, on);
	munmap(shared, XC_PAGE_SIZE);
	xc_interface_close(xch);
	return err;
}
