// SPDX-License-Identifier: GPL-2.0
/* The typed calls: the number, each argument in its register, and what pointers point at. */
#include <stdlib.h>

#include <linux/errno.h>
#include <linux/kernel.h>

#include "hypercall-stubs/cpu.h"
#include "hypercall-stubs/memory.h"
#include "hypercall-stubs/mmu.h"
#include "hypercall-stubs/result.h"
#include "hypercall-stubs/vcpu.h"
#include "hypercall-stubs/xen.h"
#include "test.h"
#include "xen_gate.h"

static long answer;

static long give_answer(unsigned int i)
{
	return answer;
}

static void points_at(unsigned int arg, size_t size)
{
	gate_begin();
	gate.copy_arg = arg;
	gate.copy_size = size;
}

/* The call in @expr was made alone, gave @rc, with the arguments that follow. */
#define EXPECT_CALL(expr, rc, hypercall, ...) ({					\
	const unsigned long __args[] = { __VA_ARGS__ };				\
										\
	gate.count = 0;								\
	gate.answer = give_answer;						\
	answer = (rc);								\
	EXPECT_EQ((long)(expr), (long)(rc));					\
	EXPECT_EQ(gate.count, 1);						\
	EXPECT_EQ(gate.calls[0].nr, __HYPERVISOR_##hypercall);			\
	for (unsigned int __i = 0; __i < ARRAY_SIZE(__args); __i++)		\
		EXPECT_EQ(gate.calls[0].args[__i], __args[__i]);		\
})

/* From here on what argument number @arg points at is kept: POINTED() is where. */
#define POINTS_AT(arg, type)	points_at(arg, sizeof(type))
#define POINTED(type)		((type *)gate.calls[0].pointed)

#define ADDRESS(x) ((unsigned long)(x))

static void page_table_updates(void)
{
	struct mmu_update updates[] = { mmu_set(0x1234567890, 0x8000000012345067) };
	unsigned int done;

	gate_begin();
	EXPECT_CALL(hcall_mmu_update(updates, 3, &done), -EINVAL, mmu_update,
		    ADDRESS(updates), 3, ADDRESS(&done), DOMID_SELF);
	EXPECT_CALL(hcall_mmu_update(updates, 1, NULL), 0, mmu_update,
		    ADDRESS(updates), 1, 0, DOMID_SELF);
	EXPECT_CALL(hcall_update_va_mapping(0xffff888000001000, (pte_t){ 0x8000000000234163 },
					    UVMF_INVLPG | UVMF_ALL), -EPERM, update_va_mapping,
		    0xffff888000001000, 0x8000000000234163, UVMF_INVLPG | UVMF_ALL);

	EXPECT_EQ(updates[0].ptr, 0x1234567890);
	EXPECT_EQ(updates[0].val, 0x8000000012345067);
	EXPECT_EQ(mmu_set_keep_ad(0x1234567890, 0).ptr, 0x1234567892);
	EXPECT_EQ(mmu_set_m2p(0x1234567000, 7).ptr, 0x1234567000 + MMU_MACHPHYS_UPDATE);
	EXPECT_EQ(mmu_set_m2p(0x1234567000, 7).val, 7);
}

static void expect_mmuext(struct mmuext_op op, unsigned int cmd, unsigned long arg1,
			  unsigned long arg2)
{
	POINTS_AT(0, struct mmuext_op);
	gate.answer = give_answer;
	answer = -ENOSPC;
	EXPECT_EQ(hcall_mmuext(op), -ENOSPC);
	EXPECT_EQ(gate.count, 1);
	EXPECT_EQ(gate.calls[0].nr, __HYPERVISOR_mmuext_op);
	EXPECT_EQ(gate.calls[0].args[1], 1);
	EXPECT_EQ(gate.calls[0].args[2], 0);
	EXPECT_EQ(gate.calls[0].args[3], DOMID_SELF);
	EXPECT_EQ(POINTED(struct mmuext_op)->cmd, cmd);
	EXPECT_EQ(POINTED(struct mmuext_op)->arg1.linear_addr, arg1);
	EXPECT_EQ(ADDRESS(POINTED(struct mmuext_op)->arg2.vcpumask), arg2);
}

