#!/usr/bin/env python3
"""Videos: decode alone, and motion. flowrun against ffmpeg, plain loops and a Pool. Writes perf/results/motion.md.

Rivals, on the same files, wall clock from start to exit of the process or processes:
  ffmpeg   N times ffmpeg -threads 1 -i VIDEO -pix_fmt bgr24 -f null -, each over its share of the copies (-stream_loop)
  bare     bare_motion: N plain loops over the code of the plugins, one a thread
  flowrun  flowrun run GRAPH -o RUNDIR -j N; decode: media.files -> pass.drop; motion: graphs/motion.yaml, store on
  pool     peer_motion.py, best of a sweep over workers and chunk (for one thread: of one worker)
Every library gets one thread. Frames are counted in every run, figures compared before timing; then the rivals run in
turn, forth and back, ROUNDS times; ratios are taken within a round and their median is printed. A run is cut to about
the seconds given, so that all takes 8 minutes on 2 cores. Last, the peak memory of a 4K video under run.ram=1GiB.
"""
import argparse
import datetime
import json
import math
import os
import shutil
import statistics
import sys
import time

import machine
from motion_rivals import measured, rivals, with_cache

HERE = os.path.dirname(os.path.abspath(__file__))
WORKERS, CHUNKS = (1, 2, 4), (25, 100, 0)  # chunk 0: a whole video
AIM = 0.95  # of the bare loops
SAME, CLOSE = 1e-9, 0.03  # of the mean magnitude: the same code; another OpenCV
RAM_MIB, LARGE_FRAMES = 1024, 100
CACHED = 20  # times faster, the second run


def kept_figures(path):
    """(pairs, cuts, mean over the pairs of every figure that is one number) of a results.jsonl."""
    with open(path) as f:
        values = [record["values"]["motion.motion"] for record in map(json.loads, f) if record["values"]]
    names = [k for k, v in values[0].items() if isinstance(v, (int, float)) and k not in ("cut", "direction")]
    return len(values), sum(v["cut"] for v in values), {k: statistics.fmean(v[k] for v in values) for k in names}


def compare_figures(args, r):
    """{figure: (bare or None, flowrun, pool)}; exits with a sentence where they do not agree."""
    r.flowrun(args.threads)
    pairs, cuts, flowrun = kept_figures(os.path.join(r.out, "results.jsonl"))
    bare, pool = r.bare(args.threads).json(), r.pool(args.threads, CHUNKS[0]).json()
    for name, other, magnitude, limit in (("bare_motion", bare, bare["mean_magnitude"], SAME),
                                          ("pool", pool, pool["means"]["mean_magnitude"], CLOSE)):
        if (other["pairs"], other["cuts"]) != (pairs, cuts):
            sys.exit(f"{name} found {other['pairs']} pairs and {other['cuts']} cuts, flowrun {pairs} and {cuts}")
        if not abs(magnitude - flowrun["mean_magnitude"]) <= limit * flowrun["mean_magnitude"]:
            sys.exit(f"{name}: the mean magnitude is {magnitude}, flowrun's {flowrun['mean_magnitude']}")
    known = {"mean_magnitude": bare["mean_magnitude"]}
    return {k: (known.get(k), v, pool["means"][k]) for k, v in flowrun.items()}, pool


def size_of_run(args, frames, rate, seconds):
    """(copies, max_frames) for about `seconds` at `rate` frames a second: as many streams per thread, 2 or more."""
    base = args.threads * math.ceil(2 / args.threads)
    if rate * seconds < base * frames:
        return base, max(2, math.ceil(rate * seconds / base))
    return base * round(rate * seconds / (base * frames)), 0


def take_turns(args, rows):
    """{row: {rival: [seconds of each round]}}; `rows`: {row: {rival: function that runs it}}."""
    seconds = {row: {name: [] for name in calls} for row, calls in rows.items()}
    for i in range(args.rounds):
        for row, calls in rows.items():
            for name in list(calls)[:: 1 if i % 2 == 0 else -1]:
                seconds[row][name].append(calls[name]().seconds)
                print(f"round {i + 1}, {row} threads, {name}: {seconds[row][name][-1]:.2f} s", file=sys.stderr)
    return seconds


