# SPDX-License-Identifier: GPL-2.0
"""A picture of each group by gnuplot: what ours costs beside the kernel's own, which is 1."""
import shutil
import subprocess

from tables import pairs, ratio


def cost(workload, result, pair):
    found = ratio(result, pair)
    return found if found is None or workload.less_is_better else 1 / found


def rows(workloads, results, columns):
    for workload in workloads:
        result = results[workload.name]
        numbers = []
        for pair in pairs(columns):
            numbers += [cost(workload, result, pair), ratio(result, pair, "tax")]
        yield [f'"{workload.name}"'] + ["-" if number is None else f"{number:.3f}" for number in numbers]


def script(data, picture, group, columns, lines):
    series = []
    for n, pair in enumerate(pairs(columns)):
        for m, what in enumerate(("time", "tax")):
            if all(line[2 * n + m + 1] == "-" for line in lines):
                continue
            series.append(f"'{data}' using {2 * n + m + 2}:xtic(1) title '{what} {pair[0]}/{pair[1]}'")
    return f"""
set terminal svg size 1000,500 font 'sans,12' background '#ffffff'
set output '{picture}'
set title '{group}: counted time of one operation, {" and ".join(pair[1] for pair in pairs(columns))} = 1'
set style data histogram
set style fill solid 0.8 border -1
set boxwidth 0.9
set xtics rotate by -40 noenhanced
set yrange [0:1.1<*]
set grid ytics
set key outside above
set datafile missing '-'
plot {", ".join(series)}, 1 with lines linecolor 'black' title ''
"""


def draw(out, workloads, results, columns):
    """The pictures drawn; none without gnuplot or without two columns to compare."""
    drawn = []
    if not pairs(columns) or not shutil.which("gnuplot"):
        return drawn
    for group in dict.fromkeys(workload.group for workload in workloads):
        of_group = [workload for workload in workloads if workload.group == group]
        lines = list(rows(of_group, results, columns))
        if not any(cell != "-" for line in lines for cell in line[1:]):
            continue
        data, picture = out / f"{group}.dat", out / f"{group}.svg"
        data.write_text("".join(" ".join(line) + "\n" for line in lines))
        subprocess.run(["gnuplot"], input=script(data, picture, group, columns, lines), text=True, check=True)
        drawn.append(picture)
    return drawn
