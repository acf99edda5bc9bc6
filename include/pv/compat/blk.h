/* SPDX-License-Identifier: GPL-2.0 */
/* The block layer. */
#ifndef _PV_COMPAT_BLK_H
#define _PV_COMPAT_BLK_H

#include <linux/blk-mq.h>
#include <linux/blkdev.h>

#include <pv/compat.h>

/* Setters of single limits, until a queue's limits are replaced as a whole. */
#ifdef BLK_FEAT_WRITE_CACHE
#define PV_LIMITS_ATOMIC
#endif

/* What is asked for here is what every queue does since 6.14. */
#if PV_KERNEL_IS(6, 1) || PV_KERNEL_IS(6, 12)
#define PV_MQ_SHOULD_MERGE	BLK_MQ_F_SHOULD_MERGE
#else
#define PV_MQ_SHOULD_MERGE	0
#endif

/**
 * struct pv_disk_limits - what requests of a disk may be like
 * @max_segments: in one request
 * @max_segment_size: bytes
 * @segment_boundary: mask of addresses; no segment crosses one that ends in it
 * @max_sectors: of 512 bytes, in one request
 * @dma_alignment: mask of addresses; 0 in a segment's address
 * @logical_block_size: bytes
 * @physical_block_size: bytes
 * @write_cache: it has one, which REQ_OP_FLUSH makes durable
 * @max_discard_sectors: of 512 bytes; 0: no discard
 * @max_secure_erase_sectors: of 512 bytes; 0: no secure discard
 * @discard_granularity: bytes
 * @discard_alignment: bytes
 */
struct pv_disk_limits {
	unsigned int max_segments;
	unsigned int max_segment_size;
	unsigned long segment_boundary;
	unsigned int max_sectors;
	unsigned int dma_alignment;
	unsigned int logical_block_size;
	unsigned int physical_block_size;
	bool write_cache;
	unsigned int max_discard_sectors;
	unsigned int max_secure_erase_sectors;
	unsigned int discard_granularity;
	unsigned int discard_alignment;
};

/**
 * pv_disk_alloc() - allocate a disk that does not rotate, with default limits
 * @set: its tags
 * @data: the queue's queuedata
 *
 * Return: the disk or an ERR_PTR.
 */
static inline struct gendisk *pv_disk_alloc(struct blk_mq_tag_set *set,
					    void *data)
{
#ifdef PV_LIMITS_ATOMIC
	return blk_mq_alloc_disk(set, NULL, data);
#else
	struct gendisk *gd = blk_mq_alloc_disk(set, data);

	if (!IS_ERR(gd))
		blk_queue_flag_set(QUEUE_FLAG_NONROT, gd->queue);
	return gd;
#endif
}

/**
 * pv_disk_set_limits() - give a disk's queue new limits
 * @q: the queue
 * @l: the limits
 *
 * Kernels that can, replace them all at once: a request sees the old or the new ones.
 * What the user has set queue/max_sectors_kb to stays, as far as the new ones allow it.
 *
 * Context: process context; sleeps.
 * Return: 0, or -EINVAL if the block layer finds that they make no sense together.
 */
static inline int pv_disk_set_limits(struct request_queue *q,
				     const struct pv_disk_limits *l)
{
#ifdef PV_LIMITS_ATOMIC
	struct queue_limits lim = queue_limits_start_update(q);

	lim.max_segments = l->max_segments;
	lim.max_segment_size = l->max_segment_size;
	lim.seg_boundary_mask = l->segment_boundary;
	lim.max_hw_sectors = l->max_sectors;
	lim.dma_alignment = l->dma_alignment;
	lim.logical_block_size = l->logical_block_size;
	lim.physical_block_size = l->physical_block_size;
	lim.max_hw_discard_sectors = l->max_discard_sectors;
	lim.max_secure_erase_sectors = l->max_secure_erase_sectors;
	lim.discard_granularity = l->discard_granularity;
	lim.discard_alignment = l->discard_alignment;
	if (l->write_cache)
		lim.features |= BLK_FEAT_WRITE_CACHE;
	else
		lim.features &= ~BLK_FEAT_WRITE_CACHE;
	return queue_limits_commit_update(q, &lim);
#else
	unsigned int kept = q->limits.max_sectors;
	bool is_users = kept < min_t(unsigned int, q->limits.max_hw_sectors,
				     BLK_DEF_MAX_SECTORS);

	blk_queue_max_segments(q, l->max_segments);
	blk_queue_max_segment_size(q, l->max_segment_size);
	blk_queue_segment_boundary(q, l->segment_boundary);
	blk_queue_max_hw_sectors(q, l->max_sectors);
	if (is_users)
		q->limits.max_sectors = min(kept, q->limits.max_sectors);
	blk_queue_dma_alignment(q, l->dma_alignment);
	blk_queue_logical_block_size(q, l->logical_block_size);
	blk_queue_physical_block_size(q, l->physical_block_size);
	blk_queue_max_discard_sectors(q, l->max_discard_sectors);
	blk_queue_max_secure_erase_sectors(q, l->max_secure_erase_sectors);
	q->limits.discard_granularity = l->discard_granularity;
	q->limits.discard_alignment = l->discard_alignment;
	blk_queue_write_cache(q, l->write_cache, false);
	return 0;
#endif
}

/**
 * pv_disk_no_discard() - stop discards: the device turned out to have none
 * @q: the queue
 *
 * Context: any.
 */
static inline void pv_disk_no_discard(struct request_queue *q)
{
#ifdef PV_LIMITS_ATOMIC
	blk_queue_disable_discard(q);
#else
	blk_queue_max_discard_sectors(q, 0);
#endif
}

/**
 * pv_disk_no_secure_erase() - stop secure discards, likewise
 * @q: the queue
 *
 * Context: any.
 */
static inline void pv_disk_no_secure_erase(struct request_queue *q)
{
#ifdef PV_LIMITS_ATOMIC
	blk_queue_disable_secure_erase(q);
#else
	blk_queue_max_secure_erase_sectors(q, 0);
#endif
}

/* The mode that .ioctl is told of. */
#if PV_KERNEL_IS(6, 1)
#define pv_mode_t	fmode_t
#else
#define pv_mode_t	blk_mode_t
#endif

/* What .open is called with. */
#if PV_KERNEL_IS(6, 1)
#define pv_open_device	block_device
static inline struct gendisk *pv_open_disk(struct block_device *bdev)
{
	return bdev->bd_disk;
}
#else
#define pv_open_device	gendisk
static inline struct gendisk *pv_open_disk(struct gendisk *gd)
{
	return gd;
}
#endif

/*
 * What .getgeo is called with. The geometry is the disk's, whichever partition of it
 * was asked about.
 */
#if PV_KERNEL_IS(6, 1) || PV_KERNEL_IS(6, 12)
#define pv_geo_device	block_device
static inline struct gendisk *pv_geo_disk(struct block_device *bdev)
{
	return bdev->bd_disk;
}
#else
#define pv_geo_device	gendisk
static inline struct gendisk *pv_geo_disk(struct gendisk *gd)
{
	return gd;
}
#endif

#endif
