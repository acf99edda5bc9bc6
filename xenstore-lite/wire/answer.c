// SPDX-License-Identifier: GPL-2.0
/* What outcomes mean. See answer.h. */
#include <linux/errno.h>
#include <linux/minmax.h>

#include "answer.h"

#define LONGEST	1000U

enum xsl_answer xsl_answer(int err)
{
	switch (err) {
	case 0:
		return XSL_THERE;
	case -ENOENT:
		return XSL_GONE;
	case -EACCES:
		return XSL_HIDDEN;
	case -EINVAL:
	case -ERANGE:
		return XSL_WRONG;
	default:
		return XSL_AGAIN;
	}
}

unsigned int xsl_pause(unsigned int tries, unsigned int most, unsigned int first)
{
	if (tries >= most)
		return 0;
	/* More than that would not fit, and is longer than the longest anyway. */
	return min(first << min(tries - 1, 10U), LONGEST);
}
