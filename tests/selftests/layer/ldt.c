// SPDX-License-Identifier: GPL-2.0
/*
 * modify_ldt: a task's own descriptors, which Xen checks and keeps read-only.
 *
 * On every Xen PV guest 16-bit segments are refused: returning to one would leave the upper
 * half of the kernel's stack pointer to the program.
 */
#include <asm/ldt.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "layer.h"
#include "ktap.h"

#define LDT_READ	0
#define LDT_WRITE_OLD	1
#define LDT_READ_DEFAULT 2
#define LDT_WRITE	0x11

#define LAST		(LDT_ENTRIES - 1)
#define SELECTOR(n)	((unsigned int)(n) << 3 | 7)
#define TURNS		300

/* Segment bases have 32 bits. */
static unsigned int *low;

static long modify(int what, void *data, unsigned long bytes)
{
	long got = syscall(SYS_modify_ldt, what, data, bytes);

	/* The kernel returns an int in a register of 64 bits. */
	return got < 0 ? -errno : (int)got;
}

static struct user_desc segment(unsigned int n, const void *base)
{
	return (struct user_desc) {
		.entry_number = n, .base_addr = (unsigned long)base, .limit = 0xfffff,
		.seg_32bit = 1, .limit_in_pages = 1, .useable = 1,
	};
}

static long set_data(unsigned int n, const void *base)
{
	struct user_desc desc = segment(n, base);

	return modify(LDT_WRITE, &desc, sizeof(desc));
}

static long clear(unsigned int n)
{
	struct user_desc desc = { .entry_number = n, .read_exec_only = 1, .seg_not_present = 1 };

	return modify(LDT_WRITE, &desc, sizeof(desc));
}

/* The first word of the segment, by way of %gs. */
static unsigned int gs_word(unsigned int n)
{
	unsigned int word;

	asm volatile("mov %w1, %%gs\n\tmov %%gs:0, %0\n\tmov %w2, %%gs"
		     : "=&r" (word) : "r" (SELECTOR(n)), "r" (0) : "memory");
	return word;
}

static void load_gs(void *n)
{
	asm volatile("mov %w0, %%gs" : : "r" (SELECTOR((unsigned long)n)));
	asm volatile("mov %w0, %%gs" : : "r" (0));
}

static int fault_at(unsigned int n)
{
	return fault_of(load_gs, (void *)(unsigned long)n).sig;
}

static void write_read(void *unused)
{
	unsigned long table[4] = { 0 }, base = (unsigned long)low, want;

	ktap_check(set_data(2, low) == 0, "write");
	ktap_check(modify(LDT_READ, table, sizeof(table)) > 0, "read");
	/* Base, limit, and a data segment of level 3 that was accessed. */
	want = 0xffffUL | (base & 0xffffff) << 16 | 0xf3UL << 40 | 0xdfUL << 48 |
	       base >> 24 << 56;
	ktap_check(table[2] == want, "read %#lx, not %#lx", table[2], want);
	ktap_check(!table[0] && !table[1] && !table[3], "others are not empty");
	ktap_check(gs_word(2) == low[0], "%%gs:0");
}

static unsigned int ds_word(unsigned int n)
{
	unsigned int word;

	/* In 64-bit code %ds has no base: only that it can be loaded and survives is seen. */
	asm volatile("mov %w1, %%ds\n\t"
		     "mov $39, %%eax\n\t"	/* getpid */
		     "syscall\n\t"
		     "mov %%ds, %0\n\t"
		     "mov %w2, %%ds"
		     : "=&r" (word) : "r" (SELECTOR(n)), "r" (0) : "rax", "rcx", "r11", "memory");
	return word & 0xffff;
}

static void selectors(void *unused)
{
	unsigned int word;

	ktap_check(set_data(2, low) == 0, "write");
	ktap_check(ds_word(2) == SELECTOR(2), "%%ds after a system call");
	/* %fs is glibc's: its base is read and put back by arch_prctl. */
	asm volatile("mov $158, %%eax\n\tmov $0x1003, %%edi\n\tmov %[at], %%rsi\n\tsyscall\n\t"
		     "mov %w[sel], %%fs\n\tmov %%fs:0, %[word]\n\t"
		     "mov $158, %%eax\n\tmov $0x1002, %%edi\n\tmov (%[at]), %%rsi\n\tsyscall"
		     : [word] "=&r" (word)
		     : [at] "r" (&(unsigned long){ 0 }), [sel] "r" (SELECTOR(2))
		     : "rax", "rcx", "rdi", "rsi", "r11", "memory");
	ktap_check(word == low[0], "%%fs:0 is %#x", word);
}

