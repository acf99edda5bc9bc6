// SPDX-License-Identifier: GPL-2.0
/* Maps a machine frame that no machine has, as a kernel would that counts frames wrongly. */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/pgtable.h>
#include <linux/vmalloc.h>

#define NO_FRAME	0x8000fffffffff063UL

/* By its name the log is to say who has asked. */
static noinline void broken_pte_set(pte_t *ptep)
{
	set_pte(ptep, native_make_pte(NO_FRAME));
	barrier();
}

static int __init broken_pte_init(void)
{
	void *page = vmalloc(PAGE_SIZE);
	unsigned int level;

	if (!page)
		return -ENOMEM;
	broken_pte_set(lookup_address((unsigned long)page, &level));
	vfree(page);
	return -EINVAL;
}

module_init(broken_pte_init);
MODULE_DESCRIPTION("An entry of a page table that Xen refuses");
MODULE_LICENSE("GPL");
