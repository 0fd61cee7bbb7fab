"""`models compile` that ends early: the model file and the package it names fit each other all the same. Nothing is compiled."""
import argparse
import hashlib
import json
import pathlib
import tempfile
import unittest
from unittest import mock

import model_tools  # noqa: F401, finds the tools
import compile_model
from refusal import Refusal

HEAD = "flowrun_model: 1\nname: net\nfiles:\n"
SCRIPT = "  - {backend: torch, path: net.pt}\n"
BY_HAND = "  - {path: net-fp32.pt2, backend: torch, sha256: \"%s\"}\n"


def sum_of(content):
    return hashlib.sha256(content).hexdigest()


class CompileFaults(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        self.model, self.package = self.place / "net.yaml", self.place / "net-fp32.pt2"
        (self.place / "net.export.pt2").write_bytes(b"program")
        (self.place / "net.pt").write_bytes(b"script")
        for patch in (mock.patch.object(compile_model.shutil, "which", lambda name: name),
                      mock.patch.object(compile_model, "NEEDED_BYTES", 0), mock.patch.object(compile_model, "say")):
            patch.start()
            self.addCleanup(patch.stop)

    def compile(self, content, timing, precision="fp32", difference=0.0, largest=1.0):
        """Compiles to these bytes; timing(text) gives or raises what comes of the timing."""
        def run_script(_what, _script, _program, made, *_more, **_settings):
            made.write_bytes(content)
            return json.dumps({"torch": "2.14.1", "difference": difference, "largest": largest})

        with mock.patch.object(compile_model.python_environment, "run_script", run_script), \
             mock.patch.object(compile_model, "with_best_first", lambda text, _model, _program: timing(text)), \
             mock.patch("builtins.print"):
            compile_model.compile_model(argparse.Namespace(precision=precision, batch="1..8", file=self.model, program="",
                                                           sum=""))

    def test_an_entry_by_hand_keeps_its_package(self):
        self.package.write_bytes(b"mine")
        text = HEAD + BY_HAND % sum_of(b"mine") + SCRIPT
        self.model.write_text(text)
        with self.assertRaisesRegex(Refusal, "has an entry for net-fp32.pt2 that compiling did not write; remove it, or add "):
            self.compile(b"new", lambda text: (text, ""))
        self.assertEqual((self.package.read_bytes(), self.model.read_text()), (b"mine", text))

    def test_a_package_whose_timing_ends_early_is_entered(self):
        for fault in (Refusal(70, "timing failed"), KeyboardInterrupt()):
            self.model.write_text(HEAD + SCRIPT)
            self.compile(b"old", lambda text: (text, ""))

            def stop(_text, fault=fault):
                raise fault

            with self.assertRaises(type(fault)):
                self.compile(b"new", stop)
            self.assertEqual(self.package.read_bytes(), b"new")
            self.assertIn('path: net-fp32.pt2, precision: fp32, torch: "2.14.1", batch: [1, 8], sha256: "%s"' % sum_of(b"new"),
                          self.model.read_text())
            self.assertNotIn(sum_of(b"old"), self.model.read_text())
            self.assertEqual([f.name for f in self.place.iterdir() if f.name.startswith(".")], [])

    def test_other_values_are_refused(self):
        nan = float("nan")
        for precision, difference, largest, shown in (("fp32", 4.3, 5, "4.3, the largest value is 5"),
                                                      ("fp32", 0.011, 1, "0.011, the largest value is 1"),
                                                      ("fp32", nan, 1, "nan, the largest value is 1"),
                                                      ("bf16", 0.26, 1, "0.26, the largest value is 1")):
            self.model.write_text(HEAD + SCRIPT)
            with self.assertRaises(Refusal) as caught:
                self.compile(b"new", lambda text: (text, ""), precision, difference, largest)
            self.assertEqual(str(caught.exception), "net compiled in %s gives other values than its program: they differ by up "
                             "to %s; AOTInductor computes this network wrongly. The model file is as it was: use the network "
                             "as it is, or export it with other layers" % (precision, shown))
            self.assertEqual(self.model.read_text(), HEAD + SCRIPT)
            self.assertEqual(sorted(f.name for f in self.place.iterdir()), ["net.export.pt2", "net.pt", "net.yaml"])
        for precision, difference, largest in (("fp32", 0.009, 1), ("bf16", 0.24, 1), ("fp32", 0.0, 0.0), ("fp32", nan, nan)):
            self.model.write_text(HEAD + SCRIPT)
            self.compile(b"new", lambda text: (text, ""), precision, difference, largest)
            self.assertIn(sum_of(b"new"), self.model.read_text())

    def test_the_order_is_written_last(self):
        self.model.write_text(HEAD + SCRIPT)
        self.compile(b"new", lambda text: (text + "# ordered\n", ""))
        self.assertTrue(self.model.read_text().endswith("# ordered\n"))


if __name__ == "__main__":
    unittest.main()
