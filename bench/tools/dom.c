// SPDX-License-Identifier: GPL-2.0
/*
 * Domains, more exactly than xl has it:
 *	dom times		"DOMID NANOSECONDS" of each: how long its vCPUs have been
 *				on a processor
 *	dom grants DOMID	how many grants it gives, whether mapped or not
 *	dom grants-peak DOMID	the most it gave until SIGTERM, looked at every 2 ms
 *	dom unpause DOMID	prints the time stamp counter and lets it run
 *	dom now			prints the time stamp counter
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <xenctrl.h>
#include <xenforeignmemory.h>
#include <xen/grant_table.h>

#define DOMAINS_MAX	64
#define LOOK_NSECONDS	2000000

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

/* The guest writes to it meanwhile. */
static unsigned int given(const grant_entry_v1_t *table, size_t bytes)
{
	unsigned int n = 0;
	size_t i;

	for (i = 0; i < bytes / sizeof(*table); i++)
		if (__atomic_load_n(&table[i].flags, __ATOMIC_RELAXED) & GTF_type_mask)
			n++;
	return n;
}

/* The guest's own table, mapped: reading it costs the guest nothing. */
static int grants(const char *domid, int peak)
{
	const unsigned int type = XENMEM_resource_grant_table;
	const unsigned int id = XENMEM_resource_grant_table_id_shared;
	xenforeignmemory_handle *memory = xenforeignmemory_open(NULL, 0);
	domid_t domain = strtoul(domid, NULL, 10);
	const struct timespec look = { .tv_nsec = LOOK_NSECONDS };
	unsigned int now_given, most = 0;
	void *table = NULL;
	sigset_t term;
	size_t bytes;

	if (!memory || xenforeignmemory_resource_size(memory, domain, type, id, &bytes) ||
	    !xenforeignmemory_map_resource(memory, domain, type, id, 0, bytes >> XC_PAGE_SHIFT,
					   &table, PROT_READ, 0)) {
		perror("dom: grant table");
		return 1;
	}
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	do {
		now_given = given(table, bytes);
		if (now_given > most)
			most = now_given;
	} while (peak && sigtimedwait(&term, NULL, &look) != SIGTERM);
	printf("%u\n", most);
	return 0;
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
	if (argc == 3 && !strncmp(argv[1], "grants", 6))
		return grants(argv[2], !strcmp(argv[1], "grants-peak"));
	fprintf(stderr, "usage: dom times|now | dom grants|grants-peak|unpause DOMID\n");
	return 2;
}
