/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the outcome of a request says of a node, and how soon one is made again. PURE: numbers to
 * numbers.
 */
#ifndef _XSL_ANSWER_H
#define _XSL_ANSWER_H

/* How often a transaction is tried that another one's end made void, and ms before the second. */
#define XSL_TRIES	20
#define XSL_TRIES_FIRST	1

/* The same for finding out about a node that could not be read. */
#define XSL_LOOKS	5
#define XSL_LOOKS_FIRST	250

/**
 * enum xsl_answer - what is known of a node
 * @XSL_THERE: it is there
 * @XSL_GONE: it is not
 * @XSL_HIDDEN: this guest may not know: another domain's node that is gone is answered so, if the
 *	one above is not for us to read either
 * @XSL_WRONG: its path or its value makes no sense, and will not the next time
 * @XSL_AGAIN: nothing is known yet
 */
enum xsl_answer {
	XSL_THERE,
	XSL_GONE,
	XSL_HIDDEN,
	XSL_WRONG,
	XSL_AGAIN,
};

/**
 * xsl_answer() - say what an outcome means
 * @err: 0 or a negative errno
 *
 * Return: the answer.
 */
enum xsl_answer xsl_answer(int err);

/**
 * xsl_pause() - how long to wait before something is tried again
 * @tries: how often it was tried, 1 after the first time
 * @most: how often it may be
 * @first: ms after the first time
 *
 * Return: ms, twice as many each time up to a second, or 0 if it is not tried again.
 */
unsigned int xsl_pause(unsigned int tries, unsigned int most, unsigned int first);

#endif
