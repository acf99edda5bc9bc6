# SPDX-License-Identifier: GPL-2.0
"""What the labs left in build/bench, as numbers.

A value is the median of a workload's runs in its unit; spread is (largest - smallest) /
median. Counts are for one operation: those of a pass with all operations less those of
a pass with one, divided by how many more there were.
"""
import json
import statistics
from pathlib import Path

HYPERCALLS = {
    0: "set_trap_table", 1: "mmu_update", 2: "set_gdt", 3: "stack_switch", 4: "set_callbacks",
    5: "fpu_taskswitch", 8: "set_debugreg", 9: "get_debugreg", 10: "update_descriptor",
    12: "memory_op", 13: "multicall", 14: "update_va_mapping", 15: "set_timer_op",
    17: "xen_version", 18: "console_io", 20: "grant_table_op", 23: "iret", 24: "vcpu_op",
    25: "set_segment_base", 26: "mmuext_op", 29: "sched_op", 30: "callback_op",
    32: "event_channel_op", 33: "physdev_op", 40: "vm_assist",
}
EVENT_CHANNEL_OP = "hypercall-32"


class Missing(Exception):
    """A figure that should be there."""


def documents(path):
    """The JSON objects of a file, one after the other; fio may warn before them."""
    text, found, at = path.read_text(), [], 0
    decoder = json.JSONDecoder()
    while (at := text.find("{", at)) >= 0:
        document, at = decoder.raw_decode(text, at)
        found.append(document)
    if not found:
        raise Missing(f"{path} holds no result")
    return found


class Reading:
    """One pass of a load: its value, and how many operations it did."""

    def __init__(self, value, operations, details):
        self.value, self.operations, self.details = value, operations, details


def read_fio(path):
    job = documents(path)[0]["jobs"][0]
    if job["error"]:
        raise Missing(f"{path}: fio says error {job['error']}")
    ways = [job[way] for way in ("read", "write") if job[way]["total_ios"]]
    operations = sum(way["total_ios"] for way in ways)
    milliseconds = max(way["runtime"] for way in ways)
    most = max(ways, key=lambda way: way["total_ios"])["clat_ns"].get("percentile", {})
    return Reading(milliseconds * 1000 / operations, operations, {
        "iops": operations * 1000 / max(milliseconds, 1),
        "mb_per_s": sum(way["io_bytes"] for way in ways) / 1000 / max(milliseconds, 1),
        **{f"latency_p{int(float(p))}_us": most[p] / 1000
           for p in ("50.000000", "99.000000") if p in most}})


def read_iperf(path):
    ends = []
    for document in documents(path):
        if "error" in document:
            raise Missing(f"{path}: iperf3 says {document['error']}")
        ends.append(document["end"])
    received = [end["sum_received"] for end in ends]
    megabytes = sum(each["bytes"] for each in received) / 1e6
    return Reading(sum(each["bits_per_second"] for each in received) / 1e6, megabytes, {})


def read_udp(path):
    """What the receiver has read by its own clock, see tools/udp.c."""
    flood = documents(path)[0]
    return Reading(flood["received"] * 1e9 / max(flood["receiver_ns"], 1), flood["sent"], {
        "lost_percent": 100 * flood["lost"] / flood["sent"],
        "sent_per_s": flood["sent"] * 1e9 / max(flood["sender_ns"], 1)})


def read_rr(path):
    trip = documents(path)[0]
    return Reading(trip["total_ns"] / trip["trips"] / 1000, trip["trips"], {
        "latency_p50_us": trip["p50_ns"] / 1000, "latency_p99_us": trip["p99_ns"] / 1000})


def read_console(path):
    sent = documents(path)[0]
    return Reading(sent["bytes"] * 1000 / max(sent["us"], 1), sent["bytes"] / 1000, {})


def read_ops(path):
    done = documents(path)[0]
    return Reading(done["ns"] / 1000, done["operations"], {})


def read_boot(path):
    boot = documents(path)[0]
    return Reading(boot["ns"] / 1e6, 1, {"free_kb_at_init": boot["free_kb"]})


class Workload:
    """A line of bench/workloads that was run."""

    def __init__(self, line):
        self.name, self.group, _, self.guest, self.kind, *words = line.split()
        self.words = dict(word.partition("=")[::2] for word in words)
        self.command = " ".join([self.kind, *words])
        self.read, self.unit, self.operation = {
            "fio": (read_fio, "us", "I/O"),
            "iperf": (read_iperf, "Mbit/s", "MB"),
            "udp": (read_udp, "packets/s", "packet"),
            "rr": (read_rr, "us", "round trip"),
            "console": (read_console, "kB/s", "kB"),
            "ops": (read_ops, "us", "operation"),
            "boot": (read_boot, "ms", "boot"),
        }[self.kind]

    @property
    def less_is_better(self):
        return self.unit in ("us", "ms")


