#!/usr/bin/env python3
"""HDBSCAN* of plugins/faces/hdbscan against Python's. Writes perf/results/hdbscan.md.

Made data (hdbscan_data.py), 512 dimensions, easy and hard, min_cluster_size 5. Ours: hdbscan_file by every kernel that
this machine has, without reading the file, ROUNDS runs in turn, medians; the peak of multiply-adds from registers
(fma_peak) is measured beside every run. Rivals: peer_hdbscan.py, one run each where they fit."""
import argparse
import datetime
import json
import os
import statistics
import subprocess
import sys

import numpy as np
from sklearn.metrics import adjusted_rand_score

import hdbscan_data
import machine

HERE = os.path.dirname(os.path.abspath(__file__))
KERNELS = {"avx2": 0, "avx512": 0.85, "avx512_bfloat16": 0.75, "avx512_int8": 0.65}  # aimed share of the peak; 0: none
AIMS = {("easy", 55249): (9, 5, 3.3), ("hard", 55249): (17, 9, 6), ("easy", 10000): (0.5,) * 3,
        ("hard", 10000): (0.5,) * 3}  # seconds by the last three kernels
MEMORY = 2.5  # times the points, at most
RIVALS = {10000: ("hdbscan", "sklearn brute", "fast_hdbscan"), 20000: ("sklearn brute",), 55249: ("fast_hdbscan",)}


def json_of(command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def labels_of(path, n):
    return np.fromfile(path, np.int32, n)


def measure_ours(args, path, n, out):
    """{kernel: [{figures of hdbscan_file, peak}]}, and every kernel's output must be the same bytes."""
    runs, contents = {}, set()
    for i in range(args.rounds):
        for kernel in list(args.kernels)[:: 1 if i % 2 == 0 else -1]:
            before = json_of([args.peak, args.threads])[kernel]
            figures = json_of([args.program, path, n, hdbscan_data.DIMS, out, f"kernel={kernel}",
                               f"threads={args.threads}"])
            figures["peak"] = statistics.fmean([before, json_of([args.peak, args.threads])[kernel]])
            runs.setdefault(kernel, []).append(figures)
            with open(out, "rb") as f:
                contents.add(f.read())
            print(f"{os.path.basename(path)} {kernel}: {figures}", file=sys.stderr)
    if len(contents) > 1:
        sys.exit(f"{path}: the kernels' results differ")
    return runs


def verdict(value, aim, smaller=True):
    return "" if not aim else f", aim {aim:g}: " + ("met" if (value <= aim) == smaller else "MISSED")


def our_rows(args, kind, n, runs):
    for kernel, all_runs in runs.items():
        median = {k: statistics.median(r[k] for r in all_runs) for k in ("seconds", "pass_seconds", "peak_mib", "peak")}
        passes = all_runs[0]["passes"]
        rate = [passes * n * n * hdbscan_data.DIMS / r["pass_seconds"] / 1e9 / r["peak"] for r in all_runs]
        share = statistics.median(rate)
        aims = AIMS.get((kind, n))
        aim = aims[list(KERNELS).index(kernel) - 1] if aims and kernel != "avx2" else 0
        memory = median["peak_mib"] / (n * hdbscan_data.DIMS * 4 / 2**20)
        spread = f"{min(r['seconds'] for r in all_runs):.2f} to {max(r['seconds'] for r in all_runs):.2f}"
        yield (f"| {kernel} | {median['seconds']:.2f} ({spread}){verdict(median['seconds'], aim)} "
               f"| {median['peak_mib']:.0f}, {memory:.2f} times the points{verdict(memory, MEMORY)} | 1 | {passes} "
               f"| {median['peak']:.0f} | {share:.2f}{verdict(share, KERNELS[kernel], smaller=False)} |")


def rival_rows(args, path, n, ours, best, out):
    for name in RIVALS.get(n, args.rivals):
        try:
            # -P: this file has the name of a rival
            run = json_of([sys.executable, "-P", os.path.join(HERE, "peer_hdbscan.py"), name, path, n,
                           hdbscan_data.DIMS, out])
        except RuntimeError as e:
            print(e, file=sys.stderr)
            yield f"| {name} | failed | | | | | |"
            continue
        rand = adjusted_rand_score(ours, labels_of(out, n))
        times = run["seconds"] / best
        yield (f"| {name} | {run['seconds']:.2f}, {times:.1f} times ours: {'ahead' if times > 1 else 'LOSS'} "
               f"| {run['peak_mib']:.0f} | {rand:.4f} | | | |")


def measure(args, kind, n):
    path, out = (os.path.join(args.work, f"{kind}_{n}{end}") for end in (".f32", ".out"))
    x = hdbscan_data.KINDS[kind](n)
    x.tofile(path)
    del x
    runs = measure_ours(args, path, n, out)
    ours = labels_of(out, n)
    best = min(statistics.median(r["seconds"] for r in all_runs) for all_runs in runs.values())
    lines = ["", f"## {n:,} x {hdbscan_data.DIMS}, {kind}", "",
             f"{ours.max() + 1} clusters, {(ours < 0).mean():.1%} in none.", "",
             "| | seconds | peak memory, MiB | adjusted Rand | passes | peak, G/s | share of the peak in the passes |",
             "| --- | --- | --- | --- | --- | --- | --- |", *our_rows(args, kind, n, runs),
             *rival_rows(args, path, n, ours, best, out)]
    for used in (path, out):
        os.remove(used)
    return lines


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--program", required=True, help="the hdbscan_file program")
    p.add_argument("--peak", required=True, help="the fma_peak program")
    p.add_argument("--work", required=True, help="folder for the points")
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--threads", type=int, default=os.cpu_count())
    p.add_argument("--sizes", type=int, nargs="+", default=[10000, 20000, 55249])
    p.add_argument("--rivals", nargs="*", default=[], help="for sizes that have none of their own")
    p.add_argument("--out", default=os.path.join(HERE, "results", "hdbscan.md"))
    args = p.parse_args()
    load = os.getloadavg()[0]
    os.makedirs(args.work, exist_ok=True)
    args.kernels = json_of([args.peak, args.threads])
    versions = subprocess.run([sys.executable, "-m", "pip", "freeze"], capture_output=True, text=True).stdout.split()
    known = [v.replace("==", " ") for v in versions if v.startswith(("hdbscan=", "fast_hdbscan", "pynndescent", "scikit", "numpy"))]
    lines = ["# HDBSCAN*", "", "Written by perf/hdbscan.py; do not edit.", "",
             f"- {datetime.date.today()}, {machine.describe()}, load at the start {load:.2f} (should be near 0)",
             f"- Python {sys.version.split()[0]}, {', '.join(known)}",
             f"- {args.threads} threads; ours: medians of {args.rounds} runs in turn (least to most), the same bytes from "
             "every kernel; rivals: one run", "- adjusted Rand: against ours; both are right where equal distances "
             "allow several trees, and fast_hdbscan's is approximate",
             "- share of the peak: passes x n^2 x dimensions operations in the time of the passes, exact distances of "
             "the survivors included, by what registers alone reach, measured before and after each run"]
    for n in args.sizes:
        for kind in hdbscan_data.KINDS:
            lines += measure(args, kind, n)
    text = "\n".join(lines) + "\n"
    os.makedirs(os.path.dirname(os.path.abspath(args.out)), exist_ok=True)
    with open(args.out, "w") as f:
        f.write(text)
    print(text)


if __name__ == "__main__":
    main()
