"""Runs with model stages that are stopped, or whose models change, and go on."""
import json
import os
import signal

from flowrun_runs import (canonical, committed_keys, copied_database, finish, lines, main, read_report, start, wait_for)
from model_files import write_model
from model_runs import ITEMS, JOINED, SERIES, ModelRunTest, name


class ModelResume(ModelRunTest):
    def died(self, *words):
        done = self.expect(69, *words)
        self.assertRegex(done.err, r"\Aflowrun: stage '(sums|pairs)': the sim device died, as it was asked to; no item was "
                                   r"marked failed, go on with: flowrun resume \S*run\n\Z")
        self.assertEqual(self.expect(0, "errors", "run").out, "")
        r = self.balanced()
        self.assertEqual((r["failed"], r["skipped"], r["exit_code"]), (0, 0, 69))
        self.assertGreater(r["cancelled"], 0)
        self.assertFalse(os.path.exists(self.at("run/results.jsonl")))
        with copied_database(self.at("run")) as db:
            return set(committed_keys(db)), [len(lines(self.at(f))) for f in ("sums.txt", "pairs.txt")]

    def test_the_device_dies(self):
        self.write("g.yaml", SERIES + "export: {jsonl: results.jsonl}\n")
        good = self.good()
        for calls, batch in ((1, 8), (5, 8), (9, 8), (100, 1)):
            for f in ("sums.txt", "pairs.txt"):
                self.write(f, "")
            device = ("--device", "sim:16GiB,die_after=%d" % calls)
            batches = ("--set", "sums.batch=%d" % batch, "--set", "pairs.batch=%d" % batch)
            committed, _ = self.died("g.yaml", "--models", "models", "--fresh", *device, *batches)
            # The graph that is kept has the device, which dies as often as it is used.
            again, called = self.died("resume", "run")
            self.assertLessEqual(committed, again)
            if calls == 5:
                self.expect(0, "resume", "run", "--device", "cpu")
            elif calls == 9:
                self.expect(0, "resume", "run", "--device", "sim:20GiB")
            else:
                self.start_run(0, "--device", "sim:8GiB", *batches)
            r = self.balanced()
            self.assertEqual((r["done"], r["already"]), (ITEMS - len(again), len(again)))
            for f, before in zip(("sums.txt", "pairs.txt"), called):
                self.assertEqual(sorted(lines(self.at(f))[before:]),
                                 [name(i) for i in range(ITEMS) if name(i) not in again])
            self.assertEqual(canonical(self.at("run")), good)
            self.assertTrue(os.path.exists(self.at("run/results.jsonl")))
        # From then on the run has that device.
        with open(self.at("run/graph.resolved.yaml"), encoding="utf-8") as f:
            self.assertIn('device: "sim:8GiB"', f.read())

    def test_resume_on_a_device_that_is_none(self):
        self.start_run(0)
        self.assertEqual(self.expect(69, "resume", "run", "--device", "sim").err,
                         "flowrun: stage 'sums' (probe_models.sums): 'sim' needs the size of its memory; write sim:16GiB\n")

    def interrupted(self, *words):
        process = start("g.yaml", "--models", "models", *words, cwd=self.place, env=self.env)
        self.addCleanup(process.kill)
        wait_for(lambda: len(lines(self.at("pairs.txt"))) > 4 or process.poll() is not None, "the first answers")
        process.send_signal(signal.SIGINT)
        done = finish(process, 30)
        self.assertEqual(done.rc, 75, done)
        self.assertEqual(done.err, "\nstopping: items in flight are finished first; once more stops at once\n"
                                   "flowrun: interrupted; nothing is lost, go on with: flowrun resume run\n")
        r = self.balanced()
        self.assertEqual((r["failed"], r["cancelled"]), (0, 0))
        self.assertLess(r["done"], ITEMS)
        self.assertEqual(len(lines(self.at("sums.txt"))), r["done"])
        return r["done"]

    def test_interrupted(self):
        good = self.good()
        write_model(self.at("models"), "slow", content="call_us 60000\n")
        for device in ("cpu", "sim:16GiB"):
            for f in ("sums.txt", "pairs.txt"):
                self.write(f, "")
            done = self.interrupted("--device", device, "--fresh", "--set", "run.in_flight=8", "--set", "sums.batch=4",
                                    "--set", "pairs.model=slow")
            self.expect(0, "resume", "run")
            r = self.balanced()
            self.assertEqual((r["done"], r["already"]), (ITEMS - done, done))
            for f in ("sums.txt", "pairs.txt"):
                self.assertEqual(sorted(lines(self.at(f))), [name(i) for i in range(ITEMS)])
            self.assertEqual(canonical(self.at("run")), good)

    def test_another_model_is_another_result(self):
        self.start_run(0)
        self.start_run(0, "--device", "sim:16GiB", "--set", "pairs.batch=3")
        self.assertEqual(self.balanced()["already"], ITEMS)  # neither device nor batch changes a result
        # The same network under another name is the same; other bytes are not.
        write_model(self.at("models"), "other")
        self.start_run(0, "--set", "pairs.model=other")
        self.assertEqual(self.balanced()["already"], ITEMS)
        before = canonical(self.at("run"))
        write_model(self.at("models"), "other", content="row_us 50\n")
        self.start_run(0, "--set", "pairs.model=other")
        self.assertEqual((self.balanced()["already"], self.balanced()["done"]), (0, ITEMS))
        self.assertEqual(canonical(self.at("run")), before)
        with open(self.at("run/graph.resolved.yaml"), encoding="utf-8") as f:
            self.assertEqual(f.read().count("model: {net: other}"), 1)

    def test_a_gather_alone(self):
        """It needs the models' sums, to know whether the values that were kept are today's."""
        self.write("g.yaml", JOINED)
        self.start_run(0, "--device", "sim:16GiB")
        before = canonical(self.at("run")).splitlines()
        total = json.loads(before[-1])["run"]["all"]
        done = self.expect(0, "gather", "run", "all", "--set", "factor=2")
        self.assertIn("gather all: %d rows in " % ITEMS, done.out)
        after = canonical(self.at("run")).splitlines()
        self.assertEqual(json.loads(after[-1])["run"]["all"], {**total, "sum": 2 * total["sum"]})
        self.assertEqual(after[:-1], before[:-1])
        self.write("models/echo.sim", "row_us 1\n")
        done = self.expect(69, "gather", "run", "all")
        self.assertRegex(done.err, r"\Aflowrun: model 'echo' \(\S*models/echo.yaml\): its file \S*models/echo.sim has "
                                   r"sha256 [0-9a-f]{64}, the model file says [0-9a-f]{64}; fetch it again, or ")

    def test_a_device_for_each_stage(self):
        good = self.good()
        self.start_run(0, "--device", "sim:9GiB", "--set", "sums.device=sim:6GiB", "--set", "sums.batch=16")
        self.assertEqual(canonical(self.at("run")), good)
        weights, reserve = 512 << 20, 2 << 30
        self.assertEqual([(d["name"], d["pool"]) for d in read_report(self.at("run"))["devices"]],
                         [("sim:6GiB", (6 << 30) - reserve - weights), ("sim:9GiB", (9 << 30) - reserve - weights)])
        # One of them dies; the other's answers are of no use without it.
        self.expect(69, "g.yaml", "--models", "models", "--fresh", "--device", "sim:9GiB", "--set",
                    "sums.device=sim:6GiB,die_after=2", "--set", "sums.batch=8")
        self.assertEqual(self.balanced()["failed"], 0)
        done = self.start_run(0, "--device", "cpu", "--set", "sums.device=sim:6GiB", "--set", "sums.batch=8")
        self.assertEqual(done.err, "")
        self.assertEqual(canonical(self.at("run")), good)


if __name__ == "__main__":
    main()
