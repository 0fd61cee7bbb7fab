"""Runs that are killed with kill -9 at a chosen point, gone on with, and held against an undisturbed run."""
import os
import re
import shutil
import sqlite3
import subprocess
import time

from flowrun_runs import (RunTest, canonical, committed_keys, copied_database, finish, lines, make_photos, read_report,
                          start, text, tree, unfinished, wait_for)

ITEMS = 240


def watch_writes(run):
    """From here on the database itself writes down every row that is written, changed or removed."""
    db = sqlite3.connect(os.path.join(run, "run.db"))
    with db:
        # A gather's rows are replaced as a whole: they are looked at by their number only.
        tables = [r[0] for r in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND (name = 'items' OR "
                                           "name IN (SELECT 'answers_' || id FROM outcomes WHERE gathered = 0))")]
        db.execute("CREATE TABLE watched(what TEXT, tab TEXT, item INTEGER)")
        for t in tables:
            item = "id" if t == "items" else "item"
            for what, row in (("INSERT", "new"), ("UPDATE", "new"), ("DELETE", "old")):
                db.execute("CREATE TRIGGER watch_%s_%s AFTER %s ON %s BEGIN INSERT INTO watched VALUES('%s', '%s', %s.%s); "
                           "END" % (t, what, what, t, what, t, row, item))
    db.close()


def all_rows(db):
    """Every committed item and answer: rows of items and of the tables of answers that items write."""
    if not db.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'outcomes'").fetchone()[0]:
        return {}
    found = {("items", r[0]): r for r in db.execute("SELECT * FROM items")}
    for (outcome,) in db.execute("SELECT id FROM outcomes WHERE gathered = 0").fetchall():
        for r in db.execute("SELECT * FROM answers_%d" % outcome):
            found[("answers_%d" % outcome, r[0])] = r
    return found


