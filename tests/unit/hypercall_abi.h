/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every structure and number of the ABI that hypercall-stubs/ and arch-pv/ hand to Xen, as
 * a table. Compiled twice, by hypercall_abi_kernel.c with the kernel's headers and by
 * hypercall_abi_xen.c with Xen's own; the tables must be the same.
 */
#ifndef _TESTS_UNIT_HYPERCALL_ABI_H
#define _TESTS_UNIT_HYPERCALL_ABI_H

#include <stddef.h>

/**
 * struct abi_row - something both sides must agree on
 * @name: the structure, its member, or the number
 * @size: of the structure or the member
 * @value: offset of the member, or the number
 */
struct abi_row {
	const char *name;
	size_t size;
	unsigned long value;
};

/* Ended by a row without a name. */
extern const struct abi_row abi_kernel[], abi_xen[];

#endif
