// SPDX-License-Identifier: GPL-2.0
/*
 * Lines: the hvc layer's side of pvcon.
 *
 * Life of a line. The hvc layer knows it by an id (its vtermno) and may call
 * our operations as long as the struct hvc_struct exists, which is until the
 * last file descriptor is closed, however long the device has been gone. So a
 * line keeps its place in pvcon_ttys, a reference to its hvc_struct and one to
 * this module until that reference is the last one; the operations can rely on
 * finding it.
 *
 * Locks: hvc_struct.lock, then pvcon_tty.lock, then pvfront.lock. The functions
 * of the hvc layer are never called with pvcon_tty.lock held.
 */
#include <linux/err.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/tty.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include <pv/compat/hvc.h>

#include "pvcon.h"

/* As much as the ring holds: a full buffer then goes out with one event. */
#define PVCON_OUTBUF	sizeof_field(struct xencons_interface, out)

/**
 * struct pvcon_tty - a line
 * @hvc: its hvc_struct, one reference to which is ours
 * @id: what the hvc layer calls it by
 * @lock: protects what follows it but @link, and the ring of @con
 * @con: the device whose ring carries the bytes; NULL while there is none
 * @removed: the device is gone: output is dropped and open() fails
 * @moved: the last put_chars took something
 * @vain: neither that one nor the one before did
 * @link: in pvcon_removed
 */
struct pvcon_tty {
	struct hvc_struct *hvc;
	u32 id;
	spinlock_t lock;
	struct pvcon *con;
	bool removed;
	bool moved;
	bool vain;
	struct list_head link;
};

static DEFINE_XARRAY_ALLOC(pvcon_ttys);
static u32 pvcon_next_id;

/* Lines whose device is gone and which somebody still has open. */
static LIST_HEAD(pvcon_removed);
static DEFINE_MUTEX(pvcon_removed_lock);

static void pvcon_reap_later(struct work_struct *work);
/*
 * The hvc layer tells nobody of the last close of a line that was hung up, so that is looked
 * for, ever more rarely: until then the line has a reference to the module.
 */
static DECLARE_DELAYED_WORK(pvcon_reaper, pvcon_reap_later);
static unsigned long pvcon_reap_wait;

#define PVCON_REAP_MIN	HZ
#define PVCON_REAP_MAX	(60 * HZ)

static struct pvcon_tty *pvcon_tty_by_id(u32 id)
{
	return xa_load(&pvcon_ttys, id);
}

/* The ring is not touched again; ->close follows from pvfront's work item. */
static void pvcon_tty_lie(struct pvcon_tty *tty)
{
	lockdep_assert_held(&tty->lock);
	pvfront_break(&tty->con->front, PVFRONT_BROKE_INDEX);
	tty->con = NULL;
}

/*
 * hvc wakes a stopped writer after each refusal, and the writer has khvcd try
 * again: while a ring stays full these two would keep each other running. But
 * hvc asks for input before it wakes writers, with hvc_struct.lock held: there
 * the wake-up is taken back. Not that of a first refusal after output went:
 * there is room in hvc's buffer then that the writer does not know of.
 *
 * What remains is khvcd's own look every 10 ms while bytes wait; and a line
 * whose input is throttled is not asked for any.
 */
static void pvcon_tty_calm(struct pvcon_tty *tty)
{
	struct hvc_struct *hvc = tty->hvc;

	lockdep_assert_held(&tty->lock);
	/* An open() may bring khvcd here before pvcon_tty_add() has stored it. */
	if (hvc && hvc->n_outbuf && tty->vain)
		hvc->do_wakeup = 0;
}

static void pvcon_tty_note_output(struct pvcon_tty *tty, bool moved)
{
	lockdep_assert_held(&tty->lock);
	tty->vain = !moved && !tty->moved;
	tty->moved = moved;
}

static int pvcon_tty_get(struct pvcon_tty *tty, char *buf, unsigned int count)
{
	struct pvcon *con = tty->con;
	bool tell;
	int n;

	lockdep_assert_held(&tty->lock);
	pvcon_tty_calm(tty);
	if (!con)
		return 0;

	n = pvcon_ring_read(&con->ring, buf, count, &tell);
	if (n < 0) {
		pvcon_tty_lie(tty);
		return 0;
	}
	con->received += n;
	if (tell)
		pvfront_event_notify(&con->event);
	return n;
}

