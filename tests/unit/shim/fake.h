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
#include <stdio.h>
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
struct work_struct { void (*run)(struct work_struct *work); };
struct delayed_work {
	struct work_struct work;
	void (*run)(struct work_struct *work);
};
struct kref { unsigned int v; };
#define kref_read(k)	((k)->v)
typedef struct { int v; } wait_queue_head_t;
struct seq_file;
struct kernel_param_ops;
#define module_param_cb(name, ops, arg, perm)	_Static_assert(perm, "sysfs")
#define __stringify_1(x...)	#x
#define __stringify(x...)	__stringify_1(x)
#define MODULE_PARM_DESC(name, text)		_Static_assert(sizeof(text), "text")
struct list_head { struct list_head *next, *prev; };
struct llist_node { struct llist_node *next; };
struct llist_head { struct llist_node *first; };
struct tasklet_struct { int v; };
static inline void tasklet_setup(struct tasklet_struct *t, void (*fn)(struct tasklet_struct *t)) { }
static inline void tasklet_kill(struct tasklet_struct *t) { }
static inline void init_llist_head(struct llist_head *head) { head->first = NULL; }
struct attribute_group;
struct workqueue_struct;
struct io_comp_batch;
typedef s64 ktime_t;
typedef u64 sector_t;
#define __rcu
#define ____cacheline_aligned_in_smp	__attribute__((__aligned__(64)))

#define ATOMIC_INIT(value)	{ value }

static inline int atomic_read(const atomic_t *a) { return a->v; }
static inline int atomic_add_return(int n, atomic_t *a) { return a->v += n; }
static inline void atomic_sub(int n, atomic_t *a) { a->v -= n; }
static inline void atomic_add(int n, atomic_t *a) { a->v += n; }
static inline void atomic_set(atomic_t *a, int n) { a->v = n; }
static inline void atomic_inc(atomic_t *a) { a->v++; }
static inline void atomic_dec(atomic_t *a) { a->v--; }
static inline void might_sleep(void) { }

/* One thread. */
#define smp_load_acquire(p)	(*(p))

#define smp_store_release(p, v)	(*(p) = (v))

static inline void spin_lock_init(spinlock_t *lock) { }
static inline void spin_lock_irq(spinlock_t *lock) { }
static inline void spin_unlock_irq(spinlock_t *lock) { }
static inline void spin_lock(spinlock_t *lock) { }
static inline void spin_unlock(spinlock_t *lock) { }
#define spin_lock_irqsave(lock, flags)		((void)(lock), (flags) = 0)
#define spin_unlock_irqrestore(lock, flags)	((void)(lock), (void)(flags))

#define DEFINE_SPINLOCK(name)	spinlock_t name = { 0 }
#define DEFINE_MUTEX(name)	struct mutex name = { 0 }
static inline void mutex_init(struct mutex *lock) { }
static inline void mutex_destroy(struct mutex *lock) { }
#define lockdep_assert_held(lock)	((void)(lock))
static inline void mutex_lock(struct mutex *lock) { }
static inline void mutex_unlock(struct mutex *lock) { }

/* Lists, and what is done later. */
#define LIST_HEAD(name)		struct list_head name = { &(name), &(name) }
#define list_empty_careful	list_empty
#define list_entry(p, type, member)	((type *)((char *)(p) - offsetof(type, member)))

#define list_for_each_entry(at, head, member)					\
	for ((at) = list_entry((head)->next, __typeof__(*(at)), member);	\
	     &(at)->member != (head);						\
	     (at) = list_entry((at)->member.next, __typeof__(*(at)), member))

#define list_for_each_entry_safe(at, behind, head, member)			\
	for ((at) = list_entry((head)->next, __typeof__(*(at)), member),	\
	     (behind) = list_entry((at)->member.next, __typeof__(*(at)), member); \
	     &(at)->member != (head);						\
	     (at) = (behind),							\
	     (behind) = list_entry((at)->member.next, __typeof__(*(at)), member))

