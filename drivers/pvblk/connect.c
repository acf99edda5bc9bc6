// SPDX-License-Identifier: GPL-2.0
/*
 * blkif's handshake: we offer rings when the backend is in InitWait, it maps
 * them and publishes the disk's properties, then says Connected.
 */
#include <linux/blk-mq.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <xen/interface/io/protocols.h>

#include "params.h"
#include "pvblk.h"

static void pvblk_publish(struct pvfront *f, struct pvfront_pub *p)
{
	struct pvblk_disk *d = pvblk_disk_of(f);
	unsigned int i;

	/*
	 * An earlier driver of this device may have left keys that say how
	 * many rings there are and how large: none may stand that we don't mean.
	 */
	if (d->order)
		pvfront_put(p, PVFRONT_DEVICE, "ring-page-order", "%u", d->order);
	else
		pvfront_del(p, "ring-page-order");
	if (d->nr_queues > 1)
		pvfront_put(p, PVFRONT_DEVICE, "multi-queue-num-queues", "%u",
			    d->nr_queues);
	else
		pvfront_del(p, "multi-queue-num-queues");

	for (i = 0; i < d->nr_queues; i++) {
		int where = d->nr_queues > 1 ? i : PVFRONT_DEVICE;

		pvfront_pages_publish(p, where, "ring-ref", &d->queues[i].pages,
				      d->order > 0);
		pvfront_put(p, where, "event-channel", "%u",
			    d->queues[i].event.port);
	}
	pvfront_put(p, PVFRONT_DEVICE, "protocol", "%s",
		    XEN_IO_PROTO_ABI_NATIVE);
	pvfront_put(p, PVFRONT_DEVICE, "feature-persistent", "%u",
		    d->persistent);
}

/* Polled rings come beside the others, of which one at least is needed. */
static void pvblk_share_queues(struct pvblk_disk *d, unsigned int most)
{
	unsigned int wanted = pvblk_poll_queues();
	unsigned int cpus = num_online_cpus();

	if (d->gd)
		wanted = d->tag_polled;
	d->nr_polled = min3(wanted, cpus, most - 1);
	if (d->nr_polled < wanted)
		dev_notice(&d->front.xdev->dev,
			   "%u polled queues of %u: the backend serves %u queues, and there are %u CPUs\n",
			   d->nr_polled, wanted, most, cpus);
	d->nr_queues = d->nr_polled +
		       min3(most - d->nr_polled, pvblk_max_queues(), cpus);
}

static void pvblk_say_busy(struct pvblk_disk *d, bool other)
{
	if (other)
		xenbus_dev_error(d->front.xdev, -EBUSY,
				 "another %s is going, or its backend may still carry out its writes: no connection until that is over",
				 d->place.name);
	else
		xenbus_dev_error(d->front.xdev, -EBUSY,
				 "backend keeps pages of earlier connections mapped, and may still carry out their requests: no new connection until it lets go");
}

static int pvblk_offer(struct pvfront *f)
{
	struct pvblk_disk *d = pvblk_disk_of(f);
	struct pvblk_backend backend;
	unsigned int i;
	bool waits;
	int err;

	err = pvblk_read_backend(d, &backend);
	if (!err)
		err = pvblk_read_trust(d);
	if (err)
		return err;

	/*
	 * Users who have the disk wait for the proof, with one old connection. To a new
	 * disk, whose users know nothing of it, an old write would come as a surprise.
	 */
	waits = pvblk_disk_waits(d);
	if (waits || pvblk_fence_settle(d) > !!d->gd) {
		/* Tried again; that is said once. */
		if (!f->pace.failed)
			pvblk_say_busy(d, waits);
		return -EBUSY;
	}
	d->doomed = false;
	/* Set by a timeout while the last connection ended; this one is alive. */
	WRITE_ONCE(d->dead, false);
	d->flushed = false;
	d->persistent = pvblk_want_persistent();
	d->order = min_t(u64, f->few_keys ? 0 : backend.max_order, pvblk_max_ring_order());
	pvblk_share_queues(d, f->few_keys ? 1 : backend.max_queues);
	if (!d->gd) {
		d->tag_polled = d->nr_polled;
		d->set.nr_hw_queues = d->nr_queues;
		d->set.queue_depth = __CONST_RING_SIZE(blkif,
						       PAGE_SIZE) << d->order;
	}

	d->queues = pvblk_queues_alloc(d->nr_queues);
	if (!d->queues) {
		pvfront_fail(f, -ENOMEM, "allocating queues");
		return -ENOMEM;
	}
	for (i = 0; i < d->nr_queues; i++) {
		err = pvblk_queue_open(d, i);
		if (err)
			return err;
	}
	return pvfront_publish(f, pvblk_publish);
}