/*
 * Without a ring, or with a full one, output stays in the line: 0 makes hvc
 * stop the writer once its own buffer is full. It makes the kernel's messages
 * (console=hvcN) get lost instead of stalling all that print, as -EAGAIN would
 * for as long as nobody reads.
 */
static int pvcon_tty_put(struct pvcon_tty *tty, const char *buf,
			 unsigned int count)
{
	struct pvcon *con = tty->con;
	int n;

	lockdep_assert_held(&tty->lock);
	if (tty->removed)
		return -ENODEV;
	if (!con) {
		pvcon_tty_note_output(tty, false);
		return 0;
	}
	if (!count)
		return 0;

	n = pvcon_ring_write(&con->ring, buf, count);
	if (n < 0) {
		pvcon_tty_lie(tty);
		return 0;
	}
	con->output += n;
	pvcon_tty_note_output(tty, n);
	if (n)
		pvfront_event_notify(&con->event);
	else
		con->refused++;
	return n;
}

static pv_hvc_ssize pvcon_get_chars(u32 id, pv_hvc_byte *buf, pv_hvc_size count)
{
	struct pvcon_tty *tty = pvcon_tty_by_id(id);
	unsigned long flags;
	int n;

	spin_lock_irqsave(&tty->lock, flags);
	n = pvcon_tty_get(tty, (char *)buf, count);
	spin_unlock_irqrestore(&tty->lock, flags);
	return n;
}

static pv_hvc_ssize pvcon_put_chars(u32 id, const pv_hvc_byte *buf,
				    pv_hvc_size count)
{
	struct pvcon_tty *tty = pvcon_tty_by_id(id);
	unsigned long flags;
	int n;

	spin_lock_irqsave(&tty->lock, flags);
	n = pvcon_tty_put(tty, (const char *)buf, count);
	spin_unlock_irqrestore(&tty->lock, flags);
	return n;
}

/*
 * The first open() of a line. After the device went, the kernel's tty code
 * still reaches the line through the tty of those who keep it open.
 */
static int pvcon_notifier_add(struct hvc_struct *hvc, int data)
{
	struct pvcon_tty *tty = pvcon_tty_by_id(data);

	return READ_ONCE(tty->removed) ? -ENODEV : 0;
}

static const struct hv_ops pvcon_hv_ops = {
	.get_chars = pvcon_get_chars,
	.put_chars = pvcon_put_chars,
	.notifier_add = pvcon_notifier_add,
};

/*
 * Give back what nobody uses any more; try again later for the rest. Not the
 * end of the module for the caller: he is bound to a device, or is the work
 * that pvcon_tty_exit() waits for.
 */
static void pvcon_reap(void)
{
	struct pvcon_tty *tty, *next;

	mutex_lock(&pvcon_removed_lock);
	list_for_each_entry_safe(tty, next, &pvcon_removed, link) {
		/*
		 * With the index hidden only the tty of an open line has a
		 * reference to hand on, so the last one stays the last.
		 */
		if (kref_read(&tty->hvc->port.kref) > 1)
			continue;
		list_del(&tty->link);
		/* Frees it, after khvcd has let go of it. */
		tty_port_put(&tty->hvc->port);
		xa_erase(&pvcon_ttys, tty->id);
		kfree(tty);
		module_put(THIS_MODULE);
	}
	if (!list_empty(&pvcon_removed)) {
		schedule_delayed_work(&pvcon_reaper, pvcon_reap_wait);
		pvcon_reap_wait = min_t(unsigned long, 2 * pvcon_reap_wait, PVCON_REAP_MAX);
	}
	mutex_unlock(&pvcon_removed_lock);
}

static void pvcon_reap_later(struct work_struct *work)
{
	pvcon_reap();
}

struct pvcon_tty *pvcon_tty_add(void)
{
	struct pvcon_tty *tty;
	int err;

	tty = kzalloc(sizeof(*tty), GFP_KERNEL);
	if (!tty)
		return ERR_PTR(-ENOMEM);
	spin_lock_init(&tty->lock);
	INIT_LIST_HEAD(&tty->link);

