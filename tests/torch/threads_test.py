"""OpenCV's stages and a network in one process: never more threads than cores and 6."""
import os

import torch_runs
from flowrun_runs import canonical, finish, main, png, start

GRAPH = """flowrun: 1
run: {out: run}
stages:
  media: {use: media.files, params: {path: photos}}
  small: {use: image.resize, in: media.image, params: {width: 320, height: 240}}
  light: {use: lighting.analyze, in: media.image}
  net: {use: model.tensor, in: {image: small.image}, model: net, batch: 4}
keep: [light, net.values]
"""


class Threads(torch_runs.TorchTest):
    def setUp(self):
        super().setUp()
        self.write("g.yaml", GRAPH)
        self.model("slow", needs="resident: 1MiB, per_row: 1MiB")
        for i in range(120):
            self.write("photos/p%03d.png" % i, png(640, 480, i))

    def most_threads(self, *words):
        process = start("g.yaml", "--models", "models", "--fresh", *words, cwd=self.place, env=self.env)
        most, looks = 0, 0
        while process.poll() is None:
            try:
                most = max(most, len(os.listdir("/proc/%d/task" % process.pid)))
                looks += 1
            except FileNotFoundError:
                break
        done = finish(process)
        self.assertEqual((done.rc, done.err), (0, ""), done)
        self.assertGreater(looks, 100)
        self.assertEqual(self.balanced()["done"], 120)
        return most

    def test_threads(self):
        cores = len(os.sched_getaffinity(0))
        most = self.most_threads()
        print("%d cores, on the CPU at most %d threads" % (cores, most))
        self.assertTrue(2 <= most <= cores + 6, most)
        first = canonical(self.at("run"))
        most = self.most_threads("--device", "sim:8GiB")
        print("on a device with lanes of its own at most %d" % most)
        self.assertTrue(2 <= most <= cores + 6, most)
        self.assertEqual(canonical(self.at("run")), first)


if __name__ == "__main__":
    main()
