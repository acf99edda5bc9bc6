/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What to do with Xen's answer when it is not one the caller can act on: say which call
 * it was, and where. The message names the call as it stands in the source.
 */
#ifndef _HYPERCALL_STUBS_RESULT_H
#define _HYPERCALL_STUBS_RESULT_H

#include <linux/compiler.h>

/**
 * hcall_must() - make a call without which the guest can't go on
 * @call: a call that gives 0 or more when it worked, a negative errno when not
 *
 * A failure ends in panic(), after a line on Xen's own console that is there even before
 * the guest's.
 *
 * Return: what @call gives.
 */
#define hcall_must(call) ({						\
	long __hcall_rc = (call);					\
	if (unlikely(__hcall_rc < 0))					\
		hcall_die(#call, __hcall_rc);				\
	__hcall_rc;							\
})

/**
 * hcall_warn() - make a call that should not fail, and go on when it does
 * @call: a call that gives 0 or more when it worked, a negative errno when not
 *
 * A failure is reported with a stack trace the first time, with a line every time.
 *
 * Return: what @call gives.
 */
#define hcall_warn(call) ({						\
	long __hcall_rc = (call);					\
	if (unlikely(__hcall_rc < 0))					\
		hcall_complain(#call, __hcall_rc);			\
	__hcall_rc;							\
})

void hcall_die(const char *call, long rc) __noreturn;
void hcall_die_at(const char *call, long rc, unsigned long caller);
void hcall_complain(const char *call, long rc);

#endif
