"""`models add`, and `models verify --against`, with the sim backend: it answers a row with its values."""
import hashlib
import os
import re
import struct
import zipfile

from flowrun_runs import RunTest, environment, main
from model_files import write_model
from npz import npy, write_npz

COST = "row_us 100\n"
SUM = hashlib.sha256(COST.encode()).hexdigest()
ADD = ("models", "add", "net.sim", "--backend", "sim", "-o", "models")
ADDED = """flowrun_model: 1
name: "net"
%sfiles:
  - {backend: sim, path: "%s/net.sim", sha256: "%s"}
inputs:
  - {name: "input", dtype: "float32", shape: [4]}
outputs:
  - {name: "%s", dtype: float32, shape: [4]}
%s# An estimate: the weights' size, and how the memory of the process grew with the rows of a call on the CPU.
needs: {resident: 11, per_row: N}
"""


class Add(RunTest):
    def setUp(self):
        super().setUp()
        self.write("net.sim", COST)
        self.place_seen = os.path.realpath(self.place)

    def added(self, *words):
        done = self.expect(0, *ADD, "--input", "4", *words)
        with open(self.at("models/net.yaml"), encoding="utf-8") as f:
            text = f.read()
        self.assertEqual((done.out, done.err), (text, "written: models/net.yaml\n"))
        bytes_per_row = int(re.search(r"per_row: (\d+)", text)[1])
        self.assertGreaterEqual(bytes_per_row, 32)  # what a row takes and what it gives
        return text.replace("per_row: %d" % bytes_per_row, "per_row: N")

    def text(self, head="", output="output", tail=""):
        return ADDED % (head, self.place_seen, SUM, output, tail)

    def refused(self, *words, rc=69):
        done = self.expect(rc, *words)
        self.assertEqual(done.out, "")
        self.assertFalse(os.path.exists(self.at("models/other.yaml")))
        return done.err

    def test_added(self):
        self.assertEqual(self.added(), self.text())
        self.assertIn("net ", self.expect(0, "models", "list", "--models", "models").out)
        self.assertEqual(self.expect(0, "models", "verify", "net", "--models", "models").out,
                         "net: %s/net.sim: ok\n" % self.place_seen)

    def test_classifier(self):
        self.write("labels.txt", "a\nb\nc\nd\n")
        self.assertEqual(self.added("--task", "classify", "--licence", "MIT", "--labels", "labels.txt"),
                         self.text('task: "classify"\nlicence: "MIT"\n', "logits",
                                   'labels: "%s/labels.txt"\n' % self.place_seen))
        self.assertEqual(self.expect(0, "models", "list", "--models", "models").out,
                         "net                      classify     MIT            models/net.yaml\n")
        self.assertIn('name: "scores"', self.expect(0, *ADD, "--input", "4", "--output", "scores", "--force").out)

    def test_images(self):
        done = self.expect(0, *ADD, "--input", "3x7x7", "--preprocess", "imagenet", "--name", "seven")
        self.assertIn('inputs:\n  - {name: "image", dtype: "float32", shape: [3, 7, 7]}\n', done.out)
        self.assertIn('preprocess:\n  "image": {resize: {side: 8, mode: shortest, filter: bilinear}, crop: center, order: '
                      'rgb, scale: 0.00392156862745098, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]}\n', done.out)
        for preset in ("unit", "signed"):
            self.expect(0, *ADD, "--input", "3x7x7", "--preprocess", preset, "--name", preset)

    def test_nothing_is_replaced_unasked(self):
        self.added()
        self.assertEqual(self.refused(*ADD, "--input", "4"), "flowrun: models/net.yaml is there already; --force replaces "
                         "it, --name gives another name\n")
        self.added("--force")

    def test_refusals(self):
        other = ADD + ("--name", "other")
        for words, text in (
                (("--input", "3x"), "'3x' is no input; write the shape of one row, such as 3x224x224, or with its name and "
                 "type tokens=77:int64"),
                (("--input", "0x4"), "no model can be made of this: a side of 'shape' must be an int 1..2147483647 or a range of "
                 "them, such as 1..512, but is '0'\n"),
                (("--input", "4:float3"), "no model can be made of this: 'dtype' must be"),
                (("--input", "4", "--preprocess", "imgnet"), "there is no preprocess 'imgnet'; there is: imagenet, unit, "
                 "signed; any other is written into the model file\n"),
                (("--input", "4", "--preprocess", "unit"), "no model can be made of this: input 'image' has the shape [4]"),
                (("--input", "4", "--output", "a", "--output", "b"), "the network has 1 outputs, but 2 names were given; "
                 "name each with --output\n"),
                (("--input", "4", "--labels", "none.txt"), "no model can be made of this: the file of labels "),
                (("--input", "x=4:int64"), "net.sim: 'x' is not float32, all the sim backend runs\n")):
            self.assertIn("flowrun: " + text, self.refused(*other, *words), words)
        self.assertEqual(self.refused("models", "add", "no.sim", "--backend", "sim", "--input", "4", "-o", "models"),
                         "flowrun: no.sim cannot be opened: No such file or directory; fetch or export it, or correct the "
                         "path\n")
        self.assertEqual(self.refused("models", "add", "net.sim", "--input", "4", "-o", "models"),
                         "flowrun: net.sim has no ending that names a backend (.pt, .pt2, .onnx); say which opens it, such "
                         "as --backend torch\n")
        self.assertEqual(self.refused(*ADD, "--input", "4", "--name", "a/b"),
                         "flowrun: 'a/b' cannot name a model; use letters, digits, _ and -, such as --name net\n")
        self.write("bad.sim", "row_ms 1\n")
        done = self.refused("models", "add", "bad.sim", "--backend", "sim", "--input", "4", "-o", "models")
        self.assertIn("flowrun: bad.sim: ", done)


