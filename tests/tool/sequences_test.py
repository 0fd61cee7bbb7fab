"""Whole runs over media in time: frames, windows, gathers of a stream, sampling; and resume with all of them."""
import json
import os

from clip_runs import ClipTest
from flowrun_runs import flowrun, lines, main, read_report

GRAPH = """flowrun: 1
run: {out: run}
stages:
  clips: {use: clips.read, params: {path: clips, file: read.txt}}
  step:  {use: clips.step, in: clips, params: {file: steps.txt}}
  sum:   {use: clips.sum, in: step, params: {marker: sums.txt}}
keep: [clips, step, sum]
export: {jsonl: results.jsonl}
"""


class SequencesTest(ClipTest):
    def setUp(self):
        super().setUp()
        self.write_graph(GRAPH)

    def run_it(self, *words, expect=0):
        self.done = flowrun("g.yaml", *words, cwd=self.place)
        self.assertEqual(self.done.rc, expect, self.done)
        self.report = read_report(self.at("run"))
        with open(self.at("run/results.jsonl"), encoding="utf-8") as f:
            records = [json.loads(line) for line in f]
        self.items = {r["item"]: r for r in records if "item" in r}
        self.streams = {r["stream"]: r["values"] for r in records if "item" not in r}
        return self.report

    def counted(self, *names):
        return tuple(self.report[n] for n in names)

    def test_frames_windows_and_a_gather_of_each_stream(self):
        self.clip("a.clip", 1, 2, 4, 8)
        self.clip("b.clip", 10, 30)
        self.clip("c.clip")
        self.clip("d.still", 7)
        self.run_it("--set", "run.threads=2")
        self.assertEqual(self.counted("read", "done", "skipped", "failed"), (7, 7, 0, 0))
        self.assertEqual(sorted(self.items), ["a.clip#000000", "a.clip#000001", "a.clip#000002", "a.clip#000003",
                                              "b.clip#000000", "b.clip#000001", "d.still"])
        third = self.items["a.clip#000002"]
        self.assertEqual((third["stream"], third["seq"], third["time_ns"]), ("a.clip", 2, 80000000))
        self.assertEqual(third["values"]["step"], {"from": "a.clip#1", "to": "a.clip#2", "difference": 2})
        # Windows never pair across streams; a still has nothing before it.
        self.assertEqual(self.items["b.clip#000000"]["skipped"], {"step": "first of its stream"})
        self.assertEqual(self.items["d.still"]["skipped"], {"step": "not a sequence"})
        self.assertEqual(self.streams, {
            "a.clip": {"sum": {"steps": 3, "difference": 7, "first": "a.clip#0", "last": "a.clip#3"}},
            "b.clip": {"sum": {"steps": 1, "difference": 20, "first": "b.clip#0", "last": "b.clip#1"}}})

    def test_a_frame_without_a_value_is_nobodys_previous(self):
        self.clip("a.clip", 1, "skip", "fail", 8, 9)
        self.run_it(expect=3)
        self.assertEqual(self.counted("read", "done", "skipped", "failed"), (5, 3, 1, 1))
        self.assertEqual(self.items["a.clip#000003"]["values"]["step"],
                         {"from": "a.clip#0", "to": "a.clip#3", "difference": 7})
        self.assertEqual(self.items["a.clip#000001"]["reason"], "an empty frame")

    def test_retries_do_not_repeat_the_reading_of_a_frame(self):
        self.clip("a.clip", 1, "fail", 3)
        self.run_it("--set", "clips.retries=2", expect=3)
        self.assertEqual(self.counted("read", "failed"), (3, 1))
        self.assertEqual(sorted(lines(self.at("read.txt"))), ["a.clip#0", "a.clip#1", "a.clip#2"])
        self.assertEqual({s["name"]: s["retries"] for s in self.report["stages"]}["clips"], 0)

    def test_a_broken_and_a_closed_clip_are_one_failed_item_each(self):
        self.clip("a.clip", 1, 2, "broken", 4)
        self.clip("b.clip", "closed")
        self.clip("c.clip", 5, 6)
        self.run_it(expect=3)
        self.assertEqual(self.counted("read", "done", "failed"), (6, 4, 2))
        self.assertEqual((self.items["a.clip#000002"]["status"], self.items["a.clip#000002"]["reason"]),
                         ("failed", "the clip is broken here"))
        self.assertEqual((self.items["b.clip"]["status"], self.items["b.clip"]["reason"]),
                         ("failed", "the clip cannot be opened"))
        # Known as failed: not opened again, unless it is asked for.
        self.run_it()
        self.assertEqual(self.counted("read", "already", "already_failed"), (0, 6, 2))
        self.run_it("--retry-failed", expect=3)
        self.assertEqual(self.counted("read", "failed"), (2, 2))

    def test_nothing_to_do_opens_no_clip(self):
        self.clip("a.clip", *range(20))
        self.run_it()
        read = len(lines(self.at("read.txt")))
        self.run_it()
        self.assertEqual(self.counted("read", "already", "context"), (0, 20, 0))
        self.assertEqual(len(lines(self.at("read.txt"))), read)

    def test_a_clip_that_grew_takes_one_frame_of_context(self):
        self.clip("a.clip", 1, 2, 4)
        self.run_it("--max-frames", "2")
        self.assertEqual(self.counted("read", "done"), (2, 2))
        self.run_it()
        self.assertEqual(self.counted("read", "already", "context"), (1, 2, 1))
        self.assertIn("apart: 2 finished already, 1 read again beside the next one for a window\n", self.done.out)
        self.assertEqual(self.items["a.clip#000002"]["values"]["step"],
                         {"from": "a.clip#1", "to": "a.clip#2", "difference": 2})
        self.assertEqual(lines(self.at("steps.txt")), ["a.clip#000001", "a.clip#000002"])

    def test_a_changed_clip_runs_again(self):
        self.clip("a.clip", 1, 2)
        self.clip("b.clip", 5, 6)
        self.run_it()
        self.clip("a.clip", 1, 2, 30)
        self.run_it()
        self.assertEqual(self.counted("read", "already"), (3, 2))
        self.assertEqual(self.streams["a.clip"]["sum"]["difference"], 29)

    def test_behind_another_stage_the_sequence_runs_again_up_to_the_window(self):
        self.write_graph(GRAPH.replace("in: clips, params: {file: steps", "in: even.mark, params: {file: steps").replace(
            "  step:", "  even: {use: clips.pass, in: clips, every: 2}\n  step:"))
        self.clip("a.clip", *range(6))
        self.run_it("--max-frames", "4")
        self.run_it()
        self.assertEqual(self.counted("read", "replayed", "context"), (2, 4, 0))
        self.assertEqual(self.items["a.clip#000004"]["values"]["step"],
                         {"from": "a.clip#2", "to": "a.clip#4", "difference": 2})
        self.assertEqual(self.items["a.clip#000005"]["skipped"]["step"], "sampled out")

    def test_sampling_gives_exactly_the_frames_it_promises(self):
        self.clip("a.clip", *range(20))
        self.clip("b.clip", *range(20))
        self.run_it("--every-nth", "3", "--max-frames", "4", "--set", "step.every=2")
        frames = ["%s.clip#%06d" % (c, i) for c in "ab" for i in (0, 3, 6, 9)]
        self.assertEqual(sorted(self.items), frames)
        # `every` thins what a window answers, not what it compares.
        self.assertEqual({k: r["values"]["step"]["from"] for k, r in self.items.items() if "step" in r["values"]},
                         {"a.clip#000006": "a.clip#3", "b.clip#000006": "b.clip#3"})
        self.run_it("--every-nth", "3", "--set", "step.every=2")
        self.assertEqual(self.counted("read", "already"), (6, 8))
        self.assertEqual(len(self.items), 14)
        self.run_it("--max-items", "9")
        # Media one after another: always the same items, whatever was there before.
        self.assertEqual(sorted(self.items), ["a.clip#%06d" % i for i in range(9)])

    def test_another_spacing_makes_other_pairs(self):
        """Frame 6 is the same, but before it stood 4, and now 3."""
        self.clip("a.clip", *range(10))
        self.run_it("--every-nth", "2")
        self.run_it("--every-nth", "3")
        self.assertEqual(self.items["a.clip#000006"]["values"]["step"]["from"], "a.clip#3")

    def test_a_clip_that_breaks_where_it_was_read_before(self):
        """The failure is told, and the clip does not pass for one that ends there."""
        self.clip("a.clip", *range(6))
        self.run_it("--max-frames", "4")
        stamp = os.stat(self.at("clips/a.clip"))
        with open(self.at("clips/a.clip"), "r+", encoding="utf-8") as f:
            f.write("0\n1\nbroken\n")
        os.truncate(self.at("clips/a.clip"), stamp.st_size)
        os.utime(self.at("clips/a.clip"), ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        self.run_it(expect=3)
        self.assertEqual(self.counted("read", "failed"), (1, 1))
        self.assertEqual(self.items["a.clip#000002"]["reason"], "the clip is broken here")

    def test_a_limit_opens_no_clip_behind_it(self):
        for c in "abcd":
            self.clip(c + ".clip", *range(5))
        self.run_it()
        self.run_it("--max-items", "8")
        self.assertEqual(sorted(self.items), ["%s.clip#%06d" % (c, i) for c in "ab" for i in range(5)][:8])
        read = len(lines(self.at("read.txt")))
        self.run_it("--max-items", "12", "--fresh")
        self.assertEqual({k[0] for k in self.items}, {"a", "b", "c"})
        self.assertEqual(len(lines(self.at("read.txt"))) - read, 12)

    def test_max_items_is_the_same_in_one_run_and_in_two(self):
        for c in "abc":
            self.clip(c + ".clip", *range(5))
        self.clip("b.still", 1)
        self.run_it("--max-items", "3")
        self.run_it("--max-items", "8")
        two = sorted(self.items)
        self.run_it("--max-items", "8", "--fresh")
        self.assertEqual(sorted(self.items), two)
        self.assertEqual(len(two), 8)

    def test_no_source_has_frames(self):
        done = flowrun("g.yaml", "--set", "sources.params.max_frame=3", cwd=self.place)
        self.assertEqual((done.rc, done.err), (65, (
            "--set sources.params.max_frame=3: no source of this graph has the parameter 'max_frame'; leave it out, or set "
            "a parameter that `flowrun plugins inspect` shows\n1 problem; nothing was started.\n")), done)

    def test_frames_that_tell_their_size_where_their_medium_does_not(self):
        """Once took the growth of a value to be infinite, and let one item in at a time."""
        self.clip("a.clip", *range(200))
        self.clip("b.clip", *range(200))
        self.run_it("--set", "step.params.sleep_us=300", "-j", "2", "--set", "run.in_flight=16")
        self.assertNotIn("memory", self.report["limit"])

    def test_many_clips_in_few_places(self):
        for c in range(12):
            self.clip("%02d.clip" % c, *range(c * 3))
        for threads, places, lanes in ((1, 1, 1), (4, 2, 8), (2, 64, 2)):
            self.run_it("--fresh", "-j", str(threads), "--set", "run.in_flight=%d" % places, "--set",
                        "clips.lanes=%d" % lanes)
            self.assertEqual(self.counted("read", "done"), (198, 198))
            self.assertLessEqual(self.report["peak_in_flight"], places)
            self.assertEqual(sum(s["sum"]["steps"] for s in self.streams.values()), 198 - 11)


if __name__ == "__main__":
    main()
