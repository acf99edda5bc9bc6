/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kernel services for sources that are not PURE, but need no more of the kernel
 * than memory, grants, event channels and xenstore. tests/unit/abi-headers has
 * each kernel header that they include lead here; tests/unit/fake.c does the
 * services, counts what is held and fails when told to.
 */
#ifndef _SHIM_FAKE_H
#define _SHIM_FAKE_H

#include <stdarg.h>
#include <stdlib.h>

#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <xen/interface/xen.h>
#include <xen/interface/event_channel.h>
#include <xen/interface/grant_table.h>
#include <xen/interface/io/xenbus.h>

#define __printf(a, b)	__attribute__((__format__(__printf__, a, b)))
#define BUILD_BUG_ON_ZERO(e)	((int)sizeof(struct { int:(-!!(e)); }))
#define WARN_ON_ONCE(cond)	(cond)
#define HZ		250
#define ____cacheline_aligned_in_smp

#define container_of(ptr, type, member) ({				\
	const __typeof__(((type *)0)->member) *__member = (ptr);		\
	(type *)((char *)__member - offsetof(type, member)); })

#define IS_ERR(p)	((unsigned long)(p) >= (unsigned long)-4095)
#define PTR_ERR(p)	((long)(p))
#define ERR_PTR(err)	((void *)(long)(err))

static inline ssize_t strscpy(char *to, const char *from, size_t size)
{
	int len = snprintf(to, size, "%s", from);

	return len < (int)size ? len : -E2BIG;
}

/* Types that structures have for members; nothing here looks into them. */
typedef struct { int v; } spinlock_t, atomic_t;
struct mutex { int v; };
struct work_struct { int v; };
struct delayed_work { int v; };
struct seq_file;
struct kernel_param_ops;
struct list_head { struct list_head *next, *prev; };
struct blk_mq_tag_set { int v; };
struct blk_mq_ops;
struct request;
typedef u8 blk_status_t;

/* Memory. */
typedef unsigned int gfp_t;
#define GFP_NOIO	1U
#define __GFP_HIGH	2U
#define __GFP_ZERO	4U
#define __GFP_NOWARN	8U

struct page;

/* A page is where it is: what it holds and what describes it are the same. */
#define virt_to_page(va)	((struct page *)(va))
#define page_address(page)	((void *)(page))
#define PAGE_SIZE		4096UL

struct page *alloc_page(gfp_t gfp);
void __free_page(struct page *page);
void *alloc_pages_exact(size_t size, gfp_t gfp);
void *kvcalloc(size_t nr, size_t size, gfp_t gfp);
void kvfree(const void *p);
void kfree(const void *p);

/* Grants. */
#define INVALID_GRANT_REF	((grant_ref_t)-1)

int gnttab_alloc_grant_references(u16 nr, grant_ref_t *head);
int gnttab_claim_grant_reference(grant_ref_t *head);
void gnttab_free_grant_references(grant_ref_t head);
void gnttab_free_grant_reference(grant_ref_t ref);
void gnttab_end_foreign_access(grant_ref_t ref, struct page *page);
void gnttab_grant_foreign_access_ref(grant_ref_t ref, domid_t domid,
				     unsigned long frame, int readonly);
int gnttab_end_foreign_access_ref(grant_ref_t ref);

static inline unsigned long xen_page_to_gfn(const struct page *page)
{
	return (unsigned long)page / PAGE_SIZE;
}

/* xenbus. */
struct device { void *driver_data; };

struct xenbus_device {
	struct device dev;
	const char *nodename;
	const char *otherend;
	int otherend_id;
};

struct xenbus_transaction { u32 id; };

#define XBT_NIL		((struct xenbus_transaction){ 0 })

static inline void *dev_get_drvdata(const struct device *dev)
{
	return dev->driver_data;
}

__printf(3, 4)
void xenbus_dev_fatal(struct xenbus_device *xdev, int err, const char *fmt, ...);
int xenbus_transaction_start(struct xenbus_transaction *t);
int xenbus_transaction_end(struct xenbus_transaction t, int abort);
int xenbus_write(struct xenbus_transaction t, const char *dir,
		 const char *node, const char *string);
int xenbus_rm(struct xenbus_transaction t, const char *dir, const char *node);
void *xenbus_read(struct xenbus_transaction t, const char *dir,
		  const char *node, unsigned int *len);

/* Event channels. */
typedef int irqreturn_t;
typedef irqreturn_t (*irq_handler_t)(int irq, void *cookie);
#define IRQ_HANDLED	1
#define XEN_EOI_FLAG_SPURIOUS	1U

int xenbus_alloc_evtchn(struct xenbus_device *xdev, evtchn_port_t *port);
int xenbus_free_evtchn(struct xenbus_device *xdev, evtchn_port_t port);
int bind_evtchn_to_irqhandler_lateeoi(evtchn_port_t port, irq_handler_t handler,
				      unsigned long flags, const char *name,
				      void *cookie);
void unbind_from_irqhandler(unsigned int irq, void *cookie);
void notify_remote_via_irq(int irq);
void xen_irq_lateeoi(unsigned int irq, unsigned int flags);

/* Network: what a queue is set up with. Nothing here runs NAPI or sends. */
#define NUMA_NO_NODE	(-1)
#define ASSERT_RTNL()	do { } while (0)

struct napi_struct { int v; };
struct timer_list { int v; };
struct hrtimer { int v; };
struct u64_stats_sync { int v; };
struct sk_buff { char cb[48]; };
struct netdev_queue;
struct ethtool_ops;
struct net_device { char name[16]; };
typedef int netdev_tx_t;

struct page_pool;
struct page_pool_params {
	unsigned int pool_size;
	int nid;
	struct device *dev;
};

struct page_pool *page_pool_create(const struct page_pool_params *params);
void page_pool_destroy(struct page_pool *pool);
void page_pool_put_full_page(struct page_pool *pool, struct page *page, bool direct);
void get_page(struct page *page);

static inline void set_bit(unsigned int nr, unsigned long *p) { *p |= BIT(nr); }
static inline bool test_and_clear_bit(unsigned int nr, unsigned long *p)
{
	bool was = *p & BIT(nr);

	*p &= ~BIT(nr);
	return was;
}

static inline bool test_bit(unsigned int nr, const unsigned long *p) { return *p & BIT(nr); }
static inline int smp_processor_id(void) { return 0; }
static inline void local_bh_disable(void) { }
static inline void local_bh_enable(void) { }
static inline int timer_delete_sync(struct timer_list *timer) { return 0; }
static inline void napi_schedule(struct napi_struct *napi) { }
static inline void napi_complete(struct napi_struct *napi) { }
static inline bool napi_complete_done(struct napi_struct *napi, int done) { return true; }
static inline void napi_enable(struct napi_struct *napi) { }
static inline void napi_disable(struct napi_struct *napi) { }
static inline bool netif_running(const struct net_device *dev) { return false; }
static inline void netif_tx_wake_all_queues(struct net_device *dev) { }
static inline void netif_tx_disable(struct net_device *dev) { }
static inline void netdev_tx_reset_queue(struct netdev_queue *queue) { }
static inline struct netdev_queue *netdev_get_tx_queue(const struct net_device *dev,
						       unsigned int index)
{
	return NULL;
}

#endif
