#!/usr/bin/env python3
"""Pictures through networks: flowrun against plain loops and a torch DataLoader script. Writes perf/results/categories.md.

Rivals, on the same JPEGs (frames of the sample videos, cut once):
  plain    bare_categories: N plain loops over the code of the plugins and the same session, one a thread
  session  the same session alone, called with one batch of real rows; decode: reading the JPEGs alone
  flowrun  flowrun run graphs/categories.yaml -o RUNDIR -j N; for ViT-B/32 a graph of media.files -> model.classify
  script   peer_categories.py, best of a sweep over precision, memory layout, batch, malloc, workers, threads, processes
Rates are images / (start to exit), and beside them images / (the loop alone: neither imports nor opening the network); of
session and decode only the latter. Rivals run in turn, forth and back, ROUNDS times; ratios are taken within a round and their
median is printed. A run is cut to about --seconds, so that all takes 14 minutes on 2 cores; the slow network gets half of the
sweep's and the comparison's pictures, and a round less.
"""
import argparse
import os
import statistics
import sys
import time

import numpy

import frames
from categories_page import page
from categories_rivals import GRAPH, make_vit, rivals, share_of
from motion_rivals import measured

HERE = os.path.dirname(os.path.abspath(__file__))
PRECISIONS = ("fp32", "auto")
SLOW = 2  # the slow network gets so much less of everything


def sweep_script(args, r, names, count, batches, layouts):
    """[(setting, images/s)]: first how a call is made, then, with the best of each precision, who makes it."""
    folder = share_of(args, names, count)
    tried = []

    def run(settings, malloc, processes=1):
        for setting, a in zip(settings, r.peer(folder, settings, malloc, processes)):
            tried.append(({**setting, "malloc": malloc, "processes": processes}, a.loop))
            print(f"{r.name} script: {tried[-1][0]}: {a.loop:.1f} images/s", file=sys.stderr)

    def best(precision):
        return max((t for t in tried if t[0]["precision"] == precision), key=lambda t: t[1])[0]

    def call_of(setting):
        return {k: v for k, v in setting.items() if k not in ("malloc", "processes")}

    base = {"workers": min(2, args.threads), "threads": 1}
    run([{**base, "precision": p, "channels_last": c, "batch": b} for p in ("fp32", "bf16") for c in layouts
         for b in batches], "kept")
    for precision in ("fp32", "bf16"):
        for malloc in ("default", "kept, huge pages"):
            run([call_of(best(precision))], malloc)
    run([{**call_of(best("fp32")), "frozen": True}], best("fp32")["malloc"])
    for precision in ("fp32", "bf16"):
        call, malloc = call_of(best(precision)), best(precision)["malloc"]
        pairs = [(0, 1), (1, 1), (args.threads, args.threads), (1, args.threads), (0, args.threads)]
        run([{**call, "workers": w, "threads": t} for w, t in dict.fromkeys(pairs)], malloc)
        if args.threads > 1:
            run([{**call, "workers": 0, "threads": 1}], malloc, args.threads)
    return tried


def best_script(tried, threads, precision):
    """The fastest one; on one thread only what takes one. For fp32 of those in fp32, for auto of all."""
    fits = [t for t in tried if (precision == "auto" or t[0]["precision"] == "fp32") and
            (threads > 1 or (t[0]["workers"], t[0]["threads"], t[0]["processes"]) == (0, 1, 1))]
    return max(fits, key=lambda t: t[1])[0]


def measure(args, r, names, tried, length, rounds):
    """[{threads, precision, planned, images, script, answers: {rival: [answer of each round]}}]"""
    rows = []
    for precision in PRECISIONS:
        planned = r.plan(precision)
        for threads in args.rows:
            probe = r.bare(share_of(args, names, args.batch * threads * 2), threads, planned)
            folder = share_of(args, names, int(probe.loop * length))
            part = share_of(args, names, int(probe.loop * length / 2))
            setting = best_script(tried, threads, precision)
            small = share_of(args, names, int(next(rate for s, rate in tried if s == setting) * length * 0.8))
            rows.append({"threads": threads, "precision": precision, "planned": planned, "script": setting,
                         "images": len(os.listdir(folder)), "script_images": len(os.listdir(small)), "calls": {
                "decode": lambda t=threads, p=planned, f=part: r.bare(f, t, p, "--decode"),
                "session": lambda t=threads, p=planned, f=part: r.bare(f, t, p, "--session"),
                "plain": lambda t=threads, p=planned, f=folder: r.bare(f, t, p),
                "flowrun": lambda t=threads, p=precision, f=folder: r.flowrun(f, t, p),
                "script": lambda s=setting, f=small: r.peer(
                    f, [{k: v for k, v in s.items() if k not in ("malloc", "processes")}], s["malloc"],
                    s["processes"])[0]}})
    for row in rows:
        row["answers"] = {name: [] for name in row["calls"]}
    for i in range(rounds):
        for row in rows:
            for name in list(row["calls"])[:: 1 if i % 2 == 0 else -1]:
                row["answers"][name].append(row["calls"][name]())
                a = row["answers"][name][-1]
                print(f"round {i + 1}, {r.name}, {row['threads']} threads, {row['precision']}, {name}: {a.loop:.1f} "
                      f"images/s, {a.process:.1f} from start to exit", file=sys.stderr)
    return rows


def compare(ours, theirs):
    """(share of pictures with the same best class, mean and least cosine of the logits)"""
    cosine = (ours * theirs).sum(1) / (numpy.linalg.norm(ours, axis=1) * numpy.linalg.norm(theirs, axis=1))
    return float((ours.argmax(1) == theirs.argmax(1)).mean()), float(cosine.mean()), float(cosine.min())


