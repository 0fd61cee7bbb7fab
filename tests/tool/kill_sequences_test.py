"""kill -9 in runs over clips: windows with a cache, a gather of each stream, a serial stage; nothing is lost, nothing
written twice."""
import os
import shutil
import sqlite3
import time

from clip_runs import ClipTest
from flowrun_runs import (canonical, committed_keys, copied_database, environment, finish, lines, main,
                          read_report, start, unfinished, wait_for)
from killed_runs import all_rows, watch_writes

CLIPS, FRAMES = 6, 40
ITEMS = CLIPS * FRAMES + 1  # and a still

WINDOWS = """flowrun: 1
run: {out: run, in_flight: 12, threads: 2}
stages:
  clips: {use: clips.read, params: {path: ../clips, sleep_us: 4000}}
  step:  {use: clips.step, in: clips, cache: true, params: {file: steps.txt}}
  sum:   {use: clips.sum, in: step, params: {marker: sums.txt}}
keep: [clips, step, sum]
export: {jsonl: results.jsonl}
"""
# The window reads from another stage, and a serial stage stands beside it: sequences run again from their beginning.
SERIAL = WINDOWS.replace("  step:  {use: clips.step, in: clips,", """  even:  {use: clips.pass, in: clips, every: 2}
  count: {use: probe.count, in: clips, params: {file: counts.txt}}
  step:  {use: clips.step, in: even,""").replace("keep: [clips,", "keep: [clips, count,")


class KillSequences(ClipTest):
    def setUp(self):
        super().setUp()
        for c in range(CLIPS):
            # One frame without a value in each.
            self.clip("%d.clip" % c, *("skip" if i == 7 + c else i * i + c for i in range(FRAMES)))
        self.clip("a.still", 5)

    def begin(self, name, graph):
        self.here = self.at(name)
        self.write_graph(graph, name)
        self.env = environment(XDG_CACHE_HOME=os.path.join(self.here, "cache"))

    def committed(self):
        file = os.path.join(self.here, "run/run.db")
        if not os.path.exists(file):
            return 0
        try:
            db = sqlite3.connect("file:%s?mode=ro" % file, uri=True, timeout=5)
            try:
                return db.execute("SELECT count(*) FROM items").fetchone()[0]
            finally:
                db.close()
        except sqlite3.Error:  # its tables are being made
            return 0

    def kill_after(self, items, graph, seconds=0):
        """A run that was killed when it had committed so many items, or a few more, and then some time after."""
        self.begin("killed", graph)
        process = start("g.yaml", cwd=self.here, env=self.env)
        wait_for(lambda: self.committed() >= items or process.poll() is not None, "%d items" % items)
        time.sleep(seconds)
        process.kill()
        finish(process)
        self.assertEqual(process.returncode, -9, "ended before it was killed")

    def go_on(self, title, replays):
        run = os.path.join(self.here, "run")
        steps = lines(os.path.join(self.here, "steps.txt"))
        with copied_database(run) as db:
            self.assertEqual(db.execute("PRAGMA integrity_check").fetchone(), ("ok",))
            before, rows = set(committed_keys(db)), all_rows(db)
        watch_writes(run)
        resumable = os.path.exists(os.path.join(run, "manifest.json"))
        done = finish(start(*(("resume", "run") if resumable else ("g.yaml",)), cwd=self.here, env=self.env))
        report = read_report(run)
        self.assertEqual(done.rc, 0, "%s\n%r" % (title, done))
        self.assertEqual((report["read"], report["cancelled"]), (ITEMS - len(before), 0), title)
        if replays:
            self.assertEqual(report["context"], 0, title)
        else:
            self.assertEqual(report["replayed"], 0, title)
            self.assertLessEqual(report["context"], CLIPS, title)
        # The window's own code sees no committed frame again.
        again = lines(os.path.join(self.here, "steps.txt"))[len(steps):]
        self.assertEqual((len(again), set(again) & before), (len(set(again)), set()), title)
        self.assertEqual(canonical(run), self.good, title)
        self.assertEqual(unfinished(self.here), [], title)
        db = sqlite3.connect(os.path.join(run, "run.db"))
        try:
            now = all_rows(db)
            seen = db.execute("SELECT what, tab, item FROM watched").fetchall()
            self.assertEqual({w for w, _, _ in seen} - {"INSERT"}, set(), title)
            self.assertEqual(len(seen), len({(t, i) for _, t, i in seen}), title)
            self.assertEqual(set(now) - set(rows), {(t, i) for _, t, i in seen}, title)
            self.assertTrue(all(now.get(place) == row for place, row in rows.items()), title)
        finally:
            db.close()
        print("%s: %d committed, context %d, replayed %d" % (title, len(before), report["context"], report["replayed"]),
              flush=True)
        done = finish(start("resume", "run", cwd=self.here, env=self.env))
        self.assertEqual((done.rc, read_report(run)["already"]), (0, ITEMS), done)
        shutil.rmtree(self.here)

    def kill_everywhere(self, graph, replays):
        self.begin("whole", graph)
        self.assertEqual(finish(start("g.yaml", cwd=self.here, env=self.env)).rc, 0)
        self.good = canonical(os.path.join(self.here, "run"))
        self.assertEqual(len(self.good.splitlines()), ITEMS + CLIPS)
        for i in range(10):
            self.kill_after(1 + i * (ITEMS - 90) // 10, graph, i % 5 * 0.02)
            self.go_on("kill %d" % (i + 1), replays)
        # One run, killed whenever it has gone on a little.
        self.kill_after(1, graph)
        for _ in range(4):
            had = self.committed()
            process = start("resume", "run", cwd=self.here, env=self.env)
            wait_for(lambda: self.committed() > had or process.poll() is not None, "one more item")
            time.sleep(0.02)
            process.kill()
            finish(process)
        self.go_on("5 kills in a row", replays)

    def test_windows_and_a_gather_of_each_stream(self):
        self.kill_everywhere(WINDOWS, replays=False)

    def test_with_a_serial_stage(self):
        self.kill_everywhere(SERIAL, replays=True)


if __name__ == "__main__":
    main()
