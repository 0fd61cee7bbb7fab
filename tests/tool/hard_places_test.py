"""Run directories that are no place to work in, files and folders that may not be read, a source that vanishes."""
import os
import shutil
import subprocess
import unittest

from flowrun_runs import (HERE, RunTest, TOOL, canonical, environment, finish, flowrun, lines, main, make_photos, records,
                          start, wait_for)

GRAPH = """flowrun: 1
params: {input: photos}
run: {out: run}
stages:
  media: {use: media.files, params: {path: "${input}", recursive: true}}
  mark:  {use: probe.mark, in: media, params: {file: %s, sleep_us: %d}}
export: {jsonl: results.jsonl}
"""
NOBODY = ["setpriv", "--reuid=65534", "--clear-groups", "--"]


def why_not_nobody():
    if os.geteuid() != 0:
        return "not root: cannot become somebody without rights"
    if not shutil.which("setpriv"):
        return "setpriv is missing (Debian's util-linux)"
    # Somebody else must reach the tool: a build below /root, say, cannot be.
    done = subprocess.run([*NOBODY, TOOL, "--version"], capture_output=True, check=False)
    return None if done.returncode == 0 else "another user cannot run %s: %s" % (TOOL, done.stderr.decode().strip())


NO_NOBODY = why_not_nobody()