static void refused(void *unused)
{
	struct user_desc desc = segment(3, low);
	unsigned long table[4];

	desc.seg_32bit = 0;
	ktap_check(modify(LDT_WRITE, &desc, sizeof(desc)) == -EINVAL, "a 16-bit segment");
	desc = segment(LDT_ENTRIES, low);
	ktap_check(modify(LDT_WRITE, &desc, sizeof(desc)) == -EINVAL, "entry %u", LDT_ENTRIES);
	desc = segment(3, low);
	desc.contents = 3;
	ktap_check(modify(LDT_WRITE_OLD, &desc, sizeof(desc)) == -EINVAL, "old: conforming code");
	ktap_check(modify(LDT_WRITE, &desc, sizeof(desc) - 1) == -EINVAL, "a wrong size");
	ktap_check(modify(99, &desc, sizeof(desc)) == -ENOSYS, "call 99");
	ktap_check(modify(LDT_READ_DEFAULT, table, sizeof(table)) == sizeof(table), "default LDT");
	ktap_check(!table[0] && !table[3], "default LDT is not empty");
}

static void kinds(void *unused)
{
	struct user_desc desc = segment(5, low);

	desc.seg_not_present = 1;
	ktap_check(modify(LDT_WRITE, &desc, sizeof(desc)) == 0, "a segment that is not present");
	ktap_check(fault_at(5) == SIGBUS, "its load raised signal %d", fault_at(5));
	desc = segment(5, low);
	desc.contents = 2;
	desc.read_exec_only = 1;
	ktap_check(modify(LDT_WRITE, &desc, sizeof(desc)) == 0, "code that cannot be read");
	ktap_check(fault_at(5) == SIGSEGV, "its load raised signal %d", fault_at(5));
	ktap_check(clear(5) == 0, "clear");
	ktap_check(fault_at(5) == SIGSEGV, "load of a cleared one: signal %d", fault_at(5));
	ktap_check(fault_at(6) == SIGSEGV, "load of an unused one: signal %d", fault_at(6));
}

static const unsigned int spread[] = { 0, 1, 511, 512, 513, 1023, 1024, 4096, LAST };

static void many(void *unused)
{
	static unsigned char table[LDT_ENTRIES * LDT_ENTRY_SIZE];
	unsigned int i;
	long bytes;

	for (i = 0; i < ARRAY_SIZE(spread); i++)
		ktap_check(set_data(spread[i], low + i) == 0, "write entry %u", spread[i]);
	for (i = 0; i < ARRAY_SIZE(spread); i++)
		ktap_check(gs_word(spread[i]) == low[i], "entry %u reads %#x", spread[i],
			   gs_word(spread[i]));
	bytes = modify(LDT_READ, table, sizeof(table));
	ktap_check(bytes == sizeof(table), "read %ld bytes", bytes);
	for (i = 0; i < LDT_ENTRIES; i += 100) {
		set_data(i, low + i % 16);
		ktap_check(gs_word(i) == low[i % 16], "entry %u", i);
	}
}

/* Another thread has the same LDT, and sees a change that is made while it runs. */
static pthread_barrier_t barrier;

static void *thread(void *unused)
{
	static unsigned int seen[2];

	pin_to(1);
	seen[0] = gs_word(7);
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	seen[1] = gs_word(7);
	return seen;
}

static void threads(void *unused)
{
	unsigned int *seen = NULL;
	void *result = NULL;
	pthread_t other;

	pin_to(0);
	set_data(7, low);
	pthread_barrier_init(&barrier, NULL, 2);
	if (!ktap_check(!pthread_create(&other, NULL, thread, NULL), "pthread_create"))
		return;
	pthread_barrier_wait(&barrier);
	set_data(7, low + 1);
	pthread_barrier_wait(&barrier);
	pthread_join(other, &result);
	seen = result;
	ktap_check(seen[0] == low[0] && seen[1] == low[1], "the thread read %#x, then %#x",
		   seen[0], seen[1]);
}