static inline void INIT_LIST_HEAD(struct list_head *head)
{
	head->next = head;
	head->prev = head;
}

static inline bool list_empty(const struct list_head *head) { return head->next == head; }

static inline void list_add_tail(struct list_head *entry, struct list_head *head)
{
	entry->next = head;
	entry->prev = head->prev;
	head->prev->next = entry;
	head->prev = entry;
}

static inline void list_del(struct list_head *entry)
{
	entry->prev->next = entry->next;
	entry->next->prev = entry->prev;
}

static inline void list_del_init(struct list_head *entry)
{
	list_del(entry);
	INIT_LIST_HEAD(entry);
}

static inline void list_splice(struct list_head *from, struct list_head *to)
{
	if (list_empty(from))
		return;
	from->next->prev = to;
	from->prev->next = to->next;
	to->next->prev = from->prev;
	to->next = from->next;
}

static inline void list_splice_init(struct list_head *from, struct list_head *to)
{
	list_splice(from, to);
	INIT_LIST_HEAD(from);
}

static inline void list_move_tail(struct list_head *entry, struct list_head *head)
{
	list_del(entry);
	list_add_tail(entry, head);
}

static inline void list_splice_tail_init(struct list_head *from, struct list_head *to)
{
	list_splice(from, to->prev);
	INIT_LIST_HEAD(from);
}

static inline bool list_is_last(const struct list_head *entry, const struct list_head *head)
{
	return entry->next == head;
}

#define list_first_entry_or_null(head, type, member)	\
	(list_empty(head) ? NULL : list_entry((head)->next, type, member))
#define list_next_entry(at, member)	list_entry((at)->member.next, __typeof__(*(at)), member)

/* At once: there is one thread. */
#define INIT_WORK(work, fn)	((void)((work)->run = (fn)))
static inline void queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	work->run(work);
}

static inline void flush_work(struct work_struct *work) { }

#define DECLARE_DELAYED_WORK(name, fn)	struct delayed_work name = { .run = (fn) }
#define INITIAL_JIFFIES		0UL
#define msecs_to_jiffies(ms)	((ms) * HZ / 1000UL)
#define jiffies_to_msecs(j)	((unsigned int)((j) * 1000UL / HZ))
#define time_before(a, b)	((long)((a) - (b)) < 0)
#define time_after(a, b)	time_before(b, a)
void msleep(unsigned int ms);

extern unsigned long jiffies;
void mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *work,
		      unsigned long delay);
#define queue_delayed_work	mod_delayed_work
void cancel_delayed_work_sync(struct delayed_work *work);
#define cancel_delayed_work	cancel_delayed_work_sync
#define INIT_DELAYED_WORK(work, fn)	((void)((work)->run = (fn)))
#define to_delayed_work(w)	container_of(w, struct delayed_work, work)
static inline void flush_workqueue(struct workqueue_struct *wq) { }

/* Run by the test; who waits has it run once. */
#define DECLARE_WORK(name, f)	struct work_struct name = { .run = (f) }
void schedule_work(struct work_struct *work);
#define DECLARE_WAIT_QUEUE_HEAD(name)	wait_queue_head_t name
#define wake_up_all(queue)	((void)(queue))
bool fake_wait(unsigned long timeout);
#define wait_event_timeout(queue, cond, timeout)	((cond) || (fake_wait(timeout) && (cond)))
#define ktime_get()		((ktime_t)(jiffies * 1000UL / HZ))
#define ktime_to_ms(kt)		(kt)
#define memalloc_noio_save()	0U
static inline void memalloc_noio_restore(unsigned int flags) { }
static inline void cond_resched(void) { }

/* Memory. */
typedef unsigned int gfp_t;
#define GFP_NOIO	1U
#define __GFP_HIGH	2U
#define __GFP_ZERO	4U
#define __GFP_NOWARN	8U
#define GFP_NOWAIT	16U
#define __GFP_NOFAIL	32U

struct page;

