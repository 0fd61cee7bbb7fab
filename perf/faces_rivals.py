"""The programs that perf/faces.py compares on a folder of pictures or videos: each run gives pictures/s, seconds, memory
and the faces it found."""
import json
import os
import shutil
import sys

from categories_rivals import MALLOC, answer
from motion_rivals import measured

HERE = os.path.dirname(os.path.abspath(__file__))
GRAPH = """\
flowrun: 1
params: {input: photos, every_nth: 1}
stages:
  media: {use: media.files, params: {path: "${input}", recursive: true, every_nth: "${every_nth}"}}
  find: {use: faces.detect, in: media.image, model: %s}
  embed: {use: faces.embed, in: {image: media.image, faces: find.faces}, precision: fp32}
  who: {use: faces.cluster, in: embed.vectors, params: {apart: false}}
keep: [find.faces, embed, who]
"""


class corpus:
    """A folder, and which frames of its videos are taken."""

    def __init__(self, name, folder, every_nth=1, max_frames=0):
        self.name, self.folder, self.every_nth, self.max_frames = name, folder, every_nth, max_frames
        self.pictures = None  # how many there are, as the first program says

    def limit(self):
        return ["--max-frames", str(self.max_frames)] if self.max_frames else []

    def answer(self, name, run, pictures, seconds, told):
        self.pictures = self.pictures or pictures
        if pictures != self.pictures:
            sys.exit(f"{name} had {pictures} pictures of {self.folder}, another program {self.pictures}")
        return answer(run, pictures, seconds, told)


class found:
    """Faces of one run: {(file, frame): [(x, y, w, h, identity)]}"""

    def __init__(self, rows):
        self.of = {}
        for name, index, x, y, w, h, _, identity in rows:
            self.of.setdefault((name, index), []).append((x, y, w, h, identity))
        self.count = sum(map(len, self.of.values()))
        self.identities = len({f[4] for faces in self.of.values() for f in faces} - {-1})
        self.noise = sum(f[4] == -1 for faces in self.of.values() for f in faces)


class rivals:
    def __init__(self, args):
        self.args = args
        self.out, self.graph = os.path.join(args.work, "run"), os.path.join(args.work, "identities.yaml")
        with open(self.graph, "w") as f:
            f.write(GRAPH % args.detector_model)
        self.planned = self.plan()

    def plan(self):
        """{stage: (model, precision, rows of a batch)} as flowrun takes them."""
        command = [self.args.flowrun, "plan", self.graph, "--json", "--models", self.args.models, "--set",
                   "input=" + json.dumps(self.args.work)]
        stages = json.loads(measured([command], os.environ).outputs[0])["stages"]
        return {s["name"]: (s["model"], s["precision"], s["batch"]) for s in stages}

    def flowrun(self, on, threads):
        shutil.rmtree(self.out, ignore_errors=True)
        run = measured([[self.args.flowrun, "run", self.graph, "--models", self.args.models, "-o", self.out, "-j",
                         str(threads), "--set", "input=" + json.dumps(on.folder), "--set", f"every_nth={on.every_nth}",
                         *on.limit()]], os.environ)
        with open(os.path.join(self.out, "report.json")) as f:
            report = json.load(f)
        if report["done"] != report["read"]:
            sys.exit(f"flowrun was done with {report['done']} of {report['read']} pictures in {on.folder}: "
                     f"{report['first_failures']}")
        return on.answer("flowrun", run, report["read"], report["seconds"], report)

    def found_by_flowrun(self):
        """Of the last run."""
        path = os.path.join(self.args.work, "found.jsonl")
        measured([[self.args.flowrun, "export", self.out, "--to", "jsonl", "-o", path]], os.environ)
        rows = []
        with open(path) as f:
            for r in map(json.loads, f):
                if "item" not in r:
                    continue
                faces, who = (r["values"][value]["list"] for value in ("find.faces", "who"))
                for face, member in zip(faces, who):
                    box = [face[k] for k in ("x", "y", "w", "h")]
                    place = (r["stream"], r["seq"]) if r["stream"] else (r["item"], 0)
                    rows.append([*place, *box, face["score"], member["identity"]])
        os.remove(path)
        return found(rows)

    def bare(self, on, threads, faces=None):
        batches = [str(self.planned[stage][2]) for stage in ("find", "embed")]
        command = [self.args.bare, "--every-nth", str(on.every_nth), *on.limit(), "--batches", *batches,
                   "--detector", self.args.detector_model]
        command += ["--faces", faces] if faces else []
        run = measured([[*command, str(threads), self.args.models, self.args.plugins, on.folder]], os.environ)
        told = json.loads(run.outputs[0])
        return on.answer("bare_faces", run, told["pictures"], told["seconds"], told)

    def found_by_bare(self, on, threads):
        path = os.path.join(self.args.work, "bare_faces.json")
        self.bare(on, threads, path)
        return found_in(path)

    def script(self, on, settings, malloc):
        """An answer for each of the settings."""
        environment = {**os.environ, **MALLOC[malloc], "PYTHONWARNINGS": "ignore"}
        inner = [{k: v for k, v in s.items() if k != "malloc"} for s in settings]
        # -P: without it `import hdbscan` finds perf/hdbscan.py.
        run = measured([[sys.executable, "-P", os.path.join(HERE, "peer_faces.py"), on.folder, "--detector",
                         self.args.detector, "--embedder", self.args.embedder, "--out", self.script_out(),
                         "--every-nth", str(on.every_nth), *on.limit(), "--settings", json.dumps(inner)]], environment)
        told = [json.loads(line) for line in run.outputs[0].splitlines()]
        return [on.answer("peer_faces", run, t["pictures"], t["seconds"], t) for t in told]

    def script_out(self):
        return os.path.join(self.args.work, "script")

    def found_by_script(self, on, setting):
        self.script(on, [setting], setting["malloc"])
        return found_in(os.path.join(self.script_out(), "faces.json"))


def found_in(path):
    with open(path) as f:
        return found(json.load(f))


def overlap(a, b):
    """Intersection over union."""
    w = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    h = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    both = max(w, 0) * max(h, 0)
    return both / (a[2] * a[3] + b[2] * b[3] - both)


def match(ours, theirs, least=0.5):
    """Identities of the faces that both found, pair by pair, the best overlap of a picture first."""
    pairs = []
    for place, faces in ours.of.items():
        others = theirs.of.get(place, [])
        ranked = sorted(((overlap(a, b), i, j) for i, a in enumerate(faces) for j, b in enumerate(others)), reverse=True)
        taken_i, taken_j = set(), set()
        for share, i, j in ranked:
            if share >= least and i not in taken_i and j not in taken_j:
                taken_i.add(i)
                taken_j.add(j)
                pairs.append((faces[i][4], others[j][4]))
    return pairs