static void page_table_operations(void)
{
	unsigned long vcpus[2] = { 5, 0 };

	expect_mmuext(mmuext_pin(1, 0x123456789a), MMUEXT_PIN_L1_TABLE, 0x123456789a, 0);
	expect_mmuext(mmuext_pin(2, 1), MMUEXT_PIN_L2_TABLE, 1, 0);
	expect_mmuext(mmuext_pin(3, 1), MMUEXT_PIN_L3_TABLE, 1, 0);
	expect_mmuext(mmuext_pin(4, 1), MMUEXT_PIN_L4_TABLE, 1, 0);
	expect_mmuext(mmuext_unpin(7), MMUEXT_UNPIN_TABLE, 7, 0);
	expect_mmuext(mmuext_new_baseptr(8), MMUEXT_NEW_BASEPTR, 8, 0);
	expect_mmuext(mmuext_new_user_baseptr(9), MMUEXT_NEW_USER_BASEPTR, 9, 0);
	expect_mmuext(mmuext_flush_local(), MMUEXT_TLB_FLUSH_LOCAL, 0, 0);
	expect_mmuext(mmuext_invlpg_local(-4096), MMUEXT_INVLPG_LOCAL, -4096, 0);
	expect_mmuext(mmuext_flush_multi(vcpus), MMUEXT_TLB_FLUSH_MULTI, 0, ADDRESS(vcpus));
	expect_mmuext(mmuext_invlpg_multi(4096, vcpus), MMUEXT_INVLPG_MULTI, 4096, ADDRESS(vcpus));
	expect_mmuext(mmuext_set_ldt(0xfffffe8000000000, 8192), MMUEXT_SET_LDT,
		      0xfffffe8000000000, 8192);
}

static void descriptors_and_traps(void)
{
	struct trap_info traps[2] = { { .vector = 14, .cs = 0xe033, .address = 1 } };
	unsigned long frames[2] = { 11, 12 };

	gate_begin();
	EXPECT_CALL(hcall_set_trap_table(traps), -EFAULT, set_trap_table, ADDRESS(traps));
	EXPECT_CALL(hcall_set_gdt(frames, 1024), -EINVAL, set_gdt, ADDRESS(frames), 1024);
	EXPECT_CALL(hcall_update_descriptor(0x123456789abc8, 0xcff300000000ffff), -EINVAL,
		    update_descriptor, 0x123456789abc8, 0xcff300000000ffff);
	EXPECT_CALL(hcall_set_segment_base(SEGBASE_GS_USER, 0x7fff00001000), -EINVAL,
		    set_segment_base, SEGBASE_GS_USER, 0x7fff00001000);
	EXPECT_CALL(hcall_set_debugreg(7, 0xffffffff00000400), -EPERM, set_debugreg,
		    7, 0xffffffff00000400);
	EXPECT_CALL(hcall_get_debugreg(6), 0xffff0ff0, get_debugreg, 6);
	EXPECT_CALL(hcall_vm_assist(VMASST_TYPE_writable_pagetables), -ENOSYS, vm_assist,
		    VMASST_CMD_enable, VMASST_TYPE_writable_pagetables);

	POINTS_AT(1, struct callback_register);
	EXPECT_CALL(hcall_register_callback(CALLBACKTYPE_syscall, CALLBACKF_mask_events, traps),
		    -ENOSYS, callback_op, CALLBACKOP_register);
	EXPECT_EQ(POINTED(struct callback_register)->type, CALLBACKTYPE_syscall);
	EXPECT_EQ(POINTED(struct callback_register)->flags, CALLBACKF_mask_events);
	EXPECT_EQ(POINTED(struct callback_register)->address, ADDRESS(traps));
}

