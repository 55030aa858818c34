# SPDX-License-Identifier: Apache-2.0
"""Runs benchmark programs that are built, and prints what they measured as one table. Called by benchmarks/run.

A benchmark is a folder here. Each program build/lto/benchmarks/NAME/*_benchmark and each script
benchmarks/NAME/*_benchmark.py prints {"benchmark", "subject", "metric", "value", "unit"}, one JSON object per line, or
is a Google Benchmark program. A peer that is not there prints nothing. The subject that starts with "raw" is what the
others of its benchmark and metric are compared with.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
KEYS = ("benchmark", "subject", "metric", "value", "unit")
GOOGLE_OWN = {"name", "run_name", "run_type", "family_index", "per_family_instance_index", "repetitions",
              "repetition_index", "threads", "iterations", "real_time", "cpu_time", "time_unit", "aggregate_name",
              "aggregate_unit"}


def from_google(folder, report):
    """One row per benchmark and counter; where it was repeated, of the median."""
    runs = report["benchmarks"]
    repeated = {run["run_name"] for run in runs if run.get("aggregate_name") == "median"}
    for run in runs:
        if run.get("aggregate_name", "median") != "median" or (run["run_name"] in repeated and "aggregate_name" not in run):
            continue
        name, _, subject = run["run_name"].partition("/")
        name = f"{folder} {name}"
        subject = subject.split("/")[0] if subject and not subject.startswith(("iterations", "repeats")) else "core_lib"
        yield dict(zip(KEYS, (name, subject, "time per operation", run["real_time"], run["time_unit"])))
        for counter in sorted(set(run) - GOOGLE_OWN):
            metric, _, unit = counter.rpartition("_")
            if unit not in ("ns", "us", "ms", "s"):
                metric, unit = counter, "each"
            yield dict(zip(KEYS, (name, subject, metric.replace("_", " "), run[counter], unit)))


def run_program(folder, command):
    result = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if result.returncode:
        sys.exit(f"{command[-1]} failed with {result.returncode}")
    if result.stdout.startswith("{\n"):
        yield from from_google(folder, json.loads(result.stdout))
        return
    for line in filter(str.strip, result.stdout.splitlines()):
        row = json.loads(line)
        yield {key: row[key] for key in KEYS}


def compile_costs():
    """Time and peak memory of compiling one small file of a user's, without optimisation: the best of three."""
    source = ROOT / "benchmarks" / "compile" / "one_entity.cpp"
    for compiler in filter(shutil.which, ("g++", "clang++-19")):
        command = [compiler, "-std=c++20", "-O0", "-c", "-I", str(ROOT / "include"), str(source), "-o", os.devnull]
        seconds, megabytes = [], []
        for _ in range(3):
            started = time.monotonic()
            child = subprocess.Popen(command)
            _, status, usage = os.wait4(child.pid, 0)
            seconds.append(time.monotonic() - started)
            megabytes.append(usage.ru_maxrss / 1000)
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode:
                sys.exit(f"{source} does not compile with {compiler}")
        for metric, value, unit in (("time", min(seconds), "s"), ("peak memory", min(megabytes), "MB")):
            yield dict(zip(KEYS, ("compile one entity, one get, one update at -O0", compiler, metric, value, unit)))


def measure(name):
    if name == "compile":
        yield from compile_costs()
        return
    built = ROOT / "build" / "lto" / "benchmarks" / name
    for program in sorted(built.glob("*_benchmark")):
        yield from run_program(name, [str(program), "--benchmark_format=json"])
    for script in sorted((ROOT / "benchmarks" / name).glob("*_benchmark.py")):
        yield from run_program(name, [sys.executable, "-B", str(script)])


def table(rows):
    raw = {(row["benchmark"], row["metric"]): row["value"] for row in rows if row["subject"].startswith("raw")}
    lines = [("benchmark", "subject", "metric", "value", "unit", "ratio to raw")]
    for row in rows:
        base = raw.get((row["benchmark"], row["metric"]))
        ratio = f"{row['value'] / base:.2f}" if base else ""
        value = f"{row['value']:.4g}" if row["value"] < 1000 else f"{row['value']:.0f}"
        lines.append((row["benchmark"], row["subject"], row["metric"], value, row["unit"], ratio))
    widths = [max(map(len, column)) for column in zip(*lines)]
    for line in lines:
        cells = [cell.rjust(width) if i in (3, 5) else cell.ljust(width) for i, (cell, width) in enumerate(zip(line, widths))]
        print("  ".join(cells).rstrip())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    folders = sorted(path.parent.name for path in (ROOT / "benchmarks").glob("*/CMakeLists.txt"))
    if (ROOT / "benchmarks" / "compile" / "one_entity.cpp").is_file():
        folders.append("compile")
    rows = []
    for name in arguments.names or folders:
        print(f"measuring: {name}", file=sys.stderr)
        for row in measure(name):  # the same work on several engines is several benchmarks
            benchmark = row["benchmark"]
            rows.append(row | {"benchmark": benchmark if benchmark.startswith(name) else f"{name}: {benchmark}"})
    order = {}
    for row in rows:
        order.setdefault((row["benchmark"], row["metric"]), len(order))
    rows.sort(key=lambda row: order[row["benchmark"], row["metric"]])  # peers of one benchmark stand together
    table(rows)
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
