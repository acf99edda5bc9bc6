// SPDX-License-Identifier: GPL-2.0
/*
 * memmap DOMID FIRST-END...: from dom0, give a domain that has not started yet a memory map
 * of these ranges of memory, in MB and in this order, in place of the toolstack's.
 */
#include <stdio.h>
#include <stdlib.h>

#include <xenctrl.h>

#define RAM	1
#define RANGES	64

static int wrong_use(void)
{
	fprintf(stderr, "usage: memmap DOMID FIRST-END..., in MB, at most %d\n", RANGES);
	return 2;
}

int main(int argc, char **argv)
{
	struct e820entry map[RANGES];
	unsigned int domid, first, end;
	xc_interface *xch;
	char behind;
	int i, err;

	if (argc < 3 || argc - 2 > RANGES || sscanf(argv[1], "%u%c", &domid, &behind) != 1)
		return wrong_use();
	for (i = 0; i < argc - 2; i++) {
		if (sscanf(argv[i + 2], "%u-%u%c", &first, &end, &behind) != 2 || first >= end)
			return wrong_use();
		map[i].addr = (uint64_t)first << 20;
		map[i].size = (uint64_t)(end - first) << 20;
		map[i].type = RAM;
	}
	xch = xc_interface_open(NULL, NULL, 0);
	if (!xch)
		return 1;
	err = xc_domain_set_memory_map(xch, domid, map, argc - 2);
	if (err)
		perror("memmap: XENMEM_set_memory_map");
	xc_interface_close(xch);
	return !!err;
}
