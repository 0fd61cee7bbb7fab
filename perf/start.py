#!/usr/bin/env python3
"""How long the tool takes to start: `--version` and `check graphs/demo.yaml`, warm and cold. Writes perf/results/start.md.

usage: start.py FLOWRUN RESULTS.md. Cold needs root (the page cache is dropped before each call); without, it is left out.
"""
import os
import statistics
import subprocess
import sys
import time

import machine

HERE = os.path.dirname(os.path.abspath(__file__))
GRAPH = os.path.join(HERE, "..", "graphs", "demo.yaml")
WARM, COLD = 20, 5


def drop_caches():
    subprocess.run(["sync"], check=True)
    with open("/proc/sys/vm/drop_caches", "w") as f:
        f.write("3")


def measure(command, times, before=lambda: None):
    taken = []
    for _ in range(times):
        before()
        begin = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        taken.append((time.perf_counter() - begin) * 1000)
    return taken


def main():
    flowrun, results = sys.argv[1], sys.argv[2]
    version = subprocess.run([flowrun, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    rows = []
    for name, command, warm_aim, cold_aim in (("--version", [flowrun, "--version"], 30, None),
                                              ("check graphs/demo.yaml", [flowrun, "check", GRAPH], 200, 1000)):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        rows.append((name, "warm", measure(command, WARM), warm_aim))
        if os.geteuid() == 0 and os.access("/proc/sys/vm/drop_caches", os.W_OK):
            rows.append((name, "cold", measure(command, COLD, drop_caches), cold_aim))
    bare = statistics.median(measure(["/bin/true"], WARM))
    lines = ["# Starting", "",
             f"Wall clock from start to exit, ms; {WARM} warm calls, {COLD} with the page cache dropped before each. "
             f"/bin/true takes {bare:.1f} ms in the same run.",
             f"{machine.describe()}, flowrun {version}. Written by perf/start.py.", "",
             "| command | | median | worst | aim | |", "| --- | --- | --- | --- | --- | --- |"]
    for name, kind, taken, aim in rows:
        median = statistics.median(taken)
        verdict = "" if aim is None else "met" if median < aim else "MISSED"
        lines.append(f"| {name} | {kind} | {median:.1f} | {max(taken):.1f} | {'< ' + str(aim) if aim else ''} | {verdict} |")
    os.makedirs(os.path.dirname(os.path.abspath(results)), exist_ok=True)
    with open(results, "w") as f:
        f.write("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
