/* SPDX-License-Identifier: GPL-2.0 */
/* Being saved, migrated or checkpointed. */
#ifndef _XSL_SUSPEND_H
#define _XSL_SUSPEND_H

/**
 * xsl_suspend() - have Xen suspend this guest, and go on when it is resumed
 *
 * Return: 0, or a negative errno if the guest could not be made ready, and nothing happened.
 */
int xsl_suspend(void);

#endif
