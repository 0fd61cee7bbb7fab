"""`cache: true`: answers to the same input come from an earlier call, of any run; nothing else changes."""
import os

from clip_runs import ClipTest
from flowrun_runs import canonical, environment, flowrun, lines, main, read_report

GRAPH = """flowrun: 1
run: {out: run}
stages:
  clips: {use: clips.read, params: {path: clips}}
  step:  {use: clips.step, in: clips, cache: true, params: {file: steps.txt}}
  sum:   {use: clips.sum, in: step}
keep: [clips, step, sum]
"""


class CacheTest(ClipTest):
    def setUp(self):
        super().setUp()
        self.clip("a.clip", *range(0, 60, 3))
        self.clip("b.clip", 5, "skip", 9)
        self.env = environment(XDG_CACHE_HOME=self.at("cache"))
        self.write_graph(GRAPH)

    def run_it(self, *words):
        """The window's calls and what came from the cache."""
        before = len(lines(self.at("steps.txt")))
        self.done = flowrun("g.yaml", "--fresh", *words, cwd=self.place, env=self.env)
        self.assertEqual(self.done.rc, 0, self.done)
        report = read_report(self.at("run"))
        cached = {s["name"]: s["cached"] for s in report["stages"]}["step"]
        return len(lines(self.at("steps.txt"))) - before, cached

    def test_the_second_run_calls_nothing(self):
        self.assertEqual(self.run_it(), (20, 0))
        first = canonical(self.at("run"))
        self.assertEqual(self.run_it(), (0, 20))
        self.assertIn("step: 20 of 23 answers from the cache\n", self.done.out)
        self.assertEqual(canonical(self.at("run")), first)

    def test_another_param_another_content_another_graph(self):
        self.run_it()
        self.assertEqual(self.run_it("--set", "step.params.sleep_us=1"), (20, 0))
        self.clip("a.clip", *range(0, 57, 3), 58)  # the last frame is another one
        self.assertEqual(self.run_it(), (1, 19))
        self.write_graph(GRAPH.replace("in: clips, cache", "in: even, cache").replace(
            "  step:", "  even: {use: clips.pass, in: clips}\n  step:"))
        # What it reads from is another stage; what it reads is the same.
        self.assertEqual(self.run_it(), (0, 20))

    def test_damaged_answers_are_computed_again(self):
        self.run_it()
        first = canonical(self.at("run"))
        for folder, _, files in os.walk(self.at("cache")):
            for name in files:
                with open(os.path.join(folder, name), "r+b") as f:
                    f.truncate(11)
        self.assertEqual(self.run_it(), (20, 0))
        self.assertEqual(canonical(self.at("run")), first)
        self.assertEqual(self.run_it(), (0, 20))

    def test_too_much_is_forgotten(self):
        self.write_graph(GRAPH.replace("params: {file", "params: {skip: nothing, file"))
        for i in range(4):
            self.clip("a.clip", *range(i, i + 400))
            self.run_it("--set", "run.cache_size=1MiB")
        size = sum(os.path.getsize(os.path.join(folder, name)) for folder, _, files in os.walk(self.at("cache/flowrun"))
                   for name in files)
        self.assertLess(size, 1 << 20)

    def test_without_a_folder_and_with_one_that_cannot_be_written(self):
        self.env = environment()
        self.assertEqual(self.run_it(), (20, 0))
        self.assertIn("cache: there is no folder for it (neither XDG_CACHE_HOME nor HOME is set); nothing was kept\n",
                      self.done.out)
        os.makedirs(self.at("cache/flowrun"))
        with open(self.at("cache/flowrun/answers"), "w", encoding="utf-8"):
            pass
        self.env = environment(XDG_CACHE_HOME=self.at("cache"))
        self.assertEqual(self.run_it(), (20, 0))
        self.assertIn("cache: %s: cannot be made: Not a directory; answers are not kept for later\n"
                      % self.at("cache/flowrun/answers"), self.done.out)


if __name__ == "__main__":
    main()
