// SPDX-License-Identifier: GPL-2.0
/* Pending event channels of the 2-level ABI are found, each in its turn. PURE. */
#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/compiler.h>

#include "scan.h"

/* Return: whether the bit was set, and this has cleared it. A full barrier then. */
static bool evt_scan_claim(unsigned long *word, unsigned long bit)
{
	unsigned long old;

	do {
		old = READ_ONCE(*word);
		if (!(old & bit))
			return false;
	} while (sync_cmpxchg(word, old, old & ~bit) != old);
	return true;
}

/* One look at a word: what becomes pending meanwhile sets the bit in the selector again. */
static void evt_scan_word(const struct evt_scan *scan, unsigned int word,
			  void (*found)(u32 port))
{
	unsigned long bits = READ_ONCE(scan->pending[word]) & ~READ_ONCE(scan->masked[word]) &
			     READ_ONCE(scan->mine[word]);

	for (; bits; bits &= bits - 1) {
		if (evt_scan_claim(&scan->pending[word], bits & -bits))
			found(word * BITS_PER_LONG + __builtin_ctzl(bits));
	}
}

/**
 * evt_scan() - call for each channel that is pending, not masked, and of this CPU
 * @scan: the bitmaps
 * @sel: which of their words to look at
 * @found: called with each channel
 *
 * None of them is pending any more when @found is called.
 *
 * The word that comes first moves on by one, so that no channel always waits for the same others.
 */
void evt_scan(struct evt_scan *scan, unsigned long sel, void (*found)(u32 port))
{
	unsigned int i, turn = scan->turn;

	for (i = 0; i < BITS_PER_LONG; i++) {
		unsigned int word = (turn + i) % BITS_PER_LONG;

		if (sel & (1UL << word))
			evt_scan_word(scan, word, found);
	}
	scan->turn = (turn + 1) % BITS_PER_LONG;
}
