"""What the tests of whole runs share: the tool as a process, pictures made here, run directories read from outside."""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import zlib

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = pathlib.Path(os.environ.get("FLOWRUN_SOURCE", HERE.parent.parent))
BUILD = pathlib.Path(os.environ.get("FLOWRUN_BUILD", SOURCE / "build/release"))
TOOL = os.environ.get("FLOWRUN_TOOL", str(BUILD / "bin/flowrun"))
DESCRIBE = os.environ.get("FLOWRUN_DESCRIBE", str(BUILD / "bin/flowrun-describe"))
PROBES = BUILD / "test_plugins"
STAMPED = BUILD / "test_stamped"


def png(width=4, height=4, value=0, claim=None):
    """A grey picture of one value as PNG; `claim`: the (width, height) its header tells instead."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    w, h = claim or (width, height)
    rows = (b"\0" + bytes([value]) * width) * height
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def jpeg_header(width, height):
    """The beginning of a baseline JPEG of that size: it tells its size and has no picture."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + bytes([1, 0x11, 0])
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame


def make_photos(folder, count, first=0):
    """Pictures p000.png... that all differ; their names in order."""
    os.makedirs(folder, exist_ok=True)
    names = []
    for i in range(first, first + count):
        names.append("p%03d.png" % i)
        with open(os.path.join(folder, names[-1]), "wb") as f:
            f.write(png(4, 4, 1 + i % 250))
    return names


class Finished:
    def __init__(self, rc, out, err):
        self.rc, self.out, self.err = rc, out, err

    def __repr__(self):
        return "rc %d\nstdout:\n%s\nstderr:\n%s" % (self.rc, self.out, self.err)


def text(data):
    return data.decode("utf-8", "backslashreplace")


def environment(**more):
    # Nothing of the machine's own may decide what a test sees, nor may a test leave anything in the user's cache.
    env = {k: v for k, v in os.environ.items() if not k.startswith(("FLOWRUN_", "CUDA_")) and k not in ("HOME", "XDG_CACHE_HOME")}
    env["FLOWRUN_PLUGINS"] = str(PROBES)
    env["LC_ALL"] = "C.UTF-8"
    env.update(more)
    return env


def start(*words, cwd=None, env=None, prefix=(), **options):
    return subprocess.Popen([*prefix, TOOL, *map(os.fspath, words)], cwd=cwd, env=env or environment(),
                            stdin=subprocess.DEVNULL,
                            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options})


def finish(process, timeout=100):
    try:
        out, err = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise AssertionError("flowrun hangs\n%r" % Finished(-1, text(out or b""), text(err or b"")))
    return Finished(process.returncode, text(out or b""), text(err or b""))


def flowrun(*words, timeout=100, **options):
    return finish(start(*words, **options), timeout)


def wait_for(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.002)
    raise AssertionError("waited %d s in vain for %s" % (seconds, what))


def lines(file):
    try:
        with open(file, "rb") as f:
            return text(f.read()).splitlines()
    except FileNotFoundError:
        return []


def read_report(run):
    with open(os.path.join(run, "report.json"), encoding="utf-8") as f:
        return json.load(f)


def canonical(run):
    done = flowrun("export", run, "--canonical")
    if done.rc != 0:
        raise AssertionError("export: %r" % done)
    return done.out


def records(run):
    """By item: what results.jsonl says."""
    with open(os.path.join(run, "results.jsonl"), encoding="utf-8") as f:
        all_records = [json.loads(line) for line in f]
    return {r["item"]: r for r in all_records if "item" in r}


def tree(folder):
    """Every file below a folder with its bytes."""
    found = {}
    for at, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(at, name)
            with open(path, "rb") as f:
                found[os.path.relpath(path, folder)] = f.read()
    return found


def unfinished(folder):
    return [os.path.join(at, n) for at, _, names in os.walk(folder) for n in names if n.endswith(".flowrun-tmp")]


@contextlib.contextmanager
def copied_database(run):
    """A killed run's database, read without touching it: reading its log would fold it in."""
    with tempfile.TemporaryDirectory() as place:
        for name in ("run.db", "run.db-wal"):
            if os.path.exists(os.path.join(run, name)):
                shutil.copy(os.path.join(run, name), place)
        db = sqlite3.connect(os.path.join(place, "run.db"))
        try:
            yield db
        finally:
            db.close()


def committed_keys(db):
    if not db.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'items'").fetchone()[0]:
        return []
    return [text(bytes(k) if not isinstance(k, str) else k.encode()) for (k,) in db.execute("SELECT key FROM items")]


class RunTest(unittest.TestCase):
    """A test with a folder of its own, in which the tool is run."""
    maxDiff = None

    def setUp(self):
        self.place = tempfile.mkdtemp(prefix="flowrun-test-")
        self.addCleanup(self.clear)

    def clear(self):
        subprocess.run(["chmod", "-R", "u+rwX", self.place], check=False, stderr=subprocess.DEVNULL)
        shutil.rmtree(self.place, ignore_errors=True)

    def at(self, *parts):
        return os.path.join(self.place, *parts)

    def write(self, name, content):
        path = self.at(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode())
        return path

    def run_it(self, *words, **options):
        return flowrun(*words, cwd=self.place, **options)

    def expect(self, rc, *words, **options):
        done = self.run_it(*words, **options)
        self.assertEqual(done.rc, rc, "flowrun %s\n%r" % (" ".join(map(str, words)), done))
        return done

    def balanced(self, run="run"):
        """The report of a run, after its equation was checked."""
        r = read_report(self.at(run))
        self.assertEqual(r["read"], r["done"] + r["skipped"] + r["failed"] + r["cancelled"], r)
        return r


def main():
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    signal.signal(signal.SIGINT, signal.default_int_handler)
    unittest.main(verbosity=2, buffer=False, argv=[sys.argv[0], *sys.argv[1:]])
