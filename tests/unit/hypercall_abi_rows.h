/* SPDX-License-Identifier: GPL-2.0 */
/* The rows of both tables of hypercall_abi.h, so it is included once in each. */

#define STRUCT(type)		{ #type, sizeof(struct type), 0 }
#define MEMBER(type, member)	\
	{ #type "." #member, sizeof(((struct type *)0)->member), offsetof(struct type, member) }
#define NUMBER(name)		{ #name, 0, name }

/* Arguments. */
STRUCT(mmu_update), MEMBER(mmu_update, ptr), MEMBER(mmu_update, val),

STRUCT(mmuext_op), MEMBER(mmuext_op, cmd),
MEMBER(mmuext_op, arg1.mfn), MEMBER(mmuext_op, arg1.linear_addr),
MEMBER(mmuext_op, arg2.nr_ents), MEMBER(mmuext_op, arg2.vcpumask),

STRUCT(multicall_entry), MEMBER(multicall_entry, op), MEMBER(multicall_entry, result),
MEMBER(multicall_entry, args),

STRUCT(trap_info), MEMBER(trap_info, vector), MEMBER(trap_info, flags), MEMBER(trap_info, cs),
MEMBER(trap_info, address),

STRUCT(callback_register), MEMBER(callback_register, type), MEMBER(callback_register, flags),
MEMBER(callback_register, address),

STRUCT(physdev_set_iopl), MEMBER(physdev_set_iopl, iopl),
STRUCT(physdev_set_iobitmap), MEMBER(physdev_set_iobitmap, bitmap),
MEMBER(physdev_set_iobitmap, nr_ports),

STRUCT(vcpu_register_vcpu_info), MEMBER(vcpu_register_vcpu_info, mfn),
MEMBER(vcpu_register_vcpu_info, offset), MEMBER(vcpu_register_vcpu_info, rsvd),
STRUCT(vcpu_register_runstate_memory_area),
MEMBER(vcpu_register_runstate_memory_area, addr.v),
STRUCT(vcpu_register_time_memory_area), MEMBER(vcpu_register_time_memory_area, addr.v),
STRUCT(vcpu_set_singleshot_timer), MEMBER(vcpu_set_singleshot_timer, timeout_abs_ns),
MEMBER(vcpu_set_singleshot_timer, flags),

STRUCT(sched_poll), MEMBER(sched_poll, ports), MEMBER(sched_poll, nr_ports),
MEMBER(sched_poll, timeout),
STRUCT(sched_shutdown), MEMBER(sched_shutdown, reason),

STRUCT(xen_memory_map), MEMBER(xen_memory_map, nr_entries), MEMBER(xen_memory_map, buffer),
STRUCT(xen_machphys_mapping), MEMBER(xen_machphys_mapping, v_start),
MEMBER(xen_machphys_mapping, v_end), MEMBER(xen_machphys_mapping, max_mfn),
STRUCT(xen_memory_reservation), MEMBER(xen_memory_reservation, extent_start),
MEMBER(xen_memory_reservation, nr_extents), MEMBER(xen_memory_reservation, extent_order),
MEMBER(xen_memory_reservation, address_bits), MEMBER(xen_memory_reservation, domid),

STRUCT(xen_feature_info), MEMBER(xen_feature_info, submap_idx),
MEMBER(xen_feature_info, submap),
STRUCT(xen_extraversion), MEMBER(xen_extraversion, extraversion),
STRUCT(evtchn_send), MEMBER(evtchn_send, port),

STRUCT(gnttab_map_grant_ref), MEMBER(gnttab_map_grant_ref, host_addr),
MEMBER(gnttab_map_grant_ref, flags), MEMBER(gnttab_map_grant_ref, ref),
MEMBER(gnttab_map_grant_ref, dom), MEMBER(gnttab_map_grant_ref, status),
MEMBER(gnttab_map_grant_ref, handle), MEMBER(gnttab_map_grant_ref, dev_bus_addr),
STRUCT(gnttab_unmap_grant_ref), MEMBER(gnttab_unmap_grant_ref, host_addr),
MEMBER(gnttab_unmap_grant_ref, dev_bus_addr), MEMBER(gnttab_unmap_grant_ref, handle),
MEMBER(gnttab_unmap_grant_ref, status),

/* The state that a virtual CPU starts from. */
STRUCT(vcpu_guest_context), MEMBER(vcpu_guest_context, fpu_ctxt),
MEMBER(vcpu_guest_context, flags), MEMBER(vcpu_guest_context, user_regs),
MEMBER(vcpu_guest_context, trap_ctxt), MEMBER(vcpu_guest_context, ldt_base),
MEMBER(vcpu_guest_context, ldt_ents), MEMBER(vcpu_guest_context, gdt_frames),
MEMBER(vcpu_guest_context, gdt_ents), MEMBER(vcpu_guest_context, kernel_ss),
MEMBER(vcpu_guest_context, kernel_sp), MEMBER(vcpu_guest_context, ctrlreg),
MEMBER(vcpu_guest_context, debugreg), MEMBER(vcpu_guest_context, event_callback_eip),
MEMBER(vcpu_guest_context, failsafe_callback_eip),
MEMBER(vcpu_guest_context, syscall_callback_eip), MEMBER(vcpu_guest_context, vm_assist),
MEMBER(vcpu_guest_context, fs_base), MEMBER(vcpu_guest_context, gs_base_kernel),
MEMBER(vcpu_guest_context, gs_base_user),

STRUCT(cpu_user_regs), MEMBER(cpu_user_regs, r15), MEMBER(cpu_user_regs, r14),
MEMBER(cpu_user_regs, r13), MEMBER(cpu_user_regs, r12), MEMBER(cpu_user_regs, rbp),
MEMBER(cpu_user_regs, rbx), MEMBER(cpu_user_regs, r11), MEMBER(cpu_user_regs, r10),
MEMBER(cpu_user_regs, r9), MEMBER(cpu_user_regs, r8), MEMBER(cpu_user_regs, rax),
MEMBER(cpu_user_regs, rcx), MEMBER(cpu_user_regs, rdx), MEMBER(cpu_user_regs, rsi),
MEMBER(cpu_user_regs, rdi), MEMBER(cpu_user_regs, error_code),
MEMBER(cpu_user_regs, entry_vector), MEMBER(cpu_user_regs, rip), MEMBER(cpu_user_regs, cs),
MEMBER(cpu_user_regs, saved_upcall_mask), MEMBER(cpu_user_regs, rflags),
MEMBER(cpu_user_regs, rsp), MEMBER(cpu_user_regs, ss), MEMBER(cpu_user_regs, es),
MEMBER(cpu_user_regs, ds), MEMBER(cpu_user_regs, fs), MEMBER(cpu_user_regs, gs),

/* The stack of iret. */
STRUCT(iret_context), MEMBER(iret_context, rax), MEMBER(iret_context, r11),
MEMBER(iret_context, rcx), MEMBER(iret_context, flags), MEMBER(iret_context, rip),
MEMBER(iret_context, cs), MEMBER(iret_context, rflags), MEMBER(iret_context, rsp),
MEMBER(iret_context, ss),

/* Memory that is shared with Xen, or filled by it. */
STRUCT(start_info), MEMBER(start_info, magic), MEMBER(start_info, nr_pages),
MEMBER(start_info, shared_info), MEMBER(start_info, flags), MEMBER(start_info, store_mfn),
MEMBER(start_info, store_evtchn), MEMBER(start_info, console.domU.mfn),
MEMBER(start_info, console.domU.evtchn), MEMBER(start_info, pt_base),
MEMBER(start_info, nr_pt_frames), MEMBER(start_info, mfn_list),
MEMBER(start_info, mod_start), MEMBER(start_info, mod_len), MEMBER(start_info, cmd_line),
MEMBER(start_info, first_p2m_pfn), MEMBER(start_info, nr_p2m_frames),

STRUCT(shared_info), MEMBER(shared_info, vcpu_info), MEMBER(shared_info, evtchn_pending),
MEMBER(shared_info, evtchn_mask), MEMBER(shared_info, arch),

STRUCT(arch_shared_info), MEMBER(arch_shared_info, max_pfn),
MEMBER(arch_shared_info, pfn_to_mfn_frame_list_list), MEMBER(arch_shared_info, nmi_reason),
MEMBER(arch_shared_info, p2m_cr3), MEMBER(arch_shared_info, p2m_vaddr),
MEMBER(arch_shared_info, p2m_generation),

STRUCT(vcpu_info), MEMBER(vcpu_info, evtchn_upcall_pending),
MEMBER(vcpu_info, evtchn_upcall_mask), MEMBER(vcpu_info, evtchn_pending_sel),
MEMBER(vcpu_info, arch), MEMBER(vcpu_info, time), MEMBER(arch_vcpu_info, cr2),

STRUCT(pvclock_vcpu_time_info), MEMBER(pvclock_vcpu_time_info, version),
MEMBER(pvclock_vcpu_time_info, tsc_timestamp), MEMBER(pvclock_vcpu_time_info, system_time),
MEMBER(pvclock_vcpu_time_info, tsc_to_system_mul),
MEMBER(pvclock_vcpu_time_info, tsc_shift), MEMBER(pvclock_vcpu_time_info, flags),

STRUCT(vcpu_runstate_info), MEMBER(vcpu_runstate_info, state),
MEMBER(vcpu_runstate_info, state_entry_time), MEMBER(vcpu_runstate_info, time),

/* Numbers of the calls and of what they do. */
NUMBER(__HYPERVISOR_set_trap_table), NUMBER(__HYPERVISOR_mmu_update),
NUMBER(__HYPERVISOR_set_gdt), NUMBER(__HYPERVISOR_stack_switch),
NUMBER(__HYPERVISOR_fpu_taskswitch), NUMBER(__HYPERVISOR_set_debugreg),
NUMBER(__HYPERVISOR_get_debugreg), NUMBER(__HYPERVISOR_update_descriptor),
NUMBER(__HYPERVISOR_memory_op), NUMBER(__HYPERVISOR_multicall),
NUMBER(__HYPERVISOR_update_va_mapping), NUMBER(__HYPERVISOR_set_timer_op),
NUMBER(__HYPERVISOR_xen_version), NUMBER(__HYPERVISOR_console_io),
NUMBER(__HYPERVISOR_grant_table_op), NUMBER(__HYPERVISOR_vm_assist),
NUMBER(__HYPERVISOR_iret), NUMBER(__HYPERVISOR_vcpu_op),
NUMBER(__HYPERVISOR_set_segment_base), NUMBER(__HYPERVISOR_mmuext_op),
NUMBER(__HYPERVISOR_sched_op), NUMBER(__HYPERVISOR_callback_op),
NUMBER(__HYPERVISOR_event_channel_op), NUMBER(__HYPERVISOR_physdev_op),
NUMBER(__HYPERVISOR_arch_7),

NUMBER(MMU_NORMAL_PT_UPDATE), NUMBER(MMU_MACHPHYS_UPDATE), NUMBER(MMU_PT_UPDATE_PRESERVE_AD),
NUMBER(MMUEXT_PIN_L1_TABLE), NUMBER(MMUEXT_PIN_L2_TABLE), NUMBER(MMUEXT_PIN_L3_TABLE),
NUMBER(MMUEXT_PIN_L4_TABLE), NUMBER(MMUEXT_UNPIN_TABLE), NUMBER(MMUEXT_NEW_BASEPTR),
NUMBER(MMUEXT_NEW_USER_BASEPTR), NUMBER(MMUEXT_TLB_FLUSH_LOCAL), NUMBER(MMUEXT_INVLPG_LOCAL),
NUMBER(MMUEXT_TLB_FLUSH_MULTI), NUMBER(MMUEXT_INVLPG_MULTI), NUMBER(MMUEXT_SET_LDT),
NUMBER(UVMF_NONE), NUMBER(UVMF_TLB_FLUSH), NUMBER(UVMF_INVLPG), NUMBER(UVMF_LOCAL),
NUMBER(UVMF_ALL),

NUMBER(VCPUOP_initialise), NUMBER(VCPUOP_up), NUMBER(VCPUOP_down), NUMBER(VCPUOP_is_up),
NUMBER(VCPUOP_register_runstate_memory_area), NUMBER(VCPUOP_stop_periodic_timer),
NUMBER(VCPUOP_set_singleshot_timer), NUMBER(VCPUOP_stop_singleshot_timer),
NUMBER(VCPUOP_register_vcpu_info), NUMBER(VCPUOP_send_nmi),
NUMBER(VCPUOP_register_vcpu_time_memory_area), NUMBER(VCPU_SSHOTTMR_future),

NUMBER(SCHEDOP_yield), NUMBER(SCHEDOP_block), NUMBER(SCHEDOP_shutdown), NUMBER(SCHEDOP_poll),
NUMBER(SHUTDOWN_poweroff), NUMBER(SHUTDOWN_reboot), NUMBER(SHUTDOWN_suspend),
NUMBER(SHUTDOWN_crash),

NUMBER(CALLBACKOP_register), NUMBER(CALLBACKTYPE_event), NUMBER(CALLBACKTYPE_failsafe),
NUMBER(CALLBACKTYPE_syscall), NUMBER(CALLBACKTYPE_sysenter), NUMBER(CALLBACKTYPE_syscall32),
NUMBER(CALLBACKF_mask_events),

NUMBER(XENMEM_memory_map), NUMBER(XENMEM_machphys_mapping), NUMBER(XENMEM_populate_physmap),
NUMBER(XENMEM_decrease_reservation), NUMBER(XENMEM_current_reservation),
NUMBER(XENMEM_maximum_reservation),

NUMBER(PHYSDEVOP_set_iopl), NUMBER(PHYSDEVOP_set_iobitmap), NUMBER(EVTCHNOP_send),
NUMBER(GNTTABOP_map_grant_ref), NUMBER(GNTTABOP_unmap_grant_ref),
NUMBER(XENVER_version), NUMBER(XENVER_extraversion), NUMBER(XENVER_get_features),
NUMBER(CONSOLEIO_write), NUMBER(DOMID_SELF),

NUMBER(VMASST_CMD_enable), NUMBER(VMASST_TYPE_writable_pagetables),
NUMBER(VMASST_TYPE_runstate_update_flag),
NUMBER(XENFEAT_writable_page_tables), NUMBER(XENFEAT_auto_translated_physmap),
NUMBER(XENFEAT_mmu_pt_update_preserve_ad), NUMBER(XENFEAT_gnttab_map_avail_bits),

NUMBER(SEGBASE_FS), NUMBER(SEGBASE_GS_USER), NUMBER(SEGBASE_GS_KERNEL),
NUMBER(SEGBASE_GS_USER_SEL), NUMBER(FLAT_RING3_CS64), NUMBER(FLAT_RING3_SS64),
NUMBER(VGCF_in_syscall), NUMBER(VGCF_in_kernel), NUMBER(XEN_RUNSTATE_UPDATE),

{ }
