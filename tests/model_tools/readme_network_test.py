"""The README's own network, as it stands there: six lines of Python, `models add`, a graph of five lines. The labels of the
run are those of Python, which prepares the same pictures with Pillow and torchvision. Once more with more classes than the
labels that are told."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from model_tools import blocks, samples, told_command, torch_python

SECTION = "A network of your own"
TOOL = os.environ["FLOWRUN_TOOL"]
# Square, wide and high, JPEG of three kinds of sampling and PNG, one of them grey.
PICTURES = ("messi5.jpg", "baboon.jpg", "fruits.jpg", "orange.jpg", "home.jpg", "butterfly.jpg", "left01.jpg", "aloeL.jpg",
            "starry_night.jpg", "notes.png", "graf1.png", "rubberwhale1.png", "ml.png", "text_motion.jpg", "board.jpg")
CLASSES = "num_classes=5"
# Labels may change places where Python's scores are nearer than this, which is also how near the scores have to be.
TOLERANCE = 1e-5
# What the user's Python would do with a picture, and with the network that the six lines have left in `network`.
ANSWERS = """
import json, pathlib
from PIL import Image, ImageOps
from torchvision import transforms
prepare = transforms.Compose([transforms.Resize(256), transforms.CenterCrop(224), transforms.ToTensor(),
                              transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])
scores = {}
for file in sorted(pathlib.Path("photos").iterdir()):
    picture = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
    with torch.inference_mode():
        scores[file.name] = network(prepare(picture).unsqueeze(0)).softmax(1)[0].tolist()
json.dump(scores, open("scores.json", "w"))
"""


class ReadmeNetwork(unittest.TestCase):
    def setUp(self):
        plugins = subprocess.run([TOOL, "plugins", "list", "--json"], stdout=subprocess.PIPE, text=True, check=True).stdout
        if '"backend": "torch"' not in plugins:
            self.skipTest("this build has no plugin torch")
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        (self.place / "photos").mkdir()
        for name in PICTURES:
            shutil.copy(samples() / name, self.place / "photos")

    def flowrun(self, *words):
        done = subprocess.run([TOOL, *words], cwd=self.place, env={**os.environ, "XDG_CACHE_HOME": str(self.place / "cache")},
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def answers(self, classes):
        """(what flowrun answers, what Python answers): of each picture labels with scores, the best first."""
        code, = blocks("README.md", SECTION, "python")
        self.assertIn(CLASSES, code)
        whole = "import torch\ntorch.manual_seed(3)\n" + code.replace(CLASSES, "num_classes=%d" % classes) + ANSWERS
        subprocess.run([torch_python("torchvision"), "-W", "ignore", "-c", whole], cwd=self.place, check=True)
        (self.place / "labels.txt").write_text("".join("kind %d\n" % i for i in range(classes)))
        added, = blocks("README.md", SECTION, "console")
        self.flowrun(*told_command(added))
        graph, = blocks("README.md", SECTION, "yaml")
        (self.place / "graph.yaml").write_text(graph)
        self.flowrun("graph.yaml", "-o", "run")
        self.flowrun("export", "run", "-o", "results.jsonl")
        with open(self.place / "results.jsonl", encoding="utf-8") as f:
            told = {r["item"]: [(x["label"], x["score"]) for x in r["values"]["what"]["labels"][0]]
                    for r in map(json.loads, f) if "item" in r}
        with open(self.place / "scores.json", encoding="utf-8") as f:
            expected = {item: sorted((("kind %d" % i, s) for i, s in enumerate(scores)), key=lambda x: -x[1])
                        for item, scores in json.load(f).items()}
        return told, expected

    def expect_same(self, told, expected):
        self.assertEqual(set(told), set(PICTURES))
        worst, places, swapped = 0, 0, 0
        for item, best in told.items():
            known = dict(expected[item])
            self.assertEqual(len(best), 5, item)
            self.assertEqual(len(dict(best)), 5, item)
            for (label, score), (right, most) in zip(best, expected[item]):
                worst = max(worst, abs(score - known[label]))
                self.assertLessEqual(abs(score - known[label]), TOLERANCE, (item, best, expected[item][:6]))
                if label != right:
                    self.assertLessEqual(most - known[label], TOLERANCE, (item, best, expected[item][:6]))
                    swapped += 1
                places += 1
        print("%d pictures, %d places: %d labels where two scores are nearer than %g, scores within %.2g" % (
            len(told), places, swapped, TOLERANCE, worst))
        # A network that sees no difference would pass with any pictures and any order.
        self.assertGreater(len({tuple(label for label, _ in best) for best in told.values()}), 1)
        self.assertLess(swapped, places / 10)

    def test_the_page_is_short_and_both_pages_say_the_same(self):
        for language, most in (("python", 6), ("yaml", 5)):
            text, = blocks("README.md", SECTION, language)
            self.assertLessEqual(len(text.splitlines()), most)
            self.assertEqual(blocks("docs/model-file.md", SECTION, language), [text])
        added, = blocks("README.md", SECTION, "console")
        self.assertIn(told_command(added), map(told_command, blocks("docs/model-file.md", SECTION, "console")))

    def test_the_readmes_network(self):
        self.expect_same(*self.answers(5))

    def test_more_classes_than_labels(self):
        self.expect_same(*self.answers(40))


if __name__ == "__main__":
    unittest.main()
