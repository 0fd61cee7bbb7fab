"""The programs that perf/motion.py compares: each run gives its wall-clock seconds, its memory and what it printed."""
import json
import os
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
GRAPH = os.path.join(HERE, "..", "graphs", "motion.yaml")
DECODE = """\
flowrun: 1
params: {input: videos}
run: {store: none}
stages:
  media: {use: media.files, params: {path: "${input}"}}
  drop: {use: pass.drop, in: media.image}
"""
ONE_THREAD = {**os.environ, **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"), "1")}


def with_cache(folder):
    """Where the flowrun runs from here on keep what they cache."""
    ONE_THREAD["XDG_CACHE_HOME"] = folder


class measured:
    """What one run took: seconds, largest resident memory of one process in MiB, and what it printed."""

    def __init__(self, commands, environment=None):
        begin = time.perf_counter()
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        started = [subprocess.Popen(c, text=True, env=environment or ONE_THREAD, **pipes) for c in commands]
        self.outputs, self.peak = [], 0
        for command, process in zip(commands, started):
            # What is printed is small: it fits the pipes.
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.peak = max(self.peak, usage.ru_maxrss / 1024)
            self.seconds = time.perf_counter() - begin
            output, errors = process.communicate()
            if process.returncode:
                sys.exit(f"{' '.join(command)}: exit {process.returncode}\n{errors[-2000:]}")
            self.outputs.append(output)

    def json(self):
        return json.loads(self.outputs[0].strip().splitlines()[-1])


class rivals:
    """The programs on a folder of videos, the first `max_frames` frames of each (0: all)."""

    def __init__(self, args, name, sources, max_frames):
        self.args, self.max_frames = args, max_frames
        self.folder, self.out = os.path.join(args.work, name), os.path.join(args.work, name + "_run")
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        self.videos = [os.path.join(self.folder, f"{i:02}{os.path.splitext(s)[1]}") for i, s in enumerate(sources)]
        for source, video in zip(sources, self.videos):
            try:
                os.link(source, video)
            except OSError:
                shutil.copyfile(source, video)
        self.frames = None
        self.decode_graph = os.path.join(args.work, "decode.yaml")
        with open(self.decode_graph, "w") as f:
            f.write(DECODE)

    def count(self, name, frames):
        self.frames = self.frames or frames
        if frames != self.frames:
            sys.exit(f"{name} gave {frames} frames of {self.folder}, another program {self.frames}")

    def limit(self):
        return ["--max-frames", str(self.max_frames)] if self.max_frames else []

    def ffmpeg(self, processes):
        loops = len(self.videos) // processes - 1
        run = measured([["ffmpeg", "-nostdin", "-v", "error", "-nostats", "-progress", "pipe:1", "-filter_threads", "1",
                         "-threads", "1", "-stream_loop", str(loops), "-i", self.videos[i], "-pix_fmt", "bgr24",
                         "-f", "null", "-"] for i in range(processes)])
        self.count("ffmpeg", sum(int([line for line in text.splitlines() if line.startswith("frame=")][-1][6:])
                                 for text in run.outputs))
        return run

    def bare(self, threads, decode=False):
        run = measured([[self.args.bare, *(["--decode"] if decode else []), *self.limit(), str(threads), *self.videos]])
        self.count("bare_motion", run.json()["frames"])
        return run

    def flowrun(self, threads, *settings, decode=False):
        shutil.rmtree(self.out, ignore_errors=True)
        graph = self.decode_graph if decode else GRAPH
        command = [self.args.flowrun, "run", graph, "--set", "input=" + json.dumps(self.folder), "-o", self.out, "-j",
                   str(threads), *self.limit()]
        command += ["--plugins", self.args.plugins] if decode else []
        run = measured([command + [word for setting in settings for word in ("--set", setting)]])
        self.count("flowrun", self.report()["read"])
        return run

    def report(self):
        with open(os.path.join(self.out, "report.json")) as f:
            return json.load(f)

    def pool(self, workers, chunk):
        run = measured([[sys.executable, os.path.join(HERE, "peer_motion.py"), "--workers", str(workers), "--chunk",
                         str(chunk), *self.limit(), *self.videos]])
        self.count("pool", run.json()["frames"])
        return run
