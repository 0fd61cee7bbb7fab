"""What the tests of faces share: the models, fetched once, and the sample pictures."""
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tool"))
from flowrun_runs import SOURCE, RunTest, committed_keys, copied_database, environment  # noqa: E402

def samples():
    told = os.environ.get("FLOWRUN_SAMPLES") or subprocess.run(
        ["bash", str(SOURCE / "tests/tools/sample_media.sh")], stdout=subprocess.PIPE, text=True, check=True).stdout
    return pathlib.Path(told.strip().splitlines()[-1])


class FacesTest(RunTest):
    """Graphs with the real networks: those in the user's cache, else fetched into a cache of the test's own."""
    needs = ("centerface", "dlib-face")

    def setUp(self):
        super().setUp()
        cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "flowrun"
        self.models = cache / "models"
        self.env = environment(XDG_CACHE_HOME=self.at("cache"))
        missing = [m for m in self.needs if not (self.models / (m + ".yaml")).exists()]
        if missing:
            own = pathlib.Path(self.at("cache/flowrun"))
            own.mkdir(parents=True)
            for made in cache.glob("python-torch-*"):  # 5.5 GB
                (own / made.name).symlink_to(made)
            self.models = own / "models"
            for name in self.needs:
                self.assertEqual(super().run_it("models", "fetch", name, env=self.env, timeout=900).rc, 0)

    def run_it(self, *words, **options):
        models = () if words[0] in ("errors", "export", "report", "gather") else ("--models", self.models)
        return super().run_it(*words, *models, **{"env": self.env, "timeout": 400, **options})

    def sample(self, name):
        """A sample picture or video of that name, wherever it lies in the package."""
        of_package = next(p for p in samples().parents if p.name == "opencv-doc")
        found = sorted(of_package.rglob(name))
        self.assertTrue(found, name)
        return found[0]

    def committed(self, run):
        if not os.path.exists(self.at(run + "/run.db")):
            return 0
        with copied_database(self.at(run)) as db:
            return len(committed_keys(db))