def read_counts(path):
    """counts[workload][pass][what]"""
    counts = {}
    if not path.exists():
        return counts
    for line in path.read_text().splitlines():
        workload, pass_, what, number = line.split()
        counts.setdefault(workload, {}).setdefault(pass_, {})[what] = int(number)
    return counts


def middle(values):
    return statistics.median(values)


def summary(readings):
    values = [reading.value for reading in readings]
    value = middle(values)
    return {"runs": values, "median": value, "spread": (max(values) - min(values)) / value}


class Column:
    """What one lab measured."""

    def __init__(self, name, directory, settings):
        self.name, self.runs, self.floors = name, settings["BENCH_RUNS"], settings["BENCH_FLOORS"]
        self.want_counts = bool(settings["BENCH_COUNTS"])
        self.cases = {path.parent: read_counts(path.parent / "counts")
                      for path in directory.glob("*/progress")}

    def case_of(self, workload):
        for case, counts in self.cases.items():
            if (case / f"{workload.name}.run1.json").exists():
                return case, counts.get(workload.name, {})
        raise Missing(f"{workload.name}: column {self.name} has nothing of it")

    def passes(self, workload, case, kind, number):
        paths = [case / f"{workload.name}.{kind}{n}.json" for n in range(1, number + 1)]
        for path in paths:
            if not path.exists():
                raise Missing(f"{workload.name}: column {self.name} lacks {kind} ({path.name})")
        return [workload.read(path) for path in paths]

    def result(self, workload):
        case, counts = self.case_of(workload)
        runs = self.passes(workload, case, "run", int(self.runs))
        found = summary(runs)
        found["details"] = {what: middle([run.details[what] for run in runs])
                            for what in runs[0].details if what in runs[-1].details}
        # The image's kernel has no RAM disks.
        if workload.kind == "fio" and not self.name.startswith("image"):
            floors = summary(self.passes(workload, case, "floor", int(self.floors)))
            found["floor"] = floors
            found["tax"] = found["median"] - floors["median"]
        found["operations"] = runs[0].operations
        try:
            found["counts"] = self.counts(workload, counts, runs[0].operations, case)
        except KeyError as what:
            raise Missing(f"{workload.name}: column {self.name} lacks the count {what}") from what
        return found

    def counts(self, workload, counts, operations, case):
        """For one operation, but for what is held."""
        if workload.kind == "boot":
            return dict(counts.get("trace", {}))
        # What iperf3 says to have received of next to nothing is not reliable.
        base = workload.read(case / f"{workload.name}.base.json")
        more = operations - (0 if workload.kind == "iperf" else base.operations)
        per = {}
        for what in ("events", "interrupts", "backend-events", "guest-cpu-ns", "dom0-cpu-ns"):
            passes = [counts[f"run{n}"][what] for n in range(1, int(self.runs) + 1)]
            per[what] = (middle(passes) - counts["base"][what]) / more
        if self.want_counts:
            full, one = counts["trace"], counts["trace-base"]
            for what in full:
                per[what] = (full[what] - one.get(what, 0)) / more
            per["notifications"] = per.get(EVENT_CHANNEL_OP, 0)
            per.update(counts.get("grants", {}))
        held = [of["memory"]["driver-kb"] for of in self.cases[case].values() if "memory" in of]
        if held:
            per["driver-kb"] = held[0]
        elif workload.group in ("disk", "net"):
            raise Missing(f"{workload.name}: column {self.name} lacks the driver's memory")
        return per


def hypercalls(counts):
    """By name, those that an operation makes at all."""
    named = {}
    for what, number in counts.items():
        kind, _, index = what.rpartition("-")
        if kind in ("hypercall", "subcall") and number >= 0.005:
            name = HYPERCALLS.get(int(index), index)
            named[name if kind == "hypercall" else f"in multicall: {name}"] = number
    return named


def read_all(out, columns):
    """(workloads, {workload name: {column: result}}, what is missing)"""
    workloads, results, missing = {}, {}, []
    for name in columns:
        settings = dict(line.partition("=")[::2] for line in
                        (out / f"with-{name}/settings").read_text().splitlines())
        column = Column(name, Path(out) / f"logs-{name}", settings)
        for line in (out / f"selected-{name}").read_text().splitlines():
            workload = Workload(line)
            workloads.setdefault(workload.name, workload)
            results.setdefault(workload.name, {})
            try:
                results[workload.name][name] = column.result(workload)
            except (Missing, OSError, KeyError, ValueError) as why:
                missing.append(f"{name}: {why}")
        ktap = out / f"logs-{name}/ktap"
        if not ktap.exists():
            missing.append(f"{name}: the lab left no verdict")
        else:
            missing += [f"{name}: {line}" for line in ktap.read_text().splitlines()
                        if line.startswith("not ok")]
    return list(workloads.values()), results, missing