/* A page is where it is: what it holds and what describes it are the same. */
#define virt_to_page(va)	((struct page *)(va))
#define page_address(page)	((void *)(page))
#define PAGE_SIZE		4096UL
#define PAGE_SHIFT		12
#define offset_in_page(n)	((unsigned int)((n) % PAGE_SIZE))
#define struct_size(p, member, nr)	(sizeof(*(p)) + sizeof((p)->member[0]) * (nr))

struct page *alloc_page(gfp_t gfp);
void __free_page(struct page *page);
void *alloc_pages_exact(size_t size, gfp_t gfp);
#define put_page	__free_page
#define clear_page(va)	memset(va, 0, PAGE_SIZE)
void *kmalloc(size_t size, gfp_t gfp);
#define kzalloc		kmalloc
#define kvzalloc	kmalloc
#define roundup_pow_of_two(n)	(1UL << (64 - __builtin_clzl((n) - 1)))
void *kvcalloc(size_t nr, size_t size, gfp_t gfp);
void kvfree(const void *p);
void kfree(const void *p);

/* Grants. */
#define INVALID_GRANT_REF	((grant_ref_t)-1)

#define XEN_PAGE_SIZE		PAGE_SIZE
#define gnttab_max_grant_frames()	4U
#define xen_pv_domain()		true

int gnttab_alloc_grant_references(u16 nr, grant_ref_t *head);
int gnttab_claim_grant_reference(grant_ref_t *head);
void gnttab_free_grant_references(grant_ref_t head);
void gnttab_free_grant_reference(grant_ref_t ref);
void gnttab_end_foreign_access(grant_ref_t ref, struct page *page);
void gnttab_grant_foreign_access_ref(grant_ref_t ref, domid_t domid,
				     unsigned long frame, int readonly);
int gnttab_end_foreign_access_ref(grant_ref_t ref);
int gnttab_try_end_foreign_access(grant_ref_t ref);

static inline unsigned long xen_page_to_gfn(const struct page *page)
{
	return (unsigned long)page / PAGE_SIZE;
}

/* Block requests: what one is made of. The driver's part follows the structure. */
typedef u8 blk_status_t;
#define BLK_STS_OK		0
#define BLK_STS_NOTSUPP		1
#define BLK_STS_RESOURCE	9
#define BLK_STS_IOERR		10
#define errno_to_blk_status(err)	((err) ? BLK_STS_IOERR : BLK_STS_OK)

enum req_op {
	REQ_OP_READ, REQ_OP_WRITE, REQ_OP_FLUSH, REQ_OP_DISCARD, REQ_OP_SECURE_ERASE = 5,
	REQ_OP_OTHER = 34
};

struct bio_vec {
	struct page *bv_page;
	unsigned int bv_len;
	unsigned int bv_offset;
};

enum hctx_type { HCTX_TYPE_DEFAULT, HCTX_TYPE_READ, HCTX_TYPE_POLL, HCTX_MAX_TYPES };
enum mq_rq_state { MQ_RQ_IDLE, MQ_RQ_IN_FLIGHT, MQ_RQ_COMPLETE };
#define REQ_POLLED	1U

struct request_queue { void *queuedata; };
struct blk_mq_hw_ctx {
	unsigned int queue_num;
	enum hctx_type type;
	struct request_queue *queue;
};
struct gendisk { struct request_queue *queue; };
enum blk_unique_id { BLK_UID_T10 = 1, BLK_UID_EUI64, BLK_UID_NAA };
struct bio { struct bio *bi_next; };

struct request {
	struct blk_mq_hw_ctx *mq_hctx;
	struct request_queue *q;
	enum mq_rq_state state;
	unsigned int timeout;
	unsigned int cmd_flags;
	struct bio *bio;
	int tag;
	enum req_op op;
	sector_t sector;
	const struct bio_vec *vecs;
	unsigned int nr_vecs;
	unsigned int nr_segments;
	unsigned int bytes;
} __attribute__((__aligned__(16)));

