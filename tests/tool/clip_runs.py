"""What the tests of runs over media in time share: clips made here, and a graph over them."""
import os

from flowrun_runs import RunTest


class ClipTest(RunTest):
    def setUp(self):
        super().setUp()
        os.mkdir(self.at("clips"))

    def clip(self, name, *frames):
        self.write("clips/" + name, "".join("%s\n" % x for x in frames))

    def write_graph(self, graph, folder="."):
        self.write(os.path.join(folder, "g.yaml"), graph)
