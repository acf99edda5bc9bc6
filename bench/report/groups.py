# SPDX-License-Identifier: GPL-2.0
"""Which functions the accounts of bench/profile add up as what.

A line is a group, a pattern of the module's name ("" for the kernel itself) and one of the
beginning of the function's; the first that matches counts, and what none matches is "rest".
`bench/profile --functions N` shows what is where. Names say what a
function is for, its file is not known, so this is a table of prefixes that were seen.
"""
import re

DRIVERS = "pvblk|pvnet|pvcon|pvfront|xen_blkfront|xen_netfront"

KERNEL = [
    ("driver", DRIVERS, ""),
    ("back end", "xen_blkback|xen_netback", ""),
    ("RAM disk", "brd", ""),
    ("network", "bridge|stp|llc|tun", ""),
    ("Xen: events, grants, mm", "xen_.*", ""),
    ("Xen: events, grants, mm", "",
     "xen|__xen|__raw_callee_save_xen|gnttab|evtchn|__evtchn|clear_evtchn|active_evtchns|"
     "notify_remote|handle_edge|handle_irq|handle_fasteoi|generic_handle|__handle_irq|__irq|irq_|"
     "note_interrupt|add_interrupt|fast_mix|mfn_to_pfn|get_phys|set_phys|__set_phys|set_foreign|"
     "clear_foreign|paravirt|load_TLS|pmu_msr|lateeoi|__radix_tree|radix_tree|domU_write|__hvc|"
     "lookup_address|arbitrary_virt|HYPERVISOR|m2p_|__find_next_bit|unmask_|check_and_ack"),
    ("block layer", "",
     "blk|__blk|bio|__bio|submit_bio|__submit_bio|elv|__elv|sbitmap|__sbitmap|rq_|__rq|dd_|"
     "deadline|part_|bdev|disk_|update_io_ticks|bvec|iov_iter|__iov_iter|aio|io_submit|__io_submit|"
     "io_getevents|read_events|do_io_getevents|lookup_ioctx|direct_|generic_file_|get_user_pages|"
     "internal_get_user|pin_user|unpin_user|try_grab|gup_|mempool|wbt|kiocb|invalidate_inode|"
     "file_update|__file_remove|inode_needs|__get_reqs|put_reqs|refill_reqs|__get_task_ioprio|"
     "import_single|filemap_"),
    ("network", "",
     "ip_|__ip|ip4|udp|__udp|tcp|__tcp|sk_|__sk|skb|__skb|sock|__sock|inet|__inet|dev_|__dev|net_|"
     "__net|netif|__netif|napi|__napi|br_|neigh|__neigh|arp|fib|rt_|ipv4|ipv6|__ipv6|qdisc|"
     "__qdisc|sch_|pfifo|fq_|eth_|gro|csum|validate_xmit|consume_skb|kfree_skb|nf_|datagram|"
     "__datagram|_copy_from_iter|_copy_to_iter|copyout|copyin|__copy_skb|__alloc_skb|alloc_skb|"
     "build_skb|__build_skb|flow|__flow|simple_copy|__sys_send|__sys_recv|move_addr|"
     "process_backlog|"
     "enqueue_to_backlog|raw_local|raw_v4|raw6|xfrm|loopback|icmp|cookie|siphash|first_packet|__fq|"
     "dst_|__consume_stateless|__pskb|pskb|netdev|release_sock|is_skb|bpf_skops"),
    ("memory", "",
     "kmem|__kmem|kmalloc|__kmalloc|kfree|__kfree|slab|___slab|__slab|cache_|allocate_slab|"
     "__alloc_pages|alloc_pages|__free_|free_unref|free_pages|free_one|free_pcp|get_page_from|"
     "rmqueue|__rmqueue|page_frag|__page_frag|clear_page|prep_|post_alloc|get_partial|"
     "put_cpu_partial|memcg|obj_cgroup|__memcg|mod_objcg|refill_obj|get_obj|page_pool|__page_pool|"
     "folio|__folio|put_page|memset|__memset|setup_object|ksize|unfreeze|cmpxchg_double|"
     "__mod_zone|mem_cgroup|page_counter|bulk_|__unfreeze|"
     "__mem_cgroup|__zone|policy_node|mod_node|should_fail|check_new|free_compound|PageHead"),
    ("scheduling, timers", "",
     "sched|__sched|schedule|__schedule|pick_|__pick|enqueue_|dequeue_|update_|__update|___update|"
     "try_to_wake|ttwu|wake_|__wake|default_wake|autoremove|finish_task|prepare_|finish_wait|"
     "switch_|__switch|select_task|select_idle|check_preempt|set_next|put_prev|reweight|"
     "place_entity|hrtimer|__hrtimer|tick_|clockevents|timer|__timer|mod_timer|__mod_timer|"
     "get_next_timer|run_timer|call_timer|add_timer|detach_if|lock_timer|init_timer|get_nohz|"
     "timerqueue|rb_|__rb|ktime|timekeeping|pvclock|get_timespec|put_timespec|posix_|"
     "set_normalized|"
     "cpuidle|do_idle|default_idle|arch_cpu_idle|cpu_startup|rcu|__rcu|note_gp|call_rcu|invoke_rcu|"
     "__do_softirq|do_softirq|raise_softirq|__raise|__local_bh|local_bh|kthread|resched|preempt|"
     "calc_|nohz|add_wait|remove_wait|load_balance|newidle|rebalance|account_|cpuacct|psi|"
     "record_times|ksoftirqd|smpboot|worker|process_one|queue_work|__queue_work|kick|idle_|menu_|"
     "read_tsc|tsc_|timespec|nr_iowait|sched_clock|local_clock|poll_idle|enter_lazy|fpregs|"
     "save_fpregs|__rdgsbase|__wrgsbase|ct_|"
     "clear_buddies|hrtick|init_wait|__cond_resched|amd_clear|flush_smp|check_cfs|check_spread|"
     "__cgroup_rstat|current_time|xfd_|_find_first"),
    ("system calls, entry", "",
     "entry_|do_syscall|syscall|__x64_sys|x64_sys|__do_sys|__se_sys|ksys|exit_to_user|ret_from|"
     "error_|asm_|exc_|common_interrupt|sysvec|irqentry|restore_regs|native_iret|vfs_|fdget|fget|"
     "__fdget|__fget|fput|do_select|core_sys_select|select_estimate|poll_|__poll|pollwake|"
     "do_pselect|set_user_sig|do_sys_poll|copy_user|"
     "_copy_to_user|_copy_from_user|__get_user|__put_user|__check_object|check_stack|__virt_addr|"
     "rw_verify|security|apparmor|aa_|fsnotify|__fsnotify|kern_select|rseq|__rseq|new_sync|audit|"
     "__check_heap|tomoyo|bpf_lsm"),
    ("locks, lists", "", "_raw_|mutex|down_|up_|__list|__x86_|lockref|queued_spin|__mutex"),
]

