/* SPDX-License-Identifier: GPL-2.0 */
/* The targets of the static call xen_hypercall; only assembly may call them otherwise. */
#ifndef _HYPERCALL_STUBS_GATE_H
#define _HYPERCALL_STUBS_GATE_H

/* How many numbers of hypercalls there are: __HYPERVISOR_arch_7 is the last. */
#define HCALL_NUMBERS	56

#ifndef __ASSEMBLY__

void hcall_gate(void);
void hcall_gate_counting(void);

#endif
#endif
