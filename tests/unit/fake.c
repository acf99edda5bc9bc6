// SPDX-License-Identifier: GPL-2.0
/* Services of the kernel that count what is held, and fail when told to. */
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

static unsigned int calls, fail_at, fail_nr = 1, memory, channels, transactions, reports, conflicts;
static unsigned int max_refs = 2 * FAKE_GRANTS;
static const char *store, *foreign;
static unsigned long foreign_bytes;

static void check(bool ok)
{
	if (!ok)
		abort();
}

static bool fails(void)
{
	return calls++ - fail_at < fail_nr;
}

void fake_reset(unsigned int at)
{
	check(!fake_held());
	fake_fail_next(at);
	reports = 0;
	conflicts = 0;
}

void fake_fail_next(unsigned int at)
{
	fake_fail_row(at, 1);
}

void fake_fail_row(unsigned int at, unsigned int nr)
{
	calls = 0;
	fail_at = at;
	fail_nr = nr;
}

bool fake_failed(void)
{
	return calls > fail_at;
}

unsigned int fake_table_refs(void)
{
	return max_refs;
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

void fake_foreign(const void *start, unsigned long bytes)
{
	foreign = start;
	foreign_bytes = bytes;
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

void fake_table(unsigned int refs)
{
	max_refs = refs;
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

/* Blocks of pages, each of which is freed by itself. */
static struct {
	char *va;
	unsigned int nr;
	unsigned int left;
} blocks[FAKE_GRANTS];

void *alloc_pages_exact(size_t size, gfp_t gfp)
{
	unsigned int i, nr = size / PAGE_SIZE;
	char *va;

	if (fails())
		return NULL;
	for (i = 0; i < ARRAY_SIZE(blocks) && blocks[i].va; i++)
		;
	check(i < ARRAY_SIZE(blocks));
	va = calloc(1, size);
	blocks[i].va = va;
	blocks[i].nr = nr;
	blocks[i].left = nr;
	memory += nr;
	return va;
}

struct page *alloc_page(gfp_t gfp)
{
	return alloc_pages_exact(PAGE_SIZE, gfp);
}

void __free_page(struct page *page)
{
	if ((const char *)page >= foreign && (const char *)page < foreign + foreign_bytes)
		return;
	char *va = page_address(page);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(blocks); i++) {
		if (va < blocks[i].va || va >= blocks[i].va + blocks[i].nr * PAGE_SIZE)
			continue;
		check(memory && blocks[i].left);
		memory--;
		if (!--blocks[i].left) {
			free(blocks[i].va);
			blocks[i].va = NULL;
		}
		return;
	}
	check(false);
}

void *kmalloc(size_t size, gfp_t gfp)
{
	/* Whoever may not fail is one call less. */
	if (gfp & __GFP_NOFAIL) {
		memory++;
		return calloc(1, size);
	}
	return take_memory(size);
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

struct pvfront;

/* What report.c makes of it is not looked at here. */
void pvfront_fail(struct pvfront *f, int err, const char *fmt, ...)
{
	check(err < 0);
	reports++;
}

void xenbus_dev_fatal(struct xenbus_device *xdev, int err, const char *fmt, ...)
{
	check(err < 0);
	reports++;
}

void gnttab_grant_foreign_access_ref(grant_ref_t ref, domid_t domid,
				     unsigned long frame, int readonly)
{
	check(ref < FAKE_GRANTS && grants[ref].used && !grants[ref].mapped);
}

int gnttab_end_foreign_access_ref(grant_ref_t ref)
{
	return !grants[ref].mapped;
}

int gnttab_try_end_foreign_access(grant_ref_t ref)
{
	if (grants[ref].mapped)
		return 0;
	gnttab_free_grant_reference(ref);
	return 1;
}

unsigned long jiffies = 1000;
static struct delayed_work *pending;
static unsigned long pending_delay;

void mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *work,
		      unsigned long delay)
{
	pending = work;
	pending_delay = delay;
}

long fake_delay(void)
{
	return pending ? (long)pending_delay : -1;
}

void fake_forget_work(void)
{
	pending = NULL;
}

void cancel_delayed_work_sync(struct delayed_work *work)
{
	if (pending == work)
		pending = NULL;
}

bool fake_work(void)
{
	struct delayed_work *work = pending;

	pending = NULL;
	if (work)
		work->run(&work->work);
	return work;
}

/* A test that counts the time has its own. */
__attribute__((weak)) void msleep(unsigned int ms)
{
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
	/* Nothing was sent. */
	if (fails())
		return -ENOMEM;
	transactions--;
	if (!abort && conflicts) {
		conflicts--;
		return -EAGAIN;
	}
	return 0;
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

int xenbus_exists(struct xenbus_transaction t, const char *dir, const char *node)
{
	return !fails();
}

static int state = XenbusStateUnknown;

int fake_state(void)
{
	return state;
}

int xenbus_printf(struct xenbus_transaction t, const char *dir, const char *node,
		  const char *fmt, ...)
{
	va_list args;

	check(t.id == transactions);
	if (fails())
		return -ENOSPC;
	va_start(args, fmt);
	state = va_arg(args, int);
	va_end(args);
	return 0;
}

void xenbus_dev_error(struct xenbus_device *xdev, int err, const char *fmt, ...)
{
	check(err < 0);
	reports++;
}

void xenbus_frontend_closed(struct xenbus_device *xdev)
{
	xdev->state = XenbusStateClosed;
	state = XenbusStateClosed;
}

void *xenbus_read(struct xenbus_transaction t, const char *dir,
		  const char *node, unsigned int *len)
{
	const char *value = store;
	char *text;

	/* What a transaction reads is the device's own state, which is there. */
	if (t.id && !value)
		value = "1";
	if (!value)
		return ERR_PTR(-ENOENT);
	text = take_memory(strlen(value) + 1);
	return text ? strcpy(text, value) : ERR_PTR(-ENOMEM);
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

int pvfront_event_alloc(domid_t backend, evtchn_port_t *port)
{
	if (fails())
		return -ENOSPC;
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
