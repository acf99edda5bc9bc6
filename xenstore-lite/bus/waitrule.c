// SPDX-License-Identifier: GPL-2.0
/* How long to wait for devices. See waitrule.h. */
#include <linux/kernel.h>
#include <linux/string.h>

#include "waitrule.h"

bool xsl_wait_more(const struct xsl_wait *now)
{
	if (now->root)
		return false;
	if (now->mounts)
		return now->coming && now->total < XSL_WAIT_ROOT;
	if (now->connected)
		return now->at_work && now->quiet < XSL_WAIT_STEP;
	return now->at_work && now->total < XSL_WAIT_FIRST;
}

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

bool xsl_wait_names_disk(const char *root)
{
	static const char * const others[] = { "/dev/nfs", "/dev/cifs", "/dev/ram" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (begins(root, others[i]))
			return false;
	return begins(root, "/dev/") || begins(root, "PARTUUID=") || begins(root, "PARTLABEL=");
}
