"""flowrun tune with a network that computes, on the CPU."""
import json
import os

import torch_runs
from flowrun_runs import canonical, main, read_report

PROFILE = r"""\A# Made by `flowrun tune` for the device cpu.
flowrun_profile: 1
uses:
  model.tensor: \{batch: %d, lanes: %d, precision: %s\}
\Z"""


class Tune(torch_runs.TorchTest):
    def test_a_network_on_the_cpu(self):
        self.greys(*(1 + i % 250 for i in range(1500)))
        self.model("sums", more=", precision: [fp32, bf16]")
        self.expect(0, "g.yaml", "-o", "before")
        told = json.loads(self.expect(0, "tune", "g.yaml", "--for", "6s", "-o", "tuned.yaml", "--json").out)
        self.assertEqual(told["device"], "cpu")
        measured = [s for s in told["steps"] if s["end"] == "measured"]
        self.assertGreater(len({s["batch"] for s in measured}), 1, told)
        for step in told["steps"]:
            self.assertIn(step["end"], ("measured", "too_few_rows"), step)
            self.assertEqual(step["precision"], "fp32", step)
        for step in measured:
            self.assertGreater(step["rows_per_second"], 0)
        found = told["uses"]["model.tensor"]
        with open(self.at("tuned.yaml"), encoding="utf-8") as f:
            self.assertRegex(f.read(), PROFILE % (found["batch"], found["lanes"], found["precision"]))
        self.expect(0, "g.yaml", "-o", "after", "--profile", "tuned.yaml")
        stage = {s["name"]: s for s in read_report(self.at("after"))["stages"]}["net"]
        self.assertEqual((stage["batch"], stage["slots"]), (found["batch"], found["lanes"]))
        self.assertEqual(canonical(self.at("after")), canonical(self.at("before")))
        self.assertEqual(sorted(os.listdir(self.place)),
                         ["after", "before", "g.yaml", "models", "photos", "tuned.yaml"])


if __name__ == "__main__":
    main()