class Against(RunTest):
    def setUp(self):
        super().setUp()
        write_model(self.at("models"), "echo")
        self.values = [i / 8 for i in range(80)]  # 20 rows: two calls

    def npz(self, **changed):
        arrays = {"row": ("<f4", (20, 4), self.values), "answer": ("<f4", (20, 4), self.values), **changed}
        write_npz(self.at("ref.npz"), {k: v for k, v in arrays.items() if v})

    def compare(self, rc, *words):
        done = self.expect(rc, "models", "verify", "echo", "--against", "ref.npz", "--models", "models", *words)
        self.assertEqual(done.err, "")
        return done.out

    def test_equal(self):
        self.npz()
        self.assertEqual(self.compare(0), "echo: echo.sim: answer: largest difference 0, relative 0; ok\n")
        arrays = {"row": ("<f8", (20, 4), self.values), "answer": ("<f8", (20, 4), self.values)}
        write_npz(self.at("ref.npz"), arrays, zipfile.ZIP_DEFLATED)
        self.assertEqual(self.compare(0), "echo: echo.sim: answer: largest difference 0, relative 0; ok\n")

    def test_different(self):
        other = list(self.values)
        other[71] += 0.5
        self.npz(answer=("<f4", (20, 4), other))
        told = "echo: echo.sim: answer: largest difference 0.5, relative 0.0533; "
        self.assertEqual(self.compare(69), told + "1 of 80 values are beyond 0.0001 + 0.0001 * |value|\n")
        self.assertEqual(self.compare(0, "--atol", "0.5"), told + "ok\n")
        self.assertEqual(self.compare(0, "--rtol", "0.1"), told + "ok\n")
        other[71] = float("nan")
        self.npz(answer=("<f4", (20, 4), other))
        self.assertEqual(self.compare(69, "--atol", "1e9"), "echo: echo.sim: answer: largest difference inf, relative inf; "
                         "1 of 80 values are beyond 1e+09 + 0.0001 * |value|\n")

    def test_bad_arrays(self):
        for arrays, text in (
                ({"row": None}, "ref.npz has no array 'row', an input of the model 'echo'"),
                ({"answer": None}, "ref.npz has none of the outputs of the model 'echo'"),
                ({"else": ("<f4", (1,), [1])}, "ref.npz: 'else' is neither an input nor an output of the model 'echo'"),
                ({"row": ("<f4", (20, 2, 2), self.values)}, "ref.npz: 'row' has the shape [rows, 2, 2], but the model's "
                 "input of that name is [rows, 4]"),
                ({"row": ("<i4", (20, 4), range(80))}, "ref.npz: 'row' is int32, but the model's input is float32"),
                ({"row": ("<f4", (19, 4), self.values[:76])}, "ref.npz: its arrays have different numbers of rows"),
                ({"row": ("<f4", (0, 4), [])}, "ref.npz has no rows"),
                ({"row": ("<f4", (21, 4), self.values)}, "ref.npz: 'row.npy' has not as many values as its shape tells"),
                ({"row": npy("<f4", (20, 4), self.values, "True")}, "ref.npz: 'row.npy' is in Fortran order; save "
                 "numpy.ascontiguousarray of it"),
                ({"row": npy("<f4", (20, 4), self.values).replace(b"<f4", b">f4")}, "ref.npz: 'row.npy' has the type '>f4'; "
                 "it must be float32, float64, float16, uint8, int32, int64 or bool"),
                ({"row": npy("<f4", (20, 4), self.values)[:60]}, "ref.npz: 'row.npy' has a cut-off header"),
                ({"row": b"\x93NUMPY\1\0" + struct.pack("<H", 2) + b"{}"}, "ref.npz: 'row.npy' has no 'descr' in its "
                 "header"),
                ({"row": b"text"}, "ref.npz: 'row.npy' is no array of numpy")):
            self.npz(**arrays)
            self.assertEqual(self.compare(69), "echo: " + text + "\n")
        self.write("ref.npz", "text")
        self.assertEqual(self.compare(69), "echo: ref.npz is no .npz file: Not a zip archive; write it with numpy.savez\n")

    def test_bad_words(self):
        self.npz()
        self.assertEqual(self.compare(69, "--precision", "bf16"),
                         "echo: the model file has no file for the CPU in the precision bf16\n")
        done = self.expect(69, "models", "verify", "ecko", "--against", "ref.npz", "--models", "models")
        self.assertEqual(done.out, "ecko: there is no such model file\n")
        self.assertIn("it needs the name of one model", self.expect(64, "models", "verify", "--against", "ref.npz").err)
        self.write("models/echo.sim", "row_us 7\n")
        self.assertIn("echo: echo.sim: model 'echo' (models/echo.yaml): its file models/echo.sim has sha256 ", self.compare(69))


