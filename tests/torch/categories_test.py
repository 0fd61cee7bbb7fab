"""EfficientNet-Lite0 as it is fetched: what it sees, and that rows have the same answers in every batch, as TorchScript and
as a compiled package. Of the user's models where it is there, else fetched into a cache of its own."""
import hashlib
import json
import math
import os
import pathlib
import shutil
import subprocess
import zipfile

import torch_runs
from flowrun_runs import SOURCE, environment, main, read_report, records

NAME = "efficientnet-lite0"
LABELS = {"messi5.jpg": ("soccer ball", 0.66), "baboon.jpg": ("baboon", 0.90), "fruits.jpg": ("lemon", 0.76),
          "orange.jpg": ("orange", 0.75), "home.jpg": ("palace", 0.58)}
GRAPH = """flowrun: 1
run: {out: run}
stages:
  media: {use: media.files, params: {path: samples, recursive: true, max_frames: 15}}
  logits: {use: model.tensor, in: {image: media.image}, model: efficientnet-lite0, params: {output: logits}}
  vector: {use: model.tensor, in: {image: media.image}, model: efficientnet-lite0, params: {output: embedding}}
keep: [logits.values, vector.values]
export: {jsonl: results.jsonl}
"""
PORTS = ("logits.values", "vector.values")


def samples():
    told = os.environ.get("FLOWRUN_SAMPLES") or subprocess.run(
        ["bash", str(SOURCE / "tests/tools/sample_media.sh")], stdout=subprocess.PIPE, text=True, check=True).stdout
    return pathlib.Path(told.strip().splitlines()[-1])


def largest(values):
    return max(abs(v) for row in values.values() for v in row)


def difference(a, b):
    return max(abs(x - y) for key in a for x, y in zip(a[key], b[key]))


def cosine(a, b):
    return sum(x * y for x, y in zip(a, b)) / math.sqrt(sum(x * x for x in a) * sum(y * y for y in b))