def ratio(base, own):
    """Median over rounds of base seconds / own seconds: above 1, own is faster."""
    return statistics.median(b / o for b, o in zip(base, own))


def verdict(value, aim):
    return f"{value:.3f}, aim {aim}: " + ("met" if value >= aim else "MISSED")


def against(value):
    return f"{value:.3f}: " + ("ahead" if value > 1 else "LOSS")


def describe_run(r, source):
    kept = f"the first {r.max_frames} frames of each (`--max-frames`: a short run)" if r.max_frames else "all frames"
    return f"{len(r.videos)} copies of {os.path.basename(source)}, {kept}: {r.frames} frames a run"


def measure_decode(args, r):
    rows = {n: {"ffmpeg": lambda n=n: r.ffmpeg(n), "bare": lambda n=n: r.bare(n, decode=True),
                "flowrun": lambda n=n: r.flowrun(n, decode=True)} for n in args.rows}
    seconds = take_turns(args, rows)
    lines = ["## Decode alone", "", f"{describe_run(r, args.source)}. flowrun: `media.files -> pass.drop`, "
             "`store: none`. Plain loops: `bare_motion --decode`. ffmpeg: `ffmpeg -threads 1 -i VIDEO -pix_fmt bgr24 "
             "-f null -`, one process a thread, each over its share of the copies in one go (`-stream_loop`).", "",
             "| threads | ffmpeg, frames/s | plain loops, frames/s | flowrun, frames/s | flowrun / ffmpeg "
             "| flowrun / plain loops |",
             "| --- | --- | --- | --- | --- | --- |"]
    for n, row in seconds.items():
        rate = {name: r.frames / statistics.median(runs) for name, runs in row.items()}
        lines.append(f"| {n} | {rate['ffmpeg']:.0f} | {rate['bare']:.0f} | {rate['flowrun']:.0f} "
                     f"| {verdict(ratio(row['ffmpeg'], row['flowrun']), AIM)} "
                     f"| {verdict(ratio(row['bare'], row['flowrun']), AIM)} |")
    return lines, seconds


def measure_motion(args, r, figures):
    sweep = {}
    for workers in WORKERS:
        for chunk in CHUNKS:
            sweep[workers, chunk] = r.pool(workers, chunk).seconds
            print(f"pool {workers} x {chunk}: {sweep[workers, chunk]:.2f} s", file=sys.stderr)
    best = {n: min((k for k in sweep if n > 1 or k[0] == 1), key=sweep.get) for n in args.rows}
    rows = {n: {"bare": lambda n=n: r.bare(n), "flowrun": lambda n=n: r.flowrun(n),
                "pool": lambda n=n: r.pool(*best[n])} for n in args.rows}
    seconds = take_turns(args, rows)
    named = {c: f"chunk {c}" if c else "whole videos" for c in CHUNKS}
    lines = ["", "## Motion", "", f"{describe_run(r, args.source)}. flowrun: graphs/motion.yaml, its defaults, store "
             "and export on. Plain loops: `bare_motion`, which keeps nothing. Pool: peer_motion.py.", "",
             "| threads | plain loops, frames/s | flowrun, frames/s | flowrun / plain loops | Pool, frames/s "
             "| flowrun / Pool |",
             "| --- | --- | --- | --- | --- | --- |"]
    for n, row in seconds.items():
        rate = {name: r.frames / statistics.median(runs) for name, runs in row.items()}
        lines.append(f"| {n} | {rate['bare']:.1f} | {rate['flowrun']:.1f} "
                     f"| {verdict(ratio(row['bare'], row['flowrun']), AIM)} "
                     f"| {rate['pool']:.1f} ({best[n][0]} workers, {named[best[n][1]]}) "
                     f"| {against(ratio(row['pool'], row['flowrun']))} |")
    lines += ["", "Sweep of multiprocessing.Pool, frames/s, one run each:", "",
              "| workers | " + " | ".join(named[c] for c in CHUNKS) + " |", "| --- " * (len(CHUNKS) + 1) + "|"]
    lines += [f"| {w} | " + " | ".join(f"{r.frames / sweep[w, c]:.1f}" for c in CHUNKS) + " |" for w in WORKERS]
    lines += ["", f"Means over all pairs of frames, compared before timing. Mean magnitude: plain loops within "
              f"{SAME:g}, Pool within {CLOSE:.0%} of flowrun's; pairs and cuts equal. The rest is for the reader.", "",
              "| figure | plain loops | flowrun | Pool |", "| --- | --- | --- | --- |"]
    lines += [f"| {k} | {'' if b is None else f'{b:.5g}'} | {f:.5g} | {p:.5g} |" for k, (b, f, p) in figures.items()]
    return lines, seconds


