// SPDX-License-Identifier: GPL-2.0
/*
 * Which entries of the grant table are free: a list for each CPU, a common one behind these, and
 * the table's growth behind that.
 *
 * A CPU takes from its own list, and gives to it; when that has run empty or over, a batch goes
 * from or to the common one. Only when both have too few are the other CPUs' lists emptied, and
 * only when all of that is not enough does the table grow.
 *
 * Locking: a CPU's lock, then gnt_pool.lock, then nothing. gnt_waiters_lock is taken with none
 * of them held, and those two inside it. All are taken with interrupts off.
 */
#define pr_fmt(fmt) "xen:grant_table: " fmt

#include <linux/gfp.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

#include "gnt.h"

#define GNT_BATCH	64
#define GNT_SHARE_MAX	(4 * GNT_BATCH)

/**
 * struct gnt_share - what one CPU has
 * @lock: protects all of it
 * @free: its free references
 * @taken: how many were taken here
 */
struct gnt_share {
	spinlock_t lock;
	struct grefs_list free;
	u64 taken;
};

static DEFINE_PER_CPU_ALIGNED(struct gnt_share, gnt_shares) = {
	.lock = __SPIN_LOCK_UNLOCKED(gnt_shares.lock),
	.free = GREFS_LIST_EMPTY,
};

/*
 * @slots.end is written under the lock; the rest of @slots is fixed where it is below that.
 * @room is how many slots there can be.
 */
static struct {
	spinlock_t lock;
	struct grefs_list free;
	struct grefs_slots slots;
	u32 room;
	u64 exhausted;
} gnt_pool = {
	.lock = __SPIN_LOCK_UNLOCKED(gnt_pool.lock),
	.free = GREFS_LIST_EMPTY,
};

static void gnt_waiters_look(struct timer_list *unused);

static DEFINE_SPINLOCK(gnt_waiters_lock);
static struct gnttab_free_callback *gnt_waiters;
static DEFINE_TIMER(gnt_waiters_timer, gnt_waiters_look);

struct grefs_slot *gnt_slot(grant_ref_t ref)
{
	return grefs_slot(&gnt_pool.slots, ref);
}

/* Slots for all entries, then these are free. */
static int gnt_pool_add(u32 end)
{
	struct grefs_slots *slots = &gnt_pool.slots;
	u32 first = slots->end;
	unsigned int chunk;

	if (end <= first || end > gnt_pool.room)
		return -ENOSPC;
	for (chunk = DIV_ROUND_UP(first, GREFS_PER_CHUNK); chunk * GREFS_PER_CHUNK < end; chunk++) {
		BUILD_BUG_ON(GREFS_PER_CHUNK * sizeof(struct grefs_slot) != PAGE_SIZE);
		if (!slots->chunk[chunk])
			slots->chunk[chunk] = (void *)get_zeroed_page(GFP_ATOMIC | __GFP_NOWARN);
		if (!slots->chunk[chunk])
			return -ENOMEM;
	}
	slots->end = end;
	grefs_add_range(slots, &gnt_pool.free, max_t(u32, first, GNTTAB_NR_RESERVED_ENTRIES), end);
	return 0;
}

/* An earlier growth may have had no memory for slots. */
static int gnt_pool_grow(u32 more)
{
	int rc = 0;

	lockdep_assert_held(&gnt_pool.lock);
	if (gnt_table_refs() - gnt_pool.slots.end < more)
		rc = gnt_table_grow(more - (gnt_table_refs() - gnt_pool.slots.end));
	return rc ?: gnt_pool_add(gnt_table_refs());
}

/* A number that was true of each list at some moment. */
static u32 gnt_count_free(void)
{
	u32 sum = READ_ONCE(gnt_pool.free.count);
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(gnt_shares, cpu).free.count);
	return sum;
}

static void gnt_collect_shares(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct gnt_share *share = per_cpu_ptr(&gnt_shares, cpu);
		unsigned long flags;

		spin_lock_irqsave(&share->lock, flags);
		spin_lock(&gnt_pool.lock);
		grefs_move(&gnt_pool.slots, &share->free, &gnt_pool.free, share->free.count);
		spin_unlock(&gnt_pool.lock);
		spin_unlock_irqrestore(&share->lock, flags);
	}
}

/* When no list of this CPU or the common one has enough. */
static u32 gnt_refs_get_slowly(u32 count)
{
	unsigned long flags;
	u32 first;

	if (gnt_count_free() >= count)
		gnt_collect_shares();
	spin_lock_irqsave(&gnt_pool.lock, flags);
	if (gnt_pool.free.count < count && gnt_pool_grow(count - gnt_pool.free.count))
		gnt_pool.exhausted++;
	first = grefs_take(&gnt_pool.slots, &gnt_pool.free, count);
	spin_unlock_irqrestore(&gnt_pool.lock, flags);
	return first;
}