	/* Cyclic, so that no two lines in use have one id; -1 means none to hvc. */
	err = xa_alloc_cyclic(&pvcon_ttys, &tty->id, tty, XA_LIMIT(0, S32_MAX),
			      &pvcon_next_id, GFP_KERNEL);
	if (err < 0)
		goto err_free;

	tty->hvc = hvc_alloc(tty->id, tty->id, &pvcon_hv_ops, PVCON_OUTBUF);
	if (IS_ERR(tty->hvc)) {
		err = PTR_ERR(tty->hvc);
		goto err_erase;
	}
	tty_port_get(&tty->hvc->port);
	/* Our device is bound, so the module is not on its way out. */
	__module_get(THIS_MODULE);

	if (tty->hvc->index >= HVC_LINES) {
		pvcon_tty_remove(tty);
		return ERR_PTR(-ENXIO);
	}
	/* Our events call hvc_poll(): khvcd need not look for input itself. */
	tty->hvc->irq_requested = 1;
	return tty;

err_erase:
	xa_erase(&pvcon_ttys, tty->id);
err_free:
	kfree(tty);
	return ERR_PTR(err);
}

int pvcon_tty_line(const struct pvcon_tty *tty)
{
	return tty->hvc->index;
}

void pvcon_tty_attach(struct pvcon_tty *tty, struct pvcon *con)
{
	spin_lock_irq(&tty->lock);
	tty->con = con;
	spin_unlock_irq(&tty->lock);

	/*
	 * Bytes may have been waiting on both sides: let the backend look at
	 * the ring, and khvcd at the line.
	 */
	pvfront_event_notify(&con->event);
	hvc_kick();
}

void pvcon_tty_detach(struct pvcon_tty *tty)
{
	spin_lock_irq(&tty->lock);
	tty->con = NULL;
	spin_unlock_irq(&tty->lock);
}

bool pvcon_tty_event(struct pvcon_tty *tty)
{
	unsigned long flags;
	int news = 0;

	spin_lock_irqsave(&tty->lock, flags);
	if (tty->con)
		news = pvcon_ring_news(&tty->con->ring);
	if (news < 0)
		pvcon_tty_lie(tty);
	spin_unlock_irqrestore(&tty->lock, flags);

	if (news <= 0)
		return false;
	/* What is too much for an interrupt is khvcd's to do. */
	if (hvc_poll(tty->hvc))
		hvc_kick();
	return true;
}

bool pvcon_tty_sent(struct pvcon_tty *tty)
{
	unsigned long flags;
	bool sent;

	spin_lock_irqsave(&tty->lock, flags);
	sent = !tty->con || (pvcon_ring_unsent(&tty->con->ring) <= 0 &&
			     READ_ONCE(tty->hvc->n_outbuf) == 0);
	spin_unlock_irqrestore(&tty->lock, flags);
	return sent;
}

void pvcon_tty_remove(struct pvcon_tty *tty)
{
	struct hvc_struct *hvc = tty->hvc;

	/*
	 * First of all: from here on put_chars fails, and hvc drops its buffer
	 * itself. Were it still to accept bytes, it would race with the hangup
	 * below, which resets the buffer's length without a lock.
	 */
	spin_lock_irq(&tty->lock);
	tty->con = NULL;
	WRITE_ONCE(tty->removed, true);
	spin_unlock_irq(&tty->lock);

	/* Readers get end of file, writers -EIO, sessions a SIGHUP. */
	hvc_remove(hvc);

	/*
	 * hvc would go on handing out references to whoever opens the line.
	 * Not before hvc_remove(), which needs the index.
	 */
	spin_lock_irq(&hvc->lock);
	hvc->index = -1;
	spin_unlock_irq(&hvc->lock);

	mutex_lock(&pvcon_removed_lock);
	list_add_tail(&tty->link, &pvcon_removed);
	cancel_delayed_work(&pvcon_reaper);
	pvcon_reap_wait = PVCON_REAP_MIN;
	mutex_unlock(&pvcon_removed_lock);
	pvcon_reap();
}

void pvcon_tty_exit(void)
{
	cancel_delayed_work_sync(&pvcon_reaper);
	WARN_ON(!xa_empty(&pvcon_ttys));
}
