"""Every graph that is shipped runs on the sample photos, and answers for each of them."""
import json
import os
import pathlib
import unittest

from flowrun_runs import SOURCE, RunTest, environment, main


def samples():
    given = os.environ.get("FLOWRUN_SAMPLES")
    if given:
        return given
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    found = sorted(pathlib.Path(cache, "flowrun/media").glob("**/examples/data"))
    return str(found[0]) if found else None


SAMPLES = samples()
NONE = None if SAMPLES else "no sample photos: set FLOWRUN_SAMPLES, or run tests/tools/sample_media.sh"
WORDS = ("--set", "input=%s" % SAMPLES, "--max-frames", "20")
ENDINGS = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp")


@unittest.skipIf(NONE, NONE)
class Graphs(RunTest):
    def test_samples_are_there(self):
        names = [n for _, _, files in os.walk(SAMPLES) for n in files if n.lower().endswith(ENDINGS)]
        self.assertGreaterEqual(len(names), 90, SAMPLES)

    def run_graph(self, graph):
        bare = {k: v for k, v in environment().items() if k != "FLOWRUN_PLUGINS"}
        run = self.at("run")
        self.expect(0, "check", graph, *WORDS, env=bare)
        done = self.expect(0, graph, *WORDS, "-o", run, env=bare, timeout=300)
        r = self.balanced()
        self.assertEqual((r["failed"], r["cancelled"], r["exit_code"]), (0, 0, 0), done)
        self.assertGreaterEqual(r["read"], 90)
        # Not every graph exports by itself; the run directory has the records all the same.
        told = [json.loads(line) for line in self.expect(0, "export", run).out.splitlines()]
        items = [t["item"] for t in told if "item" in t]
        self.assertEqual((len(items), len(set(items))), (r["read"], r["read"]))
        self.assertEqual({t["status"] for t in told if "item" in t} - {"done", "skipped"}, set())
        again = self.expect(0, graph, *WORDS, "-o", run, env=bare)
        self.assertIn("nothing to do: every item is finished under this graph\n", again.out)


# The real weights have to be fetched: model_stages_test.py runs the first with made-up ones, tests/faces the second.
WITH_MODELS = {"categories", "identities"}


def add_tests():
    for graph in sorted((SOURCE / "graphs").glob("*.yaml")):
        if graph.stem in WITH_MODELS:
            continue
        name = "test_" + graph.stem.replace("-", "_").replace(".", "_")
        setattr(Graphs, name, lambda self, graph=graph: self.run_graph(graph))


add_tests()
if __name__ == "__main__":
    main()
