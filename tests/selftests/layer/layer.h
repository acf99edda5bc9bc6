/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of the kernel's layer share: faults as results, and two tasks on one CPU. */
#ifndef _SELFTESTS_LAYER_H
#define _SELFTESTS_LAYER_H

#include <stdbool.h>
#include <signal.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>
#include <ucontext.h>

#define USER_CS		0x33
#define USER_SS		0x2b
#define USER32_CS	0x23

#define FLAG_TF		0x100UL
#define FLAG_DF		0x400UL
#define FLAG_AC		0x40000UL

/**
 * struct fault - how a piece of code ended
 * @sig: the signal that it raised, 0 if it returned
 * @code: si_code
 * @addr: si_addr
 * @ip: the instruction
 * @cs: its code segment
 * @trap: vector number of the exception, as the kernel says it
 * @error: its error code
 */
struct fault {
	int sig, code;
	unsigned long addr, ip;
	unsigned int cs;
	unsigned long trap, error;
};

/**
 * fault_of() - run code that may raise a signal
 * @code: is called; may leave any segment register, stack pointer and flag behind when
 *	  it faults, except that %fs is as it was
 * @arg: for it
 *
 * Context: not nested, not in two threads at once.
 * Return: how it ended.
 */
struct fault fault_of(void (*code)(void *), void *arg);

/**
 * signal_handle() - have a signal handled on a stack of its own
 * @sig: the signal
 * @handler: the handler
 */
void signal_handle(int sig, void (*handler)(int, siginfo_t *, void *));

/**
 * take_turns() - two processes on one CPU, which give way to each other in every round
 * @rounds: how many each does
 * @round: one of them; @who is 0 or 1, @n counts from 0; it calls give_way() between
 *	   setting and checking. Returns NULL, or what was wrong, in static memory
 *
 * Return: NULL, or what was wrong: what a round says, or that they did not alternate.
 */
const char *take_turns(unsigned int rounds,
		       const char *(*round)(unsigned int who, unsigned int n));

/**
 * give_way() - let the other task of this CPU run: sleep for as long as give_way_time
 */
void give_way(void);

/* For those who make the system call themselves. */
extern const struct timespec give_way_time;

/**
 * in_child() - run a part of a test in a forked process
 * @part: returns NULL, or what was wrong, in static memory
 *
 * Return: NULL, or what was wrong: what @part says, or that the child ended by a signal.
 */
const char *in_child(const char *(*part)(void));

/**
 * pin_to() - stay on one CPU
 * @cpu: its number
 *
 * Return: whether there is such a CPU.
 */
bool pin_to(int cpu);

/**
 * low_code() - memory below 4 GB for code of 32-bit segments
 * @code: is copied there
 * @bytes: its size
 *
 * Return: one or more pages that can be read, written and executed; ends the program if
 * there is none.
 */
void *low_code(const void *code, size_t bytes);

#endif
