// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts of devices that are passed through. This guest has none: what arch/x86/pci/xen.c
 * asks for cannot be had.
 */
#include <linux/errno.h>
#include <linux/export.h>

#include <xen/events.h>
#include <asm/xen/pci.h>

int xen_bind_pirq_gsi_to_irq(unsigned int gsi, unsigned int pirq, int shareable, char *name)
{
	return -EOPNOTSUPP;
}

#ifdef CONFIG_PCI_MSI
int xen_allocate_pirq_msi(struct pci_dev *dev, struct msi_desc *msidesc)
{
	return -EOPNOTSUPP;
}

int xen_bind_pirq_msi_to_irq(struct pci_dev *dev, struct msi_desc *msidesc, int pirq, int nvec,
			     const char *name, domid_t domid)
{
	return -EOPNOTSUPP;
}
#endif

int xen_destroy_irq(int irq)
{
	return -EOPNOTSUPP;
}

int xen_irq_from_gsi(unsigned int gsi)
{
	return -1;
}
EXPORT_SYMBOL_GPL(xen_irq_from_gsi);

int xen_pirq_from_irq(unsigned int irq)
{
	return -1;
}
EXPORT_SYMBOL_GPL(xen_pirq_from_irq);

int xen_test_irq_shared(int irq)
{
	return -EOPNOTSUPP;
}
EXPORT_SYMBOL_GPL(xen_test_irq_shared);
