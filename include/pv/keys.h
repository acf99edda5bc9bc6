/* SPDX-License-Identifier: GPL-2.0 */
/* Keys of the store that are read: numbers and texts, each with its bounds. */
#ifndef _PV_KEYS_H
#define _PV_KEYS_H

#include <linux/build_bug.h>
#include <linux/limits.h>
#include <linux/types.h>

struct pvfront;

/**
 * enum pvfront_kind - what a value has to look like
 * @PVFRONT_KIND_NUMBER: decimal digits
 * @PVFRONT_KIND_FLAG: the same; anything but 0 means yes
 * @PVFRONT_KIND_TEXT: printable ASCII characters
 * @PVFRONT_KIND_EXTRA: the same, of a key that the device can do without: a bad value is
 *	reported, and is as if it were absent
 */
enum pvfront_kind {
	PVFRONT_KIND_NUMBER,
	PVFRONT_KIND_FLAG,
	PVFRONT_KIND_TEXT,
	PVFRONT_KIND_EXTRA,
};

/**
 * struct pvfront_key - one key of the store and where its value goes
 * @name: the key's name below the directory read
 * @kind: what its value has to look like
 * @min: smallest value accepted; of a text the least number of characters
 * @max: largest value accepted; of a text the greatest number
 * @def: value when the key is absent; PVFRONT_REQUIRED if it must be there;
 *	PVFRONT_NO_TEXT, a NULL pointer, is the only other one of a text
 * @offset: of a u64 in the structure filled, or of the char * that a text is to be freed by
 * @table: which keys are read together with it, by the driver's own numbering
 */
struct pvfront_key {
	const char *name;
	enum pvfront_kind kind;
	u64 min;
	u64 max;
	u64 def;
	size_t offset;
	unsigned int table;
};

#define PVFRONT_REQUIRED	U64_MAX
#define PVFRONT_NO_TEXT		0

/**
 * PVFRONT_KEY() - one key of an array of them, which a driver makes of its keys.def
 * @_table: which keys are read together with it
 * @_name: the key's name
 * @_kind: NUMBER, FLAG, TEXT or EXTRA
 * @_min: smallest value, or number of characters, accepted
 * @_max: largest
 * @_def: value when absent, PVFRONT_REQUIRED or PVFRONT_NO_TEXT
 * @_type: the structure filled
 * @_member: its member, a u64 or, for a text, a char *
 */
#define PVFRONT_KEY(_table, _name, _kind, _min, _max, _def, _type, _member) { \
	.table = (_table),						\
	.name = (_name),						\
	.kind = PVFRONT_KIND_##_kind,					\
	.min = (_min),							\
	.max = (_max),							\
	.def = (_def),							\
	.offset = offsetof(_type, _member) +				\
		BUILD_BUG_ON_ZERO(sizeof_field(_type, _member) !=	\
				  sizeof(u64)),				\
}

/**
 * pvfront_read_keys() - read and check the keys of one table
 * @f: the connection
 * @dir: xenstore directory: xdev->otherend or xdev->nodename
 * @keys: keys of all tables
 * @nr: their number
 * @table: the table
 * @to: the structure the offsets count from; on error partly filled, without texts
 *
 * A value that is absent though required, malformed or out of range refuses
 * the device with pvfront_fail(), naming key, value and range; but for an EXTRA. A text is
 * the caller's to kfree().
 *
 * Context: process context; sleeps.
 * Return: 0 or -errno, reported.
 */
int pvfront_read_keys(struct pvfront *f, const char *dir,
		      const struct pvfront_key *keys, size_t nr,
		      unsigned int table, void *to);

#endif
