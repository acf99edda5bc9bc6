# SPDX-License-Identifier: GPL-2.0
"""Tables for people."""
from measure import hypercalls

# What is compared with what.
PAIRS = (("ours", "intree"), ("image", "image-stock"))


def pairs(columns):
    return [pair for pair in PAIRS if set(pair) <= set(columns)]


def ratio(result, pair, key="median"):
    one, other = (result.get(column, {}).get(key) for column in pair)
    return one / other if one is not None and other else None


def show(number, digits=3):
    """So many significant digits, without an exponent."""
    if number is None:
        return "-"
    if abs(number) >= 10 ** (digits - 1):
        return f"{number:,.0f}"
    return f"{number:.{digits}g}" if number else "0"


def times(number):
    return "-" if number is None else f"{number:.2f}x"


def aligned(rows):
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        first = row[0].ljust(widths[0])
        yield "  ".join([first] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])])


def speed_rows(workloads, results, columns):
    columns = [column for column in columns if any(column in of for of in results.values())]
    head = ["workload", "unit"]
    for column in columns:
        head += [column, "+-"]
    for pair in pairs(columns):
        head += [f"{pair[0]}/{pair[1]}"]
    taxed = any("tax" in of for result in results.values() for of in result.values())
    if taxed:
        head += ["floor"] + [f"tax {column}" for column in columns]
        head += [f"tax {pair[0]}/{pair[1]}" for pair in pairs(columns)]
    yield head
    for workload in workloads:
        result = results[workload.name]
        row = [workload.name, workload.unit]
        for column in columns:
            of = result.get(column)
            row += [show(of["median"], 4), f"{100 * of['spread']:.1f}%"] if of else ["-", "-"]
        row += [times(ratio(result, pair)) for pair in pairs(columns)]
        if taxed:
            floors = [of["floor"]["median"] for of in result.values() if "floor" in of]
            row += [show(sum(floors) / len(floors) if floors else None)]
            row += [show(result.get(column, {}).get("tax")) for column in columns]
            row += [times(ratio(result, pair, "tax")) for pair in pairs(columns)]
        yield row


COUNTS = (("events", "events"), ("backend's", "backend-events"), ("notif.", "notifications"),
          ("guest us", "guest-cpu-ns"), ("dom0 us", "dom0-cpu-ns"),
          ("emulated", "event-6"), ("cpuid", "event-5"),
          ("grants", "grants-after"), ("at most", "grants-peak"), ("kB held", "driver-kb"))


def count_rows(workloads, results, columns):
    yield ["workload", "for each", ""] + [title for title, _ in COUNTS]
    for workload in workloads:
        for column in columns:
            of = results[workload.name].get(column)
            if not of:
                continue
            row = [workload.name, workload.operation, column]
            for _, what in COUNTS:
                number = of["counts"].get(what)
                if what.endswith("-ns") and number is not None:
                    number /= 1000
                row.append(show(number))
            yield row


def detail_rows(workloads, results, columns):
    """What a load's tool says beside the value."""
    for workload in workloads:
        for column in columns:
            of = results[workload.name].get(column)
            if of and of["details"]:
                said = ", ".join(f"{what.replace('_', ' ')} {show(number, 4)}"
                                 for what, number in of["details"].items())
                yield [workload.name, column, said]


def hypercall_rows(workloads, results, columns):
    yield ["workload", "for each", "", "all", "by name"]
    for workload in workloads:
        for column in columns:
            of = results[workload.name].get(column)
            calls = hypercalls(of["counts"]) if of else {}
            if not calls:
                continue
            made = sum(number for name, number in calls.items() if ":" not in name)
            named = sorted(calls.items(), key=lambda call: -call[1])
            yield [workload.name, workload.operation, column, show(made),
                   ", ".join(f"{name} {show(number)}" for name, number in named)]


def text(workloads, results, columns):
    lines = ["", "Counted time: 1 us is 500 instructions of guest, Xen and dom0. Of us less is better,",
             "of rates more. floor: the same on a RAM disk in the guest; tax: what is above it."]
    lines += ["", *aligned(list(speed_rows(workloads, results, columns)))]
    lines += ["", "What one operation takes, and what the driver holds:",
              "", *aligned(list(count_rows(workloads, results, columns)))]
    details = list(detail_rows(workloads, results, columns))
    if details:
        lines += ["", "Beside the value:", ""]
        lines += [f"{start}  {row[2]}" for start, row in zip(aligned([row[:2] for row in details]), details)]
    calls = list(hypercall_rows(workloads, results, columns))
    if len(calls) > 1:
        lines += ["", "Hypercalls of the guest for one operation:", ""]
        rows = list(aligned([row[:4] for row in calls]))
        lines += [f"{start}  {row[4]}" for start, row in zip(rows, calls)]
    return "\n".join(line.rstrip() for line in lines) + "\n"
