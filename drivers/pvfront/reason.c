// SPDX-License-Identifier: GPL-2.0
/* The names of the reasons for which a connection is broken off. PURE. */
#include <linux/export.h>
#include <linux/kernel.h>

#include <pv/reason.h>

#define PVFRONT_REASON_NAME(up, low, text) #low,
#define PVFRONT_REASON_TEXT(up, low, text) text,

static const char * const pvfront_names[] = {
	PVFRONT_REASONS(PVFRONT_REASON_NAME)
};

static const char * const pvfront_texts[] = {
	PVFRONT_REASONS(PVFRONT_REASON_TEXT)
};

const char *pvfront_reason_name(enum pvfront_reason reason)
{
	unsigned int i = reason;

	return i < ARRAY_SIZE(pvfront_names) ? pvfront_names[i] : "?";
}
EXPORT_SYMBOL_GPL(pvfront_reason_name);

const char *pvfront_reason_text(enum pvfront_reason reason)
{
	unsigned int i = reason;

	return i < ARRAY_SIZE(pvfront_texts) ? pvfront_texts[i] : "?";
}
EXPORT_SYMBOL_GPL(pvfront_reason_text);