def matrix(logits, names):
    return numpy.array([logits[n] for n in names])


def compare_outputs(args, r, names, count):
    """{what: (pictures, top-1 agreement, mean cosine, least cosine)}, flowrun's fp32 against others."""
    folder = share_of(args, names, count)
    shown = sorted(os.listdir(folder))
    fp32 = matrix(r.logits(folder, "fp32"), shown)
    found = {"flowrun, " + p: compare(fp32, matrix(r.logits(folder, p), shown)) for p in ("bf16",)}
    few = share_of(args, names, min(count, args.compared))
    picked = [shown.index(n) for n in sorted(os.listdir(few))]
    outputs = os.path.join(args.work, "outputs")
    r.bare(few, args.threads, r.plan("fp32"), "--outputs", outputs)
    values = numpy.fromfile(outputs, numpy.float32).reshape(len(picked), -1)[:, :fp32.shape[1]]
    found["plain loops, fp32"] = compare(fp32[picked], values)
    r.peer(few, [{"batch": 8}], "kept", outputs=outputs + ".npz")
    found["script, fp32"] = compare(fp32[picked], numpy.load(outputs + ".npz")["logits"])
    return {what: (len(shown if what == "flowrun, bf16" else picked), *values) for what, values in found.items()}


def measure_start(args, r, names):
    """Seconds to the first result, one picture: [(what, median, seconds each)]"""
    one = share_of(args, names, 1)
    script = {"workers": 0, "threads": 1, "batch": 1}
    calls = {"flowrun, fp32": lambda: r.flowrun(one, args.threads, "fp32").seconds,
             "flowrun, auto": lambda: r.flowrun(one, args.threads, "auto").seconds,
             "plain loop, fp32": lambda: r.bare(one, 1, r.plan("fp32")).seconds,
             'python -c "import torch"': lambda: measured([[sys.executable, "-c", "import torch"]], os.environ).seconds,
             "script, fp32": lambda: r.peer(one, [script], "kept")[0].seconds}
    seconds = {name: [] for name in calls}
    for i in range(args.starts):
        for name in list(calls)[:: 1 if i % 2 == 0 else -1]:
            seconds[name].append(calls[name]())
    return {name: statistics.median(s) for name, s in seconds.items()}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--flowrun", required=True, help="the flowrun program")
    p.add_argument("--bare", required=True, help="the bare_categories program")
    p.add_argument("--plugin", required=True, help="the library of the plugin torch")
    p.add_argument("--models", required=True, help="folder with efficientnet-lite0, fetched and compiled")
    p.add_argument("--source", required=True, help="folder of vtest.avi and Megamind.avi")
    p.add_argument("--work", required=True, help="folder for frames, models and runs, on one file system")
    p.add_argument("--frames", dest="count", type=int, default=1500)
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--starts", type=int, default=3)
    p.add_argument("--threads", type=int, default=os.cpu_count(), help="the second row; the first is 1")
    p.add_argument("--seconds", type=float, default=5, help="of a run of the plain loops, about")
    p.add_argument("--sweep", type=int, default=64, help="pictures of a run of the sweep")
    p.add_argument("--compared", type=int, default=200, help="pictures on which plain loops and script are compared")
    p.add_argument("--out", default=os.path.join(HERE, "results", "categories.md"))
    args = p.parse_args()
    args.load, begin = os.getloadavg()[0], time.perf_counter()
    for name in ("flowrun", "bare", "plugin", "models", "source", "work"):
        setattr(args, name, os.path.abspath(getattr(args, name)))
    args.rows, args.batch = sorted({1, args.threads}), 16
    os.makedirs(args.work, exist_ok=True)
    with open(os.path.join(HERE, "..", "plugins", "torch", "tools", "torch_wheels.txt")) as f:
        args.torch = next(line.split()[0].split("==")[1] for line in f if line.startswith("torch=="))
    args.frames = os.path.join(args.work, "frames")
    names = frames.cut_frames(args.frames, [os.path.join(args.source, v) for v in ("vtest.avi", "Megamind.avi")],
                              args.count)
    vit_models = make_vit(args)
    measuring = time.perf_counter()
    lite = rivals(args, "efficientnet-lite0", args.models, os.path.join(args.models, "efficientnet-lite0.pt"), [127],
                  [128], GRAPH)
    vit = rivals(args, "vit-b-32", vit_models, os.path.join(vit_models, "vit-b-32.pt"), [123.675, 116.28, 103.53],
                 [58.395, 57.12, 57.375])
    results = []
    for r, slow, batches, layouts in ((lite, 1, (4, 8, 32, 64), (False, True)), (vit, SLOW, (4, 16), (False,))):
        outputs = compare_outputs(args, r, names, args.count if slow == 1 else args.compared // slow)  # warms up too
        tried = sweep_script(args, r, names, args.sweep // slow, batches, layouts)
        rows = measure(args, r, names, tried, args.seconds, max(1, args.rounds - slow + 1))
        results.append((r.name, rows, outputs, tried))
    start = measure_start(args, lite, names)
    minutes = ((time.perf_counter() - measuring) / 60, (measuring - begin) / 60)
    text = page(args, results, start, minutes)
    os.makedirs(os.path.dirname(os.path.abspath(args.out)), exist_ok=True)
    with open(args.out, "w") as f:
        f.write(text)
    print(text)


if __name__ == "__main__":
    main()
