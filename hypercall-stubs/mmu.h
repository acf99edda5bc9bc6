/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Page tables and TLBs. An operation is a value that one of the functions below makes;
 * hcall_mmuext(), hcall_mmu_update() send it at once, hbatch_mmuext() and
 * hbatch_mmu_update() (batch.h) in the order of this CPU's batch. Frames are machine
 * frames, and addresses in page tables machine addresses, everywhere here.
 */
#ifndef _HYPERCALL_STUBS_MMU_H
#define _HYPERCALL_STUBS_MMU_H

#include <linux/types.h>

#include <xen/interface/xen.h>
#include <asm/xen/hypercall.h>

/**
 * mmu_set() - write an entry of a page table of any level
 * @entry: machine address of the entry, a multiple of 8
 * @val: the entry, with a machine frame
 *
 * Return: the update.
 */
static inline struct mmu_update mmu_set(u64 entry, u64 val)
{
	return (struct mmu_update){ .ptr = entry | MMU_NORMAL_PT_UPDATE, .val = val };
}

/**
 * mmu_set_keep_ad() - write an entry, keeping accessed and dirty bits it has by then
 * @entry: machine address of the entry, a multiple of 8
 * @val: the entry, with a machine frame
 *
 * Return: the update.
 */
static inline struct mmu_update mmu_set_keep_ad(u64 entry, u64 val)
{
	return (struct mmu_update){ .ptr = entry | MMU_PT_UPDATE_PRESERVE_AD, .val = val };
}

/**
 * mmu_set_m2p() - set which frame of the guest a machine frame is, in Xen's table
 * @machine: its machine address, a multiple of the page size; a frame of this guest
 * @pfn: the frame of the guest
 *
 * Return: the update.
 */
static inline struct mmu_update mmu_set_m2p(u64 machine, unsigned long pfn)
{
	return (struct mmu_update){ .ptr = machine | MMU_MACHPHYS_UPDATE, .val = pfn };
}

/**
 * hcall_mmu_update() - make updates of page tables now
 * @updates: the updates, made in this order up to the first that fails
 * @count: their number
 * @done: how many were made, or NULL
 *
 * Return: 0 or a negative errno.
 */
static inline int hcall_mmu_update(const struct mmu_update *updates, unsigned int count,
				   unsigned int *done)
{
	return HYPERVISOR_mmu_update((struct mmu_update *)updates, count, (int *)done, DOMID_SELF);
}

/**
 * hcall_update_va_mapping() - write the last-level entry that maps an address
 * @va: an address that the current page table has a last-level table for
 * @pte: the entry, with a machine frame
 * @flush: UVMF_NONE, or UVMF_TLB_FLUSH or UVMF_INVLPG with UVMF_LOCAL or UVMF_ALL
 *
 * Return: 0 or a negative errno.
 */
static inline int hcall_update_va_mapping(unsigned long va, pte_t pte, unsigned long flush)
{
	return HYPERVISOR_update_va_mapping(va, pte, flush);
}

/**
 * mmuext_pin() - have Xen check a page table and hold it as one
 * @level: its level, 1 to 4
 * @mfn: its frame; no writable mapping of it may exist
 *
 * Return: the operation.
 */
static inline struct mmuext_op mmuext_pin(unsigned int level, xen_pfn_t mfn)
{
	return (struct mmuext_op){ .cmd = MMUEXT_PIN_L1_TABLE + level - 1, .arg1.mfn = mfn };
}

/**
 * mmuext_unpin() - undo mmuext_pin(), for a table of any level
 * @mfn: frame of the table; no CPU may have it as its root
 *
 * Return: the operation.
 */
static inline struct mmuext_op mmuext_unpin(xen_pfn_t mfn)
{
	return (struct mmuext_op){ .cmd = MMUEXT_UNPIN_TABLE, .arg1.mfn = mfn };
}

/**
 * mmuext_new_baseptr() - switch this CPU to another root of the kernel's page tables
 * @mfn: its frame, an L4 table
 *
 * Return: the operation.
 */
static inline struct mmuext_op mmuext_new_baseptr(xen_pfn_t mfn)
{
	return (struct mmuext_op){ .cmd = MMUEXT_NEW_BASEPTR, .arg1.mfn = mfn };
}

/**
 * mmuext_new_user_baseptr() - set the root that is used while this CPU runs user code
 * @mfn: its frame, an L4 table, or 0 for none
 *
 * Return: the operation.
 */
static inline struct mmuext_op mmuext_new_user_baseptr(xen_pfn_t mfn)
{
	return (struct mmuext_op){ .cmd = MMUEXT_NEW_USER_BASEPTR, .arg1.mfn = mfn };
}

/**
 * mmuext_flush_local() - flush the TLB of this CPU
 *
 * Return: the operation.
 */
static inline struct mmuext_op mmuext_flush_local(void)
{
	return (struct mmuext_op){ .cmd = MMUEXT_TLB_FLUSH_LOCAL };
}

/**
 * mmuext_invlpg_local() - flush one page from the TLB of this CPU
 * @va: an address in the page
 *
 * Return: the operation.
 */
static inline struct mmuext_op mmuext_invlpg_local(unsigned long va)
{
	return (struct mmuext_op){ .cmd = MMUEXT_INVLPG_LOCAL, .arg1.linear_addr = va };
}

/**
 * mmuext_flush_multi() - flush the TLBs of several CPUs
 * @vcpus: bitmap of virtual CPUs, read when the operation is sent; bits beyond those the
 *	   guest has are ignored
 *
 * Return: the operation.
 */
static inline struct mmuext_op mmuext_flush_multi(const unsigned long *vcpus)
{
	return (struct mmuext_op){ .cmd = MMUEXT_TLB_FLUSH_MULTI, .arg2.vcpumask = (void *)vcpus };
}

/**
 * mmuext_invlpg_multi() - flush one page from the TLBs of several CPUs
 * @va: an address in the page
 * @vcpus: bitmap of virtual CPUs, as for mmuext_flush_multi()
 *
 * Return: the operation.
 */
static inline struct mmuext_op mmuext_invlpg_multi(unsigned long va, const unsigned long *vcpus)
{
	return (struct mmuext_op){
		.cmd = MMUEXT_INVLPG_MULTI, .arg1.linear_addr = va, .arg2.vcpumask = (void *)vcpus,
	};
}

/**
 * mmuext_set_ldt() - set the LDT of this CPU
 * @va: its address, page-aligned, in pages without a writable mapping
 * @entries: its number of descriptors, 0 for no LDT
 *
 * Return: the operation.
 */
static inline struct mmuext_op mmuext_set_ldt(unsigned long va, unsigned int entries)
{
	return (struct mmuext_op){
		.cmd = MMUEXT_SET_LDT, .arg1.linear_addr = va, .arg2.nr_ents = entries,
	};
}

/**
 * hcall_mmuext() - carry out an operation now
 * @op: the operation, what one of the functions mmuext_*() gives
 *
 * Return: 0 or a negative errno.
 */
static inline int hcall_mmuext(struct mmuext_op op)
{
	return HYPERVISOR_mmuext_op(&op, 1, NULL, DOMID_SELF);
}

#endif
