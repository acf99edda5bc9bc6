/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a balloon follows its target: what the next step is, and how soon after one that failed.
 *
 * PURE: numbers to numbers.
 */
#ifndef _XENSTORE_LITE_BALLOON_PLAN_H
#define _XENSTORE_LITE_BALLOON_PLAN_H

#include <linux/types.h>

/**
 * struct bal_goal - where a balloon is and where it is to be, in pages
 * @has: what the guest has
 * @target: what it is to have
 * @empty: what it could have memory for
 * @hold: it is not to give any away now
 */
struct bal_goal {
	unsigned long has, target, empty;
	bool hold;
};

/**
 * struct bal_pace - how soon it is tried again
 * @delay: seconds
 * @max_delay: most of them
 * @tries: which try it is, from 1
 * @max_tries: how many there are, 0: any number
 */
struct bal_pace {
	unsigned long delay, max_delay, tries, max_tries;
};

long bal_plan_step(const struct bal_goal *goal, unsigned long most);
void bal_pace_start(struct bal_pace *pace);
bool bal_pace_failed(struct bal_pace *pace);

#endif
