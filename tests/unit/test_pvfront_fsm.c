// SPDX-License-Identifier: GPL-2.0
/* What follows from the backend's state in each phase of a connection. */
#include <linux/kernel.h>
#include <linux/string.h>
#include <pv/fsm.h>

#include "test.h"

#define NR_PHASES (PVFRONT_DISABLED + 1)

static void handshake_in_two_steps(void)
{
	EXPECT_EQ(pvfront_next(PVFRONT_IDLE, XenbusStateInitialising), PVFRONT_DO_NOTHING);
	EXPECT_EQ(pvfront_next(PVFRONT_IDLE, XenbusStateInitWait), PVFRONT_DO_OFFER);
	EXPECT_EQ(pvfront_next(PVFRONT_OFFERED, XenbusStateInitWait), PVFRONT_DO_NOTHING);
	EXPECT_EQ(pvfront_next(PVFRONT_OFFERED, XenbusStateConnected), PVFRONT_DO_CONNECT);
	EXPECT_EQ(pvfront_next(PVFRONT_LIVE, XenbusStateConnected), PVFRONT_DO_REFRESH);
	EXPECT_EQ(pvfront_next(PVFRONT_LIVE, XenbusStateClosing), PVFRONT_DO_CLOSE);
	EXPECT_EQ(pvfront_next(PVFRONT_CLOSED, XenbusStateClosed), PVFRONT_DO_NOTHING);
}

static void rebinding_leads_a_used_backend_back(void)
{
	EXPECT_EQ(pvfront_next(PVFRONT_IDLE, XenbusStateConnected), PVFRONT_DO_RESET);
	EXPECT_EQ(pvfront_next(PVFRONT_IDLE, XenbusStateClosing), PVFRONT_DO_YIELD);
	EXPECT_EQ(pvfront_next(PVFRONT_IDLE, XenbusStateClosed), PVFRONT_DO_NUDGE);
	EXPECT_EQ(pvfront_next(PVFRONT_IDLE, XenbusStateUnknown), PVFRONT_DO_NOTHING);
}

static void a_backend_that_is_gone_is_dropped(void)
{
	for (int phase = PVFRONT_OFFERED; phase <= PVFRONT_LIVE; phase++) {
		EXPECT_EQ(pvfront_next(phase, XenbusStateUnknown), PVFRONT_DO_DROP);
		EXPECT_EQ(pvfront_next(phase, XenbusStateClosed), PVFRONT_DO_DROP);
	}
}

static void a_backend_that_starts_anew_is_followed(void)
{
	EXPECT_EQ(pvfront_next(PVFRONT_LIVE, XenbusStateInitWait), PVFRONT_DO_RESTART);
	EXPECT_EQ(pvfront_next(PVFRONT_CLOSED, XenbusStateInitWait), PVFRONT_DO_RESTART);
}

/* One that is due is begun whatever the backend does meanwhile, unless it is gone. */
static void a_pause_ends_with_every_living_backend(void)
{
	for (int peer = XenbusStateInitialising; peer <= XenbusStateClosed; peer++)
		EXPECT_EQ(pvfront_next(PVFRONT_PAUSED, peer), peer == XenbusStateClosing ?
			  PVFRONT_DO_YIELD : PVFRONT_DO_AGAIN);
	EXPECT_EQ(pvfront_next(PVFRONT_PAUSED, XenbusStateUnknown), PVFRONT_DO_NOTHING);
}

static void nothing_brings_a_disabled_device_back(void)
{
	for (int peer = -3; peer < 40; peer++)
		EXPECT_EQ(pvfront_next(PVFRONT_DISABLED, peer), PVFRONT_DO_NOTHING);
}

/* Rings that do not exist can't be connected, and exist only once. */
static void no_state_connects_or_offers_out_of_turn(void)
{
	for (int peer = -3; peer < 40; peer++) {
		for (int phase = 0; phase < NR_PHASES; phase++) {
			enum pvfront_action a = pvfront_next(phase, peer);

			if (a == PVFRONT_DO_CONNECT)
				EXPECT_EQ(phase, PVFRONT_OFFERED);
			if (a == PVFRONT_DO_OFFER || a == PVFRONT_DO_NUDGE ||
			    a == PVFRONT_DO_RESET)
				EXPECT_EQ(phase, PVFRONT_IDLE);
			if (a == PVFRONT_DO_YIELD)
				EXPECT(phase == PVFRONT_IDLE || phase == PVFRONT_PAUSED);
			if (a == PVFRONT_DO_AGAIN)
				EXPECT_EQ(phase, PVFRONT_PAUSED);
			if (a == PVFRONT_DO_REFRESH)
				EXPECT_EQ(phase, PVFRONT_LIVE);
			if (peer < 0 || peer > XenbusStateClosed)
				EXPECT_EQ(a, PVFRONT_DO_NOTHING);
		}
	}
	EXPECT_EQ(pvfront_next(NR_PHASES, XenbusStateInitWait), PVFRONT_DO_NOTHING);
	EXPECT_EQ(pvfront_next(-1, XenbusStateInitWait), PVFRONT_DO_NOTHING);
}

static void every_phase_has_a_name(void)
{
	for (int phase = 0; phase < NR_PHASES; phase++)
		EXPECT(strcmp(pvfront_phase_name(phase), "?"));
	EXPECT(!strcmp(pvfront_phase_name(NR_PHASES), "?"));
	for (int action = 0; action <= PVFRONT_DO_AGAIN; action++)
		EXPECT(strcmp(pvfront_action_name(action), "?"));
	EXPECT(!strcmp(pvfront_action_name(PVFRONT_DO_AGAIN + 1), "?"));
}

const struct test_case test_cases[] = {
	TEST(handshake_in_two_steps),
	TEST(rebinding_leads_a_used_backend_back),
	TEST(a_backend_that_is_gone_is_dropped),
	TEST(a_backend_that_starts_anew_is_followed),
	TEST(a_pause_ends_with_every_living_backend),
	TEST(nothing_brings_a_disabled_device_back),
	TEST(no_state_connects_or_offers_out_of_turn),
	TEST(every_phase_has_a_name),
	{ }
};