static void io_privilege(void)
{
	POINTS_AT(1, struct physdev_set_iopl);
	EXPECT_CALL(hcall_set_iopl(1), -EINVAL, physdev_op, PHYSDEVOP_set_iopl);
	EXPECT_EQ(POINTED(struct physdev_set_iopl)->iopl, 1);

	POINTS_AT(1, struct physdev_set_iobitmap);
	EXPECT_CALL(hcall_set_iobitmap(&answer, 65536), -EINVAL, physdev_op,
		    PHYSDEVOP_set_iobitmap);
	EXPECT_EQ(ADDRESS(POINTED(struct physdev_set_iobitmap)->bitmap), ADDRESS(&answer));
	EXPECT_EQ(POINTED(struct physdev_set_iobitmap)->nr_ports, 65536);
}

static void virtual_cpus(void)
{
	struct vcpu_guest_context *context = calloc(1, sizeof(*context));

	gate_begin();
	EXPECT_CALL(hcall_vcpu_initialise(3, context), -EEXIST, vcpu_op,
		    VCPUOP_initialise, 3, ADDRESS(context));
	free(context);
	EXPECT_CALL(hcall_vcpu_up(3), -ENOENT, vcpu_op, VCPUOP_up, 3, 0);
	EXPECT_CALL(hcall_vcpu_down(4), -ENOENT, vcpu_op, VCPUOP_down, 4, 0);
	EXPECT_CALL(hcall_vcpu_is_up(5), 1, vcpu_op, VCPUOP_is_up, 5, 0);
	EXPECT_CALL(hcall_vcpu_stop_timer(6), -EINVAL, vcpu_op, VCPUOP_stop_singleshot_timer, 6, 0);
	EXPECT_CALL(hcall_vcpu_stop_periodic(7), -EINVAL, vcpu_op,
		    VCPUOP_stop_periodic_timer, 7, 0);
}

static void areas_of_virtual_cpus(void)
{
	POINTS_AT(2, struct vcpu_register_vcpu_info);
	EXPECT_CALL(hcall_vcpu_register_info(1, 0x123456789a, 0xfc0), -EINVAL, vcpu_op,
		    VCPUOP_register_vcpu_info, 1);
	EXPECT_EQ(POINTED(struct vcpu_register_vcpu_info)->mfn, 0x123456789a);
	EXPECT_EQ(POINTED(struct vcpu_register_vcpu_info)->offset, 0xfc0);
	EXPECT_EQ(POINTED(struct vcpu_register_vcpu_info)->rsvd, 0);

	POINTS_AT(2, struct vcpu_register_time_memory_area);
	EXPECT_CALL(hcall_vcpu_register_time(3, NULL), -ENOSYS, vcpu_op,
		    VCPUOP_register_vcpu_time_memory_area, 3);
	EXPECT_EQ(POINTED(struct vcpu_register_time_memory_area)->addr.p, 0);

	POINTS_AT(2, struct vcpu_set_singleshot_timer);
	EXPECT_CALL(hcall_vcpu_set_timer(4, 0x123456789abcdef0, VCPU_SSHOTTMR_future), -ETIME,
		    vcpu_op, VCPUOP_set_singleshot_timer, 4);
	EXPECT_EQ(POINTED(struct vcpu_set_singleshot_timer)->timeout_abs_ns, 0x123456789abcdef0);
	EXPECT_EQ(POINTED(struct vcpu_set_singleshot_timer)->flags, VCPU_SSHOTTMR_future);
}

static void scheduling(void)
{
	gate_begin();
	EXPECT_CALL(hcall_block(), 0, sched_op, SCHEDOP_block, 0);
	EXPECT_CALL(hcall_yield(), 0, sched_op, SCHEDOP_yield, 0);

	POINTS_AT(1, struct sched_shutdown);
	EXPECT_CALL(hcall_shutdown(SHUTDOWN_crash), -EINVAL, sched_op, SCHEDOP_shutdown);
	EXPECT_EQ(POINTED(struct sched_shutdown)->reason, SHUTDOWN_crash);
}

