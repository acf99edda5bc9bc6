/* SPDX-License-Identifier: GPL-2.0 */
/* Keys of the store that are read: numbers, each with its bounds. */
#ifndef _PV_KEYS_H
#define _PV_KEYS_H

#include <linux/build_bug.h>
#include <linux/limits.h>
#include <linux/types.h>

struct pvfront;

/**
 * struct pvfront_key - one numeric key of the store and where its value goes
 * @name: the key's name below the directory read
 * @min: smallest value accepted
 * @max: largest value accepted
 * @def: value when the key is absent; PVFRONT_REQUIRED if it must be there
 * @offset: of a u64 in the structure filled
 * @table: which keys are read together with it, by the driver's own numbering
 */
struct pvfront_key {
	const char *name;
	u64 min;
	u64 max;
	u64 def;
	size_t offset;
	unsigned int table;
};

#define PVFRONT_REQUIRED	U64_MAX

/**
 * PVFRONT_KEY() - one key of an array of them, which a driver makes of its keys.def
 * @_table: which keys are read together with it
 * @_name: the key's name
 * @_min: smallest value accepted
 * @_max: largest value accepted
 * @_def: value when absent, or PVFRONT_REQUIRED
 * @_type: the structure filled
 * @_member: its u64 member
 */
#define PVFRONT_KEY(_table, _name, _min, _max, _def, _type, _member) {	\
	.table = (_table),						\
	.name = (_name),						\
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
 * @to: the structure the offsets count from; on error partly filled
 *
 * A value that is absent though required, malformed or out of range refuses
 * the device with pvfront_fail(), naming key, value and range.
 *
 * Context: process context; sleeps.
 * Return: 0 or -errno, reported.
 */
int pvfront_read_keys(struct pvfront *f, const char *dir,
		      const struct pvfront_key *keys, size_t nr,
		      unsigned int table, void *to);

#endif
