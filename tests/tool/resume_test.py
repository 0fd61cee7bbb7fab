"""The same command again: exactly what is new, changed or asked for otherwise is run."""
import os
import shutil

from flowrun_runs import RunTest, canonical, flowrun, lines, main, make_photos, png, records, read_report

GRAPH = """flowrun: 1
params: {input: photos, marks: marks.txt}
run: {out: run}
stages:
  media: {use: media.files, params: {path: "${input}"}}
  mark:  {use: probe.mark, in: media, params: {file: "${marks}", fail: bad, skip: dull}}
export: {jsonl: results.jsonl}
"""
GATHERED = """flowrun: 1
params: {input: photos, marks: marks.txt}
run: {out: run}
stages:
  media: {use: media.files, params: {path: "${input}"}}
  mark:  {use: probe.mark, in: media, params: {file: "${marks}"}}
  count: {use: probe.count, in: mark}
  both:  {use: probe.join, in: {mark: mark, count: count}}
  all:   {use: probe.total, in: both, params: {marker: gathers.txt}}
  part:  {use: probe.share, in: mark, params: {marker: shares.txt}}
keep: [mark, count, both, all, part]
export: {jsonl: results.jsonl}
"""


class Resume(RunTest):
    def setUp(self):
        super().setUp()
        self.names = make_photos(self.at("photos"), 12)
        self.write("g.yaml", GRAPH)

    def again(self, *words, rc=0, graph="g.yaml"):
        """The keys that a run calls the probe with."""
        before = len(lines(self.at("marks.txt")))
        self.done = self.expect(rc, graph, *words)
        self.balanced()
        return sorted(lines(self.at("marks.txt"))[before:])

    def numbers(self):
        r = read_report(self.at("run"))
        return tuple(r[k] for k in ("read", "done", "skipped", "failed", "already", "replayed", "missing"))

    def test_nothing_to_do(self):
        self.assertEqual(self.again(), self.names)
        self.assertEqual(self.numbers(), (12, 12, 0, 0, 0, 0, 0))
        before = canonical(self.at("run"))
        self.assertEqual(self.again(), [])
        self.assertEqual(self.numbers(), (0, 0, 0, 0, 12, 0, 0))
        self.assertEqual(self.done.out.splitlines()[:3], [
            "read 0 = done 0 + skipped 0 + failed 0 + cancelled 0",
            "apart: 12 finished already",
            "nothing to do: every item is finished under this graph"])
        self.assertEqual(canonical(self.at("run")), before)

    def test_photos_added(self):
        self.again()
        added = make_photos(self.at("photos"), 3, first=12)
        self.write("photos/a.png", png(value=9))
        self.assertEqual(self.again(), ["a.png", *added])
        self.assertEqual(self.numbers(), (4, 4, 0, 0, 12, 0, 0))
        self.expect(0, "g.yaml", "-o", "other")
        self.assertEqual(canonical(self.at("run")), canonical(self.at("other")))

    def test_photos_changed(self):
        self.again()
        self.write("photos/p003.png", png(value=200))  # same size, another time
        os.utime(self.at("photos/p005.png"), ns=(1, 1))
        status = os.stat(self.at("photos/p007.png"))
        self.write("photos/p007.png", png(60, 60, 7))  # another size, the old time
        os.utime(self.at("photos/p007.png"), ns=(status.st_atime_ns, status.st_mtime_ns))
        self.assertEqual(self.again(), ["p003.png", "p005.png", "p007.png"])
        self.assertEqual(records(self.at("run"))["p003.png"]["values"]["mark"]["sum"], 200 * 4 * 4 * 3)
        self.assertEqual(records(self.at("run"))["p007.png"]["values"]["mark"]["width"], 60)
        self.assertEqual(self.again(), [])

    def test_a_param_changed(self):
        self.again()
        self.assertEqual(self.again("--set", "mark.params.offset=5"), self.names)
        self.assertEqual(records(self.at("run"))["p000.png"]["values"]["mark"]["sum"], 1 * 4 * 4 * 3 + 5)
        # What decides no answer runs nothing again.
        self.assertEqual(self.again("--set", "mark.params.offset=5", "--set", "mark.retries=2", "-j", "1"), [])
        self.assertEqual(self.again("--set", "mark.params.offset=5", "--set", "run.in_flight=3"), [])

    def test_photos_gone_and_back(self):
        self.again()
        whole = canonical(self.at("run"))
        for name in ("p001.png", "p002.png"):
            shutil.move(self.at("photos", name), self.at(name))
        self.assertEqual(self.again(), [])
        self.assertEqual(self.numbers(), (0, 0, 0, 0, 10, 0, 2))
        self.assertIn("apart: 10 finished already, 2 no longer there\n", self.done.out)
        self.assertEqual(sorted(records(self.at("run"))), [n for n in self.names if n not in ("p001.png", "p002.png")])
        self.assertEqual(self.again(), [])  # still gone, still counted
        self.assertEqual(self.numbers(), (0, 0, 0, 0, 10, 0, 2))
        for name in ("p001.png", "p002.png"):
            shutil.move(self.at(name), self.at("photos", name))
        self.assertEqual(self.again(), [])
        self.assertEqual(self.numbers(), (0, 0, 0, 0, 12, 0, 0))
        self.assertEqual(canonical(self.at("run")), whole)

    def test_failed_and_skipped(self):
        for name in ("bad1.png", "bad2.png", "dull.png"):
            self.write("photos/" + name, png(value=3))
        self.assertEqual(len(self.again(rc=3)), 15)
        self.assertEqual(self.numbers(), (15, 12, 1, 2, 0, 0, 0))
        self.assertEqual(self.done.err, "flowrun: 2 of 15 items failed\n")
        self.assertEqual(records(self.at("run"))["bad1.png"], {
            "item": "bad1.png", "source": "media", "stream": None, "seq": 0, "time_ns": 0, "status": "failed",
            "reason": "the probe was told to fail", "error_stage": "mark",
            "values": {}})
        listed = self.expect(0, "errors", "run").out
        self.assertEqual(listed, "bad1.png\tmark\tthe probe was told to fail\n"
                                 "bad2.png\tmark\tthe probe was told to fail\n")
        # A failed item is finished too, until it is asked for.
        self.assertEqual(self.again(), [])
        self.assertEqual(self.again("--retry-failed", rc=3), ["bad1.png", "bad2.png"])
        self.assertEqual(self.numbers(), (2, 0, 0, 2, 13, 0, 0))
        done = self.expect(3, "resume", "run", "--retry-failed")
        self.assertEqual(done.err, "flowrun: 2 of 2 items failed\n")
        self.assertEqual(len(records(self.at("run"))), 15)

    def test_fresh_renames(self):
        self.again()
        self.write("run/notes.txt", "mine")
        self.assertEqual(self.again("--fresh"), self.names)
        with open(self.at("run.1/notes.txt"), encoding="utf-8") as f:
            self.assertEqual(f.read(), "mine")
        self.assertFalse(os.path.exists(self.at("run/notes.txt")))
        self.assertIn("the old run directory is now run.1", self.done.out)
        self.assertEqual(canonical(self.at("run.1")), canonical(self.at("run")))
        self.again("--fresh")
        self.assertTrue(os.path.isdir(self.at("run.2")))

    def test_resume_elsewhere(self):
        self.again()
        make_photos(self.at("photos"), 2, first=12)
        os.remove(self.at("g.yaml"))  # the run directory knows its graph
        done = flowrun("resume", self.at("run"), cwd="/")
        self.assertEqual(done.rc, 0, done)
        self.assertEqual(self.numbers(), (2, 2, 0, 0, 12, 0, 0))
        done = flowrun("resume", "run", cwd=self.place)
        self.assertEqual(done.rc, 0, done)
        self.assertEqual(self.numbers(), (0, 0, 0, 0, 14, 0, 0))

    def test_serial_stages_are_replayed(self):
        self.write("g.yaml", GATHERED)
        self.again()
        for name in ("gathers.txt", "shares.txt"):
            self.assertEqual(lines(self.at(name)), ["gather"])
        self.write("photos/p0005.png", png(value=77))  # between p000 and p001
        self.assertEqual(self.again(), sorted([*self.names, "p0005.png"]))
        self.assertEqual(self.numbers(), (1, 1, 0, 0, 0, 12, 0))
        self.assertIn("apart: 12 replayed for a serial stage\n", self.done.out)
        self.assertEqual(lines(self.at("gathers.txt")), ["gather"] * 2)
        # Nothing new: nothing is replayed either, and the gathers' tables are as they were.
        self.assertEqual(self.again(), [])
        self.assertEqual(self.numbers(), (0, 0, 0, 0, 13, 0, 0))
        self.assertEqual(lines(self.at("gathers.txt")), ["gather"] * 2)
        self.assertIn("gather all: its tables are as they were, nothing to do\n", self.done.out)

    def test_a_gather_alone(self):
        self.write("g.yaml", GATHERED)
        self.again()
        before = len(lines(self.at("marks.txt")))
        value = 48 * sum(range(1, 13))
        self.assertIn('"sum":%d' % value, canonical(self.at("run")))
        done = self.expect(0, "gather", "run", "all", "--set", "factor=2")
        self.assertIn('"sum":%d' % (2 * value), canonical(self.at("run")))
        self.assertEqual(lines(self.at("gathers.txt")), ["gather"] * 2)
        self.assertEqual(lines(self.at("shares.txt")), ["gather"])
        self.assertEqual(len(lines(self.at("marks.txt"))), before)
        self.assertIn("gather all: 12 rows in ", done.out)
        # From here on the run directory's graph has the new value.
        self.expect(0, "resume", "run")
        self.assertEqual(lines(self.at("gathers.txt")), ["gather"] * 2)
        with open(self.at("run/results.jsonl"), encoding="utf-8") as f:
            self.assertIn('"sum":%d' % (2 * value), f.read())
        # Asked for by name, it runs also where nothing changed: files it makes may be gone. The others do not.
        done = self.expect(0, "gather", "run", "all")
        self.assertEqual(lines(self.at("gathers.txt")), ["gather"] * 3)
        self.assertEqual(lines(self.at("shares.txt")), ["gather"])
        self.assertIn("gather all: 12 rows in ", done.out)
        self.assertIn("gather part: its tables are as they were, nothing to do\n", done.out)
        self.assertIn('"sum":%d' % (2 * value), canonical(self.at("run")))

    def test_what_gather_refuses(self):
        self.write("g.yaml", GATHERED)
        self.again()
        for words, rc, message in (
                (("mark",), 64, "flowrun: stage 'mark' is a transform; flowrun gather runs gathers\n"),
                (("al",), 64, "flowrun: the run's graph has no stage 'al'; its gathers: all, part. "
                              "Did you mean 'all'?\n")):
            self.assertEqual(self.expect(rc, "gather", "run", *words).err, message)
        self.assertEqual(
            self.expect(65, "gather", "run", "all", "--set", "factr=2").err,
            "--set all.params.factr=2: 'factr' is not a parameter of probe.total; it has: marker (text, default \"\"), "
            "wait_ms (int 0..60000, default 0), fail (bool, default false), factor (number, default 1). "
            "Did you mean 'factor'?\n1 problem; nothing was started.\n")
        self.assertEqual(self.expect(3, "gather", "run", "all", "--set", "fail=true").err,
                         "flowrun: a gather failed; see the notes\n")
        self.assertEqual(read_report(self.at("run"))["notes"][0],
                         "gather all failed: the probe was told to fail")


if __name__ == "__main__":
    main()
