// SPDX-License-Identifier: GPL-2.0
/*
 * Values of command line options: what is not understood is said, with what would be, and
 * changes nothing. README.md lists the options; each is parsed where it matters.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>

#include "xpv.h"

/**
 * xpv_option_bool() - read a switch
 * @name: the option
 * @arg: what follows the equals sign; NULL and nothing mean on
 * @value: is set, unless @arg is refused
 *
 * Return: 0 or -EINVAL.
 */
int __init xpv_option_bool(const char *name, const char *arg, bool *value)
{
	if (!arg || !*arg) {
		*value = true;
		return 0;
	}
	if (!kstrtobool(arg, value))
		return 0;
	pr_err("%s=%s: expected 0, 1, or no value; the option is ignored\n", name, arg);
	return -EINVAL;
}

/**
 * xpv_option_number() - read a number
 * @name: the option
 * @arg: what follows the equals sign, or NULL
 * @min: the least it may be
 * @max: the most
 * @value: is set, unless @arg is refused
 *
 * Return: 0 or -EINVAL.
 */
int __init xpv_option_number(const char *name, const char *arg, unsigned long min,
			     unsigned long max, unsigned long *value)
{
	unsigned long number;

	if (arg && !kstrtoul(arg, 0, &number) && number >= min && number <= max) {
		*value = number;
		return 0;
	}
	pr_err("%s=%s: expected a number from %lu to %lu; the option is ignored\n", name,
	       arg ?: "", min, max);
	return -EINVAL;
}
