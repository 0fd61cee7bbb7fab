"""Ctrl-C, twice, and two processes on one run directory."""
import os
import re
import shlex
import signal
import time

from flowrun_runs import (RunTest, canonical, committed_keys, copied_database, finish, lines, main, make_photos,
                          read_report, start, unfinished, wait_for)

GRAPH = """flowrun: 1
run: {out: run, in_flight: 4}
stages:
  media: {use: media.files, params: {path: photos}}
  mark:  {use: probe.mark, in: media, params: {file: marks.txt, sleep_us: 30000}}
  slow:  {use: probe.mark, in: media, params: {file: slow.txt}}
  count: {use: probe.count, in: mark}
  both:  {use: probe.join, in: {mark: mark, count: count}}
  files: {use: probe.write, in: both, order: keep}
  all:   {use: probe.total, in: both, params: {marker: gather.txt}}
keep: [slow, count, both, all]
export: {jsonl: results.jsonl}
"""


class Interrupt(RunTest):
    def setUp(self):
        super().setUp()
        self.names = make_photos(self.at("photos"), 60)
        self.write("g.yaml", GRAPH)

    def started(self, *words):
        process = start("g.yaml", *words, cwd=self.place)
        self.addCleanup(process.kill)
        wait_for(lambda: len(lines(self.at("marks.txt"))) > 4 or process.poll() is not None, "the first calls")
        return process

    def reference(self):
        self.expect(0, "g.yaml", "-o", "whole", "--set", "mark.params.file=", "--set", "mark.params.sleep_us=0")
        return canonical(self.at("whole"))

    def drained(self, number):
        process = self.started()
        process.send_signal(number)
        done = finish(process, 30)
        self.assertEqual(done.rc, 75, done)
        self.assertEqual(done.err, "\nstopping: items in flight are finished first; once more stops at once\n"
                                   "flowrun: interrupted; nothing is lost, go on with: flowrun resume run\n")
        r = self.balanced()
        self.assertEqual(r["exit_code"], 75)
        self.assertEqual(r["cancelled"], 0)  # what was in flight was finished
        self.assertLess(r["done"], 60)
        with copied_database(self.at("run")) as db:
            self.assertEqual(len(committed_keys(db)), r["done"])
        self.assertFalse(os.path.exists(self.at("run/results.jsonl")))
        before = lines(self.at("marks.txt"))
        self.assertEqual(len(before), r["done"])
        self.expect(0, *re.search("flowrun (resume .*)", done.err).group(1).split())
        again = self.balanced()
        self.assertEqual((again["read"], again["replayed"]), (60 - r["done"], r["done"]))
        # `mark` is read by a serial stage and runs again with it; `slow` is not.
        self.assertEqual(len(lines(self.at("marks.txt"))), 60 + r["done"])
        self.assertEqual(sorted(lines(self.at("slow.txt"))), self.names)
        self.assertEqual(lines(self.at("gather.txt")), ["gather"])
        self.assertEqual(canonical(self.at("run")), self.reference())
        self.assertEqual(unfinished(self.at("run")), [])

    def test_once(self):
        self.drained(signal.SIGINT)

    def test_terminated(self):
        self.drained(signal.SIGTERM)

    def test_the_command_can_be_copied(self):
        """What is printed to go on with, given to a shell as it is."""
        process = self.started("-o", "it's mine/run")
        process.send_signal(signal.SIGINT)
        done = finish(process, 30)
        self.assertEqual(done.rc, 75, done)
        command = re.search("go on with: flowrun (.*)", done.err).group(1)
        self.assertEqual(command, "resume 'it'\\''s mine/run'")
        self.expect(0, *shlex.split(command))
        self.assertEqual(self.balanced("it's mine/run")["failed"], 0)

    def test_twice(self):
        self.write("g.yaml", GRAPH.replace("sleep_us: 30000", "sleep_us: 6000001"))
        process = start("g.yaml", "-j", "2", cwd=self.place)
        self.addCleanup(process.kill)
        wait_for(lambda: len(lines(self.at("marks.txt"))) > 0, "the first call")
        process.send_signal(signal.SIGINT)
        time.sleep(0.4)
        self.assertIsNone(process.poll())
        begin = time.monotonic()
        process.send_signal(signal.SIGINT)
        done = finish(process, 30)
        self.assertLess(time.monotonic() - begin, 3)
        self.assertEqual(done.rc, 130, done)
        self.assertEqual(done.err, "\nstopping: items in flight are finished first; once more stops at once\n"
                                   "\nstopped at once; what was committed is kept\n")
        self.write("run/.x.1.0.flowrun-tmp", "left by a killed run")
        resolved = self.at("run/graph.resolved.yaml")
        with open(resolved, encoding="utf-8") as f:
            told = f.read()
        self.assertIn("6000001", told)
        self.write("run/graph.resolved.yaml", told.replace("6000001", "0"))
        self.expect(0, "resume", "run")
        self.assertEqual(canonical(self.at("run")), self.reference())
        self.assertEqual(unfinished(self.at("run")), [])

    def test_in_the_gather(self):
        self.write("g.yaml", GRAPH.replace("sleep_us: 30000", "sleep_us: 0")
                   .replace("marker: gather.txt", "marker: gather.txt, wait_ms: 1500"))
        process = start("g.yaml", cwd=self.place)
        self.addCleanup(process.kill)
        wait_for(lambda: lines(self.at("gather.txt")), "the gather")
        process.send_signal(signal.SIGINT)
        done = finish(process, 30)
        # The last gather ends; there is nothing left to resume but the exports, and those were written.
        self.assertEqual(done.rc, 0, done)
        self.assertEqual(canonical(self.at("run")), self.reference())

    def test_before_a_gather(self):
        self.write("g.yaml", GRAPH.replace("sleep_us: 30000", "sleep_us: 0").replace(
            "marker: gather.txt}}", """marker: gather.txt, wait_ms: 1500}}
  part:  {use: probe.share, in: slow, params: {marker: shares.txt}}""").replace("all]", "all, part]"))
        process = start("g.yaml", cwd=self.place)
        self.addCleanup(process.kill)
        wait_for(lambda: lines(self.at("gather.txt")), "the gather")
        process.send_signal(signal.SIGINT)
        done = finish(process, 30)
        self.assertEqual(done.rc, 75, done)
        self.assertFalse(os.path.exists(self.at("run/results.jsonl")))
        self.assertEqual(lines(self.at("shares.txt")), [])
        self.expect(0, "resume", "run")
        self.assertEqual((lines(self.at("gather.txt")), lines(self.at("shares.txt"))), (["gather"], ["gather"]))
        self.assertTrue(os.path.exists(self.at("run/results.jsonl")))

    def test_a_second_process(self):
        # Long enough for four more processes to start, also under a sanitizer.
        process = self.started("--set", "mark.params.sleep_us=250000")
        for words in (("g.yaml",), ("resume", "run"), ("g.yaml", "--fresh"), ("gather", "run", "all")):
            second = self.expect(74, *words)
            self.assertRegex(second.err, r"^flowrun: \S*run is in use by process %d on \S+; wait for it, or choose "
                                         r"another run directory with -o\n$" % process.pid)
        # Looking at it is allowed.
        self.assertLessEqual(len(self.expect(0, "export", "run").out.splitlines()), 61)
        self.expect(0, "errors", "run")
        done = finish(process)
        self.assertEqual(done.rc, 0, done)
        self.assertEqual(self.balanced()["done"], 60)
        self.assertEqual(canonical(self.at("run")), self.reference())

    def test_a_dead_holder_holds_nothing(self):
        process = self.started()
        process.kill()
        finish(process)
        self.assertEqual(lines(self.at("run/run.lock"))[0].split()[-1], str(process.pid))
        self.expect(0, "resume", "run")
        self.assertEqual(read_report(self.at("run"))["missing"], 0)
        self.assertEqual(canonical(self.at("run")), self.reference())


if __name__ == "__main__":
    main()