class HardPlaces(RunTest):
    def setUp(self):
        super().setUp()
        os.chmod(self.place, 0o755)
        self.write("g.yaml", GRAPH % ('""', 0))

    def test_foreign_folder(self):
        make_photos(self.at("photos"), 2)
        self.write("mine/letter.txt", "dear")
        self.write("mine/album.txt", "photos")
        for words in (("g.yaml", "-o", "mine"), ("g.yaml", "-o", "mine/")):
            self.assertEqual(self.expect(64, *words).err, "flowrun: %s is not a run directory: it holds 'album.txt' but no "
                             "run.db; choose another -o or empty it\n" % words[2])
        self.assertEqual(sorted(os.listdir(self.at("mine"))), ["album.txt", "letter.txt"])
        # The photos themselves are the likeliest slip.
        self.assertEqual(self.expect(64, "g.yaml", "-o", "photos").err, "flowrun: photos is not a run directory: it holds "
                         "'p000.png' but no run.db; choose another -o or empty it\n")
        self.assertEqual(self.expect(74, "g.yaml", "-o", "g.yaml").err,
                         "flowrun: g.yaml cannot be used as run directory: Not a directory; choose another with -o\n")
        for command in ("resume", "export", "errors", "report"):
            done = self.expect(64, command, "mine")
            self.assertEqual(done.err.count("\n"), 1, done)
            self.assertIn("mine", done.err)
        self.assertEqual(self.expect(64, "resume", "mine").err, "flowrun: mine is not a run directory: it has no "
                         "manifest.json and graph.resolved.yaml; name the folder given with -o\n")
        self.assertEqual(sorted(os.listdir(self.at("mine"))), ["album.txt", "letter.txt"])

    def test_fresh_renames_no_foreign_folder(self):
        make_photos(self.at("photos"), 2)
        done = self.expect(64, "g.yaml", "-o", "photos", "--fresh")
        self.assertIn("photos is not a run directory: it holds 'p000.png' but no run.db", done.err)
        self.assertFalse(os.path.exists(self.at("photos.1")))
        self.assertEqual(len(os.listdir(self.at("photos"))), 2)

    def test_foreign_database(self):
        make_photos(self.at("photos"), 2)
        self.write("mine/run.db", "this is no database, it is somebody's notes\n" * 100)
        done = self.expect(74, "g.yaml", "-o", "mine")
        self.assertIn("mine/run.db", done.err)
        with open(self.at("mine/run.db"), encoding="utf-8") as f:
            self.assertTrue(f.read().startswith("this is no database"))

    def test_own_run_directory_is_no_source(self):
        make_photos(self.at("photos"), 2)
        self.write("g.yaml", GRAPH % ('""', 0) + "")
        self.expect(0, "g.yaml", "-o", "photos/run")
        self.expect(0, "g.yaml", "-o", "photos/run")
        self.assertEqual(sorted(records(self.at("photos/run"))), ["p000.png", "p001.png"])

    @unittest.skipIf(NO_NOBODY, NO_NOBODY)
    def test_unreadable_file(self):
        make_photos(self.at("photos"), 4)
        os.mkdir(self.at("photos/closed"))
        make_photos(self.at("photos/closed"), 1)
        os.chmod(self.at("photos/p001.png"), 0)
        os.chmod(self.at("photos/closed"), 0)
        os.mkdir(self.at("out"))
        os.chmod(self.at("out"), 0o777)
        done = self.expect(3, "g.yaml", "-o", "out/run", prefix=NOBODY)
        self.assertEqual(done.err, "flowrun: 2 of 5 items failed\n")
        self.assertEqual(self.expect(0, "errors", "out/run").out,
                         "closed\tmedia\tcannot be listed: Permission denied\n"
                         "p001.png\tmedia\tcannot be read: Permission denied\n")

    @unittest.skipIf(NO_NOBODY, NO_NOBODY)
    def test_unreadable_root(self):
        make_photos(self.at("photos"), 1)
        os.chmod(self.at("photos"), 0)
        os.mkdir(self.at("out"))
        os.chmod(self.at("out"), 0o777)
        done = self.expect(64, "g.yaml", "-o", "out/run", prefix=NOBODY)
        self.assertEqual(done.err, "flowrun: stage 'media': the path 'photos' cannot be read: Permission denied; give a "
                                   "folder that may be listed\n")

    @unittest.skipIf(NO_NOBODY, NO_NOBODY)
    def test_read_only_run_directory(self):
        make_photos(self.at("photos"), 2)
        os.mkdir(self.at("run"))
        done = self.expect(74, "g.yaml", prefix=NOBODY)
        self.assertEqual(done.err, "flowrun: run/run.lock: open: Permission denied; make the run directory writable for "
                                   "you, or choose another with -o\n")
        done = self.expect(74, "g.yaml", "-o", "new/run", prefix=NOBODY)
        self.assertEqual(done.err, "flowrun: new/run cannot be used as run directory: Permission denied; choose another "
                                   "with -o\n")
        self.expect(0, "g.yaml")
        before = canonical(self.at("run"))
        done = self.expect(74, "g.yaml", prefix=NOBODY)
        self.assertEqual(done.err, "flowrun: run/run.lock: open: Permission denied; make the run directory writable for "
                                   "you, or choose another with -o\n")
        # To look at it needs no right to write.
        self.assertEqual(self.expect(0, "export", "run", "--canonical", prefix=NOBODY).out, before)
        self.expect(0, "errors", "run", prefix=NOBODY)
        self.expect(0, "report", "run", prefix=NOBODY)
        done = self.expect(74, "export", "run", "-o", "mine.jsonl", prefix=NOBODY)
        self.assertEqual(done.err, "flowrun: mine.jsonl: create: Permission denied; its folder must be writable for you\n")

    def test_source_vanishes(self):
        make_photos(self.at("photos"), 60)
        self.write("g.yaml", GRAPH % ("marks.txt", 20000))
        process = start("g.yaml", "--set", "run.in_flight=4", cwd=self.place)
        self.addCleanup(process.kill)
        wait_for(lambda: len(lines(self.at("marks.txt"))) > 5, "the first calls")
        os.rename(self.at("photos"), self.at("away"))
        done = finish(process, 30)
        self.assertEqual(done.rc, 74, done)
        self.assertRegex(done.err, r"^flowrun: stage 'media', item 'p\d+\.png': the folder 'photos' is gone: No such file "
                         r"or directory; put that right, then go on with: flowrun resume "
                         r"run\n$")
        r = self.balanced()
        self.assertEqual(r["failed"], 0)  # the items are not at fault
        self.assertGreater(r["cancelled"], 0)
        self.assertFalse(os.path.exists(self.at("run/results.jsonl")))
        self.assertEqual(self.expect(64, "resume", "run").err.count("does not exist"), 1)
        os.rename(self.at("away"), self.at("photos"))
        self.expect(0, "resume", "run")
        self.assertEqual(self.balanced()["read"], 60 - r["done"])
        self.assertEqual(len(records(self.at("run"))), 60)

    def test_one_file_vanishes(self):
        make_photos(self.at("photos"), 40)
        self.write("g.yaml", GRAPH % ("marks.txt", 20000))
        process = start("g.yaml", "--set", "run.in_flight=2", cwd=self.place)
        self.addCleanup(process.kill)
        wait_for(lambda: lines(self.at("marks.txt")), "the first call")
        os.remove(self.at("photos/p039.png"))
        done = finish(process, 30)
        self.assertEqual((done.rc, done.err), (3, "flowrun: 1 of 40 items failed\n"), done)
        self.assertEqual(self.expect(0, "errors", "run").out,
                         "p039.png\tmedia\tis gone: it was there when the folder was listed\n")
        # It is no longer listed then: neither failed nor there.
        self.expect(0, "g.yaml")
        self.assertEqual((self.balanced()["missing"], len(records(self.at("run")))), (1, 39))


if __name__ == "__main__":
    main()
