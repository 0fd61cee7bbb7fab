"""Networks that cannot be run, or fail some rows: what is told, and with which exit status."""
import hashlib
import io
import os
import zipfile

import torch_runs
from flowrun_runs import BUILD, canonical, main, png
from torch_runs import EIGHT, IMAGE, network

AT = "flowrun: model 'net' (models/net.yaml): "
RUNS_NOT = AT + "it does not run on the inputs its model file declares: "
EXPORT = "export the network with torch.jit.trace or torch.jit.script\n"
NO_SCRIPT = ("its file net.pt is no TorchScript, or is cut short; fetch it again, or export it with torch.jit.trace or "
             "torch.jit.script\n")


def archive(**files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as z:
        for name, text in files.items():
            z.writestr(name, text)
    return content.getvalue()


class BadNetworks(torch_runs.TorchTest):
    def setUp(self):
        super().setUp()
        self.greys(10, 20, 30, 40)

    def refused(self, text, rc=69, words=()):
        """Before anything is read: there is no run directory."""
        done = self.expect(rc, "g.yaml", *words)
        self.assertEqual((done.err, done.out), (text, ""))
        self.assertFalse(os.path.exists(self.at("run")))

    def test_files(self):
        self.model("sums")
        os.remove(self.at("models/net.pt"))
        self.refused(AT + "its file models/net.pt cannot be opened: No such file or directory; fetch or export it, or correct "
                     "its path in the model file\n")
        good = network("sums")
        self.model(good, sha256="0" * 64)
        self.refused(AT + "its file models/net.pt has sha256 %s, the model file says %s; fetch it again, or put the new sum into "
                     "the model file if you trust it\n" % (hashlib.sha256(good).hexdigest(), "0" * 64))
        for content in (good[:len(good) // 2], b"hello\n", b""):
            self.model(content)
            self.refused(AT + NO_SCRIPT)
        self.model(archive(text="hello"))
        self.refused(AT + NO_SCRIPT)
        self.model("weights")
        self.refused(AT + "its file net.pt holds weights alone, without a network; " + EXPORT)

    def test_packages(self):
        no_archive = "Failed to initialize zip archive: not a ZIP archive"
        other = "Failed to find wrapper metadata for model 'model' in the zip archive."
        for content, why in ((b"hello\n", no_archive), (b"", no_archive), (archive(text="hello"), other),
                             (network("sums"), other)):
            self.model(content, file="net.pt2")
            self.refused(AT + "its file net.pt2 is no compiled package, or is cut short (" + why + "); compile it again: "
                         "flowrun models compile\n")

    def test_methods(self):
        self.model("named")
        self.refused(AT + "its file net.pt has no method 'forward'; it has: encode\n")
        self.model("sums", more=", method: encode")
        self.refused(AT + "its file net.pt has no method 'encode'; it has: forward\n")
        self.model("named", more=", method: encode")
        self.expect(0, "g.yaml")

    def test_inputs(self):
        self.model("two_inputs", outputs="{name: answer, shape: [3]}")
        self.refused(AT + "the method 'forward' of its file net.pt takes 2 inputs: x, y; its model file declares 1: image\n")
        self.model("sums", inputs=IMAGE + ", {name: more, shape: [2]}")
        self.refused(AT + "the method 'forward' of its file net.pt takes 1 input: x; its model file declares 2: image, more\n")
        self.model("sums", inputs="{name: image, shape: [3, 1, 1]}")
        self.expect(0, "g.yaml", "-o", "small")
        self.model("sums", inputs="{name: image, shape: [3, 16, 16], dtype: uint8}")
        self.refused(RUNS_NOT + "expected scalar type Byte but found Float\n")

    def test_outputs(self):
        self.model("sums", outputs=EIGHT + ", {name: more, shape: [8]}")
        self.refused(RUNS_NOT + "it gave 1 outputs, its model file declares 2\n")
        gives = AT + "its output 'answer' for 1 row is %s; its model file declares float32 [%s] a row\n"
        self.model("nine")
        self.refused(gives % ("float32 [1, 9]", "8"))
        self.model("sums", outputs="{name: answer, shape: [9]}")
        self.refused(gives % ("float32 [1, 8]", "9"))
        self.model("whole")
        self.refused(gives % ("int64 [1, 8]", "8"))
        # More than the model file has: the first ones are taken, as they are declared.
        self.model("two_outputs")
        self.expect(0, "g.yaml")
        self.model("sums", name="one")
        self.expect(0, "g.yaml", "--set", "net.model=one", "-o", "one")
        self.assertEqual(canonical(self.at("run")), canonical(self.at("one")))

    def test_rows_that_become_one(self):
        """One row alone fits its model file; of several, the answer is one: their items fail, whatever else is there."""
        self.model("one_row")
        self.greys(*range(1, 21))
        self.expect(3, "g.yaml", "--set", "net.lanes=1")
        texts = {text for _, text in self.failures().values()}
        self.assertTrue(texts <= {"the model's output 'answer' is 8 values of float32 for %d rows; its file declares 8 of "
                                  "float32 a row" % n for n in (2, 3, 4)}, texts)
        self.assertTrue(texts)

    def test_no_numbers(self):
        """Only the item fails whose row it is, in a batch with others too."""
        self.greys(10, 20, 250, 40, 50, 60, 70, 201, 200)
        self.model("nan")
        for batch in (1, 4, 16):
            done = self.expect(3, "g.yaml", "--fresh", "--set", "net.batch=%d" % batch)
            self.assertEqual(done.err, "flowrun: 2 of 9 items failed\n")
            self.assertEqual(self.failures(), dict.fromkeys(("p002.png", "p007.png"), (
                "net", "the model's output 'answer' is not a number (NaN) in 8 of its 8 values; try another precision, or a "
                "model that takes this input")))
            self.assertEqual(self.balanced()["done"], 7)

    def test_a_network_that_throws(self):
        self.greys(10, 20, 250, 40, 50, 60, 70, 80)
        self.model("throwing")
        told = ("net", "AssertionError: too bright")
        self.expect(3, "g.yaml", "--set", "net.batch=1")
        self.assertEqual(self.failures(), {"p002.png": told})
        # A call fails as a whole: with it every item that has a row in it, and no other.
        done = self.expect(3, "g.yaml", "--fresh", "--set", "net.batch=4", "--set", "net.retries=1", "-j", "1")
        failed = self.failures()
        self.assertIn("p002.png", failed)
        self.assertTrue(1 < len(failed) <= 4, failed)
        self.assertEqual(set(failed.values()), {told})
        self.assertEqual(done.err, "flowrun: %d of 8 items failed\n" % len(failed))

    def test_devices(self):
        self.model("sums")
        at = "flowrun: stage 'net' (model.tensor): device cuda:0: "
        self.env["FLOWRUN_NVML"] = none = str(BUILD / "test_nvml/none.so")
        self.refused(at + "no NVIDIA driver answers: " + none + ": cannot open shared object file: No such file or "
                     "directory; install NVIDIA's driver, or use cpu or sim:SIZE\n", words=("--device", "cuda"))
        self.write("cards.txt", "card NVIDIA GeForce RTX 5080|GPU-5a000000-0001|16303\nused 0 1203\nbusy 0 31\n")
        self.env.update(FLOWRUN_NVML=str(BUILD / "test_nvml/fake_nvml.so"), FAKE_NVML=self.at("cards.txt"))
        self.refused(AT[:-2] + " on device cuda:0 (NVIDIA GeForce RTX 5080, 16303 MiB): CUDA's driver does not "
                     "answer (libcuda.so.1); install NVIDIA's driver; or use --device cpu\n",
                     words=("--device", "cuda"))

    def test_small_and_long_pictures(self):
        self.model("sums")
        self.write("photos/tiny.png", png(1, 1, 77))
        self.write("photos/long.png", png(20000, 50, 77))
        self.write("photos/same.png", png(16, 16, 77))
        self.expect(0, "g.yaml")
        self.assertEqual(self.balanced()["done"], 7)
        self.expect(0, "export", "run", "-o", "results.jsonl")


if __name__ == "__main__":
    main()
