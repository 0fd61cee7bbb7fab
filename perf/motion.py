#!/usr/bin/env python3
"""Videos: decode alone, and motion. flowrun against ffmpeg, plain loops and multiprocessing.Pool. Writes perf/results/motion.md.

Rivals, on the same files, wall clock from start to exit of the process or processes:
  ffmpeg   N processes, ffmpeg -threads 1 -i VIDEO -pix_fmt bgr24 -f null -, each over its share of the copies (-stream_loop)
  bare     bare_motion: N plain loops over the code of the plugins, one a thread
  flowrun  flowrun run GRAPH -o RUNDIR -j N; decode: media.files -> pass.drop; motion: graphs/motion.yaml, store on
  pool     peer_motion.py, best of a sweep over workers and chunk (for one thread: of one worker)
Every library gets one thread. Frames are counted in every run, figures compared before timing; then the rivals run in turn,
forth and back, ROUNDS times; ratios are taken within a round and their median is printed. A run is cut to about the
seconds given, so that all takes 8 minutes on 2 cores. Last, the peak memory of a 4K video under run.ram=1GiB.
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

HERE = os.path.dirname(os.path.abspath(__file__))
GRAPH = os.path.join(HERE, "..", "graphs", "motion.yaml")
DECODE = """\
flowrun: 1
params: {input: videos}
run: {store: none}
stages:
  media: {use: media.files, params: {path: "${input}"}}
  drop: {use: pass.drop, in: media.image}
