/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a program in dom0 speaks to profile.c: a no-operation with an operand that no
 * compiler makes, nopl MARK(%rax).
 */
#ifndef PV_BENCH_MARK_H
#define PV_BENCH_MARK_H

#define MARK_START	0x50567001
#define MARK_STOP	0x50567002

#define MARK_OPCODE	{ 0x0f, 0x1f, 0x80 }
#define MARK_SIZE	7

#endif
