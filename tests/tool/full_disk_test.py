"""A disk of 16 MB that is full at twenty different points: 74 with the cause each time; with more room, resume ends it."""
import os
import shutil
import subprocess
import unittest

from flowrun_runs import RunTest, canonical, main, make_photos, read_report, tree, unfinished

GRAPH = """flowrun: 1
run: {out: disk/run, in_flight: 6}
stages:
  media: {use: media.files, params: {path: photos}}
  mark:  {use: probe.mark, in: media, params: {pad: 40000}}
  count: {use: probe.count, in: mark}
  both:  {use: probe.join, in: {mark: mark, count: count}}
  files: {use: probe.write, in: both, order: keep}
  all:   {use: probe.total, in: both}
keep: [mark, both, all]
export: {jsonl: results.jsonl}
"""
DISK = 16 << 20
POINTS = 20


def why_no_mount():
    if os.geteuid() != 0:
        return "not root: cannot mount a small disk"
    probe = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
    return None if probe.returncode == 0 else "cannot mount a tmpfs: " + probe.stderr.decode().strip()


NO_MOUNT = why_no_mount()


@unittest.skipIf(NO_MOUNT, NO_MOUNT)
class FullDisk(RunTest):
    def setUp(self):
        super().setUp()
        make_photos(self.at("photos"), 40)
        self.write("g.yaml", GRAPH)
        self.disk = self.at("disk")
        os.mkdir(self.disk)
        self.addCleanup(subprocess.run, ["umount", "-l", self.disk], check=False, stderr=subprocess.DEVNULL)

    def mount(self, *options):
        subprocess.run(["mount", "-t", "tmpfs", "-o", ",".join(["size=%d" % DISK, *options]), "none", self.disk],
                       check=True)

    def remount(self, size):
        subprocess.run(["mount", "-o", "remount,size=%d" % size, self.disk], check=True)

    def unmount(self):
        subprocess.run(["umount", self.disk], check=True)

    def used(self):
        v = os.statvfs(self.disk)
        return (v.f_blocks - v.f_bfree) * v.f_frsize

    def leave(self, free):
        """Fills the disk up with a file until only that many bytes are free."""
        with open(os.path.join(self.disk, "other"), "wb") as f:
            f.write(b"\0" * (DISK - free))

    def test_twenty_points(self):
        self.mount()
        self.expect(0, "g.yaml")
        good, files = canonical(self.at("disk/run")), tree(self.at("disk/run/files"))
        needed = self.used()
        self.unmount()
        self.assertLess(needed, DISK)
        began, resumed = 0, 0
        for point in range(POINTS):
            self.mount()
            free = needed * point // POINTS // 4096 * 4096
            self.leave(free)
            done = self.run_it("g.yaml")
            where = "%d bytes free of %d needed: %r" % (free, needed, done)
            self.assertEqual(done.rc, 74, where)
            self.assertEqual(done.err.count("\n"), 1, where)
            self.assertRegex(done.err, r"^flowrun: .*(No space left on device|database or disk is full|disk is full)", where)
            # What to do about it is said.
            self.assertRegex(done.err, r"free |choose another|go on with: flowrun resume disk/run", where)
            self.remount(4 * DISK)
            run = self.at("disk/run")
            known = os.path.exists(os.path.join(run, "manifest.json"))
            resumed += known
            done = self.run_it("resume", "disk/run") if known else self.run_it("g.yaml")
            self.assertEqual(done.rc, 0, "after %s\n%r" % (where, done))
            r = read_report(run)
            began += r["already"] + r["replayed"] > 0
            self.assertEqual(r["failed"], 0, where)
            self.assertEqual(canonical(run), good, where)
            self.assertEqual(tree(os.path.join(run, "files")), files, where)
            self.assertEqual(unfinished(run), [], where)
            self.unmount()
        # The points lie in all parts of a run, not in its first step only.
        self.assertGreaterEqual(resumed, 12)
        self.assertGreaterEqual(began, 6)

    def test_no_more_files(self):
        """Room in bytes, none for another file."""
        self.mount("nr_inodes=30")
        done = self.expect(74, "g.yaml")
        self.assertIn("No space left on device", done.err)
        subprocess.run(["mount", "-o", "remount,nr_inodes=1000", self.disk], check=True)
        self.expect(0, "resume", "disk/run")
        r = read_report(self.at("disk/run"))
        self.assertEqual(r["read"] + r["already"] + r["replayed"], 40)
        self.assertEqual(len(os.listdir(self.at("disk/run/files"))), 40)

    def test_export_to_a_full_disk(self):
        self.expect(0, "g.yaml", "-o", "run")
        self.mount()
        self.leave(8192)
        done = self.expect(74, "export", "run", "-o", "disk/all.jsonl")
        self.assertEqual(done.err, "flowrun: disk/all.jsonl: write: No space left on device; free some space there, or "
                                   "choose another place\n")
        self.assertEqual(os.listdir(self.disk), ["other"])

    def test_read_only_disk(self):
        self.mount()
        self.expect(0, "g.yaml")
        subprocess.run(["mount", "-o", "remount,ro", self.disk], check=True)
        done = self.expect(74, "g.yaml")
        self.assertEqual(done.err, "flowrun: disk/run/run.lock: open: Read-only file system; make the run directory "
                                   "writable for you, or choose another with -o\n")
        self.assertEqual(len(self.expect(0, "export", "disk/run", "--canonical").out.splitlines()), 41)


if __name__ == "__main__":
    main()
