/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers that users give: module parameters and sysfs attributes. */
#ifndef _PV_PARAM_H
#define _PV_PARAM_H

#include <linux/moduleparam.h>

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
 * pvfront_parse_tmo() - a limit of time given by a user
 * @text: seconds from @min to PVFRONT_TMO_MAX, or "off" or -1 for none; a newline may follow
 * @min: smallest value accepted
 * @value: seconds or PVFRONT_TMO_OFF; untouched on error
 *
 * Return: 0 or -EINVAL. The message is the caller's, who knows what it is of.
 */
int pvfront_parse_tmo(const char *text, int min, int *value);

/**
 * pvfront_emit_tmo() - a limit of time as users write it
 * @buffer: of a page
 * @value: seconds or PVFRONT_TMO_OFF
 *
 * Return: the length, for the file's show.
 */
int pvfront_emit_tmo(char *buffer, int value);

/**
 * struct pvfront_tmo - a limit of time given as a module parameter
 * @value: holds the default until the parameter is given
 * @min: smallest value accepted, beside PVFRONT_TMO_OFF
 */
struct pvfront_tmo {
	int value;
	int min;
};

extern const struct kernel_param_ops pvfront_tmo_ops;

/**
 * PVFRONT_TMO_PARAM() - declare a module parameter that is a limit of time
 * @_name: its name; pvfront_tmo_<name>.value is what code reads
 * @_min: smallest value accepted, in seconds
 * @_def: default, in seconds or PVFRONT_TMO_OFF
 * @_shown: the same, for people
 * @_desc: text for modinfo
 *
 * As PVFRONT_PARAM(), for devices that are made later.
 */
#define PVFRONT_TMO_PARAM(_name, _min, _def, _shown, _desc)		\
	static struct pvfront_tmo pvfront_tmo_##_name = {		\
		.value = (_def), .min = (_min),				\
	};								\
	module_param_cb(_name, &pvfront_tmo_ops, &pvfront_tmo_##_name,	\
			0644);						\
	MODULE_PARM_DESC(_name, _desc ", in seconds (" #_min		\
			 " to 604800 or off, default " _shown ")")

#endif
