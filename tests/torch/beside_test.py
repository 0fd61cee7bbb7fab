"""Another LibTorch on the machine: the plugin takes its own, or says whose is in the way."""
import os

import torch_runs
from flowrun_runs import BUILD, finish, main, start, wait_for

BESIDE = BUILD / "test_torch/beside"
LIBRARIES = os.environ["FLOWRUN_TORCH_LIBRARIES"]
NAMES = ("libtorch_cpu.so", "libc10.so")


class Beside(torch_runs.TorchTest):
    def setUp(self):
        super().setUp()
        self.greys(10, 20, 30)
        self.model("slow")
        for name in NAMES:
            self.assertTrue((BESIDE / name).exists())

    def loaded(self, **more):
        """Paths of the libraries of LibTorch in a process that runs the graph."""
        process = start("g.yaml", "--models", "models", "--fresh", cwd=self.place, env={**self.env, **more})
        self.addCleanup(process.kill)

        def libraries():
            try:
                with open("/proc/%d/maps" % process.pid, encoding="utf-8") as f:
                    paths = {line.split(None, 5)[5].strip() for line in f if "/" in line}
            except (FileNotFoundError, ProcessLookupError):
                return None
            found = {p for p in paths if os.path.basename(p) in NAMES}
            return found if len(found) >= len(NAMES) or process.poll() is not None else None

        found = wait_for(libraries, "LibTorch in the process")
        done = finish(process)
        self.assertEqual((done.rc, done.err), (0, ""), done)
        return found

    def test_its_own_is_taken(self):
        own = {os.path.realpath(os.path.join(LIBRARIES, name)) for name in NAMES}
        self.assertEqual({os.path.realpath(p) for p in self.loaded()}, own)
        self.assertEqual({os.path.realpath(p) for p in self.loaded(LD_LIBRARY_PATH=str(BESIDE))}, own)

    def test_one_that_is_there_already(self):
        for name in NAMES:
            other = str(BESIDE / name)
            done = self.expect(69, "g.yaml", env={**self.env, "LD_PRELOAD": other})
            self.assertEqual(done.err, "flowrun: plugin %s: it needs %s, but this process has %s already, and a process takes "
                             "only one library of a name; remove the other, or build the plugin against it\n"
                             % (BUILD / "plugins/torch.so", os.path.join(LIBRARIES, name), other))
            self.assertFalse(os.path.exists(self.at("run")))


if __name__ == "__main__":
    main()