"""
WORKERS, CHUNKS = (1, 2, 4), (25, 100, 0)  # chunk 0: a whole video
AIM = 0.95  # of the bare loops
SAME, CLOSE = 1e-9, 0.03  # of the mean magnitude: the same code; another OpenCV
RAM_MIB, LARGE_FRAMES = 1024, 100
ONE_THREAD = {**os.environ, **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"), "1")}


class measured:
    """What one run took: seconds, largest resident memory of one process in MiB, and what it printed."""

    def __init__(self, commands):
        begin = time.perf_counter()
        started = [subprocess.Popen(c, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                    env=ONE_THREAD) for c in commands]
        self.outputs, self.peak = [], 0
        for command, process in zip(commands, started):
            # What is printed is small: it fits the pipes.
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.peak = max(self.peak, usage.ru_maxrss / 1024)
            self.seconds = time.perf_counter() - begin
            output, errors = process.communicate()
            if process.returncode:
                sys.exit(f"{' '.join(command)}: exit {process.returncode}\n{errors[-2000:]}")
            self.outputs.append(output)

    def json(self):
        return json.loads(self.outputs[0].strip().splitlines()[-1])


class rivals:
    """The programs on a folder of videos, the first `max_frames` frames of each (0: all)."""

    def __init__(self, args, name, sources, max_frames):
        self.args, self.max_frames = args, max_frames
        self.folder, self.out = os.path.join(args.work, name), os.path.join(args.work, name + "_run")
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        self.videos = [os.path.join(self.folder, f"{i:02}{os.path.splitext(s)[1]}") for i, s in enumerate(sources)]
        for source, video in zip(sources, self.videos):
            try:
                os.link(source, video)
            except OSError:
                shutil.copyfile(source, video)
        self.frames = None

    def count(self, name, frames):
        self.frames = self.frames or frames
        if frames != self.frames:
            sys.exit(f"{name} gave {frames} frames of {self.folder}, another program {self.frames}")

    def limit(self):
        return ["--max-frames", str(self.max_frames)] if self.max_frames else []

    def ffmpeg(self, processes):
        loops = len(self.videos) // processes - 1
        run = measured([["ffmpeg", "-nostdin", "-v", "error", "-nostats", "-progress", "pipe:1", "-filter_threads", "1",
                         "-threads", "1", "-stream_loop", str(loops), "-i", self.videos[i], "-pix_fmt", "bgr24", "-f", "null",
                         "-"] for i in range(processes)])
        self.count("ffmpeg", sum(int([line for line in text.splitlines() if line.startswith("frame=")][-1][6:])
                                 for text in run.outputs))
        return run

    def bare(self, threads, decode=False):
        run = measured([[self.args.bare, *(["--decode"] if decode else []), *self.limit(), str(threads), *self.videos]])
        self.count("bare_motion", run.json()["frames"])
        return run

    def flowrun(self, threads, decode=False, ram=None):
        shutil.rmtree(self.out, ignore_errors=True)
        graph = os.path.join(self.args.work, "decode.yaml") if decode else GRAPH
        command = [self.args.flowrun, "run", graph, "--set", "input=" + json.dumps(self.folder), "-o", self.out, "-j",
                   str(threads), *self.limit()]
        command += ["--plugins", self.args.plugins] if decode else []
        run = measured([command + (["--set", f"run.ram={ram}"] if ram else [])])
        self.count("flowrun", self.report()["read"])
        return run

    def report(self):
        with open(os.path.join(self.out, "report.json")) as f:
            return json.load(f)

    def pool(self, workers, chunk):
        run = measured([[sys.executable, os.path.join(HERE, "peer_motion.py"), "--workers", str(workers), "--chunk",
                         str(chunk), *self.limit(), *self.videos]])
        self.count("pool", run.json()["frames"])
        return run


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
    """(copies, max_frames): about `seconds` at `rate` frames a second; each thread gets whole streams, 2 at least exist."""
    base = args.threads * math.ceil(2 / args.threads)
    if rate * seconds < base * frames:
        return base, max(2, math.ceil(rate * seconds / base))
    return base * math.ceil(rate * seconds / (base * frames)), 0


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
    name = os.path.basename(source)
    return f"{len(r.videos)} copies of {name}, " + (f"the first {r.max_frames} frames of each, so cut by `--max-frames` to keep "
                                                    f"a run short" if r.max_frames else "all frames") + f": {r.frames} frames a run"


def measure_decode(args, r):
    rows = {n: {"ffmpeg": lambda n=n: r.ffmpeg(n), "bare": lambda n=n: r.bare(n, decode=True),
                "flowrun": lambda n=n: r.flowrun(n, decode=True)} for n in args.rows}
    seconds = take_turns(args, rows)
    lines = ["## Decode alone", "", f"{describe_run(r, args.source)}. flowrun: `media.files -> pass.drop`, `store: none`. "
             "Plain loops: `bare_motion --decode`. ffmpeg: `ffmpeg -threads 1 -i VIDEO -pix_fmt bgr24 -f null -`, one process "
             "a thread.", "",
             "| threads | ffmpeg, frames/s | plain loops, frames/s | flowrun, frames/s | flowrun / ffmpeg | flowrun / plain loops |",
             "| --- | --- | --- | --- | --- | --- |"]
    for n, row in seconds.items():
        rate = {name: r.frames / statistics.median(runs) for name, runs in row.items()}
        lines.append(f"| {n} | {rate['ffmpeg']:.0f} | {rate['bare']:.0f} | {rate['flowrun']:.0f} "
                     f"| {against(ratio(row['ffmpeg'], row['flowrun']))} | {verdict(ratio(row['bare'], row['flowrun']), AIM)} |")
    return lines, seconds


def measure_motion(args, r, figures):
    sweep = {}
    for workers in WORKERS:
        for chunk in CHUNKS:
            sweep[workers, chunk] = r.pool(workers, chunk).seconds
            print(f"pool {workers} x {chunk}: {sweep[workers, chunk]:.2f} s", file=sys.stderr)
    best = {n: min((k for k in sweep if n > 1 or k[0] == 1), key=sweep.get) for n in args.rows}
    rows = {n: {"bare": lambda n=n: r.bare(n), "flowrun": lambda n=n: r.flowrun(n), "pool": lambda n=n: r.pool(*best[n])}
            for n in args.rows}
    seconds = take_turns(args, rows)
    named = {c: f"chunk {c}" if c else "whole videos" for c in CHUNKS}
    lines = ["", "## Motion", "", f"{describe_run(r, args.source)}. flowrun: graphs/motion.yaml, its defaults, store and export "
             "on. Plain loops: `bare_motion`, which keeps nothing. Pool: peer_motion.py.", "",
             "| threads | plain loops, frames/s | flowrun, frames/s | flowrun / plain loops | Pool, frames/s | flowrun / Pool |",
             "| --- | --- | --- | --- | --- | --- |"]
    for n, row in seconds.items():
        rate = {name: r.frames / statistics.median(runs) for name, runs in row.items()}
        lines.append(f"| {n} | {rate['bare']:.1f} | {rate['flowrun']:.1f} | {verdict(ratio(row['bare'], row['flowrun']), AIM)} "
                     f"| {rate['pool']:.1f} ({best[n][0]} workers, {named[best[n][1]]}) "
                     f"| {against(ratio(row['pool'], row['flowrun']))} |")
    lines += ["", "Sweep of multiprocessing.Pool, frames/s, one run each:", "",
              "| workers | " + " | ".join(named[c] for c in CHUNKS) + " |", "| --- " * (len(CHUNKS) + 1) + "|"]
    lines += [f"| {w} | " + " | ".join(f"{r.frames / sweep[w, c]:.1f}" for c in CHUNKS) + " |" for w in WORKERS]
    lines += ["", f"Means over all pairs of frames, compared before timing. Mean magnitude: plain loops within {SAME:g}, Pool "
              f"within {CLOSE:.0%} of flowrun's; pairs and cuts equal. The rest is for the reader.", "",
              "| figure | plain loops | flowrun | Pool |", "| --- | --- | --- | --- |"]
    lines += [f"| {k} | {'' if b is None else f'{b:.5g}'} | {f:.5g} | {p:.5g} |" for k, (b, f, p) in figures.items()]
    return lines, seconds


def measure_memory(args):
    """One run each: peaks hardly vary, and are no times."""
    video = os.path.join(args.work, "large.avi")
    if not os.path.exists(video):
        part = os.path.join(args.work, "part.avi")
        measured([["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=3840x2160:rate=25", "-frames:v",
                   str(LARGE_FRAMES), "-pix_fmt", "yuv420p", "-c:v", "mpeg4", "-q:v", "4", part]])
        os.replace(part, video)
    lines = ["", "## Memory", "", f"3840 x 2160 (ffmpeg's testsrc2, MPEG-4, {LARGE_FRAMES} frames, 4 s) through "
             f"graphs/motion.yaml with `run.ram={RAM_MIB}MiB`, {args.threads} threads; largest resident memory of the process, "
             "MiB. Values: what the bound counts. Bound for the process: run.ram and what the plain loops hold.", "",
             "| videos | flowrun | of it values | plain loops | bound | | flowrun, frames/s | plain loops, frames/s |",
             "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for copies in sorted({1, args.threads}):
        r = rivals(args, "large", [video] * copies, 0)
        bare, flowrun = r.bare(min(copies, args.threads)), r.flowrun(args.threads, ram=f"{RAM_MIB}MiB")
        values, bound = r.report()["peak_ram"] / 2**20, RAM_MIB + bare.peak
        met = values <= RAM_MIB and flowrun.peak <= bound
        lines.append(f"| {copies} | {flowrun.peak:.0f} | {values:.0f} | {bare.peak:.0f} | {bound:.0f} "
                     f"| {'met' if met else 'MISSED'} | {r.frames / flowrun.seconds:.1f} | {r.frames / bare.seconds:.1f} |")
    return lines


def cpu_model():
    with open("/proc/cpuinfo") as f:
        return next((line.split(":", 1)[1].strip() for line in f if line.startswith("model name")), "unknown")


def header(args, bare, pool, shortest, minutes):
    flowrun, ffmpeg = (measured([c]).outputs[0].splitlines()[0] for c in ([args.flowrun, "--version"], ["ffmpeg", "-version"]))
    return ["# Videos: decode and motion", "", "Written by perf/motion.py; do not edit.", "",
            f"- {datetime.date.today()}, {cpu_model()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, load "
            f"at the start {args.load:.2f} (should be near 0)",
            f"- flowrun {flowrun}, {bare['compiler']}, OpenCV {bare['opencv']}; {' '.join(ffmpeg.split()[:3])}; Python "
            f"{pool['python']}, OpenCV {pool['opencv']}, numpy {pool['numpy']}",
            f"- {args.rounds} rounds in turn, medians; wall clock from start to exit; shortest run {shortest:.1f} s; {minutes:.1f} "
            "minutes in all",
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
    p.add_argument("--max-frames", type=int, default=0, help="of each video for motion; 0: what --motion-seconds allows")
    p.add_argument("--out", default=os.path.join(HERE, "results", "motion.md"))
    args = p.parse_args()
    args.load, begin = os.getloadavg()[0], time.perf_counter()
    args.work, args.source = os.path.abspath(args.work), os.path.abspath(args.source)
    args.flowrun, args.bare, args.plugins = (os.path.abspath(f) for f in (args.flowrun, args.bare, args.plugins))
    args.rows = sorted({1, args.threads})
    os.makedirs(args.work, exist_ok=True)
    with open(os.path.join(args.work, "decode.yaml"), "w") as f:
        f.write(DECODE)

    # Warms the page cache and tells the rates.
    whole = rivals(args, "decode", [args.source], 0).bare(1, decode=True).json()
    part = rivals(args, "motion", [args.source], 60).bare(1).json()
    # ffmpeg loops over whole videos: decode is never cut.
    copies, cut = size_of_run(args, whole["frames"], whole["frames_per_second"], args.decode_seconds)
    decode, decode_seconds = measure_decode(args, rivals(args, "decode", [args.source] * copies, 0))
    copies, cut = size_of_run(args, whole["frames"], part["frames_per_second"], args.motion_seconds)
    r = rivals(args, "motion", [args.source] * copies, args.max_frames or cut)
    figures, pool = compare_figures(args, r)
    motion, motion_seconds = measure_motion(args, r, figures)
    memory = measure_memory(args)
    shortest = min(s for rows in (decode_seconds, motion_seconds) for row in rows.values() for runs in row.values() for s in runs)
    text = "\n".join(header(args, part, pool, shortest, (time.perf_counter() - begin) / 60) + decode + motion + memory) + "\n"
    os.makedirs(os.path.dirname(os.path.abspath(args.out)), exist_ok=True)
    with open(args.out, "w") as f:
        f.write(text)
    print(text)


if __name__ == "__main__":
    main()
