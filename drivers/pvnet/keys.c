// SPDX-License-Identifier: GPL-2.0
/* The keys, each with its bounds, and the structures that they fill. */
#include <linux/if_ether.h>

#include "pvnet.h"

/* What keys.def says in digits. */
static_assert(ETH_MIN_MTU == 68 && PVNET_MAX_MTU == 65517 && ETH_DATA_LEN == 1500);

/* The structure that each table of keys.def fills. */
#define PVNET_FILLS_BACKEND	struct pvnet_backend
#define PVNET_FILLS_TOOLSTACK	struct pvnet_config
#define PVNET_FILLS_INTERFACE	struct pvnet_settings
#define PVNET_KEY(table, name, type, min, max, def, member)		\
	PVFRONT_KEY(PVNET_KEYS_##table, name, type, min, max, def,	\
		    PVNET_FILLS_##table, member),
static const struct pvfront_key pvnet_keys[] = {
#include "keys.def"
};

int pvnet_read_keys(struct pvnet *net, enum pvnet_keys table, void *to)
{
	const struct xenbus_device *xdev = net->front.xdev;

	return pvfront_read_keys(&net->front, table == PVNET_KEYS_BACKEND ?
				 xdev->otherend : xdev->nodename,
				 pvnet_keys, ARRAY_SIZE(pvnet_keys), table, to);
}
