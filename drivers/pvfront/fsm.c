// SPDX-License-Identifier: GPL-2.0
/*
 * The whole connection protocol is this table: rows are the backend's state
 * as read from the store, columns are our phase. The backend's state is only
 * ever observed, so any sequence, repetition or omission must be safe here.
 */
#include <linux/kernel.h>
#include <linux/types.h>

#include <pv/fsm.h>

#define ROW(idle, offered, live, closed, paused) {	\
	[PVFRONT_IDLE]     = PVFRONT_DO_##idle,		\
	[PVFRONT_OFFERED]  = PVFRONT_DO_##offered,	\
	[PVFRONT_LIVE]     = PVFRONT_DO_##live,		\
	[PVFRONT_CLOSED]   = PVFRONT_DO_##closed,	\
	[PVFRONT_PAUSED]   = PVFRONT_DO_##paused,	\
	[PVFRONT_DISABLED] = PVFRONT_DO_NOTHING,	\
}

static const u8 pvfront_table[][PVFRONT_DISABLED + 1] = {
	/* backend			   IDLE     OFFERED  LIVE     CLOSED   PAUSED */
	[XenbusStateUnknown]	  = ROW(NOTHING, DROP,    DROP,    NOTHING, NOTHING),
	[XenbusStateInitialising] = ROW(NOTHING, NOTHING, NOTHING, NOTHING, AGAIN),
	[XenbusStateInitWait]	  = ROW(OFFER,   NOTHING, RESTART, RESTART, AGAIN),
	[XenbusStateInitialised]  = ROW(NOTHING, NOTHING, NOTHING, NOTHING, AGAIN),
	[XenbusStateConnected]	  = ROW(RESET,   CONNECT, REFRESH, NOTHING, AGAIN),
	[XenbusStateClosing]	  = ROW(YIELD,   CLOSE,   CLOSE,   NOTHING, YIELD),
	[XenbusStateClosed]	  = ROW(NUDGE,   DROP,    DROP,    NOTHING, AGAIN),
};

enum pvfront_action pvfront_next(enum pvfront_phase phase,
				 enum xenbus_state peer)
{
	unsigned int row = peer;
	unsigned int column = phase;

	if (row >= ARRAY_SIZE(pvfront_table) || column > PVFRONT_DISABLED)
		return PVFRONT_DO_NOTHING;
	return pvfront_table[row][column];
}

const char *pvfront_phase_name(enum pvfront_phase phase)
{
	switch (phase) {
	case PVFRONT_IDLE:
		return "idle";
	case PVFRONT_OFFERED:
		return "offered";
	case PVFRONT_LIVE:
		return "live";
	case PVFRONT_CLOSED:
		return "closed";
	case PVFRONT_PAUSED:
		return "paused";
	case PVFRONT_DISABLED:
		return "disabled";
	}
	return "?";
}

const char *pvfront_action_name(enum pvfront_action action)
{
	static const char * const names[] = {
		[PVFRONT_DO_NOTHING] = "nothing",
		[PVFRONT_DO_NUDGE] = "nudge",
		[PVFRONT_DO_OFFER] = "offer",
		[PVFRONT_DO_CONNECT] = "connect",
		[PVFRONT_DO_REFRESH] = "refresh",
		[PVFRONT_DO_RESET] = "reset",
		[PVFRONT_DO_YIELD] = "yield",
		[PVFRONT_DO_CLOSE] = "close",
		[PVFRONT_DO_DROP] = "drop",
		[PVFRONT_DO_RESTART] = "restart",
		[PVFRONT_DO_AGAIN] = "again",
	};
	unsigned int i = action;

	return i < ARRAY_SIZE(names) ? names[i] : "?";
}
