/* SPDX-License-Identifier: GPL-2.0 */
/*
 * While the guest is saved nothing may be half done in the xenstore: whoever begins something
 * comes in by this gate, and suspending closes it and waits until all are out.
 */
#ifndef _XSL_GATE_H
#define _XSL_GATE_H

/**
 * xsl_gate_enter() - begin a request or a transaction
 *
 * Return: 0, -ETIMEDOUT if the gate stays closed, -EINTR if a fatal signal came.
 */
int xsl_gate_enter(void);

/**
 * xsl_gate_leave() - the request or the transaction is over
 */
void xsl_gate_leave(void);

#endif
