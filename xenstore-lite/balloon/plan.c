// SPDX-License-Identifier: GPL-2.0
/* How a balloon follows its target. PURE. */
#include <linux/minmax.h>

#include "plan.h"

/**
 * bal_plan_step() - the next step
 * @goal: where it is and where it is to be
 * @most: how many pages at once
 *
 * Return: how many pages to get from Xen, negative: to give to it, 0: nothing can be done.
 */
long bal_plan_step(const struct bal_goal *goal, unsigned long most)
{
	if (goal->target > goal->has)
		return min3(goal->target - goal->has, goal->empty, most);
	if (goal->hold)
		return 0;
	return -(long)min(goal->has - goal->target, most);
}

/**
 * bal_pace_start() - something has worked, or is new
 * @pace: what is next
 */
void bal_pace_start(struct bal_pace *pace)
{
	pace->delay = 1;
	pace->tries = 1;
}

/**
 * bal_pace_failed() - a step has failed
 * @pace: what is next
 *
 * Return: true when it is to be tried again after @pace->delay, false when never.
 */
bool bal_pace_failed(struct bal_pace *pace)
{
	if (pace->max_tries && pace->tries >= pace->max_tries)
		return false;
	/* The first time it is tried again after a second. */
	if (pace->tries++ > 1)
		pace->delay = min(2 * pace->delay, pace->max_delay);
	return true;
}