struct blk_mq_tags { struct request **rqs; };
struct blk_mq_queue_map { unsigned int nr_queues, queue_offset; };
struct blk_mq_tag_set {
	struct blk_mq_queue_map map[HCTX_MAX_TYPES];
	void *driver_data;
	unsigned int nr_hw_queues;
	unsigned int queue_depth;
	struct blk_mq_tags **tags;
};

enum blk_eh_timer_return { BLK_EH_DONE, BLK_EH_RESET_TIMER };

struct blk_mq_queue_data {
	struct request *rq;
	bool last;
};

struct blk_mq_ops {
	blk_status_t (*queue_rq)(struct blk_mq_hw_ctx *hctx,
				 const struct blk_mq_queue_data *bd);
	void (*commit_rqs)(struct blk_mq_hw_ctx *hctx);
	void (*complete)(struct request *rq);
	void (*map_queues)(struct blk_mq_tag_set *set);
	int (*poll)(struct blk_mq_hw_ctx *hctx, struct io_comp_batch *iob);
	enum blk_eh_timer_return (*timeout)(struct request *rq);
};

#define __rq_for_each_bio(at, rq)	for ((at) = (rq)->bio; (at); (at) = (at)->bi_next)
static inline void bio_clear_polled(struct bio *bio) { }
static inline void blk_mq_map_queues(struct blk_mq_queue_map *map) { }
static inline enum mq_rq_state blk_mq_rq_state(struct request *rq) { return rq->state; }
static inline void blk_mq_start_request(struct request *rq) { rq->state = MQ_RQ_IN_FLIGHT; }
static inline void blk_mq_end_request(struct request *rq, blk_status_t status)
{
	rq->state = MQ_RQ_IDLE;
}

struct req_iterator {
	unsigned int at;
	unsigned int done;
};

static inline struct bio_vec shim_bvec(const struct request *rq, const struct req_iterator *iter)
{
	struct bio_vec bv = rq->vecs[iter->at];

	bv.bv_offset += iter->done;
	bv.bv_len -= iter->done;
	return bv;
}

static inline void shim_advance(const struct request *rq, struct req_iterator *iter, unsigned int n)
{
	if (!n)
		abort();
	iter->done += n;
	if (iter->done < rq->vecs[iter->at].bv_len)
		return;
	iter->done = 0;
	iter->at++;
}

/* As in the kernel it goes on behind what bv says after the body. */
#define rq_for_each_segment(bv, rq, iter)				\
	for ((iter) = (struct req_iterator){ 0 }; (iter).at < (rq)->nr_vecs && \
	     ((bv) = shim_bvec(rq, &(iter)), true); shim_advance(rq, &(iter), (bv).bv_len))

static inline void *blk_mq_rq_to_pdu(struct request *rq) { return rq + 1; }
static inline struct request *blk_mq_rq_from_pdu(void *pdu) { return (struct request *)pdu - 1; }
static inline void blk_mq_quiesce_queue(struct request_queue *q) { }
static inline void blk_mq_unquiesce_queue(struct request_queue *q) { }
static inline void blk_mq_kick_requeue_list(struct request_queue *q) { }
void blk_mq_requeue_request(struct request *rq, bool kick);
void blk_mq_complete_request(struct request *rq);
static inline enum req_op req_op(const struct request *rq) { return rq->op; }
static inline bool op_is_write(enum req_op op) { return op & 1; }
static inline unsigned int blk_rq_bytes(const struct request *rq) { return rq->bytes; }
static inline unsigned int blk_rq_sectors(const struct request *rq) { return rq->bytes / 512; }
static inline sector_t blk_rq_pos(const struct request *rq) { return rq->sector; }
static inline unsigned int blk_rq_nr_phys_segments(const struct request *rq)
{
	return rq->nr_segments;
}

static inline struct request *blk_mq_tag_to_rq(const struct blk_mq_tags *tags, unsigned int tag)
{
	return tags->rqs[tag];
}

static inline void memcpy_from_bvec(void *to, const struct bio_vec *bv)
{
	memcpy(to, page_address(bv->bv_page) + bv->bv_offset, bv->bv_len);
}

