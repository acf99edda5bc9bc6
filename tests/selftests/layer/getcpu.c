// SPDX-License-Identifier: GPL-2.0
/*
 * getcpu() without a system call: the vDSO takes the number of the CPU, and of its node, from
 * a segment or a register that each CPU has set up for itself.
 */
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "layer.h"
#include "ktap.h"

static void each_cpu(void *unused)
{
	long i, seen = 0, cpus = sysconf(_SC_NPROCESSORS_CONF);

	for (i = 0; i < cpus; i++) {
		unsigned int cpu = ~0U, node = ~0U, want_cpu = ~0U, want_node = ~0U;

		if (!pin_to(i))
			continue;
		seen++;
		syscall(SYS_getcpu, &want_cpu, &want_node, NULL);
		ktap_check(want_cpu == i, "the system call says %u on CPU %ld", want_cpu, i);
		ktap_check(!getcpu(&cpu, &node) && cpu == want_cpu && node == want_node,
			   "the vDSO says CPU %u of node %u, the system call %u of %u", cpu, node,
			   want_cpu, want_node);
	}
	ktap_check(seen == sysconf(_SC_NPROCESSORS_ONLN), "stayed on %ld CPUs only", seen);
}

static const struct ktap_test tests[] = {
	{ "the vDSO's number of each CPU", each_cpu },
};

int main(void)
{
	return ktap_run_table(tests, ARRAY_SIZE(tests));
}
