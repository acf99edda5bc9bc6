// SPDX-License-Identifier: GPL-2.0
/*
 * Domains, more exactly than xl has it:
 *	dom times		"DOMID NANOSECONDS" of each: how long its vCPUs have been
 *				on a processor
 *	dom unpause DOMID	prints the time stamp counter and lets it run
 *	dom now			prints the time stamp counter
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xenctrl.h>

#define DOMAINS_MAX 64

static unsigned long long now(void)
{
	return __builtin_ia32_rdtsc();
}

static int times(xc_interface *xc)
{
	xc_domaininfo_t info[DOMAINS_MAX];
	int i, n = xc_domain_getinfolist(xc, 0, DOMAINS_MAX, info);

	for (i = 0; i < n; i++)
		printf("%u %llu\n", info[i].domain, (unsigned long long)info[i].cpu_time);
	return n < 1;
}

static int unpause(xc_interface *xc, const char *domid)
{
	printf("%llu\n", now());
	return xc_domain_unpause(xc, strtoul(domid, NULL, 10)) != 0;
}

int main(int argc, char **argv)
{
	xc_interface *xc;

	if (argc == 2 && !strcmp(argv[1], "now")) {
		printf("%llu\n", now());
		return 0;
	}
	xc = xc_interface_open(NULL, NULL, 0);
	if (!xc) {
		fprintf(stderr, "dom: no access to Xen\n");
		return 1;
	}
	if (argc == 2 && !strcmp(argv[1], "times"))
		return times(xc);
	if (argc == 3 && !strcmp(argv[1], "unpause"))
		return unpause(xc, argv[2]);
	fprintf(stderr, "usage: dom times | dom unpause DOMID | dom now\n");
	return 2;
}
