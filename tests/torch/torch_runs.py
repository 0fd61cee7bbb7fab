"""What the tests of the torch backend share: networks made once, model files for them, pictures and graphs."""
import atexit
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tool"))
from flowrun_runs import BUILD, RunTest, environment, png  # noqa: E402

MADE = BUILD / "test_torch"
MODEL = """flowrun_model: 1
name: %(name)s
task: classify
files: [{backend: torch, path: %(file)s, sha256: %(sha256)s%(more)s}]
inputs: [%(inputs)s]
outputs: [%(outputs)s]
preprocess: {image: {resize: {mode: stretch, filter: box}, order: rgb}}
needs: {%(needs)s}
"""
IMAGE, EIGHT = "{name: image, shape: [3, 16, 16]}", "{name: answer, shape: [8]}"
GRAPH = """flowrun: 1
run: {out: run}
stages:
  media: {use: media.files, params: {path: photos}}
  net: {use: model.tensor, in: {image: media.image}, model: net, batch: 4}
keep: [net.values]
"""


def networks():
    """A folder with the made networks, NAME.pt each."""
    if not hasattr(networks, "folder"):
        networks.folder = tempfile.mkdtemp(prefix="flowrun-networks-")
        atexit.register(shutil.rmtree, networks.folder, True)
        subprocess.run([MADE / "make_networks", networks.folder], check=True)
    return networks.folder


def network(name):
    return pathlib.Path(networks(), name + ".pt").read_bytes()


class TorchTest(RunTest):
    """Greys p000.png... with the values 1, 2, ..., and a graph that runs the model `net` on them."""
    def setUp(self):
        super().setUp()
        self.write("g.yaml", GRAPH)
        self.env = environment(XDG_CACHE_HOME=self.at("cache"))

    def greys(self, *values):
        for i, value in enumerate(values):
            self.write("photos/p%03d.png" % i, png(16, 16, value))

    def model(self, content, name="net", file=None, inputs=IMAGE, outputs=EIGHT, more="", sha256=None,
              needs="resident: 1MiB, per_row: 1MiB"):
        """Writes a model file for a network, given by its name or as bytes."""
        if isinstance(content, str):
            content = network(content)
        file = file or name + ".pt"
        self.write("models/" + file, content)
        self.write("models/%s.yaml" % name, MODEL % {
            "name": name, "file": file, "sha256": sha256 or hashlib.sha256(content).hexdigest(), "inputs": inputs,
            "outputs": outputs, "more": more, "needs": needs})

    def run_it(self, *words, **options):
        models = () if words[0] in ("errors", "export", "report") else ("--models", "models")
        return super().run_it(*words, *models, **{"env": self.env, **options})

    def failures(self, run="run"):
        """By item: which stage failed, and why."""
        listed = self.run_it("errors", run).out
        return {item: (stage, text) for item, stage, text in (line.split("\t") for line in listed.splitlines())}
