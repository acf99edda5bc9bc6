// SPDX-License-Identifier: GPL-2.0
/* Functions of the vDSO by name, from its ELF tables. */
#include "compat32.h"

#define PT_LOAD		1
#define PT_DYNAMIC	2
#define DT_HASH		4
#define DT_STRTAB	5
#define DT_SYMTAB	6

struct elf_header {
	unsigned char ident[16];
	u16 type, machine;
	u32 version, entry, phoff, shoff, flags;
	u16 ehsize, phentsize, phnum;
};

struct program_header {
	u32 type, offset, vaddr, paddr, filesz, memsz, flags, align;
};

struct symbol {
	u32 name, value, size;
	unsigned char info, other;
	u16 section;
};

static int same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

/* Entries of the dynamic section hold addresses as linked, from 0. */
static u32 dynamic_entry(const u32 *dynamic, u32 tag)
{
	for (; dynamic[0]; dynamic += 2)
		if (dynamic[0] == tag)
			return vdso_image + dynamic[1];
	return 0;
}

void *vdso_symbol(const char *name)
{
	const struct elf_header *header = (void *)vdso_image;
	const struct program_header *part;
	const u32 *dynamic = 0, *hash;
	const struct symbol *symbols;
	const char *strings;
	u32 i;

	if (!header)
		return 0;
	part = (void *)(vdso_image + header->phoff);
	for (i = 0; i < header->phnum; i++)
		if (part[i].type == PT_DYNAMIC)
			dynamic = (void *)(vdso_image + part[i].offset);
	if (!dynamic)
		return 0;
	hash = (void *)dynamic_entry(dynamic, DT_HASH);
	symbols = (void *)dynamic_entry(dynamic, DT_SYMTAB);
	strings = (void *)dynamic_entry(dynamic, DT_STRTAB);
	/* The hash table's second word is the number of symbols. */
	for (i = 0; hash && i < hash[1]; i++)
		if (same(strings + symbols[i].name, name))
			return (void *)(vdso_image + symbols[i].value);
	return 0;
}
