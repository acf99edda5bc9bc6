// SPDX-License-Identifier: GPL-2.0
#include <fake.h>

#include "tests/unit/fake.h"

#define END		FAKE_GRANTS

/* A grant is free, reserved in a list, or claimed; and then may be mapped. */
static struct {
	bool used;
	bool mapped;
	bool ended;		/* by the guest, while it was mapped */
	struct page *page;	/* to be freed with it then */
	grant_ref_t next;
} grants[FAKE_GRANTS];

static unsigned int calls, fail_at, memory, channels, transactions, reports, conflicts;
static const char *store;

static void check(bool ok)
{
	if (!ok)
		abort();
}

static bool fails(void)
{
	return calls++ == fail_at;
}

void fake_reset(unsigned int at)
{
	check(!fake_held());
	calls = 0;
	fail_at = at;
	reports = 0;
	conflicts = 0;
}

bool fake_failed(void)
{
	return calls > fail_at;
}

unsigned int fake_grants(void)
{
	unsigned int ref, nr = 0;

	for (ref = 0; ref < FAKE_GRANTS; ref++)
		nr += grants[ref].used;
	return nr;
}

unsigned int fake_held(void)
{
	return fake_grants() + memory + channels + transactions;
}

unsigned int fake_reports(void)
{
	return reports;
}

void fake_map(unsigned int ref)
{
	check(grants[ref].used);
	grants[ref].mapped = true;
}

void fake_let_go(void)
{
	for (unsigned int ref = 0; ref < FAKE_GRANTS; ref++) {
		grants[ref].mapped = false;
		if (grants[ref].ended)
			gnttab_end_foreign_access(ref, grants[ref].page);
	}
}

void fake_conflict(unsigned int times)
{
	conflicts = times;
}

void fake_store(const char *value)
{
	store = value;
}

static void *take_memory(size_t size)
{
	if (fails())
		return NULL;
	memory++;
	return calloc(1, size);
}

static void give_memory(const void *p)
{
	if (!p)
		return;
	check(memory);
	memory--;
	free((void *)p);
}

struct page *alloc_page(gfp_t gfp)
{
	return take_memory(1);
}

void __free_page(struct page *page)
{
	check(page);
	give_memory(page);
}

void *kvcalloc(size_t nr, size_t size, gfp_t gfp)
{
	return take_memory(nr * size);
}

void kvfree(const void *p)
{
	give_memory(p);
}

void kfree(const void *p)
{
	give_memory(p);
}

int gnttab_alloc_grant_references(u16 nr, grant_ref_t *head)
{
	grant_ref_t ref;

	if (fails() || fake_grants() + nr > FAKE_GRANTS)
		return -ENOSPC;
	*head = END;
	for (ref = 0; nr; ref++) {
		if (grants[ref].used)
			continue;
		grants[ref].used = true;
		grants[ref].next = *head;
		*head = ref;
		nr--;
	}
	return 0;
}

int gnttab_claim_grant_reference(grant_ref_t *head)
{
	grant_ref_t ref = *head;

	if (ref == END)
		return -ENOSPC;
	*head = grants[ref].next;
	return ref;
}

void gnttab_free_grant_reference(grant_ref_t ref)
{
	check(ref < FAKE_GRANTS && grants[ref].used && !grants[ref].mapped);
	memset(&grants[ref], 0, sizeof(grants[ref]));
}

void gnttab_free_grant_references(grant_ref_t head)
{
	while (head != END)
		gnttab_free_grant_reference(gnttab_claim_grant_reference(&head));
}

void gnttab_end_foreign_access(grant_ref_t ref, struct page *page)
{
	if (grants[ref].mapped) {
		grants[ref].ended = true;
		grants[ref].page = page;
		return;
	}
	gnttab_free_grant_reference(ref);
	if (page)
		__free_page(page);
}

void xenbus_dev_fatal(struct xenbus_device *xdev, int err, const char *fmt, ...)
{
	check(err < 0);
	reports++;
}

int xenbus_setup_ring(struct xenbus_device *xdev, gfp_t gfp, void **va,
		      unsigned int nr, grant_ref_t *refs)
{
	grant_ref_t head;

	*va = take_memory(nr * 4096);
	if (!*va)
		return -ENOMEM;
	if (gnttab_alloc_grant_references(nr, &head)) {
		give_memory(*va);
		*va = NULL;
		return -ENOSPC;
	}
	while (nr--)
		refs[nr] = gnttab_claim_grant_reference(&head);
	return 0;
}

void xenbus_teardown_ring(void **va, unsigned int nr, grant_ref_t *refs)
{
	while (nr--)
		gnttab_end_foreign_access(refs[nr], NULL);
	give_memory(*va);
	*va = NULL;
}

int xenbus_transaction_start(struct xenbus_transaction *t)
{
	if (fails())
		return -ENOSPC;
	transactions++;
	t->id = transactions;
	return 0;
}

int xenbus_transaction_end(struct xenbus_transaction t, int abort)
{
	check(t.id == transactions && transactions);
	transactions--;
	if (!abort && conflicts) {
		conflicts--;
		return -EAGAIN;
	}
	return fails() ? -EIO : 0;
}

int xenbus_write(struct xenbus_transaction t, const char *dir,
		 const char *node, const char *string)
{
	check(t.id == transactions);
	return fails() ? -ENOSPC : 0;
}

int xenbus_rm(struct xenbus_transaction t, const char *dir, const char *node)
{
	check(t.id == transactions);
	return fails() ? -EACCES : -ENOENT;
}

void *xenbus_read(struct xenbus_transaction t, const char *dir,
		  const char *node, unsigned int *len)
{
	char *text;

	if (!store)
		return ERR_PTR(-ENOENT);
	text = take_memory(strlen(store) + 1);
	return text ? strcpy(text, store) : ERR_PTR(-ENOMEM);
}

struct page_pool *page_pool_create(const struct page_pool_params *params)
{
	void *pool = take_memory(1);

	return pool ? pool : ERR_PTR(-ENOMEM);
}

void page_pool_destroy(struct page_pool *pool)
{
	give_memory(pool);
}

int xenbus_alloc_evtchn(struct xenbus_device *xdev, evtchn_port_t *port)
{
	if (fails()) {
		xenbus_dev_fatal(xdev, -ENOSPC, "allocating event channel");
		return -ENOSPC;
	}
	channels++;
	*port = channels;
	return 0;
}

int xenbus_free_evtchn(struct xenbus_device *xdev, evtchn_port_t port)
{
	check(channels);
	channels--;
	return 0;
}

int bind_evtchn_to_irqhandler_lateeoi(evtchn_port_t port, irq_handler_t handler,
				      unsigned long flags, const char *name,
				      void *cookie)
{
	return fails() ? -ENOMEM : (int)port + 100;
}

/* Closes the channel, too. */
void unbind_from_irqhandler(unsigned int irq, void *cookie)
{
	check(irq > 100 && channels);
	channels--;
}

void notify_remote_via_irq(int irq)
{
}

void xen_irq_lateeoi(unsigned int irq, unsigned int flags)
{
}
