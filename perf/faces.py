#!/usr/bin/env python3
"""Who is in pictures and videos: flowrun against plain loops and a torch DataLoader script. Writes perf/results/faces.md.

Rivals, on the same files: faces found (CenterFace), embedded (dlib's network), clustered once; boxes, vectors and
identities kept:
  plain    bare_faces: N plain loops over the code of the plugins and the same sessions, one a thread; then HDBSCAN*
  flowrun  flowrun run GRAPH -o RUNDIR -j N: media.files -> faces.detect -> faces.embed -> faces.cluster
  script   peer_faces.py, best of a sweep over malloc, engine, batches, layout, workers, threads and processes
Rates are pictures / (start to exit), and beside them pictures / (the loop and the clustering alone: neither imports nor opening
the networks). flowrun and the loops have CenterFace compiled by LibTorch, the script has it in cv2.dnn: the same weights. Before
timing faces and identities are compared. Rivals run in turn, forth and back, ROUNDS times; ratios are taken within a round and
their median is printed. All takes about 10 minutes on 2 cores.
"""
import argparse
import os
import shutil
import sys
import time

from sklearn.metrics import adjusted_rand_score

import corpus as photos
from faces_page import page
from faces_rivals import corpus, match, rivals

HERE = os.path.dirname(os.path.abspath(__file__))
VIDEOS = ("vtest.avi", "Megamind.avi")
PEOPLE = ("examples/data/messi5.jpg", "opencv4/html/facereg.jpg", "opencv4/html/faceDetection.png",
          "opencv4/html/julia_facedetect_sample.jpg", "opencv4/html/face_swapped.jpg", "examples/data/baboon.jpg",
          "examples/data/home.jpg")  # below Debian's opencv-doc; the last two have no faces
EVERY_NTH = 5
ALONE = {"workers": 0, "processes": 1, "threads": 1}
# Faces missing or too many, as a share; least adjusted Rand: of few faces one that is nobody's for a rival counts much.
SAME = {"plain": (0.0, 0.999), "script": (0.03, 0.85)}


def make_link(source, path):
    try:
        os.link(source, path)
    except OSError:
        shutil.copyfile(source, path)


def link_files(folder, sources):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for source in sources:
        make_link(source, os.path.join(folder, os.path.basename(source)))
    return folder