class Fetch(RunTest):
    def setUp(self):
        super().setUp()
        self.env = environment(XDG_CACHE_HOME=self.at("cache"))

    def expect(self, rc, *words):
        return super().expect(rc, *words, env=self.env)

    def test_names(self):
        self.assertIn("efficientnet-lite0\n", self.expect(0, "models", "fetch").out)
        self.assertEqual(self.expect(64, "models", "fetch", "nothing").err.split(";")[0],
                         "flowrun: there is no recipe for a model 'nothing'")
        self.assertEqual(self.expect(64, "models", "compile", "ecko").err,
                         "flowrun: no model 'ecko'; flowrun models list shows what there is.\n")

    def test_no_place(self):
        self.env = environment()
        self.assertEqual(self.expect(69, "models", "fetch", "efficientnet-lite0").err,
                         "flowrun: there is no folder for models: neither XDG_CACHE_HOME nor HOME is set\n")

    def test_nothing_to_compile(self):
        write_model(self.at("models"), "echo")
        done = self.expect(69, "models", "compile", "echo", "--models", "models")
        self.assertIn("flowrun: there is no %s/models/echo.export.pt2, the network as torch.export has it; TorchScript cannot "
                      "be compiled." % os.path.realpath(self.place), done.err)
        self.assertIn("--batch takes LOW..HIGH, such as 1..128, each 1..65536; it is '9..2'",
                      self.expect(64, "models", "compile", "echo", "--batch", "9..2", "--models", "models").err)


if __name__ == "__main__":
    main()
