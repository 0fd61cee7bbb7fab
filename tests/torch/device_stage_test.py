"""A device stage over the torch backend: what its networks give stays on the sim device until the stage fetches it."""
import torch_runs
from flowrun_runs import canonical, main, read_report
from model_files import write_model
from model_runs import ITEMS, ModelRunTest, name

GRAPH = """flowrun: 1
run: {out: run}
stages:
  media: {use: media.files, params: {path: photos}}
  steps: {use: probe_models.steps, in: media, model: {decoder: last}, params: {rows: 3}}
keep: [steps.sums]
"""
DEVICE = "sim:16GiB"


class TorchDeviceStage(ModelRunTest):
    def setUp(self):
        super().setUp()
        self.write("g.yaml", GRAPH)
        self.networks("echo")

    def networks(self, last):
        """The encoder echoes; the decoder is `last`."""
        write_model(self.at("models"), "echo", torch_runs.network("echo"), "torch")
        write_model(self.at("models"), "last", torch_runs.network(last), "torch")

    def test_the_same_on_the_cpu_and_on_a_device(self):
        self.start_run(0, "-o", "cpu")
        for together in (1, 2):
            self.start_run(0, "--fresh", "--device", DEVICE, "--set", "steps.params.together=%d" % together)
            self.assertEqual(canonical(self.at("run")), canonical(self.at("cpu")))
            device = read_report(self.at("run"))["devices"][0]
            self.assertEqual((device["used"], self.stage("steps")["out_of_memory"]), (0, 0))

    def all_fail(self, text, *words):
        self.start_run(3, "--device", DEVICE, *words)
        r = self.balanced()
        self.assertEqual((r["failed"], r["done"]), (ITEMS, 0))
        self.assertIn("%s\tsteps\t%s\n" % (name(3), text), self.expect(0, "errors", "run").out)

    def test_a_stage_that_forgets_to_fetch(self):
        words = ("--set", "steps.params.fetch=false")
        self.start_run(0, "-o", "cpu", *words)
        self.all_fail("a tensor on sim:0 was read as if it were in the CPU's memory; fetch() it first", *words)

    def test_no_numbers(self):
        self.networks("no_numbers")
        self.all_fail("the model's output 'answer' is not a number (NaN) in 4 of its 4 values; try another precision, or "
                      "a model that takes this input")

    def test_the_device_dies(self):
        self.start_run(0, "-o", "cpu")
        self.start_run(69, "--device", DEVICE + ",die_after=25")
        r = self.balanced()
        self.assertEqual(r["failed"], 0)
        self.assertIn("stage 'steps': the sim device died", r["message"])
        self.expect(0, "resume", "run", "--device", DEVICE)
        self.assertEqual(canonical(self.at("run")), canonical(self.at("cpu")))


if __name__ == "__main__":
    main()