/* The segments a request may have on this connection. */
static unsigned int pvblk_segs(const struct pvblk_disk *d)
{
	unsigned int segs = min_t(u64, d->props.max_indirect,
				  pvblk_max_segs());

	segs = max_t(unsigned int, segs, BLKIF_MAX_SEGMENTS_PER_REQUEST);
	/* Requests have room for what the first connection allowed. */
	return d->gd ? min(segs, d->tag_segs) : segs;
}

/*
 * What the backend serves. A disk in use has to be the one that its users know: nothing of
 * theirs is sent before that is seen.
 */
static int pvblk_look(struct pvblk_disk *d, struct pvblk_props *props,
		      struct pvblk_vpd *vpd, char **source)
{
	int err;

	err = pvblk_read_props(d, props);
	if (!err)
		err = pvblk_identity_read(d, vpd);
	if (!err && d->gd)
		err = pvblk_props_fit(d, props);
	if (!err && d->gd)
		err = pvblk_identity_fit(d, vpd);
	if (!err)
		err = pvblk_source_look(d, source);
	if (!err && d->gd)
		err = pvblk_source_fit(d, vpd, *source);
	return err;
}

static int pvblk_connect(struct pvfront *f)
{
	struct pvblk_disk *d = pvblk_disk_of(f);
	struct pvblk_props props;
	struct pvblk_vpd vpd;
	char *source = NULL;
	unsigned int i;
	int err;

	err = pvblk_look(d, &props, &vpd, &source);
	if (err) {
		kfree(source);
		return err;
	}
	pvblk_source_take(d, source);

	mutex_lock(&d->fence_lock);
	d->props = props;
	d->max_segs = pvblk_segs(d);
	/* What an earlier backend said of flushes is not true of this one. */
	WRITE_ONCE(d->no_flush, false);
	pvblk_kept_connected(d);
	mutex_unlock(&d->fence_lock);
	d->persistent &= d->props.persistent;
	for (i = 0; i < d->nr_queues; i++) {
		err = pvblk_queue_up(&d->queues[i]);
		if (err)
			return err;
	}

	if (d->nr_polled)
		rcu_assign_pointer(d->polled,
				   d->queues + d->nr_queues - d->nr_polled);

	if (!d->gd) {
		err = pvblk_disk_make(d);
		if (err)
			return err;
	} else {
		pvblk_disk_relimit(d);
		pvblk_disk_size(d);
		pvblk_fence_ready(d);
	}
	pvblk_identity_take(d, &vpd);
	pvblk_disk_add(d);
	return 0;
}

static void pvblk_keep_pollers_out(struct pvblk_disk *d)
{
	if (!rcu_access_pointer(d->polled))
		return;
	RCU_INIT_POINTER(d->polled, NULL);
	/* Pairs with the read side in pvblk_poll(): none is in a ring any more. */
	synchronize_rcu();
}

void pvblk_stop_queues(struct pvblk_disk *d, bool requeue)
{
	pvblk_keep_pollers_out(d);
	pvblk_fence_end(d, requeue);
}

/*
 * The disk goes. A backend that still answers gets the time to finish what is
 * in flight, bounded by the request timeout once the disk is doomed; when the
 * driver is unbound that includes what is dirty in the page cache.
 */
