/* SPDX-License-Identifier: GPL-2.0 */
/*
 * State of the virtual CPU that makes the call: descriptors, traps, entry points, segment
 * bases, debug registers, I/O privilege.
 */
#ifndef _HYPERCALL_STUBS_CPU_H
#define _HYPERCALL_STUBS_CPU_H

#include <linux/types.h>

#include <xen/interface/callback.h>
#include <xen/interface/physdev.h>
#include <xen/interface/xen.h>
#include <asm/xen/hypercall.h>

/**
 * hcall_set_trap_table() - set handlers of exceptions
 * @traps: the handlers, ended by one with address 0; vectors not among them keep theirs
 *
 * Return: 0 or a negative errno.
 */
static inline int hcall_set_trap_table(const struct trap_info *traps)
{
	return HYPERVISOR_set_trap_table((struct trap_info *)traps);
}

/**
 * hcall_set_gdt() - set the GDT
 * @frames: its machine frames, of which no writable mapping may exist
 * @entries: its number of descriptors, 512 a frame
 *
 * Return: 0 or a negative errno.
 */
static inline int hcall_set_gdt(const unsigned long *frames, unsigned int entries)
{
	return HYPERVISOR_set_gdt((unsigned long *)frames, entries);
}

/**
 * hcall_update_descriptor() - write one descriptor of a GDT or LDT in use
 * @entry: machine address of the descriptor
 * @desc: the descriptor
 *
 * Return: 0 or a negative errno.
 */
static inline int hcall_update_descriptor(u64 entry, u64 desc)
{
	return HYPERVISOR_update_descriptor(entry, desc);
}

/**
 * hcall_set_segment_base() - set a segment's base
 * @which: SEGBASE_FS, SEGBASE_GS_USER or SEGBASE_GS_KERNEL; SEGBASE_GS_USER_SEL loads a
 *	   selector into the user's %gs instead
 * @base: the base, or the selector
 *
 * Return: 0 or a negative errno (the base is not canonical).
 */
static inline int hcall_set_segment_base(unsigned int which, unsigned long base)
{
	return HYPERVISOR_set_segment_base(which, base);
}

/**
 * hcall_set_debugreg() - write a debug register
 * @reg: 0 to 3, 6 or 7
 * @val: its value
 *
 * Context: any, also noinstr.
 * Return: 0 or a negative errno.
 */
static __always_inline int hcall_set_debugreg(int reg, unsigned long val)
{
	return HYPERVISOR_set_debugreg(reg, val);
}

/**
 * hcall_get_debugreg() - read a debug register
 * @reg: 0 to 3, 6 or 7
 *
 * Context: any, also noinstr.
 * Return: its value; a @reg that does not exist gives a negative errno that nothing tells
 * from one.
 */
static __always_inline unsigned long hcall_get_debugreg(int reg)
{
	return HYPERVISOR_get_debugreg(reg);
}

/**
 * hcall_set_iopl() - set the I/O privilege level
 * @iopl: 0 to 3; the kernel's own in and out instructions need 1
 *
 * Return: 0 or a negative errno.
 */
static inline int hcall_set_iopl(unsigned int iopl)
{
	struct physdev_set_iopl arg = { .iopl = iopl };

	return HYPERVISOR_physdev_op(PHYSDEVOP_set_iopl, &arg);
}

/**
 * hcall_set_iobitmap() - set which ports user code may use
 * @bitmap: a bit that is set forbids its port; read while the bitmap is in use
 * @ports: number of bits, at most 65536, 0 for none
 *
 * Return: 0 or a negative errno.
 */
static inline int hcall_set_iobitmap(const void *bitmap, unsigned int ports)
{
	struct physdev_set_iobitmap arg = { .bitmap = (u8 *)bitmap, .nr_ports = ports };

	return HYPERVISOR_physdev_op(PHYSDEVOP_set_iobitmap, &arg);
}

/**
 * hcall_register_callback() - set an entry point other than a trap's
 * @type: CALLBACKTYPE_event and so on; syscall and sysenter are per virtual CPU
 * @flags: CALLBACKF_mask_events to be entered with events masked, or 0
 * @entry: the entry point
 *
 * Return: 0 or a negative errno (this CPU has no such entry).
 */
static inline int hcall_register_callback(u16 type, u16 flags, const void *entry)
{
	struct callback_register arg = {
		.type = type, .flags = flags, .address = (unsigned long)entry,
	};

	return HYPERVISOR_callback_op(CALLBACKOP_register, &arg);
}

/**
 * hcall_vm_assist() - switch a service of Xen on
 * @type: VMASST_TYPE_*
 *
 * Return: 0 or a negative errno.
 */
static inline int hcall_vm_assist(unsigned int type)
{
	return HYPERVISOR_vm_assist(VMASST_CMD_enable, type);
}

#endif
