/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Grants and the pages behind them: the one owner of "give, take back, abandon".
 *
 * A page that a backend may write to must not become ordinary memory too soon. Xen
 * shows a mapping's end in the grant table, but of a domain that is being destroyed
 * it does so first (domain_kill() in common/domain.c: gnttab_release_mappings()) and
 * takes the domain's page tables down later (domain_relinquish_resources()). Until
 * then the page is typed writable, and a PV guest that reuses it as a page table is
 * refused and dies. So a page whose connection has ended rests here until
 *
 *  - the grant table says that nobody maps it, and one of:
 *  - its backend was domain 0, which does not die before its guests; or
 *  - its backend's domain is gone (GNTTABOP_query_size answers GNTST_bad_domain
 *    once Xen has no domain of that number); or
 *  - the backend closed in order, or was never shown the page, and PVFRONT_REST_SECS have
 *    passed; or
 *  - the guest was restored: no grant of the old host is left; or
 *  - the backend could only read it, or the guest is no PV guest: Xen gives no type
 *    to a page for that.
 *
 * A page of ours (pvfront_page_alloc()) that rests is granted to a new connection with
 * the same domain before new memory is, so a backend that goes round its states does not
 * make these grow. Of a page that somebody else owns, a network packet's say, it gets new
 * ones each time: @max_resting of struct pvfront bounds them.
 */
#ifndef _PV_GRANT_H
#define _PV_GRANT_H

#include <linux/types.h>
#include <xen/grant_table.h>
#include <xen/page.h>
#include <xen/xenbus.h>

struct page;
struct pvfront;

/* Seconds that a page rests after a backend other than domain 0 closed in order. */
#define PVFRONT_REST_SECS	60

/*
 * Pages that backends of one device may keep mapped beyond the end of their
 * connections. With more no new connection is offered until some come back.
 */
#define PVFRONT_MAX_KEPT	256U

/**
 * struct pvfront_grantee - who a connection grants pages to
 * @domid: the backend's domain
 * @nr: which of the device's connections it is, from 1
 * @since: when the connection began, in jiffies
 *
 * Whoever has pages that outlast their connection keeps a copy: by the time they are
 * given up the device may have another backend, in another domain.
 */
struct pvfront_grantee {
	domid_t domid;
	unsigned int nr;
	unsigned long since;
};

/**
 * struct pvfront_claim - grant references reserved together
 * @head: of the kernel's list
 * @nr: how many are left
 */
struct pvfront_claim {
	grant_ref_t head;
	unsigned int nr;
};

/**
 * pvfront_claim_refs() - reserve grant references
 * @c: the claim
 * @nr: how many
 *
 * Context: any; takes the kernel's lock of all grants. May allocate atomically when
 * the grant table has to grow.
 * Return: 0, or -ENOSPC if there are fewer; nothing is reserved then.
 */
int pvfront_claim_refs(struct pvfront_claim *c, unsigned int nr);

/**
 * pvfront_max_refs() - the size that the grant table may grow to
 *
 * Context: any.
 * Return: how many references the whole guest can have, in a table of version 1.
 */
unsigned int pvfront_max_refs(void);

/**
 * pvfront_claim_next() - take one reference out of a claim
 * @c: a claim that has one
 *
 * Context: any.
 * Return: the reference. pvfront_free_ref() or pvfront_retire() ends its life.
 */
grant_ref_t pvfront_claim_next(struct pvfront_claim *c);

/**
 * pvfront_claim_end() - give back what is left of a claim
 * @c: any claim, also an empty one
 *
 * Context: any.
 */
void pvfront_claim_end(struct pvfront_claim *c);

/**
 * pvfront_free_ref() - give a reference back that grants nothing
 * @ref: the reference, or INVALID_GRANT_REF; INVALID_GRANT_REF afterwards
 *
 * Context: any.
 */
void pvfront_free_ref(grant_ref_t *ref);

/**
 * pvfront_give() - give the backend access to a page
 * @xdev: the device
 * @ref: a claimed reference that grants nothing
 * @page: the page
 * @readonly: the backend may only read it
 *
 * Context: any.
 */
