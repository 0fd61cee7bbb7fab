"""Runs with model stages: whatever the device, the batches and what goes wrong on the way, the results are the same."""
import json
import os
import re

from flowrun_runs import canonical, lines, main
from model_files import write_model
from model_runs import ITEMS, JOINED, SERIES, ModelRunTest, brightness, name, sums_of


class ModelRuns(ModelRunTest):
    def test_two_in_series(self):
        told = set()
        for number, words in enumerate((("cpu", 32), ("cpu", 1), ("cpu", 256), ("sim:16GiB", 32), ("sim:16GiB", 1),
                                        ("sim:80GiB", 256), ("sim:4GiB", 3))):
            out = "run%d" % number
            self.start_run(0, "-o", out, "--device", words[0], "-j", str(1 + number % 3), "--set",
                           "sums.batch=%d" % words[1], "--set", "pairs.batch=%d" % words[1])
            told.add(canonical(self.at(out)))
            self.assertEqual(self.balanced(out)["done"], ITEMS)
            for stage, rows in (("sums", sum((1 + i % 12) // 2 for i in range(ITEMS))), ("pairs", 3 * ITEMS)):
                self.assertEqual(self.stage(stage, out)["rows"], rows)
                self.assertEqual(self.stage(stage, out)["out_of_memory"], 0)
                self.assertGreaterEqual(self.stage(stage, out)["batches"] * words[1], rows)
        self.assertEqual(len(told), 1)
        values = {}
        for line in told.pop().splitlines():
            record = json.loads(line)
            values[record["item"]] = record["values"]
        for i in range(ITEMS):
            before = sums_of(i, (1 + i % 12) // 2, brightness(i))
            self.assertEqual(values[name(i)],
                             {"sums.sums": before, "pairs.sums": sums_of(i, 3, brightness(i) + before["sum"])})

    def test_two_branches_joined(self):
        self.write("g.yaml", JOINED)
        told = set()
        for number, (device, batch) in enumerate((("cpu", 1), ("cpu", 256), ("sim:16GiB", 1), ("sim:80GiB", 256),
                                                  ("sim:16GiB", 7))):
            out = "run%d" % number
            self.start_run(0, "-o", out, "--device", device,
                           *(word for s in ("left", "right", "far") for word in ("--set", "%s.batch=%d" % (s, batch))))
            told.add(canonical(self.at(out)))
        self.assertEqual(len(told), 1)
        far = [3 * brightness(i) for i in range(ITEMS)]
        for i, record in enumerate(json.loads(line) for line in told.pop().splitlines()[:ITEMS]):
            left = sums_of(i, (1 + i % 12) // 2, brightness(i))
            self.assertEqual(record["values"], {
                "left.sums": left, "right.sums": sums_of(i, 2, brightness(i)), "far.sums": sums_of(i, 1, far[i]),
                "both": {"key": name(i), "items": i + 1, "sum": sum(far[:i + 1]), "own": left["sum"]}})

    def test_items_without_rows_and_with_many(self):
        for device in ("cpu", "sim:16GiB"):
            for rows in (0, 20):
                self.start_run(0, "--device", device, "--fresh", "--set", "sums.params.pixels=0", "--set",
                               "sums.params.rows=%d" % rows, "--set", "sums.batch=6")
                self.assertEqual(self.stage("sums")["rows"], rows * ITEMS)
                told = [json.loads(line)["values"]["sums.sums"] for line in canonical(self.at("run")).splitlines()]
                self.assertEqual(told, [sums_of(i, rows, brightness(i)) for i in range(ITEMS)])

    def test_failing_and_skipping(self):
        told_to = (("fail_prepare", "p01"), ("skip_prepare", "p02"), ("fail", "p005"), ("skip", "p007"))
        words = [word for what, key in told_to for word in ("--set", "sums.params.%s=%s" % (what, key))]
        told = set()
        for out, device, batch in (("a", "cpu", 4), ("b", "sim:16GiB", 4), ("c", "sim:16GiB", 32)):
            done = self.start_run(3, "-o", out, "--device", device, "--set", "sums.batch=%d" % batch, "--set",
                                  "sums.params.pixels=0", "--set", "sums.params.rows=3", *words)
            self.assertEqual(done.err, "flowrun: 11 of 40 items failed\n")
            told.add(canonical(self.at(out)))
            r = self.balanced(out)
            self.assertEqual((r["done"], r["skipped"], r["failed"]), (18, 11, 11))
            listed = self.expect(0, "errors", out).out
            self.assertEqual(listed, "p005.png\tsums\tthe probe was told to fail\n" + "".join(
                "p01%d.png\tsums\tthe probe was told to fail in prepare\n" % i for i in range(10)))
        self.assertEqual(len(told), 1)
        found = {r["item"]: r for r in map(json.loads, told.pop().splitlines())}
        for i in range(20, 30):
            self.assertEqual((found[name(i)]["status"], found[name(i)]["reason"]),
                             ("skipped", "the probe was told to skip in prepare"))
        self.assertEqual(found["p007.png"]["reason"], "the probe was told to skip")
        # Again with retries: it fails as often, and says so.
        self.start_run(3, "-o", "c", "--retry-failed", "--set", "sums.params.pixels=0", "--set", "sums.params.rows=3",
                       "--set", "sums.retries=2", *words)
        self.assertEqual((self.stage("sums", "c")["retries"], self.balanced("c")["failed"]), (22, 11))

    def test_out_of_memory(self):
        good = self.good()
        with open(self.at("models/echo.yaml"), encoding="utf-8") as f:
            sha256 = re.search("sha256: ([0-9a-f]+)", f.read()).group(1)
        file = self.at("cache/flowrun/row_ceilings.json")
        for most in (11, 3, 1):
            device = "sim:16GiB,oom_above=%d" % most
            done = self.start_run(0, "--device", device, "--fresh")
            self.assertEqual(canonical(self.at("run")), good)
            r = self.balanced()
            self.assertEqual(r["done"], ITEMS)
            with open(file, encoding="utf-8") as f:
                ceiling = json.load(f)["echo %s | %s | fp32" % (sha256, device)]
            for s in map(self.stage, ("sums", "pairs")):
                self.assertGreater(s["out_of_memory"], 0)
                self.assertTrue(1 <= s["row_ceiling"] <= most, s)
                self.assertEqual(s["batch"], 32)
                self.assertRegex(done.out, r"(?m)^%s: %d rows in %d batches, .*; out of memory %d times, now at most %d "
                                 r"rows$" % (s["name"], s["rows"], s["batches"], s["out_of_memory"], s["row_ceiling"]))
            self.assertEqual(ceiling, min(self.stage("sums")["row_ceiling"], self.stage("pairs")["row_ceiling"]))
            self.start_run(0, "--device", device, "--fresh")
            self.assertEqual(canonical(self.at("run")), good)
            r = self.balanced()
            self.assertEqual([s["out_of_memory"] for s in r["stages"]], [0, 0, 0])
            self.assertEqual(r["notes"][:2], ["%s: batches of %d rows instead of 32: an earlier run found no memory for "
                                              "more" % (s, ceiling) for s in ("sums", "pairs")])
        # Each item's finish was called once in each of the six runs.
        self.assertEqual(sorted(lines(self.at("sums.txt"))), sorted(name(i) for i in range(ITEMS) for _ in range(6)))
        # What cannot be read is forgotten, and learnt again.
        self.write("cache/flowrun/row_ceilings.json", "{")
        self.start_run(0, "--device", "sim:16GiB,oom_above=3", "--fresh")
        self.assertGreater(self.stage("sums")["out_of_memory"], 0)
        with open(file, encoding="utf-8") as f:
            self.assertEqual(len(json.load(f)), 1)

    def test_calls_that_fail(self):
        good = self.good()
        write_model(self.at("models"), "flaky", content="fail_every 3\n", backend="flaky")
        one_lane = ("--set", "sums.model=flaky", "--set", "sums.lanes=1", "--set", "sums.batch=4")
        self.start_run(0, *one_lane, "--set", "sums.retries=1")
        s = self.stage("sums")
        self.assertEqual(s["retries"], (s["batches"] + s["retries"]) // 3)
        self.assertGreater(s["retries"], 0)
        self.assertEqual(canonical(self.at("run")), good)
        # Without a second try: the items with a row in such a call fail, no others.
        done = self.start_run(3, "--fresh", *one_lane)
        r = self.balanced()
        self.assertTrue(0 < r["failed"] < ITEMS, r)
        self.assertEqual(r["skipped"], 0)
        self.assertEqual(done.err, "flowrun: %d of 40 items failed\n" % r["failed"])
        for line in self.expect(0, "errors", "run").out.splitlines():
            self.assertEqual(line.split("\t")[1:], ["sums", "the flaky backend failed, as it was told to"])
        # The failed ones alone run again.
        self.start_run(0, "--retry-failed", *one_lane, "--set", "sums.retries=1")
        self.assertEqual(canonical(self.at("run")), good)

    def test_answers_that_are_not_what_the_file_declares(self):
        write_model(self.at("models"), "short", content="short\n", backend="flaky")
        self.start_run(3, "--set", "pairs.model=short", "--set", "pairs.params.rows=1", "--set", "pairs.batch=8")
        self.assertEqual(self.balanced()["failed"], ITEMS)
        for line in self.expect(0, "errors", "run").out.splitlines():
            rows = int(re.search("for ([0-9]+) rows", line).group(1))
            self.assertEqual(line.split("\t")[1:], [
                "pairs", "the model's output 'answer' is %d values of float32 for %d rows; its file declares 4 of float32 "
                "a row" % (4 * (rows - 1), rows)])

    def test_rows_that_come_back_as_others(self):
        """No such mistake is made here: this says that the stages of these tests would see it."""
        write_model(self.at("models"), "turned", content="turned\n", backend="flaky")
        words = ("--set", "pairs.model=turned", "--set", "pairs.params.rows=2")
        self.start_run(3, *words, "--set", "pairs.batch=2", "-o", "two")
        self.assertEqual(self.balanced("two")["failed"], ITEMS)
        self.assertEqual(self.expect(0, "errors", "two").out, "".join(
            "%s\tpairs\trow 0 of %s came back as another's\n" % (name(i), name(i)) for i in range(ITEMS)))
        self.start_run(0, *words, "--set", "pairs.batch=1", "-o", "one")

    def test_without_a_store(self):
        self.write("g.yaml", SERIES.replace("out: run", "out: run, store: none").replace(
            "keep: [sums.sums, pairs.sums]\n", ""))
        for device in ("cpu", "sim:16GiB"):
            self.start_run(0, "--device", device)
            self.assertEqual(self.balanced()["done"], ITEMS)
        for f in ("sums.txt", "pairs.txt"):
            self.assertEqual(sorted(lines(self.at(f))), sorted(name(i) for i in range(ITEMS) for _ in range(2)))
        self.assertFalse(os.path.exists(self.at("run/run.db")))

    def test_one_item_in_flight(self):
        """No batch can be full, and none waits for rows that cannot come."""
        good = self.good()
        for device, slots in (("cpu", 2), ("sim:16GiB", 1)):
            self.start_run(0, "--device", device, "--fresh", "-j", "2", "--set", "run.in_flight=1",
                           "--set", "sums.batch=64", "--set", "pairs.batch=64")
            self.assertEqual(canonical(self.at("run")), good)
            r = self.balanced()
            self.assertEqual(r["peak_in_flight"], 1)
            with_rows = sum(1 for i in range(ITEMS) if (1 + i % 12) // 2)
            self.assertEqual((self.stage("sums")["batches"], self.stage("pairs")["batches"]), (with_rows, ITEMS))
            self.assertIn("in_flight 1 is less than the %d items that keep every batch full while others run; leave it out "
                          "to have them" % (2 * 64 * (slots + 1)), r["notes"])


if __name__ == "__main__":
    main()