def measure_cache(args):
    """A second run of another directory, which finds every answer: decoding and hashing are left."""
    cache = os.path.join(args.work, "cache")
    r = rivals(args, "cached", [args.source], 0)  # one: of a copy every answer would be there in the first run
    lines = ["", "## Cached motion", "", f"{os.path.basename(args.source)}, all frames; "
             "`motion.cache=true` in two fresh run directories, one cache; medians of 3 pairs.", "",
             "| threads | first run, s | second run, s | first / second | answers from the cache |",
             "| --- | --- | --- | --- | --- |"]
    for n in args.rows:
        first, second = [], []
        for _ in range(3):
            shutil.rmtree(cache, ignore_errors=True)
            with_cache(cache)
            first.append(r.flowrun(n, "motion.cache=true").seconds)
            second.append(r.flowrun(n, "motion.cache=true").seconds)
        found = {s["name"]: s["cached"] for s in r.report()["stages"]}["motion"]
        times = statistics.median(a / b for a, b in zip(first, second))
        lines.append(f"| {n} | {statistics.median(first):.2f} | {statistics.median(second):.2f} | {times:.1f}, aim "
                     f"{CACHED}: {'met' if times >= CACHED else 'MISSED'} | {found} of {r.frames} |")
    shutil.rmtree(cache, ignore_errors=True)
    return lines


