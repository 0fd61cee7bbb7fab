"""A device stage in whole runs: its networks, their memory and their faults on a sim device, cache and resume."""
import json

from flowrun_runs import canonical, lines, main, read_report
from model_files import write_model
from model_runs import ITEMS, ModelRunTest, brightness, name, sums_of

GRAPH = """flowrun: 1
run: {out: run}
stages:
  media: {use: media.files, params: {path: photos}}
  steps: {use: probe_models.steps, in: media, params: {file: steps.txt, rows: 3}}
  pairs: {use: probe_models.pairs, in: {image: media, sums: steps.sums}, params: {rows: 3}}
keep: [steps.sums, pairs.sums]
"""
PROBLEM = "\n1 problem; nothing was started.\n"


class DeviceStage(ModelRunTest):
    def setUp(self):
        super().setUp()
        self.write("g.yaml", GRAPH)

    def good(self):
        self.start_run(0, "-o", "good", "--set", "steps.params.file=")
        return canonical(self.at("good"))

    def test_the_same_on_the_cpu_and_on_a_device(self):
        good = self.good()
        found = {r["item"]: r["values"]["steps.sums"] for r in map(json.loads, good.splitlines())}
        self.assertEqual(found, {name(i): sums_of(i, 3, brightness(i)) for i in range(ITEMS)})
        done = self.start_run(0, "--device", "sim:16GiB")
        self.assertEqual(canonical(self.at("run")), good)
        self.assertEqual(sorted(lines(self.at("steps.txt"))), [name(i) for i in range(ITEMS)])
        s = self.stage("steps")
        self.assertEqual((s["shape"], s["device"], s["calls"], s["batches"], s["rows"], s["parallel"], s["slots"]),
                         ("device", "sim:16GiB", ITEMS, 4 * ITEMS, 4 * ITEMS, 2, 2))
        self.assertRegex(done.out, r"(?m)^steps: 160 calls of its networks, [0-9.]+ ms a call, [12] of 2 slots; waited "
                                   r"[0-9.]+ s for a slot or memory$")
        # Weights are given back with the last item that needs them, not at the end.
        device = read_report(self.at("run"))["devices"][0]
        self.assertEqual((device["used"], device["peak"] <= device["pool"]), (0, True))

    def test_memory_that_runs_out_is_the_items_error(self):
        words = ("--device", "sim:16GiB,oom_above=1", "--set", "steps.params.together=2")
        self.start_run(3, *words)
        r = self.balanced()
        self.assertEqual((r["failed"], r["done"]), (ITEMS, 0))
        self.assertIn("the model 'echo' does not fit the device's memory: ", r["first_failures"][0]["reason"])
        self.assertEqual(self.stage("steps")["out_of_memory"], ITEMS)
        self.start_run(0, "--retry-failed", "--device", "sim:16GiB")
        self.assertEqual(canonical(self.at("run")), self.good())

    def test_the_device_dies(self):
        good = self.good()
        self.start_run(69, "--device", "sim:16GiB,die_after=25", "--set", "pairs.device=cpu")
        r = self.balanced()
        self.assertEqual(r["failed"], 0)
        self.assertGreater(r["cancelled"], 0)
        self.assertIn("stage 'steps': ", r["message"])
        self.expect(0, "resume", "run", "--device", "cpu")
        self.assertEqual(canonical(self.at("run")), good)

    def test_failing_skipping_and_retrying(self):
        self.start_run(3, "--set", "steps.params.fail=p003", "--set", "steps.params.skip=p004", "--set",
                       "steps.retries=2")
        r = self.balanced()
        self.assertEqual((r["failed"], r["done"], self.stage("steps")["retries"]), (1, ITEMS - 2, 2))

    def test_cache(self):
        cached = ("--set", "steps.cache=true")
        self.start_run(0, *cached)
        self.write("steps.txt", "")
        good = canonical(self.at("run"))
        self.start_run(0, "--fresh", "--device", "sim:16GiB", *cached)
        self.assertEqual(canonical(self.at("run")), good)
        self.assertEqual((self.stage("steps")["cached"], lines(self.at("steps.txt"))), (ITEMS, []))

    def test_plan(self):
        words = ("plan", "g.yaml", "--models", "models", "-j", "2", "--device")
        write_model(self.at("models"), "other")
        self.assertEqual(self.expect(0, *words, "sim:16GiB", "--set", "steps.model={encoder: other}").out, """\
device sim:16GiB: 16384 MiB, budget 14336 MiB = weights 1536 MiB + batches 12800 MiB
stage  model        device     precision wished  batch  slots  weights MiB  a batch MiB
steps  other, echo  sim:16GiB  fp32           1      1      2         1024         1024
pairs  echo         sim:16GiB  fp32          32     32      2          512         6176
threads 2, in_flight 101
""")
        done = self.expect(69, *words, "sim:4GiB")
        self.assertIn("\n  steps: a call needs 1024 MiB of the pool\n", done.err)
        planned = json.loads(self.expect(0, *words, "cpu", "--json", "--set", "steps.parallel=1").out)
        self.assertEqual([s["slots"] for s in planned["stages"]], [1, 2])

    def test_keys_that_do_not_fit(self):
        def problem(setting):
            return self.start_run(65, "--set", setting).err
        self.assertEqual(problem("steps.model=echo"),
                         "--set steps.model=echo: stage 'steps' (probe_models.steps) runs several models; write model: "
                         "{MODEL: NAME}, where MODEL is one of: encoder, decoder" + PROBLEM)
        batch = "'batch' is for model stages; steps is a device stage (probe_models.steps), whose code decides how many " \
                "rows each of its calls has; leave it out"
        self.assertEqual(problem("steps.batch=4"), "--set steps.batch=4: " + batch + PROBLEM)
        # A profile's line is told, and what else it sets is taken.
        self.write("p.yaml", "flowrun_profile: 1\nuses:\n  probe_models.steps: {lanes: 3, batch: 4, pin: false}\n")
        self.assertEqual(self.start_run(65, "--profile", "./p.yaml").err, "./p.yaml:3:34: " + batch + PROBLEM)
        self.write("p.yaml", "flowrun_profile: 1\nuses:\n  probe_models.steps: {lanes: 1, pin: false}\n")
        self.start_run(0, "--profile", "./p.yaml", "--device", "sim:16GiB")
        self.assertEqual((self.stage("steps")["slots"], self.stage("pairs")["slots"]), (1, 2))


if __name__ == "__main__":
    main()
