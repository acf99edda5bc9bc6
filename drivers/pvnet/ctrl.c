// SPDX-License-Identifier: GPL-2.0
/* The control ring's life, and the wait for an answer. */
#include <linux/gfp.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include "pvnet.h"

/* The ring is looked at so often even if no event comes. */
#define PVNET_CTRL_LOOK	(HZ / 10)

void pvnet_ctrl_init(struct pvnet_ctrl *ctrl)
{
	mutex_init(&ctrl->lock);
	init_waitqueue_head(&ctrl->wait);
	ctrl->ref = INVALID_GRANT_REF;
}

/* One event for each request is work; others are slowed down by the kernel. */
static irqreturn_t pvnet_ctrl_interrupt(int irq, void *cookie)
{
	struct pvnet_ctrl *ctrl = cookie;
	bool useful = xchg(&ctrl->expected, false);

	WRITE_ONCE(ctrl->noted, true);
	wake_up(&ctrl->wait);
	pvfront_event_eoi(&ctrl->event, useful);
	return IRQ_HANDLED;
}

static int pvnet_ctrl_open_arg(struct pvfront *front, struct pvnet_ctrl *ctrl)
{
	struct pvfront_claim claim;
	int err;

	err = pvfront_claim_refs(&claim, 1);
	if (err)
		return err;
	ctrl->ref = pvfront_claim_next(&claim);
	ctrl->arg = pvfront_page_alloc(front, GFP_NOIO);
	if (!ctrl->arg) {
		pvfront_free_ref(&ctrl->ref);
		return -ENOMEM;
	}
	pvfront_give(front->xdev, ctrl->ref, ctrl->arg, true);
	return 0;
}

int pvnet_ctrl_open(struct pvnet *net)
{
	struct pvnet_ctrl *ctrl = &net->ctrl;
	struct pvfront *front = &net->front;
	int err;

	if (!net->backend.ctrl || front->few_keys)
		return 0;
	err = pvfront_pages_open(front, &ctrl->pages, 1);
	if (err)
		return err;
	pvnet_ctrlring_init(&ctrl->ring, ctrl->pages.va);
	err = pvnet_ctrl_open_arg(front, ctrl);
	if (err) {
		pvfront_fail(front, err, "allocating a page for the control ring");
		return err;
	}
	return pvfront_event_open(front, &ctrl->event, pvnet_ctrl_interrupt, ctrl,
				  "%s-ctrl", net->dev->name);
}

void pvnet_ctrl_publish(struct pvnet_ctrl *ctrl, struct pvfront_pub *pub)
{
	if (!ctrl->pages.va)
		return;
	pvfront_pages_publish(pub, PVFRONT_DEVICE, "ctrl-ring-ref", &ctrl->pages, false);
	pvfront_put(pub, PVFRONT_DEVICE, "event-channel-ctrl", "%u", ctrl->event.port);
}

void pvnet_ctrl_start(struct pvnet_ctrl *ctrl)
{
	if (ctrl->pages.va)
		WRITE_ONCE(ctrl->usable, true);
}

void pvnet_ctrl_stop(struct pvnet_ctrl *ctrl)
{
	WRITE_ONCE(ctrl->usable, false);
	wake_up(&ctrl->wait);
}

void pvnet_ctrl_close(struct pvnet *net)
{
	struct pvnet_ctrl *ctrl = &net->ctrl;

	/* Who is in a session now sends nothing more. */
	mutex_lock(&ctrl->lock);
	pvfront_event_close(&ctrl->event);
	pvfront_page_free(&net->front, &net->front.to, &ctrl->ref, ctrl->arg);
	ctrl->arg = NULL;
	pvfront_pages_close(&ctrl->pages);
	mutex_unlock(&ctrl->lock);
}

void pvnet_ctrl_begin(struct pvnet_ctrl *ctrl)
{
	mutex_lock(&ctrl->lock);
	ctrl->deadline = jiffies + msecs_to_jiffies(PVNET_CTRL_MS);
}

void pvnet_ctrl_end(struct pvnet_ctrl *ctrl)
{
	mutex_unlock(&ctrl->lock);
}

/* Returns what pvnet_ctrlring_take() does, or 0 if there is nothing left to wait for. */
static int pvnet_ctrl_wait(struct pvnet_ctrl *ctrl, struct pvnet_ctrl_answer *answer)
{
	bool late;
	int ret;

	do {
		/* Before the look: what comes until then counts. */
		late = time_after_eq(jiffies, ctrl->deadline);
		/*
		 * An event that comes behind this ends the wait below. One look for each
		 * keeps a backend that takes its index back from having us spin. xchg() is
		 * a full barrier: the look is not done before. It pairs with the barrier
		 * that the backend has between its index and its event.
		 */
		xchg(&ctrl->noted, false);
		ret = pvnet_ctrlring_take(&ctrl->ring, answer);
		if (ret || late)
			return ret;
		wait_event_timeout(ctrl->wait, READ_ONCE(ctrl->noted) ||
				   !READ_ONCE(ctrl->usable), PVNET_CTRL_LOOK);
	} while (READ_ONCE(ctrl->usable));
	return 0;
}

static int pvnet_ctrl_send(struct pvnet *net, u16 type, const u32 words[3], u32 *data)
{
	struct pvnet_ctrl *ctrl = &net->ctrl;
	struct pvnet_ctrl_answer answer;
	int ret;

	if (!pvnet_ctrl_is_usable(ctrl))
		return -ENOTCONN;

	ctrl->asked++;
	WRITE_ONCE(ctrl->expected, true);
	if (pvnet_ctrlring_ask(&ctrl->ring, type, words))
		pvfront_event_notify(&ctrl->event);
	ret = pvnet_ctrl_wait(ctrl, &answer);
	if (ret > 0) {
		if (!answer.err && data)
			*data = answer.data;
		return answer.err;
	}
	if (!pvnet_ctrl_is_usable(ctrl))
		return -ENOTCONN;

	/* The request stays where it is, and may be answered at any time. */
	WRITE_ONCE(ctrl->usable, false);
	if (ret) {
		pvfront_break(&net->front, pvnet_ctrlring_reason(ret));
		return -EPROTO;
	}
	ctrl->timeouts++;
	netdev_warn(net->dev, "the backend has not answered on its control ring for %u ms (%s): it is not used any more on this connection\n",
		    PVNET_CTRL_MS, pvnet_ctrlring_name(type));
	return -ETIMEDOUT;
}

int pvnet_ctrl_ask(struct pvnet *net, u16 type, u32 word, u32 *data)
{
	const u32 words[3] = { word };

	return pvnet_ctrl_send(net, type, words, data);
}

int pvnet_ctrl_ask_with(struct pvnet *net, u16 type, const void *arg, size_t size, u32 nr)
{
	const u32 words[3] = { net->ctrl.ref, nr };

	if (!pvnet_ctrl_is_usable(&net->ctrl))
		return -ENOTCONN;
	/* No earlier request refers to it any more: it was answered. */
	memcpy(page_address(net->ctrl.arg), arg, size);
	return pvnet_ctrl_send(net, type, words, NULL);
}
