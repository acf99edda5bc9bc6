// SPDX-License-Identifier: GPL-2.0
/* The decoder of fsgscode.h. */
#include <linux/errno.h>
#include <linux/types.h>

#include "fsgscode.h"

/**
 * fsgscode_decode() - decode what an instruction pointer points to
 * @code: bytes of the program
 * @len: how many were read
 * @insn: the instruction, if it is one of the four
 *
 * Return: 0; -EAGAIN when all bytes there are could begin such an instruction, and its
 * other bytes decide; -EINVAL when it is none.
 */
int fsgscode_decode(const u8 *code, unsigned int len, struct fsgscode *insn)
{
	unsigned int at = 0;
	u8 rex = 0, modrm;

	if (at < len && code[at++] != 0xf3)
		return -EINVAL;
	if (at < len && (code[at] & 0xf0) == 0x40)
		rex = code[at++];
	if (at < len && code[at++] != 0x0f)
		return -EINVAL;
	if (at < len && code[at++] != 0xae)
		return -EINVAL;
	if (at >= len)
		return -EAGAIN;
	modrm = code[at++];
	if (modrm >> 6 != 3 || (modrm >> 3 & 7) > WRGSBASE)
		return -EINVAL;

	insn->what = modrm >> 3 & 7;
	insn->wide = rex & 8;
	insn->reg = (modrm & 7) | (rex & 1) << 3;
	insn->length = at;
	return 0;
}
