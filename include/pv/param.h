/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers that users give: module parameters and sysfs attributes. */
#ifndef _PV_PARAM_H
#define _PV_PARAM_H

#include <linux/moduleparam.h>
#include <linux/stringify.h>

#include <pv/loss.h>

/**
 * pvfront_parse_number() - a bounded number given by a user
 * @text: the number in base 10, or with 0x or 0 in front 16 or 8; a newline may
 *	follow
 * @min: smallest value accepted
 * @max: largest value accepted
 * @value: the number; untouched on error
 *
 * Return: 0 or -EINVAL. The message is the caller's, who knows what it is of.
 */
int pvfront_parse_number(const char *text, unsigned int min, unsigned int max,
			 unsigned int *value);

/**
 * struct pvfront_param - a bounded number given as a module parameter
 * @value: holds the default until the parameter is given
 * @min: smallest value accepted
 * @max: largest value accepted
 */
struct pvfront_param {
	unsigned int value;
	unsigned int min;
	unsigned int max;
};

extern const struct kernel_param_ops pvfront_param_ops;

/**
 * PVFRONT_PARAM() - declare a module parameter with a range
 * @_name: its name; pvfront_param_<name>.value is what code reads
 * @_min: smallest value accepted
 * @_max: largest value accepted
 * @_def: default
 * @_perm: sysfs mode; a value written later holds for connections made later
 * @_desc: text for modinfo, with the unit
 *
 * Anything else is refused with -EINVAL and a message naming parameter, value
 * and range.
 */
#define PVFRONT_PARAM(_name, _min, _max, _def, _perm, _desc)		\
	static struct pvfront_param pvfront_param_##_name = {		\
		.value = (_def), .min = (_min), .max = (_max),		\
	};								\
	module_param_cb(_name, &pvfront_param_ops,			\
			&pvfront_param_##_name, _perm);			\
	MODULE_PARM_DESC(_name, _desc " (" #_min " to " #_max		\
			 ", default " #_def ")")

/**
 * pvfront_parse_limit() - a limit given by a user
 * @text: a number from @min to @max, or "off" or -1 for none; a newline may follow
 * @min: smallest number accepted
 * @max: largest number accepted
 * @value: the number or PVFRONT_OFF; untouched on error
 *
 * Return: 0 or -EINVAL. The message is the caller's, who knows what it is of.
 */
int pvfront_parse_limit(const char *text, int min, int max, int *value);

/**
 * pvfront_emit_limit() - a limit as users write it
 * @buffer: of a page
 * @value: a number or PVFRONT_OFF
 *
 * Return: the length, for the file's show.
 */
int pvfront_emit_limit(char *buffer, int value);

/**
 * struct pvfront_limit - a limit given as a module parameter
 * @value: holds the default until the parameter is given
 * @min: smallest number accepted, beside PVFRONT_OFF
 * @max: largest number accepted
 * @unit: for people
 * @changed: called with each value that is written; may be NULL; process context
 */
struct pvfront_limit {
	int value;
	int min;
	int max;
	const char *unit;
	void (*changed)(int value);
};

extern const struct kernel_param_ops pvfront_limit_ops;

/**
 * PVFRONT_LIMIT_PARAM() - declare a module parameter that may be switched off
 * @_name: its name; pvfront_limit_<name>.value is what code reads
 * @_min: smallest number accepted
 * @_max: largest number accepted
 * @_def: default, a number or PVFRONT_OFF
 * @_shown: the same, for people
 * @_unit: of the number
 * @_desc: text for modinfo
 *
 * As PVFRONT_PARAM(), for devices that are made later.
 */
#define PVFRONT_LIMIT_PARAM(_name, _min, _max, _def, _shown, _unit, _desc)	\
	static struct pvfront_limit pvfront_limit_##_name = {			\
		.value = (_def), .min = (_min), .max = (_max), .unit = (_unit),	\
	};									\
	module_param_cb(_name, &pvfront_limit_ops, &pvfront_limit_##_name, 0644); \
	MODULE_PARM_DESC(_name, _desc ", in " _unit " (" #_min " to "		\
			 __stringify(_max) " or off, default " _shown ")")

/* One that is a time, in seconds up to a week. */
#define PVFRONT_TMO_PARAM(_name, _min, _def, _shown, _desc)		\
	PVFRONT_LIMIT_PARAM(_name, _min, PVFRONT_TMO_MAX, _def, _shown,	\
			    "seconds", _desc)

#endif
