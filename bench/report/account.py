# SPDX-License-Identifier: GPL-2.0
"""Windows of counted instructions (tools/profile.c) as accounts of one operation.

A window is a Counter of instructions by (domain, part, module, function, kind), where domain
is "guest" or "dom0", whose processor it was, and part "user", "kernel" or "Xen".
"""
import bisect
import statistics
from collections import Counter

from groups import group_of
from measure import Missing

DOMAINS = ("dom0", "guest")  # by processor
XEN_START, XEN_END = 0xffff800000000000, 0xffff880000000000
NS_EACH = 2
CHECK_MAX = 0.01
FAR = 1 << 20  # from one function to the next, at most


class Symbols:
    """Functions by address."""

    def __init__(self, lines):
        self.at = {}
        for line in lines:
            address, _, name, *module = line.split()
            # Of several names for one address the first.
            self.at.setdefault(int(address, 16), (module[0].strip("[]") if module else "", name))
        self.addresses = sorted(self.at)

    def find(self, address):
        n = bisect.bisect_right(self.addresses, address) - 1
        if n < 0 or address - self.addresses[n] > FAR:
            return "", "?"
        return self.at[self.addresses[n]]


class Case:
    """What one guest's workloads left: its directory, and the windows of its lab."""

    def __init__(self, directory, windows):
        self.directory, self.windows, self.passes = directory, windows, {}
        for line in (directory / "windows").read_text().splitlines():
            workload, pass_, window, nanoseconds = line.split()
            self.passes.setdefault(workload, {})[pass_] = int(window), int(nanoseconds)
        lines = {which: path.read_text().splitlines() for which, path in (
            ("dom0", directory / "symbols.dom0"), ("guest", directory / "symbols.guest"),
            ("xen", directory.parent / "symbols.xen"))}
        kernel = [line for line in lines["dom0"] if not line.endswith("]")]
        xen = Symbols(lines["xen"])
        self.symbols = {("dom0", "kernel"): Symbols(lines["dom0"]),
                        ("guest", "kernel"): Symbols(kernel + lines["guest"]),
                        ("dom0", "Xen"): xen, ("guest", "Xen"): xen}

    def where(self, domain, address):
        if not address:
            return "user", "", "user"
        part = "Xen" if XEN_START <= address < XEN_END else "kernel"
        return part, *self.symbols[domain, part].find(address)

    def window(self, workload, pass_):
        """(the window's Counter, instructions that its time had room for)"""
        if pass_ not in self.passes.get(workload, {}):
            raise Missing(f"{workload}: no window for {pass_}")
        number, nanoseconds = self.passes[workload][pass_]
        counted = Counter()
        for line in (self.windows / str(number)).read_text().splitlines():
            cpu, address, instructions, kind = line.split()
            domain = DOMAINS[int(cpu)]
            part, module, function = self.where(domain, int(address, 16))
            counted[domain, part, module, function, kind] += int(instructions)
        if not counted:
            raise Missing(f"{workload}: window {number} ({pass_}) is empty")
        return counted, nanoseconds / NS_EACH


def checked(case, workload):
    """What was counted of the clock's time while a processor had work all of the time."""
    counted, room = case.window(workload.name, "check")
    share = counted.total() / room
    if abs(share - 1) > CHECK_MAX:
        raise Missing(f"{workload.name}: counted {100 * share:.2f} % of the instructions that "
                      f"the clock went on for, not within {100 * CHECK_MAX:g} %")
    return share


class Account:
    """One operation of a workload on some drivers, or of the floor: of the run in the middle
    (the lower one of two), as a program that waits busily can spoil one."""

    def __init__(self, case, workload, kind, number):
        self.check = checked(case, workload)
        base, base_room = case.window(workload.name, "base")
        path = case.directory / f"{workload.name}.base.json"
        # What iperf3 says to have received of next to nothing is not reliable.
        base_operations = 0 if workload.kind == "iperf" else workload.read(path).operations
        runs, self.lost = [], []
        for n in range(1, number + 1):
            full, room = case.window(workload.name, f"{kind}{n}")
            reading = workload.read(case.directory / f"{workload.name}.{kind}{n}.json")
            full.subtract(base)
            runs.append((full, room - base_room, reading.operations - base_operations))
            self.lost += [reading.details["lost_percent"]] if "lost_percent" in reading.details else []
        self.totals = [full.total() / operations for full, _, operations in runs]
        full, room, self.operations = runs[self.totals.index(statistics.median_low(self.totals))]
        self.total = full.total() / self.operations
        self.idle = room / self.operations - self.total
        self.by_function = Counter({where: n / self.operations for where, n in full.items()})
        self.by_group = Counter()
        for (domain, part, *which), instructions in self.by_function.items():
            self.by_group[domain, part, group_of(part, *which)] += instructions

    @property
    def spread(self):
        return (max(self.totals) - min(self.totals)) / statistics.median(self.totals)

    def sum(self, domain, *part):
        return sum(n for where, n in self.by_group.items()
                   if where[:1 + len(part)] == (domain, *part))


def check_lab(directory):
    """A lab that broke leaves windows that mean something else."""
    ktap = directory / "ktap"
    if not ktap.exists():
        raise Missing(f"{directory.name}: the lab left no verdict")
    for line in ktap.read_text().splitlines():
        if line.startswith("not ok"):
            raise Missing(f"{directory.name}: {line}")


def of_workload(cases, column, workload, settings):
    """{column or "floor": Account}"""
    for case in cases:
        if workload.name in case.passes:
            found = {column: Account(case, workload, "run", int(settings["BENCH_RUNS"]))}
            if workload.kind == "fio":
                floors = int(settings["BENCH_FLOORS"])
                found["floor"] = Account(case, workload, "floor", floors)
            return found
    raise Missing(f"{workload.name}: nothing of it")


def read_accounts(out, column, workloads):
    """({workload name: {column or "floor": Account}}, what is missing)"""
    accounts, missing = {}, []
    settings = dict(line.partition("=")[::2] for line in
                    (out / f"with-{column}/settings").read_text().splitlines())
    logs = out / f"logs-{column}"
    try:
        check_lab(logs)
        cases = [Case(path.parent, out / f"windows-{column}")
                 for path in sorted(logs.glob("*/windows"))]
    except (Missing, OSError, ValueError) as why:
        return {}, [f"{column}: {why}"]
    for workload in workloads:
        try:
            accounts[workload.name] = of_workload(cases, column, workload, settings)
        except (Missing, OSError, KeyError, ValueError) as why:
            missing.append(f"{column}: {why}")
    return accounts, missing
