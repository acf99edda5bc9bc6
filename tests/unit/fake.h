/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a test says to the fake kernel services, and asks of them:
 *
 *	for (n = 0; ; n++) {
 *		fake_reset(n);
 *		err = thing_open(&t);
 *		if (!fake_failed())
 *			break;
 *		EXPECT(err && !fake_held());
 *	}
 */
#ifndef _TESTS_UNIT_FAKE_H
#define _TESTS_UNIT_FAKE_H

#include <stdbool.h>

/* As many as there are. */
#define FAKE_GRANTS	640U

/* Fails nothing. */
#define FAKE_NEVER	(~0U)

/**
 * fake_reset() - forget what was counted; nothing may be held any more
 * @fail_at: fail this call, the first being 0, of those that may fail
 */
void fake_reset(unsigned int fail_at);

/**
 * fake_fail_next() - fail one of the calls from here on
 * @at: which, the first being 0, of those that may fail
 */
void fake_fail_next(unsigned int at);

/**
 * fake_fail_row() - the same for some calls in a row
 * @at: the first of them
 * @nr: how many
 */
void fake_fail_row(unsigned int at, unsigned int nr);

/**
 * fake_failed() - whether the call to fail was made
 *
 * Return: false when what was tried needs fewer calls.
 */
bool fake_failed(void);

/**
 * fake_held() - count what was allocated and not given back
 *
 * Return: pages, pieces of memory, grants, event channels, interrupts and open
 * transactions together.
 */
unsigned int fake_held(void);

/**
 * fake_grants() - count the grants claimed or reserved
 *
 * Return: their number.
 */
unsigned int fake_grants(void);

/**
 * fake_reports() - count the errors reported to the store
 *
 * Return: calls of pvfront_fail() and xenbus_dev_fatal().
 */
unsigned int fake_reports(void);

/**
 * fake_foreign() - say which pages are the test's own
 * @start: the first
 * @bytes: of them all; whoever frees one has only put its reference
 */
void fake_foreign(const void *start, unsigned long bytes);

/**
 * fake_rests() - count the pages of others that would rest, were the back end's domain no dom0
 *
 * Return: how often such a page, which the back end could write to, was given up.
 */
unsigned int fake_rests(void);

/**
 * fake_rested_for() - whose page that was last
 *
 * Return: the domain.
 */
unsigned int fake_rested_for(void);

/**
 * fake_map() - have the backend map a grant, until it is told to let go
 * @ref: of a granted page
 */
void fake_map(unsigned int ref);

/**
 * fake_let_go() - have the backend unmap everything
 */
void fake_let_go(void);

/**
 * fake_conflict() - have the store refuse commits
 * @times: so many of the next ones, as if another writer had come first
 */
void fake_conflict(unsigned int times);

/**
 * fake_table() - say how large the grant table may grow
 * @refs: in references; it has FAKE_GRANTS all the same
 */
void fake_table(unsigned int refs);

/**
 * fake_table_refs() - the size of the grant table
 *
 * Return: as fake_table() said.
 */
unsigned int fake_table_refs(void);

/**
 * fake_work() - have the time come of what was to be done later
 *
 * Return: false if there was nothing.
 */
bool fake_work(void);

/**
 * fake_delay() - when that is to be
 *
 * Return: jiffies from when it was said, or -1 if there is nothing.
 */
long fake_delay(void);

/**
 * fake_forget_work() - nothing is to be done later any more
 */
void fake_forget_work(void);

/**
 * fake_state() - the state that a frontend has written last
 *
 * Return: the state.
 */
int fake_state(void);

/**
 * fake_store() - have the store hold a value
 * @value: what every key reads as, or NULL if there are none
 */
void fake_store(const char *value);

#endif