def measure_memory(args):
    """One run each: peaks hardly vary, and are no times."""
    video = os.path.join(args.work, f"large_{LARGE_FRAMES}.avi")
    if not os.path.exists(video):
        part = os.path.join(args.work, "part.avi")
        measured([["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=3840x2160:rate=25",
                   "-frames:v", str(LARGE_FRAMES), "-pix_fmt", "yuv420p", "-c:v", "mpeg4", "-q:v", "4", part]])
        os.replace(part, video)
    lines = ["", "## Memory", "", f"3840 x 2160 (ffmpeg's testsrc2, MPEG-4, {LARGE_FRAMES} frames, 4 s) through "
             f"graphs/motion.yaml with `run.ram={RAM_MIB}MiB`, {args.threads} threads; largest resident memory of the "
             "process, MiB. Values: what the bound counts. Bound for the process: run.ram and what the plain loops "
             "hold.", "",
             "| videos | flowrun | of it values | plain loops | bound | | flowrun, frames/s | plain loops, frames/s |",
             "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for copies in sorted({1, args.threads}):
        r = rivals(args, "large", [video] * copies, 0)
        bare, flowrun = r.bare(min(copies, args.threads)), r.flowrun(args.threads, f"run.ram={RAM_MIB}MiB")
        values, bound = r.report()["peak_ram"] / 2**20, RAM_MIB + bare.peak
        met = values <= RAM_MIB and flowrun.peak <= bound
        lines.append(f"| {copies} | {flowrun.peak:.0f} | {values:.0f} | {bare.peak:.0f} | {bound:.0f} "
                     f"| {'met' if met else 'MISSED'} | {r.frames / flowrun.seconds:.1f} "
                     f"| {r.frames / bare.seconds:.1f} |")
    return lines


def header(args, bare, pool, shortest, minutes):
    flowrun, ffmpeg = (measured([command]).outputs[0].splitlines()[0]
                       for command in ([args.flowrun, "--version"], ["ffmpeg", "-version"]))
    return ["# Videos: decode and motion", "", "Written by perf/motion.py; do not edit.", "",
            f"- {datetime.date.today()}, {machine.describe()}, load at the start {args.load:.2f} (should be near 0)",
            f"- flowrun {flowrun}, {bare['compiler']}, OpenCV {bare['opencv']}; {' '.join(ffmpeg.split()[:3])}; Python "
            f"{pool['python']}, OpenCV {pool['opencv']}, numpy {pool['numpy']}",
            f"- {args.rounds} rounds in turn, medians; wall clock from start to exit; shortest run {shortest:.1f} s; "
            f"{minutes:.1f} minutes in all",
            "- every library at one thread: flowrun's and the plain loops' codecs and OpenCV, ffmpeg `-threads 1 "
            "-filter_threads 1`, cv2.setNumThreads(1), OMP_NUM_THREADS=1", ""]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--flowrun", required=True, help="the flowrun program")
    p.add_argument("--bare", required=True, help="the bare_motion program")
    p.add_argument("--plugins", required=True, help="folder of the plugin pass")
    p.add_argument("--source", required=True, help="a video, such as vtest.avi")
    p.add_argument("--work", required=True, help="folder for videos and runs, on one file system")
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--threads", type=int, default=os.cpu_count(), help="the second row; the first is 1")
    p.add_argument("--decode-seconds", type=float, default=5, help="of a decode by one thread, about")
    p.add_argument("--motion-seconds", type=float, default=8, help="of a motion run by one thread, about")
    p.add_argument("--max-frames", type=int, default=0, help="of each video for motion; 0: as --motion-seconds says")
    p.add_argument("--out", default=os.path.join(HERE, "results", "motion.md"))
    args = p.parse_args()
    args.load, begin = os.getloadavg()[0], time.perf_counter()
    args.work, args.source = os.path.abspath(args.work), os.path.abspath(args.source)
    args.flowrun, args.bare, args.plugins = (os.path.abspath(f) for f in (args.flowrun, args.bare, args.plugins))
    args.rows = sorted({1, args.threads})
    os.makedirs(args.work, exist_ok=True)

    # Warms the page cache and tells the rates.
    whole = rivals(args, "decode", [args.source], 0).bare(1, decode=True).json()
    part = rivals(args, "motion", [args.source], 60).bare(1).json()
    # ffmpeg loops over whole videos: decode is never cut.
    copies, _ = size_of_run(args, whole["frames"], whole["frames_per_second"], args.decode_seconds)
    decode, decode_seconds = measure_decode(args, rivals(args, "decode", [args.source] * copies, 0))
    copies, cut = size_of_run(args, whole["frames"], part["frames_per_second"], args.motion_seconds)
    r = rivals(args, "motion", [args.source] * copies, args.max_frames or cut)
    figures, pool = compare_figures(args, r)
    motion, motion_seconds = measure_motion(args, r, figures)
    cached, memory = measure_cache(args), measure_memory(args)
    rows = [*decode_seconds.values(), *motion_seconds.values()]
    shortest = min(s for row in rows for runs in row.values() for s in runs)
    top = header(args, part, pool, shortest, (time.perf_counter() - begin) / 60)
    text = "\n".join(top + decode + motion + cached + memory) + "\n"
    os.makedirs(os.path.dirname(os.path.abspath(args.out)), exist_ok=True)
    with open(args.out, "w") as f:
        f.write(text)
    print(text)


if __name__ == "__main__":
    main()