class Categories(torch_runs.TorchTest):
    def setUp(self):
        super().setUp()
        self.samples = samples()
        os.symlink(self.samples, self.at("samples"))
        cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "flowrun"
        self.fetched = cache / "models"
        if not (self.fetched / (NAME + ".yaml")).exists():
            self.fetch(cache)

    def fetch(self, cache):
        own = pathlib.Path(self.at("cache/flowrun"))
        own.mkdir(parents=True)
        for made in cache.glob("python-torch-*"):  # 5.5 GB
            (own / made.name).symlink_to(made)
        self.assertEqual(super(torch_runs.TorchTest, self).run_it("models", "fetch", NAME, env=self.env, timeout=900).rc, 0)
        self.fetched = own / "models"

    def model_of(self, *paths, folder="models", edit=lambda text: text):
        """A folder with the model, of whose files only these are left."""
        folder = pathlib.Path(self.at(folder))
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        kept = []
        for line in (self.fetched / (NAME + ".yaml")).read_text().splitlines():
            if "backend:" not in line or any("path: %s," % p in line for p in paths):
                kept.append(line)
        (folder / (NAME + ".yaml")).write_text(edit("\n".join(kept) + "\n"))
        for file in (*paths, "imagenet-1k.txt"):
            (folder / file).symlink_to(self.fetched / file)
        return folder

    def files(self):
        """What there is of: TorchScript, package, package of half precision."""
        there = [NAME + end for end in (".pt", "-fp32.pt2", "-bf16.pt2") if (self.fetched / (NAME + end)).exists()]
        self.assertIn(NAME + ".pt", there)
        return there

    def test_labels(self):
        for file in LABELS:
            os.makedirs(self.at("photos"), exist_ok=True)
            shutil.copy(self.samples / file, self.at("photos"))
        for file in self.files():
            self.model_of(file)
            self.expect(0, SOURCE / "graphs/categories.yaml", "--set", "input=photos", "-o", "run", "--fresh")
            seen = {item: r["values"]["what.pictures"]["labels"][0][0] for item, r in records(self.at("run")).items()}
            print(file, json.dumps(seen))
            self.assertEqual({item: s["label"] for item, s in seen.items()}, {i: label for i, (label, _) in LABELS.items()})
            for item, (_, score) in LABELS.items():
                self.assertAlmostEqual(seen[item]["score"], score, delta=0.03 if "bf16" in file else 0.015)

    def values(self, batch, lanes):
        settings = [w for s in ("logits", "vector") for w in ("--set", "%s.batch=%d" % (s, batch), "--set",
                                                               "%s.lanes=%d" % (s, lanes))]
        self.expect(0, "g.yaml", "--fresh", *settings, timeout=400)
        stages = {s["name"]: s for s in read_report(self.at("run"))["stages"]}
        fullest = min(max(i + 1 for i, n in enumerate(s["batch_eighths"]) if n > 0) / 8
                      for s in (stages["logits"], stages["vector"]))
        found = {port: {} for port in PORTS}
        for item, r in records(self.at("run")).items():
            for port in PORTS:
                if r["status"] == "done":
                    found[port][item] = r["values"][port]["values"]
        self.assertGreater(len(found[PORTS[0]]), 128)
        return found, fullest * batch

    def test_rows(self):
        self.write("g.yaml", GRAPH)
        told = {}
        for file in self.files():
            self.model_of(file)
            if "bf16" in file:
                told[file], _ = self.values(16, 2)
                continue
            for batch, lanes in ((1, 1), (1, 2), (7, 1), (7, 2), (128, 1), (128, 2)):
                found, rows = self.values(batch, lanes)
                self.assertGreater(rows, batch / 2, "no batch was filled by half")
                if file not in told:
                    told[file] = found
                for port in PORTS:
                    worst = difference(told[file][port], found[port]) / largest(found[port])
                    print("%s, batches of up to %.0f rows, %d lanes: %s differs by %.2g of the largest" % (
                        file, rows, lanes, port, worst))
                    self.assertLessEqual(worst, 1e-5)
        script = told[NAME + ".pt"]
        for file, found in told.items():
            first = [max(range(1000), key=row.__getitem__) for row in found[PORTS[0]].values()]
            same = sum(a == max(range(1000), key=script[PORTS[0]][item].__getitem__)
                       for a, item in zip(first, found[PORTS[0]])) / len(first)
            cosines = [cosine(row, script[PORTS[1]][item]) for item, row in found[PORTS[1]].items()]
            mean = sum(cosines) / len(cosines)
            print("%s and %s: %d rows, the first label is the same in %.4f, cosine of the embedding on average %.6f, at least "
                  "%.6f" % (file, NAME + ".pt", len(first), same, mean, min(cosines)))
            # Of half precision 0.9985 was seen, below the 0.999 that was aimed at: `auto` takes it only where it is faster.
            self.assertGreaterEqual(same, 0.98 if "bf16" in file else 0.99)
            self.assertGreaterEqual(mean, 0.998 if "bf16" in file else 0.99999)

    def test_packages_of_other_machines(self):
        package = NAME + "-fp32.pt2"
        if package not in self.files():
            self.skipTest("no compiled package")
        self.write("g.yaml", GRAPH)
        at = "flowrun: model '%s' (models/%s.yaml): its file %s " % (NAME, NAME, package)
        again = "; compile it again: flowrun models compile\n"
        self.model_of(package, edit=lambda text: text.replace('torch: "2.14.1"', 'torch: "2.13.0"'))
        self.assertEqual(self.expect(69, "g.yaml").err,
                         at + "was compiled by torch 2.13.0, this LibTorch is 2.14.1" + again)
        for before, after, text in (('"AOTI_DEVICE_KEY": "cpu"', '"AOTI_DEVICE_KEY": "cuda"',
                                     "was compiled for cuda, not for cpu"),
                                    ('"FLOWRUN_TORCH": "', '"FLOWRUN_TORCH": "9', "was compiled by torch 92.14.1, this "
                                     "LibTorch is 2.14.1"),
                                    ('"FLOWRUN_CPU_INSTRUCTIONS": "', '"FLOWRUN_CPU_INSTRUCTIONS": "sse9 ',
                                     "was compiled for a CPU with sse9, which this one has not")):
            folder = self.model_of()
            self.change_package(folder / package, before, after)
            sha256 = hashlib.sha256((folder / package).read_bytes()).hexdigest()
            text_of = (self.fetched / (NAME + ".yaml")).read_text().splitlines()
            entry = "  - {for: cpu, backend: torch, path: %s, precision: fp32, sha256: %s}" % (package, sha256)
            kept = [line for line in text_of if "backend:" not in line]
            kept.insert(kept.index("files:") + 1, entry)
            (folder / (NAME + ".yaml")).write_text("\n".join(kept) + "\n")
            self.assertEqual(self.expect(69, "g.yaml").err, at + text + again)

    def change_package(self, path, before, after):
        """A copy with another text in its metadata."""
        changed = 0
        with zipfile.ZipFile(self.fetched / path.name) as old, zipfile.ZipFile(path, "w") as new:
            for entry in old.infolist():
                content = old.read(entry)
                if entry.filename.endswith("metadata.json"):
                    changed += content.count(before.encode())
                    content = content.replace(before.encode(), after.encode())
                new.writestr(entry, content)
        self.assertGreater(changed, 0, before)


if __name__ == "__main__":
    main()