static inline void pvfront_give(const struct xenbus_device *xdev, grant_ref_t ref,
				struct page *page, bool readonly)
{
	gnttab_grant_foreign_access_ref(ref, xdev->otherend_id,
					xen_page_to_gfn(page), readonly);
}

/**
 * pvfront_take_back() - end the access that a live backend has to a page
 * @ref: of pvfront_give()
 *
 * For a page that the backend has just answered for. The reference can be given
 * again.
 *
 * Context: any.
 * Return: false if the backend still maps the page: nothing has changed then.
 */
static inline bool pvfront_take_back(grant_ref_t ref)
{
	return gnttab_end_foreign_access_ref(ref);
}

/**
 * pvfront_end_ref() - end a grant for good, unless the backend maps the page
 * @ref: of pvfront_give(), or INVALID_GRANT_REF, which grants nothing; the latter
 *	afterwards, if true is returned
 *
 * For a page whose mapping may last, and be looked at again and again: unlike
 * pvfront_take_back() this says nothing in the log.
 *
 * Context: any.
 * Return: false if the backend still maps the page: nothing has changed then.
 */
static inline bool pvfront_end_ref(grant_ref_t *ref)
{
	if (*ref == INVALID_GRANT_REF)
		return true;
	if (!gnttab_try_end_foreign_access(*ref))
		return false;
	*ref = INVALID_GRANT_REF;
	return true;
}

/**
 * pvfront_retire() - end a grant for good, with a page that somebody owns
 * @f: the device's connection
 * @to: who the page was granted to
 * @ref: of pvfront_give(), or claimed and not given; INVALID_GRANT_REF afterwards
 * @page: a reference to it, of get_page(), which passes to the callee; NULL if the
 *	owner need not be kept from freeing it
 * @readonly: as given
 *
 * Page and reference are free at once if that is safe, or rest until it is (see the
 * head of this file).
 *
 * Context: process context; may sleep for memory, without I/O.
 */
void pvfront_retire(struct pvfront *f, const struct pvfront_grantee *to,
		    grant_ref_t *ref, struct page *page, bool readonly);

/**
 * pvfront_page_alloc() - a zeroed page of ours, to be granted
 * @f: the connection that it is for
 * @gfp: without __GFP_ZERO
 *
 * Takes one that rests after a connection with the same domain, or allocates it.
 * pvfront_page_free() is what frees it, granted or not.
 *
 * Context: as @gfp says; any with an atomic one.
 * Return: the page or NULL.
 */
struct page *pvfront_page_alloc(struct pvfront *f, gfp_t gfp);

/**
 * pvfront_page_free() - end a grant for good, with a page of ours
 * @f: the device's connection
 * @to: as for pvfront_retire()
 * @ref: as for pvfront_retire(); INVALID_GRANT_REF if the page never had one
 * @page: of pvfront_page_alloc(), granted with any access; nothing happens to NULL
 *
 * As pvfront_retire(), but the page may also be granted to the same domain again
 * while it rests.
 *
 * Context: process context; may sleep for memory, without I/O.
 */
void pvfront_page_free(struct pvfront *f, const struct pvfront_grantee *to,
		       grant_ref_t *ref, struct page *page);

/**
 * pvfront_kept() - pages that a backend keeps beyond the end of its connections
 * @f: the connection
 *
 * Context: any.
 * Return: how many of them are still mapped.
 */
unsigned int pvfront_kept(const struct pvfront *f);

/**
 * pvfront_domain_gone() - whether a domain does not exist any more
 * @domid: its number
 *
 * Xen tells an unprivileged guest nothing of another domain, but it says
 * GNTST_permission_denied of one that exists, be it dying, and GNTST_bad_domain of
 * one that does not (gnttab_query_size() in common/grant_table.c).
 *
 * Context: any. One hypercall.
 * Return: true if it is gone. False also if a new one has its number.
 */
bool pvfront_domain_gone(domid_t domid);

#endif
