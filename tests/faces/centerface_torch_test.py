"""centerface-torch as it is fetched: the same faces in sample pictures as centerface by the dnn backend; and what its exporter
says of an ONNX file with other nodes."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from faces_runs import FacesTest
from flowrun_runs import BUILD, RunTest, environment, main, records

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "model_tools"))
from made_onnx import attribute, floats, ints, model, node, number, part, tensor  # noqa: E402
from model_tools import torch_python  # noqa: E402

NAME = "centerface-torch"
TOOLS = BUILD / "share/flowrun/models"
GRAPH = """flowrun: 1
run: {out: run}
stages:
  media: {use: media.files, params: {path: pictures, every_nth: 60, max_frames: 2}}
  found: {use: faces.detect, in: media.image}
keep: [found.faces]
export: {jsonl: results.jsonl}
"""
COUNTS = {"messi5.jpg": 1, "facereg.jpg": 4, "baboon.jpg": 0, "fruits.jpg": 0, "Megamind.avi#000060": 2}


class SameFaces(FacesTest):
    """With models of its own: what the user has may be compiled."""
    @classmethod
    def setUpClass(cls):
        place = tempfile.TemporaryDirectory()
        cls.addClassCleanup(place.cleanup)
        cls.models = pathlib.Path(place.name)
        for name in ("centerface", NAME):
            subprocess.run([sys.executable, "-B", TOOLS / "fetch_model.py", name, cls.models], check=True)

    def setUp(self):
        RunTest.setUp(self)  # not FacesTest's, which would fetch the models of the other tests
        self.env = environment()

    def find(self, *words):
        """Of each item its faces."""
        self.expect(0, "g.yaml", "--fresh", *words)
        return {item: r["values"]["found.faces"]["list"] for item, r in records(self.at("run")).items()}

    def check_same(self, wanted, got):
        self.assertEqual(got.keys(), wanted.keys())
        self.assertEqual({item: len(got[item]) for item in COUNTS}, COUNTS)
        pixels, scores = [], []
        for item, faces in wanted.items():
            self.assertEqual(len(got[item]), len(faces), item)
            for a, b in zip(faces, got[item]):
                pixels += [abs(a[k] - b[k]) for k in ("x", "y", "w", "h")]
                pixels += [abs(p - q) for p, q in zip(a["landmarks"], b["landmarks"], strict=True)]
                scores.append(abs(a["score"] - b["score"]))
        print("%d faces: boxes and landmarks differ by at most %.2g px, scores by at most %.2g" %
              (len(scores), max(pixels), max(scores)))
        self.assertLess(max(pixels), 0.05)
        self.assertLess(max(scores), 1e-4)

    def test_faces(self):
        self.assertEqual(sorted(os.listdir(self.models)), ["centerface-torch.export.pt2", "centerface-torch.pt",
                                                           "centerface-torch.yaml", "centerface.onnx", "centerface.yaml"])
        os.mkdir(self.at("pictures"))
        for name in {item.partition("#")[0] for item in COUNTS}:
            shutil.copy(self.sample(name), self.at("pictures", name))
        self.write("g.yaml", GRAPH)
        by_dnn = self.find()
        self.check_same(by_dnn, self.find("--set", "found.model=" + NAME))
        model = self.models / (NAME + ".yaml")
        subprocess.run([sys.executable, "-B", TOOLS / "compile_model.py", "--batch", "1", model], check=True)
        model.write_text("".join(line for line in model.read_text().splitlines(True) if "path: %s.pt," % NAME not in line))
        self.check_same(by_dnn, self.find("--set", "found.model=" + NAME))


FILTERS = tensor("w", 1, (1, 3, 1, 1), part(9, floats(1, 2, 3)))
SIDES = attribute("auto_pad", 3, part(4, "SAME_UPPER"))


class OtherNodes(RunTest):
    """The exporter's own sentence is the last of what it prints."""
    def refused(self, *nodes, inputs=("x", "w"), outputs=("y",)):
        self.write("w.onnx", model(inputs, outputs, nodes, (FILTERS,)))
        done = subprocess.run([torch_python(), "-B", TOOLS / NAME / "export.py", "w.onnx", ".", "net"], cwd=self.place,
                              stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        return done.stderr

    def test_refusals(self):
        for made, told in (
                (node("Resize", ("x",), ("y",)),
                 "the node Resize that gives 'y' is of an operator that is not known here; known are: Add, BatchNormalization, "
                 "Conv, ConvTranspose, Relu, Sigmoid"),
                (node("Conv", ("x", "w"), ("y",), SIDES),
                 "the node Conv that gives 'y' has the attribute 'auto_pad', which is not known here; known are: dilations, "
                 "group, kernel_shape, pads, strides"),
                (node("Relu", ("x",), ("y",), attribute("slope", 2, number(3, 1))),
                 "the node Relu that gives 'y' has the attribute 'slope', which is not known here; known are: none"),
                (node("Conv", ("x", "w"), ("y",), ints("pads", 0, 0, 1, 1)),
                 "the node Conv that gives 'y' has the pads [0, 0, 1, 1]; they must be of two axes, and the same on both "
                 "sides"),
                (node("Relu", ("z",), ("y",)), "the node Relu that gives 'y' takes 'z', which no node before it gives"),
                (node("Add", ("x", "w"), ("y",)),
                 "the node Add that gives 'y' takes other inputs or gives other outputs than expected: ['x', 'w'] -> ['y']")):
            self.assertEqual(self.refused(made), "w.onnx: %s\n" % told)
        relu = node("Relu", ("x",), ("y",))
        self.assertEqual(self.refused(relu, inputs=("x", "w", "z")), "w.onnx: the network has 2 inputs (x, z) instead of one\n")
        self.assertEqual(self.refused(relu, outputs=("y", "q")), "w.onnx: no node gives the output 'q'\n")


if __name__ == "__main__":
    main()
