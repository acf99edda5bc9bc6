/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Why a connection was broken off: one list, from which the enum, the counters in
 * debugfs, the texts of the log and the names in traces are made. PURE.
 *
 * A new reason is one line here. The first column is the name in the code, the second
 * the counter's in debugfs (behind "broke_"), the third is what the log says.
 */
#ifndef _PV_REASON_H
#define _PV_REASON_H

#define PVFRONT_REASONS(_) \
	_(PRODUCER,	producer,	"response index ahead of the requests, or backwards") \
	_(ID,		id,		"response with an id that is not in flight") \
	_(OPERATION,	operation,	"response to another operation than asked for") \
	_(STATUS,	status,		"response with an unknown status") \
	_(MAPPED,	mapped,		"data is mapped that is not in flight") \
	_(LENGTH,	length,		"data outside its page") \
	_(SLOTS,	slots,		"packet of too many slots") \
	_(EXTRA,	extra,		"extra of a wrong kind, or in a wrong place") \
	_(SEGMENTS,	segments,	"bad segmentation of a packet") \
	_(FLAGS,	flags,		"flags in a wrong place") \
	_(INDEX,	index,		"impossible index in the console ring") \
	_(KEYS,		keys,		"properties that make no sense") \
	_(SILENT,	silent,		"no answer while the partition table was read") \
	_(ADD,		add,		"the device could not be made") \
	_(FLAPPING,	flapping,	"too many connections that ended at once")

/* PVFRONT_BROKE_x for each line of PVFRONT_REASONS(). */
enum pvfront_reason {
#define PVFRONT_REASON_ENUM(up, low, text) PVFRONT_BROKE_##up,
	PVFRONT_REASONS(PVFRONT_REASON_ENUM)
#undef PVFRONT_REASON_ENUM
	PVFRONT_NR_REASONS
};

/**
 * pvfront_reason_name() - a reason as debugfs and traces name it
 * @reason: any value
 *
 * Return: a constant string without blanks; "?" if there is no such reason.
 */
const char *pvfront_reason_name(enum pvfront_reason reason);

/**
 * pvfront_reason_text() - a reason for people
 * @reason: any value
 *
 * Return: a constant string; "?" if there is no such reason.
 */
const char *pvfront_reason_text(enum pvfront_reason reason);

#endif
