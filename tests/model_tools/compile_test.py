"""`models compile`: packages for this CPU, entered into the model file, that give what the network gives."""
import hashlib
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from model_tools import torch_python

HERE = pathlib.Path(__file__).resolve().parent
TOOL = os.environ["FLOWRUN_TOOL"]
MODEL = """flowrun_model: 1
name: net
files:
  - {backend: torch, path: net.pt, sha256: "%s"}
inputs: [{name: image, shape: [3, 32, 32]}]
outputs: [{name: logits, shape: [10]}]
"""


class Compile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = tempfile.TemporaryDirectory()
        cls.addClassCleanup(place.cleanup)
        cls.place = pathlib.Path(place.name)
        cls.python = torch_python()
        cls.case("make")
        sum_of_network = hashlib.sha256((cls.place / "net.pt").read_bytes()).hexdigest()
        (cls.place / "net.yaml").write_text(MODEL % sum_of_network)
        cls.done = [cls.flowrun("models", "compile", "net", "--precision", precision, "--batch", "1..64")
                    for precision in ("bf16", "fp32")]

    @classmethod
    def case(cls, what):
        return subprocess.run([cls.python, "-B", "-W", "ignore", str(HERE / "compile_network_case.py"), what,
                               str(cls.place)], stdout=subprocess.PIPE, text=True, check=True).stdout

    @classmethod
    def flowrun(cls, *words):
        done = subprocess.run([TOOL, *words, "--models", str(cls.place)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def test_entries(self):
        listed = json.loads(self.flowrun("models", "list", "--json"))["models"]
        entries = next(m for m in listed if m["name"] == "net")["variants"]
        names = [v["path"] for v in entries]
        self.assertEqual(sorted(names), ["net-bf16.pt2", "net-fp32.pt2", "net.pt"])
        self.assertRegex(self.done[1], r"net-bf16\.pt2 [\d.]+, net-fp32\.pt2 [\d.]+, net\.pt [\d.]+;")
        self.assertTrue(self.done[1].endswith("; precision auto takes %s\n" % names[0]), self.done[1])
        for v, name in zip(entries, names):
            if name == "net.pt":
                continue
            precision = name[4:8]
            self.assertEqual((v["for"], v["backend"], v["precision"], v["batch"]), ("cpu", "torch", [precision], [1, 64]))
            self.assertRegex(v["torch"], r"^\d+\.\d+\.\d+$")
        self.assertEqual(self.flowrun("models", "verify", "net"),
                         "".join("net: %s: ok\n" % name for name in names))
        for told in self.done:
            self.assertTrue(re.search(r"net-(fp32|bf16)\.pt2: [\d.]+ MB in \d+ s; its values differ from the program's by at "
                                      r"most [\d.e-]+ \(largest value [\d.e-]+\)\n", told), told)
        self.assertEqual([f for f in os.listdir(self.place) if f.startswith(".")], [])

    def test_values_and_what_they_say(self):
        told = json.loads(self.case("run"))
        for precision, most in (("fp32", 1e-5), ("bf16", 0.02)):
            for rows, difference in told[precision]["difference"].items():
                self.assertLess(difference, most, "%s, %s rows" % (precision, rows))
            metadata = told[precision]["metadata"]
            self.assertEqual((metadata["FLOWRUN_PRECISION"], metadata["FLOWRUN_THREADS"], metadata["AOTI_DEVICE_KEY"]),
                             (precision, "1", "cpu"))
            self.assertRegex(metadata["FLOWRUN_TORCH"], r"^\d+\.\d+\.\d+")
            with open("/proc/cpuinfo", encoding="utf-8") as f:
                here = next(line for line in f if line.startswith("flags")).split()
            self.assertLessEqual(set(metadata["FLOWRUN_CPU_INSTRUCTIONS"].split()), set(here))
            self.assertIn("avx2" if "avx2" in here else "sse2", metadata["FLOWRUN_CPU_INSTRUCTIONS"].split())


if __name__ == "__main__":
    unittest.main()
