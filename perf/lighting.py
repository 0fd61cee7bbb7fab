#!/usr/bin/env python3
"""Photos through lighting: flowrun against plain loops and against multiprocessing.Pool. Writes perf/results/lighting.md.

Rivals, on the same files, wall clock from start to exit of the process or processes:
  bare     N bare_lighting processes, each on every N-th file
  flowrun  flowrun run GRAPH -o RUNDIR -j N
  pool     peer_lighting.py, best of a sweep over workers and chunk (for one thread: of one worker)
Outputs are compared first, then the rivals run in turn, forth and back, ROUNDS times; ratios are taken within a round and
their median is printed. A run shorter than --min-seconds is a failure, as is a difference in the outputs. Run it by a
Python that has opencv-python-headless and numpy.
"""
import argparse
import datetime
import json
import math
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time

import cv2
import numpy

import corpus
import machine

HERE = os.path.dirname(os.path.abspath(__file__))
WORKERS, CHUNKS = (1, 2, 4), (1, 8, 32)
AIM = 0.95  # of the bare loops
# Largest difference allowed to bare's values. Same code: rounding of text only. The pool's OpenCV is another build, with
# another JPEG decoder.
SAME = {"default": 1e-6}
CLOSE = {"brightness": 0.5, "contrast": 0.5, "p5": 2, "p50": 2, "p95": 2, "shadows": 0.01, "highlights": 0.01,
         "key_direction": 5, "key_strength": 0.02, "temperature": 150, "tint": 0.002, "histogram": 0.02}
# Near a threshold one side may tell a direction or a temperature and the other not: share of photos.
CLOSE_UNTOLD = 0.01

GRAPH = """\
flowrun: 1
stages:
  media: {{use: media.files, params: {{path: {path}, recursive: true}}}}
  light: {{use: lighting.analyze, in: media.image}}
keep: [light]
export: {{jsonl: results.jsonl}}
"""


def run_json(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}")
    return json.loads(done.stdout.strip().splitlines()[-1])