static inline void memcpy_to_bvec(const struct bio_vec *bv, const void *from)
{
	memcpy(page_address(bv->bv_page) + bv->bv_offset, from, bv->bv_len);
}

#define dev_warn_ratelimited(dev, fmt, ...)	((void)(dev))
#define dev_err		dev_warn_ratelimited
#define dev_warn	dev_warn_ratelimited
#define dev_notice	dev_warn_ratelimited
#define pr_warn(fmt, ...)	((void)sizeof(printf(fmt, ##__VA_ARGS__)))

struct folio;
bool folio_test_anon(struct folio *folio);
bool folio_mapped(struct folio *folio);
void *folio_mapping(struct folio *folio);

/* xenbus. */
struct kobject {
	struct kobject *parent;
	struct kref kref;
};

struct device {
	struct kobject kobj;
	struct device *parent;
	void *driver_data;
	bool uevent_suppress;
};

struct xenbus_device {
	struct device dev;
	const char *nodename;
	const char *otherend;
	int otherend_id;
	enum xenbus_state state;
};

struct xenbus_transaction { u32 id; };

#define XBT_NIL		((struct xenbus_transaction){ 0 })

static inline void *dev_get_drvdata(const struct device *dev)
{
	return dev->driver_data;
}

static inline void dev_set_drvdata(struct device *dev, void *data)
{
	dev->driver_data = data;
}

__printf(3, 4)
void xenbus_dev_fatal(struct xenbus_device *xdev, int err, const char *fmt, ...);
int xenbus_transaction_start(struct xenbus_transaction *t);
int xenbus_transaction_end(struct xenbus_transaction t, int abort);
int xenbus_write(struct xenbus_transaction t, const char *dir,
		 const char *node, const char *string);
int xenbus_rm(struct xenbus_transaction t, const char *dir, const char *node);
int xenbus_exists(struct xenbus_transaction t, const char *dir, const char *node);
__printf(4, 5)
int xenbus_printf(struct xenbus_transaction t, const char *dir, const char *node,
		  const char *fmt, ...);
__printf(3, 4)
void xenbus_dev_error(struct xenbus_device *xdev, int err, const char *fmt, ...);
void xenbus_frontend_closed(struct xenbus_device *xdev);
enum xenbus_state xenbus_read_driver_state(const char *path);
#define xenbus_strstate(state)	"?"
void *xenbus_read(struct xenbus_transaction t, const char *dir,
		  const char *node, unsigned int *len);

/* Watches, and what is probed. */
struct xenbus_watch {
	const char *node;
	bool (*will_handle)(struct xenbus_watch *watch, const char *path, const char *token);
	void (*callback)(struct xenbus_watch *watch, const char *path, const char *token);
};

int register_xenbus_watch(struct xenbus_watch *watch);
void unregister_xenbus_watch(struct xenbus_watch *watch);
__attribute__((__format__(__scanf__, 4, 5)))
int xenbus_scanf(struct xenbus_transaction t, const char *dir, const char *node,
		 const char *fmt, ...);
int device_reprobe(struct device *dev);
enum dpm_order { DPM_ORDER_NONE, DPM_ORDER_DEV_AFTER_PARENT };
int device_move(struct device *dev, struct device *parent, enum dpm_order order);
struct kobject *kobject_get(struct kobject *kobj);
void kobject_put(struct kobject *kobj);
#define dev_set_uevent_suppress(dev, value)	((dev)->uevent_suppress = (value))
static inline struct device *get_device(struct device *dev) { return dev; }
static inline void put_device(struct device *dev) { }

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
void rtnl_lock(void);
void rtnl_unlock(void);
enum { NETREG_UNINITIALIZED, NETREG_REGISTERED, NETREG_UNREGISTERED };

struct napi_struct { int v; };
struct timer_list { int v; };
struct hrtimer { int v; };
struct u64_stats_sync { int v; };
struct netdev_queue { bool stopped; };
struct ethtool_ops;
struct net_device {
	char name[16];
	u64 features;
	bool up;
	struct netdev_queue tx[4];
	struct device dev;
	int reg_state;
};

