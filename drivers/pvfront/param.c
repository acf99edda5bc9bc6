// SPDX-License-Identifier: GPL-2.0
/* Parameters of modules that are numbers, each with its range. */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/string.h>

#include <pv/front.h>

int pvfront_parse_number(const char *text, unsigned int min, unsigned int max,
			 unsigned int *value)
{
	unsigned int number;

	if (kstrtouint(text, 0, &number) || number < min || number > max)
		return -EINVAL;
	*value = number;
	return 0;
}
EXPORT_SYMBOL_GPL(pvfront_parse_number);

static int pvfront_param_set(const char *text, const struct kernel_param *kp)
{
	struct pvfront_param *p = kp->arg;
	unsigned int value;
	int err;

	err = pvfront_parse_number(text, p->min, p->max, &value);
	if (err) {
		pr_err("%s: parameter %s is \"%*pE\", not a number from %u to %u\n",
		       kp->mod ? kp->mod->name : "pvfront", kp->name,
		       (int)strcspn(text, "\n"), text, p->min, p->max);
		return err;
	}
	WRITE_ONCE(p->value, value);
	return 0;
}

static int pvfront_param_get(char *buffer, const struct kernel_param *kp)
{
	const struct pvfront_param *p = kp->arg;

	return sysfs_emit(buffer, "%u\n", READ_ONCE(p->value));
}

const struct kernel_param_ops pvfront_param_ops = {
	.set = pvfront_param_set,
	.get = pvfront_param_get,
};
EXPORT_SYMBOL_GPL(pvfront_param_ops);

int pvfront_parse_limit(const char *text, int min, int max, int *value)
{
	int number;

	if (sysfs_streq(text, "off"))
		number = PVFRONT_OFF;
	else if (kstrtoint(text, 0, &number) || number > max ||
		 (number < min && number != PVFRONT_OFF))
		return -EINVAL;
	*value = number;
	return 0;
}
EXPORT_SYMBOL_GPL(pvfront_parse_limit);

int pvfront_emit_limit(char *buffer, int value)
{
	if (value == PVFRONT_OFF)
		return sysfs_emit(buffer, "off\n");
	return sysfs_emit(buffer, "%d\n", value);
}
EXPORT_SYMBOL_GPL(pvfront_emit_limit);

static int pvfront_limit_set(const char *text, const struct kernel_param *kp)
{
	struct pvfront_limit *p = kp->arg;
	int value, err;

	err = pvfront_parse_limit(text, p->min, p->max, &value);
	if (err) {
		pr_err("%s: parameter %s is \"%*pE\", not %s from %d to %d, or off\n",
		       kp->mod ? kp->mod->name : "pvfront", kp->name,
		       (int)strcspn(text, "\n"), text, p->unit, p->min, p->max);
		return err;
	}
	WRITE_ONCE(p->value, value);
	if (p->changed)
		p->changed(value);
	return 0;
}

static int pvfront_limit_get(char *buffer, const struct kernel_param *kp)
{
	const struct pvfront_limit *p = kp->arg;

	return pvfront_emit_limit(buffer, READ_ONCE(p->value));
}

const struct kernel_param_ops pvfront_limit_ops = {
	.set = pvfront_limit_set,
	.get = pvfront_limit_get,
};
EXPORT_SYMBOL_GPL(pvfront_limit_ops);