u32 gnt_refs_get(u32 count)
{
	struct gnt_share *share;
	unsigned long flags;
	u32 first;

	local_irq_save(flags);
	share = this_cpu_ptr(&gnt_shares);
	spin_lock(&share->lock);
	if (share->free.count < count) {
		spin_lock(&gnt_pool.lock);
		grefs_move(&gnt_pool.slots, &gnt_pool.free, &share->free,
			   max_t(u32, count - share->free.count, GNT_BATCH));
		spin_unlock(&gnt_pool.lock);
	}
	first = grefs_take(&gnt_pool.slots, &share->free, count);
	if (first != GREFS_END)
		share->taken += count;
	spin_unlock(&share->lock);
	local_irq_restore(flags);
	return first != GREFS_END ? first : gnt_refs_get_slowly(count);
}

/*
 * Call whoever waits for no more than there is. The sum may miss what is on its way from one
 * list to another, so who still waits is looked after once more.
 */
static void gnt_call_waiters(void)
{
	struct gnttab_free_callback **link = &gnt_waiters;
	unsigned long flags;

	spin_lock_irqsave(&gnt_waiters_lock, flags);
	while (*link) {
		struct gnttab_free_callback *waiter = *link;

		if (gnt_count_free() < waiter->count) {
			link = &waiter->next;
			continue;
		}
		WRITE_ONCE(*link, waiter->next);
		waiter->next = NULL;
		waiter->fn(waiter->arg);
	}
	if (gnt_waiters)
		mod_timer(&gnt_waiters_timer, jiffies + HZ / 10);
	spin_unlock_irqrestore(&gnt_waiters_lock, flags);
}

static void gnt_waiters_look(struct timer_list *unused)
{
	gnt_call_waiters();
}

void gnt_refs_put(u32 first)
{
	struct gnt_share *share;
	unsigned long flags;

	if (first == GREFS_END)
		return;
	local_irq_save(flags);
	share = this_cpu_ptr(&gnt_shares);
	spin_lock(&share->lock);
	grefs_splice(&gnt_pool.slots, &share->free, first);
	if (share->free.count > GNT_SHARE_MAX) {
		spin_lock(&gnt_pool.lock);
		grefs_move(&gnt_pool.slots, &share->free, &gnt_pool.free,
			   share->free.count - GNT_SHARE_MAX / 2);
		spin_unlock(&gnt_pool.lock);
	}
	spin_unlock(&share->lock);
	local_irq_restore(flags);

	/* Pairs with gnttab_request_free_callback(): one of both sees what the other did. */
	smp_mb();
	if (READ_ONCE(gnt_waiters))
		gnt_call_waiters();
}

/**
 * gnttab_request_free_callback() - be told when there are free references
 * @callback: what is told; when it waits already, nothing changes
 * @fn: called once, with interrupts off; must not request a callback itself
 * @arg: its argument
 * @count: how many have to be free
 */
void gnttab_request_free_callback(struct gnttab_free_callback *callback, void (*fn)(void *),
				  void *arg, u16 count)
{
	struct gnttab_free_callback *waiter;
	unsigned long flags;

	spin_lock_irqsave(&gnt_waiters_lock, flags);
	for (waiter = gnt_waiters; waiter && waiter != callback; waiter = waiter->next)
		;
	if (!waiter) {
		callback->fn = fn;
		callback->arg = arg;
		callback->count = count;
		callback->next = gnt_waiters;
		WRITE_ONCE(gnt_waiters, callback);
	}
	spin_unlock_irqrestore(&gnt_waiters_lock, flags);

	/* Pairs with gnt_refs_put(). */
	smp_mb();
	gnt_call_waiters();
}
EXPORT_SYMBOL_GPL(gnttab_request_free_callback);

/**
 * gnttab_cancel_free_callback() - no longer be told
 * @callback: as requested
 *
 * Its function does not run any more when this returns.
 */
void gnttab_cancel_free_callback(struct gnttab_free_callback *callback)
{
	struct gnttab_free_callback **link = &gnt_waiters;
	unsigned long flags;

	spin_lock_irqsave(&gnt_waiters_lock, flags);
	while (*link && *link != callback)
		link = &(*link)->next;
	if (*link)
		WRITE_ONCE(*link, callback->next);
	spin_unlock_irqrestore(&gnt_waiters_lock, flags);
}
EXPORT_SYMBOL_GPL(gnttab_cancel_free_callback);

/**
 * gnttab_alloc_grant_references() - set references aside
 * @count: how many
 * @head: a private list of them, to claim from without a lock
 *
 * Return: 0 or -ENOSPC.
 */
int gnttab_alloc_grant_references(u16 count, grant_ref_t *head)
{
	*head = GREFS_END;
	if (!count)
		return 0;
	*head = gnt_refs_get(count);
	return *head == GREFS_END ? -ENOSPC : 0;
}
EXPORT_SYMBOL_GPL(gnttab_alloc_grant_references);

/**
 * gnttab_free_grant_references() - give back what is left on a private list
 * @head: the list
 */