class KilledRuns(RunTest):
    """For a graph with a serial stage. What its stages write: marks.txt, which is before the serial stage; counts.txt, the
    serial stage; plain.txt, beside it; order.txt and files/, an ordered sink behind it; gather.txt, its gather. One item
    fails, two of its sink's are skipped."""
    GRAPH = ""
    FOLDERS = ()  # words of the first command line that a resume does without

    def setUp(self):
        super().setUp()
        self.killed, self.after_commit = 0, 0
        self.make_inputs()
        self.begin("whole")
        seconds = []
        for _ in range(2):  # the first one warms the caches
            shutil.rmtree(self.at("whole"))
            self.begin("whole")
            process = self.start_it()
            began = time.monotonic()
            first = wait_for(lambda: self.rows_there() and time.monotonic(), "the first commit")
            done = finish(process)
            seconds.append((first - began, time.monotonic() - first))
            self.assertEqual(done.rc, 3, done)
        self.first_commit, self.rest = seconds[-1]
        self.rest = max(0.5, self.rest - 0.4)  # gather and exports have kills of their own
        print("undisturbed: first commit after %.2f s, items %.2f s more" % (self.first_commit, self.rest), flush=True)
        self.whole = self.at("whole")
        self.good = canonical(self.at("whole/run"))
        self.assertEqual(len(self.good.splitlines()), ITEMS + 1)
        self.files = tree(self.at("whole/run/files"))
        self.assertEqual(len(self.files), ITEMS - 3)
        self.assertEqual(lines(self.at("whole/order.txt")), sorted(lines(self.at("whole/order.txt"))))

    def make_inputs(self):
        make_photos(self.at("photos"), ITEMS)

    def begin(self, name):
        self.here = self.at(name)
        os.mkdir(self.here)
        with open(os.path.join(self.here, "g.yaml"), "w", encoding="utf-8") as f:
            f.write(self.GRAPH)

    def start_it(self, *words):
        return start(*(words or ("g.yaml", *self.FOLDERS)), cwd=self.here)

    def rows_there(self):
        file = os.path.join(self.here, "run/run.db")
        if not os.path.exists(file):
            return False
        try:
            db = sqlite3.connect("file:%s?mode=ro" % file, uri=True, timeout=5)
            try:
                return db.execute("SELECT count(*) FROM items").fetchone()[0] > 0
            finally:
                db.close()
        except sqlite3.Error:  # its tables are being made
            return False

    def kill(self, process):
        """False: it had ended before."""
        alive = process.poll() is None
        process.kill()
        finish(process)
        return alive and process.returncode == -9

    def probe(self, name):
        return lines(os.path.join(self.here, name))

    def go_on_and_compare(self, title):
        """After a kill: resume, and hold everything against the undisturbed run."""
        run = os.path.join(self.here, "run")
        before = {name: self.probe(name) for name in ("plain.txt", "marks.txt", "counts.txt", "order.txt")}
        with copied_database(run) as db:
            self.assertEqual(db.execute("PRAGMA integrity_check").fetchone(), ("ok",))
            committed, rows = set(committed_keys(db)), all_rows(db)
        if rows:
            watch_writes(run)
        # Nothing to resume yet, where it was killed before it had written what a resume needs.
        resumable = os.path.exists(os.path.join(run, "manifest.json"))
        done = finish(self.start_it(*(("resume", "run") if resumable else ())))
        report = read_report(run)
        left = ITEMS - len(committed)
        self.assertEqual(done.rc, 3 if report["failed"] else 0, "%s\n%r" % (title, done))
        self.assertEqual(report["read"], left, title)
        self.assertEqual(report["read"], report["done"] + report["skipped"] + report["failed"] + report["cancelled"])
        replayed = report["replayed"]
        self.assertEqual((replayed, report["already"]), (len(committed), 0) if left else (0, ITEMS), title)

        again = {name: self.probe(name)[len(keys):] for name, keys in before.items()}
        for name, keys in again.items():
            self.assertEqual(len(keys), len(set(keys)), "%s: %s: a key twice in one run" % (title, name))
        # Beside the serial stage and after it: no committed key again. Before it: exactly the replayed ones.
        for name in ("plain.txt", "order.txt"):
            self.assertEqual(committed & set(again[name]), set(), "%s: %s" % (title, name))
        self.assertEqual(len(committed & set(again["marks.txt"])), replayed, title)
        self.assertEqual(len(again["marks.txt"]), left + replayed, title)

        self.assertEqual(canonical(run), self.good, title)
        self.assertEqual(tree(os.path.join(run, "files")), self.files, title)
        self.assertEqual(unfinished(self.here), [], title)
        db = sqlite3.connect(os.path.join(run, "run.db"))
        try:
            self.assertEqual(db.execute("PRAGMA integrity_check").fetchone(), ("ok",))
            now = all_rows(db)
            for place, row in rows.items():
                self.assertEqual(now.get(place), row, "%s: a committed row is another one now" % title)
            if rows:
                seen = db.execute("SELECT what, tab, item FROM watched").fetchall()
                self.assertEqual({w for w, _, _ in seen} - {"INSERT"}, set(), title)
                self.assertEqual(len(seen), len({(t, i) for _, t, i in seen}), title)
                self.assertEqual({(t, i) for _, t, i in seen} & set(rows), set(), title)
                self.assertEqual(set(now) - set(rows), {(t, i) for _, t, i in seen}, title)
        finally:
            db.close()
        done = finish(self.start_it("resume", "run"))
        self.assertEqual(done.rc, 0, done)
        self.assertEqual(read_report(run)["already"], ITEMS, title)
        self.killed += 1
        self.after_commit += bool(committed)
        print("%s: %d committed, %d left, %d replayed" % (title, len(committed), left, replayed), flush=True)
        shutil.rmtree(self.here)

    def killed_while_running(self, title, after, from_commit):
        for attempt in range(4):
            self.begin("killed")
            process = self.start_it()
            if from_commit:
                wait_for(lambda: self.rows_there() or process.poll() is not None, "the first commit")
            time.sleep(after * 0.8 ** attempt)
            if self.kill(process):
                return self.go_on_and_compare(title)
            shutil.rmtree(self.here)
        self.fail(title + ": every run ended before it was killed")

    def killed_in_gather(self, title):
        self.begin("killed")
        process = self.start_it()
        wait_for(lambda: self.probe("gather.txt"), "the gather")
        self.assertTrue(self.kill(process))
        self.go_on_and_compare(title)

    def killed_in_own_export(self, title):
        """The run's own export: met by the unfinished file, which is there until the last record is written."""
        for _ in range(8):
            self.begin("killed")
            process = self.start_it()
            wait_for(lambda: self.probe("gather.txt"), "the gather")
            run, there = os.path.join(self.here, "run"), []
            while not there and process.poll() is None:
                there = [n for n in os.listdir(run) if re.match(r"\.results\.jsonl\..*\.flowrun-tmp$", n)]
            if self.kill(process) and unfinished(run):
                self.assertFalse(os.path.exists(os.path.join(run, "results.jsonl")))
                return self.go_on_and_compare(title)
            shutil.rmtree(self.here)
        self.fail(title + ": not met in its export")

    def killed_in_export_command(self, title):
        """`flowrun export`: it waits for its reader, who has taken a part."""
        self.begin("killed")
        self.assertEqual(finish(self.start_it()).rc, 3)
        process = start("export", "run", "--canonical", cwd=self.here, stderr=subprocess.DEVNULL)
        part = process.stdout.read(100_000)
        self.assertTrue(self.good.startswith(text(part)))
        self.assertTrue(self.kill(process))
        self.go_on_and_compare(title)

    def killed_everywhere(self, while_running, in_gather):
        self.killed_while_running("start 1", self.first_commit * 0.1, False)
        for i in range(while_running):
            fraction = i / while_running
            self.killed_while_running("items %2.0f %%" % (100 * fraction), self.rest * fraction, True)
        for i in range(in_gather):
            self.killed_in_gather("gather %d" % (i + 1))
        self.killed_in_own_export("export of the run")
        self.killed_in_export_command("flowrun export")
        self.assertEqual(self.killed, while_running + in_gather + 3)
        self.assertGreaterEqual(self.after_commit, while_running)

    def killed_again_and_again(self):
        """One run, killed as soon as each resume has committed something."""
        self.begin("killed")
        process = self.start_it()
        wait_for(self.rows_there, "the first commit")
        kills = 0
        while self.kill(process):
            kills += 1
            with copied_database(os.path.join(self.here, "run")) as db:
                had = len(committed_keys(db))
            if kills == 6:
                break
            process = self.start_it("resume", "run")
            time.sleep(self.first_commit + self.rest * had / ITEMS + 0.15)
        self.assertGreaterEqual(kills, 2)
        self.go_on_and_compare("%d kills in a row" % kills)