# Xen's names of what only one file knows begin with the file's.
XEN = [
    ("grants", "", "common/grant_table|gnttab|do_grant|grant|acquire_grant|map_grant|"
     "unmap_|create_grant|replace_grant|release_grant|check_get_page"),
    ("emulated instructions", "", "arch/x86/x86_emulate|arch/x86/pv/emul|x86_emul|x86_decode|pv_emul|"
     "x86_insn|pv_ro_page|arch/x86/pv/ro-page|general_protection|do_general|handle_exception"),
    ("scheduling, timers", "", "common/sched|sched|csched|do_sched|vcpu_|context_|__context|"
     "common/timer|timer|set_timer|stop_timer|do_set_timer|common/softirq|do_softirq|__do_softirq|"
     "raise_softirq|cpu_raise|arch/x86/time|get_s_time|read_tsc|reprogram|burn|__bitmap|"
     "__find|_find|__cpumask|cpumask|arch/x86/domain.c#(default_)?idle|continue_|update_runstate|"
     "arch/x86/domain.c#_update_runstate|arch/x86/domain.c#__context|pv_set_timer|np2m|"
     "update_vcpu_system_time|__update_vcpu|fpu|common/page_alloc.c#node_to_scrub|scrub_free|"
     "check_for_livepatch|tasklet|rcu|common/rcu|load_|write_ptbase|paravirt_ctxt|trace|"
     "update_guest_memory|do_stack_switch|do_set_segment|common_vcpu_op|do_vcpu_op|arch/x86/cpu"),
    ("events", "", "common/event|evtchn|do_event|send_guest|do_IRQ|smp_|send_IPI|event_check|"
     "call_function|apic|arch/x86/genapic|arch/x86/apic|arch/x86/irq|pirq|ack_|end_|irq|"
     "common_interrupt|arch/x86/smp|check_wakeup|arch/x86/domain.c#vcpu_kick"),
    ("entry, exit", "", "x86_64/|_stextentry|entry_|lstar|restore_all|do_iret|create_bounce|"
     "test_all|test_guest|copy_from_guest|copy_to_guest|__copy|do_multicall|pv_hypercall|toggle|"
     "make_cr3|update_cr3|switch_cr3|ret_from|do_xen_version|compat|do_fpu|switch_to_kernel|"
     "process_softirqs|pv_inject|iret|syscall|guest_|pv_make|\\?"),
    ("page tables", "", "arch/x86/mm|do_mmu|do_update_va|put_page|get_page|_get_page|_put_page|"
     "devalidate|free_page|alloc_page|mod_l|map_domain|unmap_domain|page_|do_page_fault|flush|"
     "new_guest_cr3|paging_|validate|is_iomem|common/rangeset|rangeset|common/page_alloc|__mfn|"
     "map_guest"),
    ("locks, lists", "", "_spin|_read|_write|__x86_|common/spinlock|rspin"),
]

COPYING, FILLING = "copying (rep movs)", "filling (rep stos)"
TABLES = {"kernel": KERNEL, "Xen": XEN}
ORDER = {part: [*dict.fromkeys(group for group, _, _ in table), COPYING, FILLING, "rest"]
         for part, table in TABLES.items()}
COMPILED = {part: [(group, re.compile(module), re.compile(function))
                   for group, module, function in table]
            for part, table in TABLES.items()}


def group_of(part, module, function, kind):
    if part == "user":
        return "user"
    if kind != "-":
        return COPYING if kind == "c" else FILLING
    for group, modules, functions in COMPILED[part]:
        if modules.fullmatch(module) and functions.match(function):
            return group
    return "rest"