void gnttab_free_grant_references(grant_ref_t head)
{
	gnt_refs_put(head);
}
EXPORT_SYMBOL_GPL(gnttab_free_grant_references);

/**
 * gnttab_free_grant_reference() - give one reference back
 * @ref: the reference, by which nobody has access
 */
void gnttab_free_grant_reference(grant_ref_t ref)
{
	gnt_slot(ref)->next = GREFS_END;
	gnt_refs_put(ref);
}
EXPORT_SYMBOL_GPL(gnttab_free_grant_reference);

/**
 * gnttab_empty_grant_references() - ask whether a private list is empty
 * @head: the list
 *
 * Return: not 0 when it is.
 */
int gnttab_empty_grant_references(const grant_ref_t *head)
{
	return *head == GREFS_END;
}
EXPORT_SYMBOL_GPL(gnttab_empty_grant_references);

/**
 * gnttab_claim_grant_reference() - take a reference off a private list
 * @head: the list
 *
 * Return: the reference or -ENOSPC.
 */
int gnttab_claim_grant_reference(grant_ref_t *head)
{
	u32 ref = grefs_pop(&gnt_pool.slots, head);

	return ref == GREFS_END ? -ENOSPC : ref;
}
EXPORT_SYMBOL_GPL(gnttab_claim_grant_reference);

/**
 * gnttab_release_grant_reference() - put a reference back on a private list
 * @head: the list
 * @ref: the reference, by which nobody has access
 */
void gnttab_release_grant_reference(grant_ref_t *head, grant_ref_t ref)
{
	gnt_slot(ref)->next = *head;
	*head = ref;
}
EXPORT_SYMBOL_GPL(gnttab_release_grant_reference);

/**
 * gnttab_alloc_grant_reference_seq() - take references with adjacent numbers
 * @count: how many
 * @first: the first
 *
 * Context: may sleep.
 * Return: 0, -ENOSPC or -ENOMEM.
 */
int gnttab_alloc_grant_reference_seq(unsigned int count, grant_ref_t *first)
{
	u32 size = gnt_table_max_refs();
	unsigned long *bits, flags;
	int rc = 0;

	if (!count || count > size)
		return -ENOSPC;
	bits = kvcalloc(BITS_TO_LONGS(size), sizeof(*bits), GFP_KERNEL);
	if (!bits)
		return -ENOMEM;
	gnt_collect_shares();
	spin_lock_irqsave(&gnt_pool.lock, flags);
	*first = grefs_take_run(&gnt_pool.slots, &gnt_pool.free, count, bits);
	if (*first == GREFS_END) {
		/* What the table grows by is in a row. */
		rc = gnt_pool_grow(count);
		if (!rc)
			*first = grefs_take_run(&gnt_pool.slots, &gnt_pool.free, count, bits);
		if (*first == GREFS_END) {
			gnt_pool.exhausted++;
			rc = -ENOSPC;
		}
	}
	spin_unlock_irqrestore(&gnt_pool.lock, flags);
	kvfree(bits);
	return rc;
}
EXPORT_SYMBOL_GPL(gnttab_alloc_grant_reference_seq);

/**
 * gnttab_free_grant_reference_seq() - give adjacent references back
 * @first: the first
 * @count: how many
 */
void gnttab_free_grant_reference_seq(grant_ref_t first, unsigned int count)
{
	struct grefs_list chain = GREFS_LIST_EMPTY;

	grefs_add_range(&gnt_pool.slots, &chain, first, first + count);
	gnt_refs_put(chain.first);
}
EXPORT_SYMBOL_GPL(gnttab_free_grant_reference_seq);

int __init gnt_refs_init(void)
{
	u32 room = gnt_table_max_refs(), chunks = DIV_ROUND_UP(room, GREFS_PER_CHUNK);
	unsigned long flags;
	int rc;

	gnt_pool.slots.chunk = kvcalloc(chunks, sizeof(*gnt_pool.slots.chunk), GFP_KERNEL);
	if (!gnt_pool.slots.chunk)
		return -ENOMEM;
	gnt_pool.room = room;
	spin_lock_irqsave(&gnt_pool.lock, flags);
	rc = gnt_pool_add(gnt_table_refs());
	spin_unlock_irqrestore(&gnt_pool.lock, flags);
	return rc;
}

void gnt_refs_show(struct seq_file *file)
{
	unsigned int cpu;

	seq_printf(file, "entries %u of %u\nreserved %u\nfree %u\nexhausted %llu\n",
		   READ_ONCE(gnt_pool.slots.end), gnt_table_max_refs(), GNTTAB_NR_RESERVED_ENTRIES,
		   gnt_count_free(), READ_ONCE(gnt_pool.exhausted));
	seq_printf(file, "common free %u\n", READ_ONCE(gnt_pool.free.count));
	for_each_possible_cpu(cpu)
		seq_printf(file, "cpu %u free %u taken %llu\n", cpu,
			   READ_ONCE(per_cpu(gnt_shares, cpu).free.count),
			   READ_ONCE(per_cpu(gnt_shares, cpu).taken));
}
