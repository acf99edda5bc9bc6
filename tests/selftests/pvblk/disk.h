/* SPDX-License-Identifier: GPL-2.0 */
/* A disk of pvblk as its tests see it: node, sysfs and debugfs. */
#ifndef _SELFTESTS_PVBLK_DISK_H
#define _SELFTESTS_PVBLK_DISK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define SECTOR		512U
#define DISK_NAME	32

/* Where the tests of sizes and offsets work, from the start of the disk. */
#define AREA		(1U << 20)

/**
 * struct disk - a disk under test
 * @name: "xvda"
 * @device: its name on the Xen bus, "vbd-51712"
 * @bytes: its size
 * @block: size of a logical block, in bytes
 * @readonly: the disk cannot be written
 * @direct: file descriptor with O_DIRECT
 * @cached: the same without it
 */
struct disk {
	char name[DISK_NAME];
	char device[DISK_NAME];
	uint64_t bytes;
	unsigned int block;
	bool readonly;
	int direct;
	int cached;
};

/**
 * struct shape - a transfer that a driver may get wrong
 * @at: offset on the disk, in logical blocks
 * @blocks: its size
 * @memory: offset of the buffer in its page, in sectors of 512 bytes
 */
struct shape {
	unsigned int at, blocks, memory;
};

extern const struct shape shapes[];
extern const unsigned int nr_shapes;

/**
 * disk_shape_fits() - whether a shape is inside the area, in blocks of this disk
 * @d: the disk
 * @s: the shape
 */
bool disk_shape_fits(const struct disk *d, const struct shape *s);

/**
 * disk_skip_unless_testable() - end the program, as skipped, where there is no
 * Xen, no pvblk, no debugfs, or we are not root
 */
void disk_skip_unless_testable(void);

/**
 * disk_open() - find a disk and open it twice
 * @d: is filled
 * @name: "xvda" or "/dev/xvda"
 * @flags: for open(), beside O_DIRECT
 *
 * Return: NULL, or why not, in static memory.
 */
const char *disk_open(struct disk *d, const char *name, int flags);

/**
 * disk_in_use() - whether the disk or a partition is mounted, swap or the like
 * @d: the disk
 */
bool disk_in_use(const struct disk *d);

/**
 * disk_setting() - a number in the disk's part of sysfs
 * @d: the disk
 * @file: path below /sys/block/NAME
 *
 * Return: the number, or -1.
 */
long long disk_setting(const struct disk *d, const char *file);

/**
 * disk_counter() - what debugfs counts
 * @d: the disk
 * @word: the counter, summed over all rings
 *
 * Return: the sum, or -1 if there is no such counter.
 */
long long disk_counter(const struct disk *d, const char *word);

/**
 * disk_buffer() - memory for direct transfers
 * @bytes: how many
 *
 * Return: page-aligned memory with a page more behind it; ends the program if
 * there is none.
 */
unsigned char *disk_buffer(size_t bytes);

/**
 * disk_fill() - bytes of which no two sectors are alike
 * @to: where to
 * @bytes: how many
 * @seed: other bytes for each
 */
void disk_fill(unsigned char *to, size_t bytes, unsigned int seed);

/**
 * disk_share() - several processes work on a disk at once; a failed one fails the test
 * @d: the disk
 * @processes: how many
 * @work: what each does; its number is from 0; 0 is success, 1 an error, 2 wrong data
 */
void disk_share(const struct disk *d, unsigned int processes,
		int (*work)(const struct disk *d, unsigned int number));

/**
 * struct disk_test - a row of a test program's table
 * @name: what is printed
 * @run: the test, called with a struct disk
 */
struct disk_test {
	const char *name;
	void (*run)(void *disk);
};

#endif