class rivals:
    """The three programs on one folder; each gives wall-clock seconds."""

    def __init__(self, args, folder):
        self.args, self.folder = args, folder
        self.graph = os.path.join(args.work, "lighting.yaml")
        with open(self.graph, "w") as f:
            f.write(GRAPH.format(path=json.dumps(folder)))

    def bare(self, processes):
        begin = time.perf_counter()
        started = [subprocess.Popen([self.args.bare, self.folder, str(i), str(processes)], stdout=subprocess.DEVNULL)
                   for i in range(processes)]
        if any([p.wait() for p in started]):
            sys.exit("bare_lighting failed")
        return time.perf_counter() - begin

    def flowrun(self, threads, keep=None):
        out = keep or os.path.join(self.args.work, "run")
        shutil.rmtree(out, ignore_errors=True)
        begin = time.perf_counter()
        done = subprocess.run([self.args.flowrun, "run", self.graph, "-o", out, "-j", str(threads)],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        seconds = time.perf_counter() - begin
        if done.returncode:
            sys.exit(f"flowrun: exit {done.returncode}\n{done.stderr[-2000:]}")
        if not keep:
            shutil.rmtree(out)
        return seconds

    def pool(self, workers, chunk, values=None):
        command = [sys.executable, os.path.join(HERE, "peer_lighting.py"), self.folder, "--workers", str(workers),
                   "--chunk", str(chunk)] + (["--values", values] if values else [])
        begin = time.perf_counter()
        run_json(command)
        return time.perf_counter() - begin


def read_values(path):
    """{item: fields} of a bare_lighting or peer_lighting file, or of a results.jsonl."""
    found = {}
    with open(path) as f:
        for line in f:
            record = json.loads(line)
            item = record.pop("item")
            found[item] = record["values"]["light"] if "values" in record else record
    return found


def difference(field, a, b):
    if field == "histogram":
        return max(abs(x - y) for x, y in zip(a, b)) if len(a) == len(b) else math.inf
    away = abs(a - b)
    return min(away, 360 - away) if field == "key_direction" else away


def compare(name, ours, theirs, limits, untold_limit):
    """Largest difference per field; exits with a sentence if an item is missing or a difference is too large."""
    if ours.keys() != theirs.keys():
        sys.exit(f"{name}: {len(ours.keys() ^ theirs.keys())} items are in one output only")
    largest, untold = {}, 0
    for item, values in ours.items():
        for field, a in values.items():
            b = theirs[item].get(field)
            if (a is None) != (b is None):
                untold += 1
            elif a is not None:
                away = difference(field, a, b)
                if not away <= limits.get(field, limits.get("default", 0)):
                    sys.exit(f"{name}: {item}: {field} is {b}, bare says {a}")
                largest[field] = max(largest.get(field, 0), away)
    if untold > untold_limit * len(ours):
        sys.exit(f"{name}: {untold} values are told by one side only")
    return {**largest, "told by one side only": untold}


def compare_outputs(args):
    """(versions of bare, seconds of its fastest row, differences of flowrun, of the pool), on one copy of the corpus."""
    # Not the corpus itself: its manifest is no photo.
    folder, _ = repeat_corpus(args, 1)
    r = rivals(args, folder)
    bare_path, pool_path, run_path = (os.path.join(args.work, n) for n in ("bare.jsonl", "pool.jsonl", "compared"))
    versions = run_json([args.bare, folder, "0", "1", bare_path])
    r.pool(1, 8, pool_path)
    r.flowrun(args.threads, run_path)
    bare = read_values(bare_path)
    flowrun = compare("flowrun", bare, read_values(os.path.join(run_path, "results.jsonl")), SAME, 0)
    # The files are in the page cache now; the fastest row decides how often the corpus is repeated.
    return versions, r.bare(args.threads), flowrun, compare("pool", bare, read_values(pool_path), CLOSE, CLOSE_UNTOLD)


def repeat_corpus(args, repeats):
    """A folder with every photo `repeats` times, as hard links: every timed run is long, the disk holds one copy."""
    folder = os.path.join(args.work, "photos")
    shutil.rmtree(folder, ignore_errors=True)
    names = [n for n in os.listdir(args.corpus) if n.endswith(".jpg")]
    for i in range(repeats):
        os.makedirs(os.path.join(folder, f"{i:03}"))
        for name in names:
            os.link(os.path.join(args.corpus, name), os.path.join(folder, f"{i:03}", name))
    return folder, len(names) * repeats


def measure(args, r):
    """({(workers, chunk): seconds}, {threads: {rival: [seconds per round]}}, {threads: (workers, chunk)})"""
    sweep = {}
    for workers in WORKERS:
        for chunk in CHUNKS:
            sweep[workers, chunk] = r.pool(workers, chunk)
            print(f"pool {workers} x {chunk}: {sweep[workers, chunk]:.1f} s", file=sys.stderr)
    threads = sorted({1, args.threads})
    best = {n: min((k for k in sweep if n > 1 or k[0] == 1), key=sweep.get) for n in threads}
    seconds = {n: {"bare": [], "flowrun": [], "pool": []} for n in threads}
    for i in range(args.rounds):
        for n in threads:
            order = [("bare", lambda: r.bare(n)), ("flowrun", lambda: r.flowrun(n)), ("pool", lambda: r.pool(*best[n]))]
            for name, call in order if i % 2 == 0 else order[::-1]:
                seconds[n][name].append(call())
                print(f"round {i + 1}, {n} threads, {name}: {seconds[n][name][-1]:.1f} s", file=sys.stderr)
    return sweep, seconds, best


def ratio(base, own):
    """Median over rounds of base seconds / own seconds: above 1, own is faster."""
    return statistics.median(b / o for b, o in zip(base, own))


def table(args, items, versions, differences, sweep, seconds, best):
    shortest = min([*sweep.values(), *(s for row in seconds.values() for runs in row.values() for s in runs)])
    lines = ["# Photos through lighting", "", "Written by perf/lighting.py; do not edit.", "",
             f"- {datetime.date.today()}, {machine.describe()}, load at the start {args.load:.2f} (should be near 0)",
             f"- {versions['compiler']}, OpenCV {versions['opencv']}; Python {platform.python_version()}, "
             f"OpenCV {cv2.__version__}, numpy {numpy.__version__}",
             f"- {items} photos a run, {args.rounds} rounds in turn, medians; shortest run {shortest:.1f} s", "",
             "| threads | bare loops, photos/s | flowrun, photos/s | flowrun / bare | Pool, photos/s | flowrun / Pool |",
             "| --- | --- | --- | --- | --- | --- |"]
    for n, row in seconds.items():
        rate = {name: items / statistics.median(runs) for name, runs in row.items()}
        to_bare, to_pool = ratio(row["bare"], row["flowrun"]), ratio(row["pool"], row["flowrun"])
        lines.append(f"| {n} | {rate['bare']:.1f} | {rate['flowrun']:.1f} "
                     f"| {to_bare:.3f}, aim {AIM}: {'met' if to_bare >= AIM else 'MISSED'} "
                     f"| {rate['pool']:.1f} ({best[n][0]} workers, chunk {best[n][1]}) "
                     f"| {to_pool:.3f}: {'ahead' if to_pool > 1 else 'LOSS'} |")
    lines += ["", "Sweep of multiprocessing.Pool, photos/s, one run each:", "",
              "| workers | " + " | ".join(f"chunk {c}" for c in CHUNKS) + " |", "| --- " * (len(CHUNKS) + 1) + "|"]
    lines += [f"| {w} | " + " | ".join(f"{items / sweep[w, c]:.1f}" for c in CHUNKS) + " |" for w in WORKERS]
    lines += ["", "Largest difference to the bare loop's values, compared before timing:", "",
              "| value | flowrun | Pool |", "| --- | --- | --- |"]
    flowrun, pool = differences
    lines += [f"| {k} | {flowrun.get(k, 0):.3g} | {pool.get(k, 0):.3g} |" for k in pool]
    return "\n".join(lines) + "\n", shortest


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--flowrun", required=True, help="the flowrun program")
    p.add_argument("--bare", required=True, help="the bare_lighting program")
    p.add_argument("--source", required=True, help="folder of pictures for corpus.py")
    p.add_argument("--work", required=True, help="folder for photos and runs, on one file system")
    p.add_argument("--count", type=int, default=4000)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--threads", type=int, default=os.cpu_count(), help="the second row; the first is 1")
    p.add_argument("--min-seconds", type=float, default=20, help="no timed run is shorter")
    p.add_argument("--out", default=os.path.join(HERE, "results", "lighting.md"))
    args = p.parse_args()
    args.work = os.path.abspath(args.work)
    args.flowrun, args.bare = os.path.abspath(args.flowrun), os.path.abspath(args.bare)
    args.corpus = os.path.join(args.work, f"corpus_{args.count}")
    corpus.make_corpus(args.corpus, args.source, args.count, 1)

    args.load = os.getloadavg()[0]
    versions, fastest, *differences = compare_outputs(args)
    folder, items = repeat_corpus(args, max(1, math.ceil(1.3 * args.min_seconds / fastest)))
    text, shortest = table(args, items, versions, differences, *measure(args, rivals(args, folder)))
    if shortest < args.min_seconds:
        sys.exit(f"a timed run took {shortest:.1f} s, less than {args.min_seconds} s: give a larger --count\n{text}")
    os.makedirs(os.path.dirname(os.path.abspath(args.out)), exist_ok=True)
    with open(args.out, "w") as f:
        f.write(text)
    print(text)


if __name__ == "__main__":
    main()
