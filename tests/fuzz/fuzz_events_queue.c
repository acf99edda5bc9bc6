// SPDX-License-Identifier: GPL-2.0
/*
 * Queues of the FIFO ABI against a host that fills them, and now and then writes anything
 * anywhere in the memory that it shares with the guest.
 *
 * The input: operations of four bytes, a code, a priority and a 16-bit number. While the host has
 * written no nonsense, no event is lost; after that the guest comes to an end and reads no memory
 * that it does not have.
 */
#include <stdlib.h>

#include <linux/kernel.h>

#include "tests/unit/evt_xen.h"
#include "fuzz.h"

#define MUST(cond) do { if (!(cond)) abort(); } while (0)

enum op { OP_EVENT, OP_MASK, OP_UNMASK, OP_TAKE, OP_WORD, OP_HEAD, OP_READY, OP_COUNT };

static struct evt_xen xen;
static bool due[EVT_XEN_PORTS];
static bool lied;

/* The queue that a port is on is the same for as long as it has it. */
static unsigned int priority_of(u32 port) { return port % EVTCHN_FIFO_MAX_QUEUES; }

static bool take(void)
{
	u32 port = evt_xen_take(&xen);

	if (!port)
		return false;
	MUST(port < EVT_XEN_PORTS);
	if (!evt_word_claim(evt_xen_word(&xen, port)))
		return true;
	MUST(lied || due[port]);
	due[port] = false;
	return true;
}

static void run(unsigned char code, unsigned char bits, u32 number)
{
	u32 port = 1 + number % (EVT_XEN_PORTS - 1);

	switch (code % OP_COUNT) {
	case OP_EVENT:
		evt_xen_set_pending(&xen, port, priority_of(port));
		due[port] = true;
		break;
	case OP_MASK:
		evt_word_set(evt_xen_word(&xen, port), EVT_WORD_MASKED);
		break;
	case OP_UNMASK:
		if (!evt_word_unmask(evt_xen_word(&xen, port)))
			evt_xen_unmask(&xen, port, priority_of(port));
		break;
	case OP_TAKE:
		take();
		break;
	case OP_WORD:
		lied = true;
		*evt_xen_word(&xen, port) = (u32)bits << 24 | number * 3;
		break;
	case OP_HEAD:
		lied = true;
		xen.control.head[bits % EVTCHN_FIFO_MAX_QUEUES] = number << (bits & 16);
		break;
	case OP_READY:
		lied = true;
		xen.control.ready = number << (bits & 16);
		break;
	}
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	u32 port, taken = 0;

	evt_xen_start(&xen);
	memset(due, 0, sizeof(due));
	lied = false;
	for (; size >= 4; data += 4, size -= 4)
		run(data[0], data[1], data[2] | data[3] << 8);

	/* Each word has one link, and each queue one head. */
	while (take())
		MUST(++taken <= EVT_XEN_PORTS + 2 * EVTCHN_FIFO_MAX_QUEUES);
	for (port = 1; port < EVT_XEN_PORTS && !lied; port++)
		MUST(!due[port] || *evt_xen_word(&xen, port) & EVT_WORD_MASKED);
	return 0;
}
