/* SPDX-License-Identifier: GPL-2.0 */
/*
 * RDFSBASE, RDGSBASE, WRFSBASE and WRGSBASE as bytes: F3 [REX] 0F AE /0 to /3, with a register.
 *
 * PURE: arguments to result, nothing else.
 */
#ifndef _ARCH_PV_FSGSCODE_H
#define _ARCH_PV_FSGSCODE_H

#include <linux/types.h>

/* In the order of the numbers in the reg field of ModRM. */
enum fsgscode_what { RDFSBASE, RDGSBASE, WRFSBASE, WRGSBASE };

/**
 * struct fsgscode - one of the instructions
 * @what: which
 * @wide: 64 bits, not 32
 * @reg: number of the register, 0 to 15
 * @length: in bytes
 */
struct fsgscode {
	enum fsgscode_what what;
	bool wide;
	unsigned int reg;
	unsigned int length;
};

int fsgscode_decode(const u8 *code, unsigned int len, struct fsgscode *insn);

#endif
