"""flowrun tune: on a sim device of known cost it finds the optimum, and a run with its profile is no slower."""
import glob
import json
import os
import signal
import time

from flowrun_runs import RunTest, environment, finish, main, make_photos, read_report, start, wait_for
from model_files import write_model

GRAPH = """flowrun: 1
run: {out: run}
stages:
  media: {use: media.files, params: {path: photos}}
  sums:  {use: probe_models.sums, in: media, batch: 8, cache: true}
  all:   {use: probe.share, in: sums.mark, params: {marker: gather.txt}}
keep: [sums.sums, all]
export: {jsonl: results.jsonl}
"""
PAIRS = """flowrun: 1
run: {out: run}
stages:
  media: {use: media.files, params: {path: photos}}
  left:  {use: probe_models.sums, in: media, batch: 8}
  right: {use: probe_models.sums, in: media, batch: 8}
  far:   {use: probe_models.pairs, in: {image: media, sums: right.sums}, model: far, batch: 4}
keep: [far.sums]
"""
# The models need 512 MiB, and a call of n rows 32 MiB + n x 192 MiB: 71 rows fit the 13824 MiB that a sim:16GiB has for
# batches. Calls are computed one at a time, as on a GPU.
ONE = "at_once 1\n"


class Tune(RunTest):
    def setUp(self):
        super().setUp()
        make_photos(self.at("photos"), 600)
        self.write("g.yaml", GRAPH)
        os.mkdir(self.at("tmp"))
        self.env = environment(XDG_CACHE_HOME=self.at("cache"), TMPDIR=self.at("tmp"))

    def model(self, curve, name="echo", more=""):
        write_model(self.at("models"), name, content=curve, more=more)

    def tune(self, *words, device="sim:16GiB", rc=0, seconds=8):
        words = ("tune", "g.yaml", "--models", "models", "--device", device, "--for", "%ds" % seconds, *words)
        begin = time.monotonic()
        done = self.expect(rc, *words, env=self.env)
        self.took = time.monotonic() - begin
        self.assertEqual(os.listdir(self.at("tmp")), [])
        return done

    def tuned(self, *words, use="probe_models.sums", **options):
        """What is found for one use, after the steps were looked at."""
        told = json.loads(self.tune("--json", *words, **options).out)
        for step in told["steps"]:
            self.assertEqual(step["end"] == "measured", step["rows_per_second"] is not None, step)
            self.assertTrue(step["verdict"], step)
        self.told = told
        return told["uses"][use]

    def seconds(self, *words):
        """The faster of two runs with a store and all."""
        told = []
        for _ in range(2):
            self.expect(0, "g.yaml", "--models", "models", "--device", "sim:16GiB", "--fresh", "--set",
                        "sums.cache=false", *words, env=self.env)
            told.append(read_report(self.at("run"))["seconds"])
        return min(told)

    def test_memory_that_the_plan_knows(self):
        self.model("call_us 20000\nrow_us 500\n" + ONE)
        found = self.tuned("-o", "tuned.yaml")
        self.assertEqual(found["batch"], 71, self.told)
        self.assertEqual(found["precision"], "fp32")
        best = [s for s in self.told["steps"] if s["batch"] == 71][0]
        self.assertEqual(best["peak_bytes"], (512 + 32 + 71 * 192) << 20)
        self.assertTrue(0 < best["busy"] <= 1, best)
        # Never less than the curve says, and less than in smaller batches.
        self.assertGreater(best["row_seconds"], 0.99 * (0.020 / 71 + 0.0005))
        self.assertLess(best["row_seconds"], self.told["steps"][1]["row_seconds"])
        with open(self.at("tuned.yaml"), encoding="utf-8") as f:
            self.assertEqual(f.read(), "# Made by `flowrun tune` for the device sim:16GiB.\nflowrun_profile: 1\nuses:\n"
                             "  probe_models.sums: {batch: 71, lanes: %d, precision: fp32}\n" % found["lanes"])
        # Nothing of the runs is left: no results, no gather, no answers.
        self.assertEqual(sorted(os.listdir(self.place)), ["g.yaml", "models", "photos", "tmp", "tuned.yaml"])
        before, after = self.seconds(), self.seconds("--profile", "tuned.yaml")
        self.assertEqual(max(s["batch"] for s in read_report(self.at("run"))["stages"]), 71)
        self.assertLess(after, before)

    def test_a_row_cost_that_rises(self):
        self.model("call_us 20000\nrow_us 300\nabove_us 24 3000\n" + ONE)
        found = self.tuned("-o", "tuned.yaml", seconds=16)
        self.assertTrue(12 <= found["batch"] <= 48, self.told)
        self.assertLess(self.seconds("--profile", "tuned.yaml"), self.seconds())
        # From above the optimum as well.
        found = self.tuned("--set", "sums.batch=64", seconds=16)
        self.assertTrue(12 <= found["batch"] <= 48, self.told)

    def test_rows_that_cost_the_same_in_any_batch(self):
        """Nothing to gain: whatever noise says, the run is no slower."""
        self.model("row_us 2000\n" + ONE)
        self.tune("-o", "tuned.yaml")
        self.assertLess(self.seconds("--profile", "tuned.yaml"), 1.1 * self.seconds())

    def test_memory_that_runs_out(self):
        self.model("call_us 20000\nrow_us 300\n" + ONE)
        found = self.tuned(device="sim:80GiB,oom_above=40", seconds=12)
        self.assertTrue(37 <= found["batch"] <= 40, self.told)
        self.assertIn("out_of_memory", [s["end"] for s in self.told["steps"]])
        # What the steps found is not remembered: a run may take more.
        self.assertFalse(os.path.exists(self.at("cache/flowrun/row_ceilings.json")))

    def test_what_the_model_takes(self):
        self.model("call_us 20000\nrow_us 300\n" + ONE, more=", batch: [1, 24]")
        self.assertEqual(self.tuned()["batch"], 24)
        self.assertIn("the model takes at most 24 rows", [s["verdict"] for s in self.told["steps"]])

    def test_lanes(self):
        self.model("call_us 100000\nrow_us 100\nat_once 4\n", more=", batch: [1, 8]")
        self.assertIn(self.tuned("--set", "sums.lanes=1", seconds=16)["lanes"], (4, 8), self.told)

    def test_precision_only_when_asked(self):
        self.model("call_us 20000\nrow_us 300\n" + ONE, more=", batch: [1, 8], precision: [fp32, fp16]")
        self.assertEqual(self.tuned()["precision"], "fp32")
        self.assertEqual({s["precision"] for s in self.told["steps"]}, {"fp32"})
        self.tuned("--precision")
        self.assertEqual({s["precision"] for s in self.told["steps"]}, {"fp32", "fp16"})

    def test_several_stages(self):
        self.write("g.yaml", PAIRS)
        self.model("call_us 10000\nrow_us 200\n" + ONE)
        self.model("call_us 20000\nrow_us 200\nabove_us 12 4000\n" + ONE, name="far")
        sums = self.tuned(seconds=20)
        self.assertEqual(list(self.told["uses"]), ["probe_models.sums", "probe_models.pairs"])
        self.assertGreaterEqual(sums["batch"], 32, self.told)
        self.assertTrue(6 <= self.told["uses"]["probe_models.pairs"]["batch"] <= 24, self.told)
        self.assertEqual({s["stage"] for s in self.told["steps"]}, {"left, right", "far"})

    def test_the_table(self):
        self.model("call_us 20000\nrow_us 500\n" + ONE)
        done = self.tune("--set", "sums.batch=50")
        table = done.out.splitlines()
        self.assertEqual(table[0].split(), ["stage", "batch", "lanes", "precision", "rows/s", "peak", "MiB", "busy", "%",
                                            "verdict"])
        self.assertRegex(table[1], r"^sums +50 +2 fp32 +\d+\.\d +\d+ +\d+  first run, not counted$")
        self.assertRegex(table[2], r"^sums +50 +2 fp32 +\d+\.\d +\d+ +\d+  start$")
        self.assertRegex(table[3], r"^sums +100 +2 fp32 +- +- +-  does not fit the device's memory$")
        self.assertRegex(done.out, r"(?m)^probe_models\.sums: batch \d+, lanes \d+, precision fp32$")
        self.assertRegex(done.err, r"(?m)^sums: batch 50, lanes 2, fp32: \d+\.\d rows/s$")

    def test_a_batch_that_the_plan_refuses_at_the_start(self):
        self.model("call_us 20000\nrow_us 500\n" + ONE)
        self.assertEqual(self.tuned("--set", "sums.batch=500")["batch"], 71, self.told)

    def test_few_media(self):
        self.model("call_us 20000\nrow_us 500\n" + ONE)
        self.assertEqual(self.tuned("--max-items", "80")["batch"], 16, self.told)
        self.assertIn("the media have too few items: 80", [s["verdict"] for s in self.told["steps"]])

    def test_the_time_is_kept(self):
        self.model("call_us 300000\nrow_us 500\n" + ONE)
        done = self.tune("-o", "tuned.yaml", seconds=2)
        self.assertIn("the time of 2 s was over before the search was; a longer --for finds more\n", done.out)
        self.assertLess(self.took, 2 + 6)
        self.assertTrue(os.path.exists(self.at("tuned.yaml")))

    def test_on_the_cpu(self):
        self.model("call_us 5000\nrow_us 100\n")
        found = self.tuned(device="cpu", seconds=10)
        self.assertGreater(found["batch"], 8, self.told)
        self.assertEqual({s["peak_bytes"] for s in self.told["steps"]}, {None})

    def test_interrupted(self):
        self.model("call_us 50000\nrow_us 500\n" + ONE)
        for number in (signal.SIGINT, signal.SIGTERM):
            process = start("tune", "g.yaml", "--models", "models", "--device", "sim:16GiB", "--for", "60s", "-o",
                            "tuned.yaml", cwd=self.place, env=self.env)
            self.addCleanup(process.kill)
            wait_for(lambda: glob.glob(self.at("tmp/*/run/manifest.json")), "the first step")
            process.send_signal(number)
            done = finish(process, 30)
            self.assertEqual(done.rc, 75, done)
            self.assertEqual(done.out, "")
            self.assertTrue(done.err.endswith("\nstopping: nothing is written; once more stops at once\n"
                                              "flowrun: interrupted; nothing was written\n"), done)
            self.assertFalse(os.path.exists(self.at("tuned.yaml")))
            self.assertEqual(os.listdir(self.at("tmp")), [])

    def test_interrupted_twice(self):
        self.model("call_us 6000000\n" + ONE)
        process = start("tune", "g.yaml", "--models", "models", "--device", "sim:16GiB", "-o", "tuned.yaml",
                        cwd=self.place, env=self.env)
        self.addCleanup(process.kill)
        wait_for(lambda: glob.glob(self.at("tmp/*/run/manifest.json")), "the first step")
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        time.sleep(0.4)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        done = finish(process, 3)
        self.assertEqual(done.rc, 130, done)
        self.assertEqual(done.err, "\nstopping: nothing is written; once more stops at once\n\nstopped at once\n")
        self.assertEqual(os.listdir(self.at("tmp")), [])

    def test_nothing_to_tune(self):
        self.write("g.yaml", GRAPH.replace("probe_models.sums", "probe.mark").replace(", batch: 8", "")
                   .replace("in: sums.mark", "in: sums").replace("sums.sums", "sums"))
        done = self.tune(rc=65)
        self.assertEqual((done.out, done.err),
                         ("", "flowrun: g.yaml: no stage runs a model; there is nothing to tune\n"))

    def test_what_cannot_be_tuned(self):
        self.model("row_us 500\n" + ONE)
        done = self.tune("--set", "sums.params.rows=0", rc=65)
        self.assertEqual(done.err.splitlines()[-2:], ["flowrun: stage 'sums' cannot be tuned: no row reached it",
                                                      "flowrun: nothing could be measured"])
        self.assertRegex(self.tune(device="sim:2700MiB", rc=69).err, "do not fit the memory of the device")
        done = self.tune(device="sim:80GiB,oom_above=40,die_after=3", rc=69)
        self.assertEqual(done.err, "flowrun: stage 'sums': the sim device died, as it was asked to\n")
        done = self.tune("--set", "input=nowhere", rc=65)
        self.assertIn("1 problem; nothing was started.\n", done.err)
        done = self.tune("--set", "media.params.path=nowhere", rc=64)
        self.assertRegex(done.err, "nowhere")

    def test_usage(self):
        self.model("row_us 500\n")
        self.write("tuned.yaml", "mine\n")
        done = self.tune("-o", "tuned.yaml", rc=64)
        self.assertEqual(done.err, "flowrun: -o tuned.yaml: there is such a file already; --force replaces it\n")
        done = self.tune("-o", "photos", rc=64)
        self.assertEqual(done.err, "flowrun: -o photos: it is a folder; name a file\n")
        done = self.tune("-o", "none/tuned.yaml", rc=74)
        self.assertEqual(done.err, "flowrun: none/tuned.yaml cannot be written: none is no folder\n")
        for text in ("1y", "0s", "s", "-5s", "nan", "2d"):
            done = self.expect(64, "tune", "g.yaml", "--for=" + text, env=self.env)
            self.assertEqual(done.err, "flowrun: --for %s: it takes a time of 1s to 24h, such as 60s or 5m\n" % text)
        self.tune("-o", "tuned.yaml", "--force", seconds=1)
        with open(self.at("tuned.yaml"), encoding="utf-8") as f:
            self.assertIn("flowrun_profile: 1\n", f.read())


if __name__ == "__main__":
    main()