static const char *child_sees(void)
{
	if (gs_word(7) != low[2])
		return "the child has another LDT";
	if (set_data(7, low + 3) || gs_word(7) != low[3])
		return "the child cannot change its LDT";
	return NULL;
}

static void forks(void *unused)
{
	const char *wrong;

	set_data(7, low + 2);
	wrong = in_child(child_sees);
	ktap_check(!wrong, "%s", wrong);
	ktap_check(gs_word(7) == low[2], "the child's change is the parent's");
}

/* Both have an LDT with the same entry, and the selector in %gs for all the time. */
static const char *turn(unsigned int who, unsigned int n)
{
	unsigned int word;

	if (!n)
		set_data(7, low + who);
	asm volatile("mov %w0, %%gs" : : "r" (SELECTOR(7)));
	give_way();
	asm volatile("mov %%gs:0, %0" : "=r" (word));
	asm volatile("mov %w0, %%gs" : : "r" (0));
	return word == low[who] ? NULL : "%gs is another's after a task switch";
}

static void switching(void *unused)
{
	const char *wrong = take_turns(TURNS, turn);

	ktap_check(!wrong, "%s", wrong);
}

/* After exec there is none; main() is called with "exec" for this. */
static const char *executed(void)
{
	int status = 0;
	pid_t pid = fork();

	if (!pid) {
		execl("/proc/self/exe", "ldt", "exec", NULL);
		_exit(3);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) && !WEXITSTATUS(status) ? NULL : "the LDT outlived exec";
}

static void execs(void *unused)
{
	const char *wrong = executed();

	ktap_check(!wrong, "%s", wrong);
}

static int after_exec(void)
{
	unsigned char table[64];

	return modify(LDT_READ, table, sizeof(table)) != 0 || fault_at(7) != SIGSEGV;
}

/* 32-bit code in a segment of the LDT, left by a far return. */
extern const char code32[], code32_end[];

asm(".pushsection .rodata\n"
	"code32:	.code32\n"
	"	add	$1, %eax\n"
	"	int3\n"
	"	add	$2, %eax\n"
	"	lret\n"
	"code32_end: .code64\n"
	".popsection\n");

static volatile unsigned int trapped_cs, trapped_ip;

static void trapped(int sig, siginfo_t *info, void *context)
{
	greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;

	trapped_cs = regs[REG_CSGSFS] & 0xffff;
	trapped_ip = regs[REG_RIP];
}

static void far_call(void *unused)
{
	struct user_desc desc = segment(8, low_code(code32, code32_end - code32));
	struct { unsigned int ip; unsigned short cs; } far = { 0, SELECTOR(8) };
	unsigned int eax = 0;
	char *stack = low_code("", 1);

	desc.contents = 2;
	if (!ktap_check(modify(LDT_WRITE, &desc, sizeof(desc)) == 0, "a code segment"))
		return;
	signal_handle(SIGTRAP, trapped);
	/* The stack has to be where 32-bit code can reach it. */
	asm volatile("mov %%rsp, %%r12\n\tmov %[stack], %%rsp\n\t"
		     "lcall *(%[far])\n\t"
		     "mov %%r12, %%rsp"
		     : "+a" (eax) : [far] "r" (&far), [stack] "r" (stack + 2048) : "r12", "memory");
	signal(SIGTRAP, SIG_DFL);
	ktap_check(eax == 3, "%%eax is %u", eax);
	ktap_check(trapped_cs == SELECTOR(8) && trapped_ip == 4, "trapped at %#x:%#x", trapped_cs,
		   trapped_ip);
}

static const struct ktap_test tests[] = {
	{ "write, read, %gs", write_read },
	{ "%ds, %fs", selectors },
	{ "what is refused", refused },
	{ "kinds of segments", kinds },
	{ "8192 entries", many },
	{ "another thread", threads },
	{ "fork", forks },
	{ "task switches", switching },
	{ "exec", execs },
	{ "code in a segment", far_call },
};

int main(int argc, char **argv)
{
	unsigned int i;

	if (argc > 1)
		return after_exec();
	if (modify(LDT_READ, &i, sizeof(i)) == -ENOSYS)
		ktap_skip_all("the kernel has no modify_ldt");
	low = low_code("", 1);
	for (i = 0; i < 16; i++)
		low[i] = 0x1d700000 + i;
	return ktap_run_table(tests, ARRAY_SIZE(tests));
}
