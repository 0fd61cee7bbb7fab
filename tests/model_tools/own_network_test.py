"""The Python of docs/model-file.md, run as it stands there: a network of one's own becomes a model."""
import os
import pathlib
import subprocess
import tempfile
import unittest

from model_tools import blocks, told_command, torch_python

PAGE = "docs/model-file.md"
TOOL = os.environ["FLOWRUN_TOOL"]
REFERENCE = """
import numpy, torch
network = torch.jit.load("net.pt")
rows = torch.randn(20, 3, 224, 224, generator=torch.Generator().manual_seed(0))
with torch.inference_mode():
    numpy.savez("reference.npz", image=rows.numpy(), logits=network(rows).numpy())
"""


class OwnNetwork(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = tempfile.TemporaryDirectory()
        cls.addClassCleanup(place.cleanup)
        cls.place = pathlib.Path(place.name)
        cls.python = torch_python("torchvision")
        for code in (*blocks(PAGE, "A network of your own", "python"), *blocks(PAGE, "Compiled models", "python"), REFERENCE):
            subprocess.run([cls.python, "-W", "ignore", "-c", "import torch\ntorch.manual_seed(3)\n" + code], cwd=cls.place,
                           check=True)

    def test_the_page_is_short(self):
        exported, = blocks(PAGE, "A network of your own", "python")
        self.assertLessEqual(len(exported.splitlines()), 6)
        graph, = blocks(PAGE, "A network of your own", "yaml")
        self.assertEqual(len(graph.splitlines()), 5)

    def test_it_wrote_a_network(self):
        for file in ("net.pt", "net.export.pt2"):
            self.assertGreater((self.place / file).stat().st_size, 100000, file)

    def test_it_becomes_a_model(self):
        plugins = subprocess.run([TOOL, "plugins", "list", "--json"], stdout=subprocess.PIPE, text=True, check=True).stdout
        if '"backend": "torch"' not in plugins:
            self.skipTest("this build has no plugin torch")
        (self.place / "labels.txt").write_text("".join("kind %d\n" % i for i in range(5)))
        command = next(c for c in blocks(PAGE, "A network of your own", "console") if "models add" in c)
        for line in (told_command(command) + ["-o", "models"],
                     ["models", "verify", "net", "--against", "reference.npz", "--models", "models"]):
            done = subprocess.run([TOOL, *line], cwd=self.place, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("net.pt: logits: largest difference ", done.stdout)


if __name__ == "__main__":
    unittest.main()
