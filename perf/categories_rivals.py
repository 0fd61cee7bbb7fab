"""The programs that perf/categories.py compares on a folder of pictures: each run gives images/s, seconds and memory."""
import json
import os
import shutil
import sys

from motion_rivals import measured

HERE = os.path.dirname(os.path.abspath(__file__))
GRAPH = os.path.join(HERE, "..", "graphs", "categories.yaml")
CLASSIFY = """\
flowrun: 1
params: {input: photos}
stages:
  media: {use: media.files, params: {path: "${input}", recursive: true}}
  what: {use: model.classify, in: media.image, model: %s}
keep: [what]
export: {jsonl: results.jsonl}
"""
VECTORS = """\
flowrun: 1
params: {input: photos}
stages:
  media: {use: media.files, params: {path: "${input}", recursive: true}}
  logits: {use: model.embed, in: media.image, model: %s, params: {output: logits, normalize: none}}
keep: [logits]
export: {jsonl: results.jsonl}
"""
# What glibc's allocator is told from outside. Without it large blocks are mapped, and their pages faulted in, every call.
KEPT = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(1 << 40), "MALLOC_TOP_PAD_": str(64 << 20)}
MALLOC = {"default": {}, "kept": KEPT, "kept, huge pages": {**KEPT, "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}}


class answer:
    """images/s of the work alone and of the whole process, its seconds, its memory in MiB, and what it printed."""

    def __init__(self, run, images, seconds, told):
        self.loop, self.process = images / seconds, images / run.seconds
        self.seconds, self.peak, self.told = run.seconds, run.peak, told


class rivals:
    """One model, as a model file, and as the TorchScript file the rival opens."""

    def __init__(self, args, name, models, script, mean, std, graph=None):
        self.args, self.name, self.models, self.script, self.mean, self.std = args, name, models, script, mean, std
        self.graph, self.vectors = graph or self.write("graph", CLASSIFY), self.write("vectors", VECTORS)
        self.out = os.path.join(args.work, "run")

    def write(self, kind, text):
        path = os.path.join(self.args.work, f"{kind}_{self.name}.yaml")
        with open(path, "w") as f:
            f.write(text % self.name)
        return path

    def plan(self, precision, graph=None):
        """(precision, rows of a batch) that flowrun takes where `precision` is asked for."""
        command = [self.args.flowrun, "plan", graph or self.graph, "--json", "--models", self.models, "--set",
                   "input=" + json.dumps(self.args.work), "--set", f"what.precision={precision}"]
        stage = json.loads(measured([command], os.environ).outputs[0])["stages"][0]
        return stage["precision"], stage["batch"]

    def flowrun(self, folder, threads, precision, vectors=False):
        shutil.rmtree(self.out, ignore_errors=True)
        graph, stage = (self.vectors, "logits") if vectors else (self.graph, "what")
        run = measured([[self.args.flowrun, "run", graph, "--models", self.models, "-o", self.out, "-j", str(threads),
                         "--set", "input=" + json.dumps(folder), "--set", f"{stage}.precision={precision}"]], os.environ)
        with open(os.path.join(self.out, "report.json")) as f:
            report = json.load(f)
        images = len(os.listdir(folder))
        if report["done"] != images:
            sys.exit(f"flowrun was done with {report['done']} of {images} pictures in {folder}")
        return answer(run, images, report["seconds"], report)

    def logits(self, folder, precision):
        """{picture: its logits, as flowrun has them}"""
        self.flowrun(folder, self.args.threads, precision, vectors=True)
        with open(os.path.join(self.out, "results.jsonl")) as f:
            records = [json.loads(line) for line in f]
        return {r["item"]: next(iter(r["values"].values()))["values"] for r in records}

    def bare(self, folder, threads, planned, *options):
        precision, batch = planned
        run = measured([[self.args.bare, *options, "--batch", str(batch), "--precision", precision, str(threads),
                         os.path.join(self.models, self.name + ".yaml"), self.args.plugin, folder]], os.environ)
        told = json.loads(run.outputs[0])
        return answer(run, told["pictures"], told["seconds"], told)

    def peer(self, folder, settings, malloc, processes=1, outputs=None):
        """An answer for each of the settings; of several processes each takes its part of the pictures."""
        environment = {**os.environ, **MALLOC[malloc], "PYTHONWARNINGS": "ignore"}
        command = [sys.executable, os.path.join(HERE, "peer_categories.py"), folder, "--model", self.script,
                   "--settings", json.dumps(settings), "--mean", *map(str, self.mean), "--std", *map(str, self.std)]
        command += ["--outputs", outputs] if outputs else []
        run = measured([[*command, "--part", str(i), str(processes)] for i in range(processes)], environment)
        lines = [[json.loads(line) for line in text.splitlines()] for text in run.outputs]
        return [answer(run, sum(t["images"] for t in parts), max(t["end"] for t in parts) - min(t["begin"] for t in parts),
                       parts[0]) for parts in zip(*lines)]


def share_of(args, names, count):
    """A folder with `count` of the frames, evenly taken, as hard links: the disk holds one copy."""
    count = max(1, min(count, len(names)))
    if count == len(names):
        return args.frames
    folder = os.path.join(args.work, f"frames_{count}")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for i in range(count):
        name = names[i * len(names) // count]
        os.link(os.path.join(args.frames, name), os.path.join(folder, name))
    return folder


def make_vit(args):
    """ViT-B/32 with random weights as a model of the user's own: exported, added, compiled; once."""
    folder = os.path.join(args.work, "vit-b-32-" + args.torch)
    if os.path.exists(os.path.join(folder, "whole")):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    network = os.path.join(folder, "vit-b-32.pt")
    commands = [[sys.executable, os.path.join(HERE, "make_vit.py"), folder],
                [args.flowrun, "models", "add", network, "--input", "3x224x224", "--task", "classify", "--preprocess",
                 "imagenet", "-o", folder]]
    commands += [[args.flowrun, "models", "compile", "vit-b-32", "--precision", p, "--models", folder]
                 for p in ("fp32", "bf16")]
    for command in commands:
        print("making ViT-B/32 (once): " + " ".join(command), file=sys.stderr)
        measured([command], os.environ)
    open(os.path.join(folder, "whole"), "w").close()
    return folder
