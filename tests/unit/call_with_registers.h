/* SPDX-License-Identifier: GPL-2.0 */
/* A call with all registers given, and all of them looked at afterwards. */
#ifndef _TESTS_UNIT_CALL_WITH_REGISTERS_H
#define _TESTS_UNIT_CALL_WITH_REGISTERS_H

struct registers {
	unsigned long rax, rbx, rcx, rdx, rsi, rdi, rbp;
	unsigned long r8, r9, r10, r11, r12, r13, r14, r15;
	unsigned long rsp;
};

/* Provided by the test. */
extern struct registers before, after;

/**
 * call_with_registers() - call a function with all registers from before, then fill after
 * @fn: the function; it may leave nothing but the stack as it was
 *
 * The stack pointer is not loaded: before.rsp becomes what after.rsp should be.
 */
void call_with_registers(void (*fn)(void));

#endif
