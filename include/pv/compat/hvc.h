/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What pvcon uses of the kernel's hvc layer. Its functions are exported to
 * modules but its header, drivers/tty/hvc/hvc_console.h, is not among the
 * installed kernel headers, so the part we need is declared here once more.
 * `make check` compares it with the source of each kernel; <pv/compat.h> refuses
 * kernels whose layout was not looked at; and with CONFIG_MODVERSIONS a built
 * module does not load where the layout differs from that of its build.
 *
 * What the layer does that its users have to know (6.1 to 7.3):
 * - hvc_remove() hangs the tty up and drops the layer's reference, but the
 *   structure, with our operations in it, lives on until the last file
 *   descriptor on the tty is closed. Until then a new open() of the line calls
 *   notifier_add. It never takes a reference to the module.
 * - khvcd calls get_chars and put_chars for everything on its list. A line
 *   leaves the list, and waits for khvcd to be done with it, when its last
 *   reference is dropped.
 * - An index below 16 is free again after hvc_remove(), so reloading does not
 *   use them up. The tty driver has HVC_LINES lines: an hvc_struct with a
 *   higher index can't be opened.
 */
#ifndef _PV_COMPAT_HVC_H
#define _PV_COMPAT_HVC_H

#include <linux/spinlock.h>
#include <linux/tty_port.h>
#include <linux/types.h>

#include <pv/compat.h>

/* Bytes and their number, as get_chars and put_chars have them. */
#if PV_KERNEL_IS(6, 1)
#define PV_HVC_OUTBUF_APART
typedef char pv_hvc_byte;
typedef int pv_hvc_size;
typedef int pv_hvc_ssize;
typedef int pv_hvc_flag;
#else
typedef u8 pv_hvc_byte;
typedef size_t pv_hvc_size;
typedef ssize_t pv_hvc_ssize;
typedef bool pv_hvc_flag;
#endif

/* HVC_ALLOC_TTY_ADAPTERS: lines of the hvc tty driver, other drivers' included. */
#define HVC_LINES 8

struct hv_ops;

/**
 * struct hvc_struct - the members of a line up to the last one we touch
 * @port: its kref keeps the structure alive
 * @lock: held around get_chars and put_chars, except for kernel messages
 * @index: the N of hvcN; what an open() looks for
 * @do_wakeup: set when output was refused or the last of it went; khvcd and
 *	hvc_poll() wake writers for it, after get_chars if the line takes input
 * @outbuf: private to the layer; since 6.8 the last member
 * @outbuf_size: private to the layer
 * @n_outbuf: bytes put_chars has refused so far, to be tried again
 * @vtermno: first argument of get_chars and put_chars
 * @ops: our operations
 * @irq_requested: while 0, khvcd polls an open line for input
 */
struct hvc_struct {
	struct tty_port port;
	spinlock_t lock;
	int index;
	int do_wakeup;
#ifdef PV_HVC_OUTBUF_APART
	char *outbuf;
#endif
	int outbuf_size;
	int n_outbuf;
	u32 vtermno;
	const struct hv_ops *ops;
	int irq_requested;
};

/**
 * struct hv_ops - a driver's operations on a line
 * @get_chars: take up to @count bytes of input; must not sleep
 * @put_chars: output up to @count bytes; must not sleep. 0 and -EAGAIN make
 *	the layer keep them and try again, another error makes it drop them;
 *	for kernel messages -EAGAIN is tried again at once and for ever
 * @flush: wait for output; may be NULL
 * @notifier_add: first open; an error fails it
 * @notifier_del: last close; may be NULL
 * @notifier_hangup: hangup of an open line; may be NULL
 * @tiocmget: may be NULL
 * @tiocmset: may be NULL
 * @dtr_rts: may be NULL
 */
struct hv_ops {
	pv_hvc_ssize (*get_chars)(u32 vtermno, pv_hvc_byte *buf, pv_hvc_size count);
	pv_hvc_ssize (*put_chars)(u32 vtermno, const pv_hvc_byte *buf,
				  pv_hvc_size count);
	int (*flush)(u32 vtermno, bool wait);
	int (*notifier_add)(struct hvc_struct *hvc, int data);
	void (*notifier_del)(struct hvc_struct *hvc, int data);
	void (*notifier_hangup)(struct hvc_struct *hvc, int data);
	int (*tiocmget)(struct hvc_struct *hvc);
	int (*tiocmset)(struct hvc_struct *hvc, unsigned int set,
			unsigned int clear);
	void (*dtr_rts)(struct hvc_struct *hvc, pv_hvc_flag raise);
};

struct hvc_struct *hvc_alloc(u32 vtermno, int data, const struct hv_ops *ops,
			     int outbuf_size);
int hvc_remove(struct hvc_struct *hvc);
int hvc_poll(struct hvc_struct *hvc);
void hvc_kick(void);

#endif