def make_corpora(args):
    """[(corpus to be timed, part of it for the sweep)]"""
    def place(*names):
        return os.path.join(args.work, *names)

    videos = link_files(place("videos"), [os.path.join(args.source, v) for v in VIDEOS])
    root = os.path.join(args.source, "..", "..")
    people = link_files(place("people"), [os.path.normpath(os.path.join(root, name)) for name in PEOPLE])
    made = place(f"photos_{args.photos}")
    photos.make_corpus(made, people, args.photos, seed=1)
    names = sorted(n for n in os.listdir(made) if n.endswith(".jpg"))
    few = link_files(place("photos_swept"), [os.path.join(made, n) for n in names[:args.swept]])
    return [(corpus("videos", videos, EVERY_NTH, args.max_frames),
             corpus("videos", videos, EVERY_NTH, max(1, args.swept // len(VIDEOS)))),
            (corpus("photos", made), corpus("photos", few))]


def sweep_script(args, r, part):
    """[(setting, pictures/s)]: first how the networks are called, by one thread; then who calls them."""
    tried = []

    def run(settings, malloc):
        for setting, a in zip(settings, r.script(part, settings, malloc)):
            tried.append(({**setting, "malloc": malloc}, a.loop))
            print(f"{part.name}, script: {tried[-1][0]}: {a.loop:.2f} pictures/s", file=sys.stderr)

    base = {**ALONE, "pictures": 1, "faces": 8, "engine": "auto"}
    changes = [{}, {"engine": "classic"}, {"pictures": 4}, {"faces": 1}, {"faces": 32}, {"frozen": True},
               {"channels_last": True}]
    run([{**base, **change} for change in changes], "kept")
    # What was faster than the base alone is taken together, and tried beside the best one.
    slowest = tried[0][1]
    gains = [(change, rate) for change, (_, rate) in zip(changes[1:], tried[1:]) if rate > slowest]
    together = dict(base)
    for change, _ in sorted(gains, key=lambda g: g[1]):
        together.update(change)
    best = {k: v for k, v in max(tried, key=lambda t: t[1])[0].items() if k != "malloc"}
    for malloc in ("default", "kept, huge pages"):
        run([best], malloc)
    if len(gains) > 1:
        run([together], "kept")
    call = dict(max(tried, key=lambda t: t[1])[0])
    malloc, n = call.pop("malloc"), args.threads
    shares = [(0, 1, n), (1, 1, 1), (n, 1, n), (1, 1, n), (0, n, 1), (1, n, 1)]
    run([{**call, "workers": w, "processes": p, "threads": t} for w, p, t in dict.fromkeys(shares)], malloc)
    return tried


def best_script(tried, threads):
    """The fastest one; on one thread only what takes one."""
    fits = [t for t in tried if threads > 1 or all(t[0][k] == v for k, v in ALONE.items())]
    return max(fits, key=lambda t: t[1])[0]


def compare(args, r, on, setting):
    """{rival: (faces, identities, noise, faces of flowrun too, adjusted Rand of these)}; exits where they differ."""
    r.flowrun(on, args.threads)  # warms the page cache too
    ours = r.found_by_flowrun()
    table = {"flowrun": (ours.count, ours.identities, ours.noise, ours.count, 1.0)}
    for name, theirs in (("plain", r.found_by_bare(on, args.threads)), ("script", r.found_by_script(on, setting))):
        pairs = match(ours, theirs)
        rand = adjusted_rand_score(*zip(*pairs)) if pairs else 0.0
        table[name] = (theirs.count, theirs.identities, theirs.noise, len(pairs), rand)
        print(f"{on.name}: {name} against flowrun {table['flowrun']}: {table[name]}", file=sys.stderr)
        share, least = SAME[name]
        if abs(theirs.count - ours.count) > share * ours.count or len(pairs) < (1 - share) * ours.count:
            sys.exit(f"{on.name}: {name} found {theirs.count} faces, flowrun {ours.count}, {len(pairs)} of them the same; "
                     f"at most {share:.0%} may differ")
        if rand < least:
            sys.exit(f"{on.name}: adjusted Rand of {name}'s identities and flowrun's is {rand:.4f}, below {least}")
    return table


def measure(args, r, on, tried):
    """[{threads, script, answers: {rival: [answer of each round]}}]"""
    rows = []
    for threads in args.rows:
        setting = best_script(tried, threads)
        rows.append({"threads": threads, "script": setting, "answers": {}, "calls": {
            "plain": lambda t=threads: r.bare(on, t), "flowrun": lambda t=threads: r.flowrun(on, t),
            "script": lambda s=setting: r.script(on, [s], s["malloc"])[0]}})
    for i in range(args.rounds):
        for row in rows:
            for name in list(row["calls"])[:: 1 if i % 2 == 0 else -1]:
                a = row["calls"][name]()
                row["answers"].setdefault(name, []).append(a)
                print(f"round {i + 1}, {on.name}, {row['threads']} threads, {name}: {a.loop:.2f} pictures/s, "
                      f"{a.process:.2f} from start to exit", file=sys.stderr)
    return rows


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--flowrun", required=True, help="the flowrun program")
    p.add_argument("--bare", required=True, help="the bare_faces program")
    p.add_argument("--plugins", required=True, help="folder with the libraries of the plugins dnn and torch")
    p.add_argument("--models", required=True, help="folder with centerface and dlib-face, fetched")
    p.add_argument("--detector-model", default="centerface-torch", help="centerface or centerface-torch, of flowrun and the loops")
    p.add_argument("--source", required=True, help="Debian's opencv-doc, its folder examples/data")
    p.add_argument("--work", required=True, help="folder for pictures and runs, on one file system")
    p.add_argument("--photos", type=int, default=72)
    p.add_argument("--max-frames", type=int, default=0, help="of each video at most, every fifth taken; 0: all")
    p.add_argument("--swept", type=int, default=32, help="pictures of a run of the sweep")
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--threads", type=int, default=os.cpu_count(), help="the second row; the first is 1")
    p.add_argument("--out", default=os.path.join(HERE, "results", "faces.md"))
    args = p.parse_args()
    args.load, begin = os.getloadavg()[0], time.perf_counter()
    for name in ("flowrun", "bare", "plugins", "models", "source", "work"):
        setattr(args, name, os.path.abspath(getattr(args, name)))
    args.detector, args.embedder = (os.path.join(args.models, f) for f in ("centerface.onnx", "dlib-face.pt"))
    args.rows = sorted({1, args.threads})
    os.makedirs(args.work, exist_ok=True)
    r, results = rivals(args), []
    for on, part in make_corpora(args):
        tried = sweep_script(args, r, part)
        compared = compare(args, r, on, best_script(tried, args.threads))
        results.append((on, measure(args, r, on, tried), compared, tried))
    text = page(args, r, results, (time.perf_counter() - begin) / 60)
    os.makedirs(os.path.dirname(os.path.abspath(args.out)), exist_ok=True)
    with open(args.out, "w") as f:
        f.write(text)
    print(text)


if __name__ == "__main__":
    main()
