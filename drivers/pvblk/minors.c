// SPDX-License-Identifier: GPL-2.0
/*
 * Which disk has which minors and name. It has them until it is deleted, and beyond that as
 * long as an old backend may still carry out writes of it that have failed: another disk of
 * the same number may be of the same image, and such a write would land after newer ones.
 */
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/string.h>

#include "pvblk.h"

/*
 * Disks whose minors are in use. Ranges can overlap: a device number may name
 * a partition of a disk that exists too, and the extended numbers of the first
 * disks cover those of all classic ones. And names can be alike where minors
 * are not: an extended number and a classic one of the same disk.
 */
static LIST_HEAD(pvblk_disks);
static DEFINE_MUTEX(pvblk_disks_lock);

/* Its name is kept though it is deleted. */
static bool pvblk_is_guarded(const struct pvblk_disk *d)
{
	/* Pairs with smp_store_release() in pvblk_unguard(). */
	return smp_load_acquire(&d->guarded);
}

/* A disk that has @d's name, or some of its minors; or NULL. */
static struct pvblk_disk *pvblk_minors_find(const struct pvblk_disk *d)
{
	unsigned int first = d->place.first_minor;
	unsigned int end = first + d->place.nr_minors;
	struct pvblk_disk *other;

	lockdep_assert_held(&pvblk_disks_lock);

	list_for_each_entry(other, &pvblk_disks, list) {
		unsigned int other_first = other->place.first_minor;

		if ((first < other_first + other->place.nr_minors && other_first < end) ||
		    !strcmp(d->place.name, other->place.name))
			return other;
	}
	return NULL;
}

int pvblk_minors_take(struct pvblk_disk *d)
{
	struct pvblk_disk *other;

	mutex_lock(&pvblk_disks_lock);
	other = pvblk_minors_find(d);
	if (other)
		pvfront_fail(&d->front, -EEXIST,
			     "%s with minors %u to %u clashes with %s, minors %u to %u",
			     d->place.name, d->place.first_minor,
			     d->place.first_minor + d->place.nr_minors - 1,
			     other->place.name, other->place.first_minor,
			     other->place.first_minor + other->place.nr_minors - 1);
	else
		list_add(&d->list, &pvblk_disks);
	mutex_unlock(&pvblk_disks_lock);
	return other ? -EEXIST : 0;
}

bool pvblk_disk_waits(const struct pvblk_disk *d)
{
	const struct pvblk_disk *other;
	bool waits;

	if (pvblk_disk_is_going(d) || pvblk_is_guarded(d))
		return true;
	if (d->gd)
		return false;
	mutex_lock(&pvblk_disks_lock);
	other = pvblk_minors_find(d);
	waits = other && (pvblk_disk_is_going(other) || pvblk_is_guarded(other) ||
			  pvfront_orphan_is_over(&other->front));
	mutex_unlock(&pvblk_disks_lock);
	return waits;
}

void pvblk_minors_release(struct pvblk_disk *d)
{
	mutex_lock(&pvblk_disks_lock);
	list_del_init(&d->list);
	mutex_unlock(&pvblk_disks_lock);
}

void pvblk_minors_end(struct pvblk_disk *d)
{
	mutex_lock(&d->fence_lock);
	d->guarded = pvblk_fence_is_unsettled(d);
	if (d->guarded)
		kref_get(&d->ref);
	mutex_unlock(&d->fence_lock);
	if (!d->guarded)
		pvblk_minors_release(d);
}

static void pvblk_unguard(struct work_struct *work)
{
	struct pvblk_disk *d = container_of(work, struct pvblk_disk, unguard);

	pvblk_minors_release(d);
	mutex_lock(&d->fence_lock);
	d->unguarding = false;
	/* Pairs with smp_load_acquire() in pvblk_is_guarded(). */
	smp_store_release(&d->guarded, false);
	mutex_unlock(&d->fence_lock);
	pvblk_disk_put(d);
}

static void pvblk_guard_end(struct pvblk_disk *d)
{
	lockdep_assert_held(&d->fence_lock);
	if (!d->guarded || d->unguarding)
		return;
	d->unguarding = true;
	queue_work(pvblk_del_wq, &d->unguard);
}

void pvblk_guard_look(struct pvblk_disk *d)
{
	if (d->guarded && !pvblk_fence_is_unsettled(d))
		pvblk_guard_end(d);
}

void pvblk_guards_end(void)
{
	struct pvblk_disk *d;

	mutex_lock(&pvblk_disks_lock);
	list_for_each_entry(d, &pvblk_disks, list) {
		mutex_lock(&d->fence_lock);
		pvblk_guard_end(d);
		mutex_unlock(&d->fence_lock);
	}
	mutex_unlock(&pvblk_disks_lock);
}

void pvblk_minors_init(struct pvblk_disk *d)
{
	INIT_LIST_HEAD(&d->list);
	INIT_WORK(&d->unguard, pvblk_unguard);
}
