/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers that users give: module parameters and sysfs attributes. */
#ifndef _PV_PARAM_H
#define _PV_PARAM_H

#include <linux/moduleparam.h>

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

#endif