void unregister_netdev(struct net_device *dev);

enum { CHECKSUM_NONE, CHECKSUM_UNNECESSARY, CHECKSUM_COMPLETE, CHECKSUM_PARTIAL };
enum { PKT_HASH_TYPE_NONE, PKT_HASH_TYPE_L2, PKT_HASH_TYPE_L3, PKT_HASH_TYPE_L4 };
enum { SKB_GSO_TCPV4 = 1, SKB_GSO_DODGY = 2, SKB_GSO_TCPV6 = 16 };
#define GSO_BY_FRAGS	0xFFFF
#define NETIF_F_RXCSUM	1U
#define NETIF_F_RXHASH	2U

struct skb_shared_info {
	unsigned int gso_size;
	unsigned int gso_type;
};

struct sk_buff {
	struct sk_buff *next;
	char cb[48];
	struct net_device *dev;
	unsigned int ip_summed;
	u32 hash;
	int hash_type;
	struct skb_shared_info shinfo;
};

static inline void skb_set_hash(struct sk_buff *skb, u32 hash, int type)
{
	skb->hash = hash;
	skb->hash_type = type;
}

#define netdev_warn(dev, fmt, ...)	((void)(dev), (void)sizeof(printf(fmt, ##__VA_ARGS__)))
#define netdev_err	netdev_warn
#define netdev_notice	netdev_warn
#define netdev_info	netdev_warn
#define seq_printf(m, fmt, ...)		((void)(m), (void)sizeof(printf(fmt, ##__VA_ARGS__)))
static inline void netdev_rss_key_fill(void *key, size_t size) { memset(key, 0x6d, size); }
#define skb_shinfo(skb)		(&(skb)->shinfo)
#define skb_is_gso(skb)		((skb)->shinfo.gso_size)
#define u64_stats_update_begin(sync)	((void)(sync))
#define u64_stats_update_end(sync)	((void)(sync))
int skb_checksum_setup(struct sk_buff *skb, bool recalculate);
int skb_checksum_help(struct sk_buff *skb);
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

struct folio;

static inline struct folio *page_folio(struct page *page) { return (struct folio *)page; }
bool folio_test_anon(struct folio *folio);
bool folio_mapped(struct folio *folio);
void *folio_mapping(struct folio *folio);

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
static inline void netif_napi_add(struct net_device *dev, struct napi_struct *napi,
				  int (*poll)(struct napi_struct *napi, int budget)) { }
static inline void napi_enable(struct napi_struct *napi) { }
static inline void napi_disable(struct napi_struct *napi) { }
static inline bool netif_running(const struct net_device *dev) { return dev->up; }
static inline void netif_tx_start_queue(struct netdev_queue *txq) { txq->stopped = false; }
static inline void netif_tx_disable(struct net_device *dev)
{
	for (unsigned int i = 0; i < sizeof(dev->tx) / sizeof(dev->tx[0]); i++)
		dev->tx[i].stopped = true;
}

static inline void netdev_tx_reset_queue(struct netdev_queue *queue) { }
/* What was sent, and the queue's lock. */
#define netdev_priv(dev)	((void *)NULL)
#define __netif_tx_lock(txq, cpu)	((void)(txq), (void)(cpu))
#define __netif_tx_trylock(txq)		true
#define __netif_tx_unlock(txq)		((void)(txq))
#define __netif_tx_lock_bh(txq)		((void)(txq))
#define __netif_tx_unlock_bh(txq)	((void)(txq))
#define netif_tx_queue_stopped(txq)	((txq)->stopped)
#define netif_xmit_stopped(txq)		((txq)->stopped)
static inline void netif_tx_wake_queue(struct netdev_queue *txq) { txq->stopped = false; }
static inline void skb_mark_not_on_list(struct sk_buff *skb) { skb->next = NULL; }
void napi_consume_skb(struct sk_buff *skb, int budget);
void dev_kfree_skb_any(struct sk_buff *skb);

#define netdev_get_tx_queue(dev, index)	(&(dev)->tx[index])

#endif