static void pvblk_retire(struct pvblk_disk *d, enum pvfront_why why)
{
	bool answers = (why == PVFRONT_CLOSING || why == PVFRONT_REMOVED) &&
		       !d->parked && !d->failing && !pvfront_is_broken(&d->front) &&
		       !pvfront_peer_gone(&d->front) &&
		       !READ_ONCE(d->adding);

	WRITE_ONCE(d->doomed, true);
	if (!answers) {
		pvblk_stop_queues(d, false);
		pvblk_fence_give_up(d);
	}
	/* Its I/O has failed, so it ends. */
	pvblk_disk_add_end(d);
	pvblk_vigil_begin(d);
	pvblk_disk_del(d, !answers || why != PVFRONT_REMOVED);
	pvblk_vigil_end(d);
}

/*
 * Whether a backend may have lost its cache: it was not seen to close in order. One that is
 * unbound and bound looks as one that was killed and started anew.
 */
static bool pvblk_may_have_lost(struct pvblk_disk *d, enum pvfront_why why)
{
	enum xenbus_state peer = READ_ONCE(d->front.peer);

	switch (why) {
	case PVFRONT_LOST:
		return peer != XenbusStateClosed;
	case PVFRONT_RESTARTED:
		return peer == XenbusStateInitWait;
	case PVFRONT_SILENT:
	case PVFRONT_MOVED:
		return true;
	default:
		return false;
	}
}

static void pvblk_close(struct pvfront *f, enum pvfront_why why)
{
	struct pvblk_disk *d = pvblk_disk_of(f);
	bool lost;

	/* Then nothing has been set up since: see pvblk_offer(). */
	if (pvblk_disk_is_going(d))
		return;
	if (why == PVFRONT_SUSPENDED)
		pvblk_source_forget(d);
	lost = !d->parked && !d->failing && pvblk_may_have_lost(d, why);
	if (d->gd && pvfront_keeps_users(why)) {
		/* Users keep the disk and wait; what was in flight is issued again. */
		pvblk_stop_queues(d, true);
		pvblk_kept_disconnected(d, lost);
		pvblk_disk_add_pause(d);
		pvfront_let_go(f, why);
		pvblk_fence_settle(d);
		return;
	}
	if (d->gd)
		pvblk_retire(d, why);
	pvblk_stop_queues(d, false);
	pvfront_let_go(f, why);
	pvblk_fence_settle(d);
}

static void pvblk_fail_fast(struct pvfront *f)
{
	pvblk_fence_fail_fast(pvblk_disk_of(f));
}

static void pvblk_show(struct pvfront *f, struct seq_file *m)
{
	struct pvblk_disk *d = pvblk_disk_of(f);
	unsigned int i;

	if (!pvfront_is_live(f))
		return;
	seq_printf(m, "unflushed_kept_kb %u\n",
		   atomic_read(&d->kept.nr_pages) * (unsigned int)(PAGE_SIZE / 1024));
	seq_printf(m, "queues %u\npolled %u\nring_order %u\nmax_segments %u\npersistent %u\ntrusted %u\n",
		   d->nr_queues, d->nr_polled, d->order, d->max_segs, d->persistent,
		   d->trusted);
	mutex_lock(&d->fence_lock);
	for (i = 0; i < d->nr_queues; i++) {
		const struct pvblk_queue *q = &d->queues[i];
		const struct pvblk_stats *s = &q->stats;

		seq_printf(m, "queue %u grants %u grants_own %u grants_max %u requests %llu responses %llu notifies %llu interrupts %llu indirect %llu no_slot %llu no_grant %llu late_events %llu lost_events %llu\n",
			   i, pvblk_pool_claimed(&q->pool), q->pool.own, q->pool.nr, s->requests,
			   s->responses, s->notifies, s->interrupts,
			   s->indirect, s->no_slot, s->no_grant,
			   s->late_events, s->lost_events);
	}
	mutex_unlock(&d->fence_lock);
}

const struct pvfront_ops pvblk_front_ops = {
	.offered_state = XenbusStateInitialised,
	.offer = pvblk_offer,
	.connect = pvblk_connect,
	.refresh = pvblk_refresh,
	.close = pvblk_close,
	.outlives = pvblk_outlives,
	.in_use = pvblk_in_use,
	.fail_fast = pvblk_fail_fast,
	.use_changed = pvblk_use_changed,
	.expired = pvblk_expired,
	.show = pvblk_show,
};
