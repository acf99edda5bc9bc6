/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A back end of disks that runs in dom0's userspace, serves one disk from a file and does, on
 * command, what an honest one does not. main.c has the usage and the loop, store.c xenstore,
 * disk.c the connections and their requests, image.c what they read and write, attack.c what
 * a hostile one does, of its own choice.
 */
#ifndef PV_LAB_BACKEND_H
#define PV_LAB_BACKEND_H

#include <stdbool.h>
#include <stdint.h>

#include <xenevtchn.h>
#include <xengnttab.h>
#include <xenstore.h>

enum lie { LIE_NONE, LIE_ID, LIE_OPERATION, LIE_TWICE, LIE_PRODUCER };

/* What the commands change. */
struct conduct {
	long answers;		/* so many more are given, then none; negative: all */
	long delay_ms;		/* between a request and its being carried out and answered */
	enum lie lie;		/* what the next answer is */
	int flush_status;	/* of flushes */
	bool keep;		/* grants stay mapped when a connection ends */
	bool deaf;		/* the frontend's states are ignored */
	bool circling;		/* a frontend that has closed may connect again */
};

extern struct conduct conduct;
extern xengnttab_handle *grant_tab;
extern xenevtchn_handle *event_chan;
extern unsigned int frontend_id;

/* Prints a line of the log, which cases wait for, and flushes it. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same, and exits. */
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
long now_ms(void);

/* store.c */
void store_open(unsigned int domid, const char *vdev);
int store_fd(void);
/* Takes one event off the watch, and follows the frontend's state as an honest back end would. */
void store_event(void);
bool store_set(const char *key, const char *value);
void store_set_state(int state);
/* Takes the directory away, as a toolstack does. */
void store_remove(void);
/* A number in one of the directories, or the fallback. */
long store_front_number(const char *key, long fallback);
long store_own_number(const char *key, long fallback);
bool store_front_text(const char *key, char *text, unsigned int size);

/* image.c */
void image_open(const char *path);
unsigned long image_sectors(void);	/* of 512 bytes, whatever sector-size is */
/* From now on what is written stays in memory until a flush. */
void image_cache(void);
/* They return whether all of it was read or written. */
bool image_read(void *to, size_t bytes, off_t at);
bool image_write(const void *from, size_t bytes, off_t at);
bool image_flush(void);

/* disk.c */
bool disk_connect(void);
/* Ends the connection: what was asked for before is still carried out when its time comes. */
void disk_disconnect(void);
bool disk_connected(void);
/* Looks for requests, carries out and answers those whose time has come. */
void disk_run(void);
/* Milliseconds until the next request's time, or -1. */
int disk_next_ms(void);
/* Unmaps what was kept of connections that have ended. */
void disk_release(void);
void disk_report(void);
/* The page of the ring of the connection there is, or NULL. */
void *disk_ring(void);
void disk_notify(void);
/* What is on the ring now is not to be looked at. */
void disk_spoil(void);

/* attack.c */
/* Does something hostile, which the seed chooses, now or with the next answers. */
void attack(unsigned long seed);
/* What becomes of an answer; so many times it is put on the ring. */
unsigned int attack_answer(uint64_t *id, uint8_t *operation, int16_t *status);

#endif
