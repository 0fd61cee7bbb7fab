"""The torch backend on a sim device: it computes on the CPU, and its tensors take the bytes of the device. The plan, the
memory that runs out, the device that dies; the answers are those of the CPU."""
import json
import os
import re

import torch_runs
from flowrun_runs import canonical, main, png, read_report

ITEMS = 300
KIB, MIB = 1 << 10, 1 << 20
RESIDENT, PER_ROW = 4 * MIB, 1536 * KIB
# Blocks are kept in sizes of which each is up to an eighth above the one before.
TOLERANCE = 1 / 8
# Of 4 GiB others hold so much that 396 MiB are free, and 256 MiB less than that is the budget.
SMALL = "sim:4GiB,others=3700MiB"


class SimDevice(torch_runs.TorchTest):
    def setUp(self):
        super().setUp()
        self.greys(*(1 + i % 250 for i in range(ITEMS)))
        self.heavy()
        self.expect(0, "g.yaml", "-o", "cpu")
        self.good = canonical(self.at("cpu"))

    def heavy(self, resident=RESIDENT, per_row=PER_ROW):
        self.model("heavy", needs="resident: %d, per_row: %d" % (resident, per_row))

    def on(self, device, *words, rc=0, batch=64, out="run"):
        done = self.expect(rc, "g.yaml", "-o", out, "--fresh", "--device", device, "--set", "net.batch=%d" % batch,
                           *words)
        report = self.balanced(out)
        return done, report, {s["name"]: s for s in report["stages"]}["net"]

    def test_what_the_model_file_says_is_what_is_taken(self):
        taken = {}
        for batch in (16, 64):
            _, _, stage = self.on("sim:4GiB", "--set", "net.lanes=1", batch=batch)
            self.assertEqual(canonical(self.at("run")), self.good)
            self.assertGreater(stage["batch_eighths"][7], 0, stage)
            taken[batch] = stage["reserved_bytes"]
        per_row = (taken[64] - taken[16]) / 48
        resident = taken[16] - 16 * per_row
        print("declared: resident %d, per_row %d bytes; taken: resident %.0f, per_row %.0f" % (
            RESIDENT, PER_ROW, resident, per_row))
        self.assertTrue(1 - TOLERANCE <= per_row / PER_ROW <= 1 + TOLERANCE, (per_row, taken))
        self.assertTrue(1 - TOLERANCE <= resident / RESIDENT <= 1 + TOLERANCE, (resident, taken))

    def test_the_plan(self):
        """A batch that does not fit becomes smaller, and what the run takes keeps within the plan."""
        plan = self.expect(0, "plan", "g.yaml", "-j", "2", "--device", SMALL, "--set", "net.batch=128")
        self.assertEqual(plan.out, """\
device %s: 4096 MiB, budget 140 MiB = weights 4 MiB + batches 136 MiB
stage  model  device                   precision wished  batch  slots  weights MiB  a batch MiB
net    net    %s  fp32         128     64      1            4           96
threads 2, in_flight 130
""" % (SMALL, SMALL))
        done, report, stage = self.on(SMALL, batch=128)
        self.assertEqual(canonical(self.at("run")), self.good)
        device, = report["devices"]
        self.assertEqual((stage["batch"], stage["slots"], stage["out_of_memory"]), (64, 1, 0))
        self.assertEqual((device["budget"] // MIB, device["others"] // MIB), (140, 3700))
        self.assertLessEqual(stage["reserved_bytes"], (RESIDENT + 64 * PER_ROW) * (1 + TOLERANCE))
        self.assertIn("net: batches of 64 rows instead of 128, to fit the memory of " + SMALL, report["notes"])
        # Two batches take turns in the pool.
        _, _, stage = self.on(SMALL, batch=32)
        self.assertEqual((stage["slots"], stage["out_of_memory"]), (2, 0))
        self.assertLessEqual(stage["reserved_bytes"], (RESIDENT + 64 * PER_ROW) * (1 + TOLERANCE))
        self.assertEqual(canonical(self.at("run")), self.good)

    def test_a_plan_that_does_not_fit(self):
        device = "sim:4GiB,others=3835MiB"
        done = self.expect(69, "g.yaml", "--device", device, "--set", "net.batch=64")
        self.assertEqual(done.err, """\
flowrun: device %s: the model stages do not fit the memory of the device
  budget 5 MiB = 261 MiB that are free (of 4096 MiB) - 256 MiB to spare
  pool 1 MiB = budget - 4 MiB of weights (net 4)
  net: a batch of 32 rows (64 wished) needs 48 MiB of the pool
what can help:
  a model with a smaller input: --set net.model=NAME
  --profile fast: smaller pictures, where the model takes pictures of any size
  leave net out of the graph
""" % device)
        self.assertFalse(os.path.exists(self.at("run")))

    def test_a_model_file_that_says_nothing_is_needed(self):
        """Then the plan lets it pass, and the device has not what is really taken: it is seen when the model is opened."""
        self.heavy(resident=0, per_row=0)
        for others, text in ((4095, "out of memory: the weights in net.pt do not fit: the device has no 4194304 bytes left"),
                             (4091, "out of memory: one row does not fit beside the weights: the device has no 786432 bytes "
                                    "left")):
            done = self.expect(69, "g.yaml", "--device", "sim:4GiB,others=%dMiB" % others)
            self.assertEqual(done.err, "flowrun: model 'net' (models/net.yaml): " + text + "\n")
            self.assertFalse(os.path.exists(self.at("run")))

    def test_memory_that_runs_out(self):
        """The model file says too little: batches are halved until they fit, and the next run begins there."""
        self.heavy(per_row=16 * KIB)
        device = "sim:4GiB,others=3800MiB"  # 296 MiB are free
        done, report, stage = self.on(device, "--set", "net.lanes=1", batch=300)
        self.assertEqual(canonical(self.at("run")), self.good)
        self.assertGreater(stage["out_of_memory"], 0)
        most = (296 * MIB - RESIDENT) // PER_ROW
        ceiling = stage["row_ceiling"]
        self.assertTrue(most / 3 < ceiling <= most, stage)
        self.assertLessEqual(stage["reserved_bytes"], 296 * MIB)
        self.assertRegex(done.out, r"out of memory %d times, now at most %d rows" % (stage["out_of_memory"], ceiling))
        _, report, stage = self.on(device, "--set", "net.lanes=1", batch=300)
        self.assertEqual(canonical(self.at("run")), self.good)
        self.assertEqual(stage["out_of_memory"], 0)
        self.assertIn("net: batches of %d rows instead of 300: an earlier run found no memory for more" % ceiling,
                      report["notes"])

    def test_faults_that_are_asked_for(self):
        for most in (40, 7, 1):
            device = "sim:4GiB,oom_above=%d" % most
            _, _, stage = self.on(device, "--max-items", "120")
            self.assertGreater(stage["out_of_memory"], 0)
            self.assertTrue(1 <= stage["row_ceiling"] <= most, stage)
            first = stage["row_ceiling"]
            _, _, stage = self.on(device, "--max-items", "120")
            self.assertEqual((stage["out_of_memory"], stage["row_ceiling"]), (0, first))
        with open(self.at("cache/flowrun/row_ceilings.json"), encoding="utf-8") as f:
            self.assertEqual(len(json.load(f)), 3)

    def test_a_device_that_dies(self):
        done, report, _ = self.on("sim:4GiB,die_after=3", rc=69, batch=16)
        self.assertEqual(done.err, "flowrun: stage 'net': the sim device died, as it was asked to; no item was marked "
                                   "failed, go on with: flowrun resume run\n")
        self.assertEqual((report["failed"], report["exit_code"]), (0, 69))
        self.assertLessEqual(report["done"], 48)
        self.expect(0, "resume", "run", "--device", "sim:4GiB")
        self.assertEqual(canonical(self.at("run")), self.good)


if __name__ == "__main__":
    main()
