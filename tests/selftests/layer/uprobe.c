// SPDX-License-Identifier: GPL-2.0
/*
 * Probes on RDFSBASE and its like: the kernel steps over a copy of the instruction, which
 * the layer carries out by itself, and must be told that the step is done.
 */
#include <asm/prctl.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "layer.h"
#include "ktap.h"

#define BASE	0x123456789000UL
#define GROUP	"pvguest_uprobe"
#define TIMES	20

extern const char at_rdfsbase[], at_wrfsbase[], at_rdgsbase[], at_wrgsbase[], at_lea[];
unsigned long read_fs(void);
unsigned long read_gs(void);
unsigned long probed_lea(void);
void write_fs(unsigned long base);
void write_gs(unsigned long base);

asm(".pushsection .text\n"
	"read_fs:	nop\n"
	"at_rdfsbase:	rdfsbase %rax\n"
	"	ret\n"
	"write_fs:	nop\n"
	"at_wrfsbase:	wrfsbase %rdi\n"
	"	ret\n"
	"read_gs:	nop\n"
	"at_rdgsbase:	rdgsbase %rax\n"
	"	ret\n"
	"write_gs:	nop\n"
	"at_wrgsbase:	wrgsbase %rdi\n"
	"	ret\n"
	"probed_lea:	mov $1, %eax\n"
	"at_lea:	lea 1(%rax), %rax\n"
	"	ret\n"
	".popsection\n");

/* Without a probe the test shows nothing: the first row has one on an ordinary instruction. */
static const char *run_lea(void)
{
	return probed_lea() == 2 ? NULL : "the instruction behind the probe was not executed right";
}

static const char *run_rdfsbase(void)
{
	unsigned long want = 0;

	syscall(SYS_arch_prctl, ARCH_GET_FS, &want);
	return read_fs() == want ? NULL : "read another base than arch_prctl";
}

static const char *run_wrfsbase(void)
{
	unsigned long base = 0;

	/* The C library needs its own, which is what is written. */
	syscall(SYS_arch_prctl, ARCH_GET_FS, &base);
	write_fs(base);
	return read_fs() == base ? NULL : "the base is not what was written";
}

static const char *run_rdgsbase(void)
{
	syscall(SYS_arch_prctl, ARCH_SET_GS, BASE);
	return read_gs() == BASE ? NULL : "read another base than arch_prctl set";
}

static const char *run_wrgsbase(void)
{
	unsigned long got = 0;

	write_gs(BASE + 4096);
	syscall(SYS_arch_prctl, ARCH_GET_GS, &got);
	return got == BASE + 4096 ? NULL : "arch_prctl reads another base than was written";
}

static const struct probe {
	const char *name, *at;
	const char *(*run)(void);
} probes[] = {
	{ "lea", at_lea, run_lea },
	{ "rdfsbase", at_rdfsbase, run_rdfsbase },
	{ "wrfsbase", at_wrfsbase, run_wrfsbase },
	{ "rdgsbase", at_rdgsbase, run_rdgsbase },
	{ "wrgsbase", at_wrgsbase, run_wrgsbase },
};

static char tracefs[64];

static bool find_tracefs(void)
{
	static const char *const places[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	char path[128];
	unsigned int i;

	mount("tracefs", places[0], "tracefs", 0, NULL);
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		snprintf(path, sizeof(path), "%s/uprobe_events", places[i]);
		if (!access(path, W_OK)) {
			snprintf(tracefs, sizeof(tracefs), "%s", places[i]);
			return true;
		}
	}
	return false;
}

/* Returns 0 or an errno. */
static int tracefs_write(const char *file, const char *text)
{
	char path[192];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", tracefs, file);
	fd = open(path, O_WRONLY | O_APPEND);
	if (fd < 0)
		return errno;
	n = write(fd, text, strlen(text));
	close(fd);
	return n < 0 ? errno : 0;
}

/* Where in this program's file an instruction is. */
static unsigned long file_offset(const char *at)
{
	unsigned long start, end, offset, found = 0;
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512];

	while (maps && !found && fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx %*s %lx", &start, &end, &offset) == 3 &&
		    (unsigned long)at >= start && (unsigned long)at < end)
			found = (unsigned long)at - start + offset;
	if (maps)
		fclose(maps);
	return found;
}

static unsigned long hits(const char *name)
{
	char path[192], line[512], event[64];
	unsigned long n, found = 0;
	FILE *profile;

	snprintf(path, sizeof(path), "%s/uprobe_profile", tracefs);
	profile = fopen(path, "r");
	while (profile && fgets(line, sizeof(line), profile))
		if (sscanf(line, "%*s %63s %lu", event, &n) == 2 && !strcmp(event, name))
			found = n;
	if (profile)
		fclose(profile);
	return found;
}

static const struct probe *now;

static const char *run_often(void)
{
	const char *wrong = NULL;
	unsigned int i;

	for (i = 0; i < TIMES && !wrong; i++)
		wrong = now->run();
	return wrong;
}

static void probed(const struct probe *probe)
{
	char exe[256] = "", text[512], enable[128];
	const char *wrong;
	int err;

	if (readlink("/proc/self/exe", exe, sizeof(exe) - 1) < 0)
		exe[0] = 0;
	snprintf(text, sizeof(text), "p:" GROUP "/%s %s:0x%lx\n", probe->name, exe,
		 file_offset(probe->at));
	err = tracefs_write("uprobe_events", text);
	if (!ktap_check(!err, "%.100s: %s", text, strerror(err)))
		return;
	snprintf(enable, sizeof(enable), "events/" GROUP "/%s/enable", probe->name);
	err = tracefs_write(enable, "1");
	if (ktap_check(!err, "%s: %s", enable, strerror(err))) {
		now = probe;
		wrong = in_child(run_often);
		ktap_check(!wrong, "%s", wrong);
		ktap_check(hits(probe->name) >= TIMES, "%lu hits of %u", hits(probe->name), TIMES);
		tracefs_write(enable, "0");
	}
	snprintf(text, sizeof(text), "-:" GROUP "/%s\n", probe->name);
	err = tracefs_write("uprobe_events", text);
	ktap_check(!err, "%.100s: %s", text, strerror(err));
}

static void run_probe(void *arg)
{
	probed(arg);
}

static void try_one(void *unused)
{
	read_gs();
}

int main(void)
{
	struct fault f = fault_of(try_one, NULL);
	unsigned int i;

	if (f.sig == SIGILL)
		ktap_skip_all("neither the CPU nor the kernel has the instructions");
	if (!find_tracefs())
		ktap_skip_all("the kernel has no uprobe events");
	ktap_plan(ARRAY_SIZE(probes));
	for (i = 0; i < ARRAY_SIZE(probes); i++)
		ktap_run(probes[i].name, run_probe, (void *)&probes[i]);
	return ktap_finished();
}