static long fill_memory_map(unsigned int i)
{
	((struct xen_memory_map *)gate.calls[i].args[1])->nr_entries = 3;
	return answer;
}

static void memory_of_the_guest(void)
{
	struct xen_machphys_mapping map;
	u8 entries[2][20];

	gate_begin();
	EXPECT_CALL(hcall_machphys_mapping(&map), -EFAULT, memory_op, XENMEM_machphys_mapping,
		    ADDRESS(&map));

	POINTS_AT(1, struct xen_memory_map);
	EXPECT_CALL(hcall_memory_map(entries, 128), -ENOSYS, memory_op, XENMEM_memory_map);
	EXPECT_EQ(POINTED(struct xen_memory_map)->nr_entries, 128);
	EXPECT_EQ(ADDRESS(POINTED(struct xen_memory_map)->buffer), ADDRESS(entries));
	gate.answer = fill_memory_map;
	answer = 0;
	EXPECT_EQ(hcall_memory_map(entries, 128), 3);
}

static long fill_version(unsigned int i)
{
	memset((void *)gate.calls[i].args[1], 'x', sizeof(struct xen_extraversion));
	return 0;
}

static void xen_itself(void)
{
	struct gnttab_unmap_grant_ref unmaps[2];
	struct gnttab_map_grant_ref maps[2];
	struct xen_extraversion extra;

	gate_begin();
	EXPECT_CALL(hcall_xen_version(), 0x40011, xen_version, XENVER_version, 0);
	EXPECT_CALL(hcall_console_write("text", 4), -EPERM, console_io, CONSOLEIO_write, 4);
	EXPECT_EQ(strcmp((char *)gate.calls[0].args[2], "text"), 0);

	EXPECT_CALL(hcall_grant_map(maps, 2), -EFAULT, grant_table_op, GNTTABOP_map_grant_ref,
		    ADDRESS(maps), 2);
	EXPECT_CALL(hcall_grant_unmap(unmaps, 2), -EFAULT, grant_table_op,
		    GNTTABOP_unmap_grant_ref, ADDRESS(unmaps), 2);

	gate_begin();
	gate.answer = fill_version;
	EXPECT_EQ(hcall_xen_extraversion(&extra), 0);
	EXPECT_EQ(strlen(extra.extraversion), sizeof(extra) - 1);
}

static const char *failed_call;
static long failed_rc;

void hcall_complain(const char *call, long rc)
{
	failed_call = call;
	failed_rc = rc;
}

void hcall_die(const char *call, long rc)
{
	printf("died of %s, %ld\n", call, rc);
	abort();
}

static void a_failure_names_the_call(void)
{
	gate_begin();
	gate.answer = give_answer;
	answer = 5;
	failed_call = NULL;
	EXPECT_EQ(hcall_must(hcall_vcpu_is_up(1)), 5);
	EXPECT_EQ(hcall_warn(hcall_vcpu_is_up(1)), 5);
	EXPECT(!failed_call);

	answer = -ENOENT;
	EXPECT_EQ(hcall_warn(hcall_vcpu_up(1)), -ENOENT);
	EXPECT(failed_call && !strcmp(failed_call, "hcall_vcpu_up(1)"));
	EXPECT_EQ(failed_rc, -ENOENT);
}

const struct test_case test_cases[] = {
	TEST(page_table_updates),
	TEST(page_table_operations),
	TEST(descriptors_and_traps),
	TEST(io_privilege),
	TEST(virtual_cpus),
	TEST(areas_of_virtual_cpus),
	TEST(scheduling),
	TEST(memory_of_the_guest),
	TEST(xen_itself),
	TEST(a_failure_names_the_call),
	{ }
};
