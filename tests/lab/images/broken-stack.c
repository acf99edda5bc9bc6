// SPDX-License-Identifier: GPL-2.0
/*
 * Raises an exception with the stack pointer at nothing, as after the overflow of a kernel
 * stack: the way to a triple fault.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/objtool.h>

#define NOWHERE	0xdead000UL

static int __init broken_stack_init(void)
{
	local_irq_disable();
	asm volatile("mov %0, %%rsp\n\tud2" : : "r" (NOWHERE) : "memory");
	return -EINVAL;
}

STACK_FRAME_NON_STANDARD(broken_stack_init);

module_init(broken_stack_init);
MODULE_DESCRIPTION("An exception without a stack");
MODULE_LICENSE("GPL");
