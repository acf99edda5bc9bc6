/* SPDX-License-Identifier: GPL-2.0 */
/* The one function that libFuzzer, and the replay of corpora, call. */
#ifndef _TESTS_FUZZ_FUZZ_H
#define _TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/**
 * LLVMFuzzerTestOneInput() - the one function of a fuzz target
 * @data: the input, in a buffer of exactly its size
 * @size: its length in bytes
 *
 * A broken promise of the code under test ends in abort() or a sanitizer's report.
 *
 * Return: 0.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
