"""The tool with LibTorch and OpenCV in it ends as it should, again and again."""
import os

import torch_runs
from flowrun_runs import canonical, main

TIMES = int(os.environ.get("FLOWRUN_EXITS", "5"))


class Exits(torch_runs.TorchTest):
    def test_exits(self):
        self.write("g.yaml", torch_runs.GRAPH.replace("  net:", "  light: {use: lighting.analyze, in: media.image}\n  net:")
                   .replace("keep: [", "keep: [light, "))
        self.greys(*range(1, 9))
        self.model("sums")
        for i in range(TIMES):
            done = self.expect(0, "g.yaml", "--fresh", "-j", str(1 + i % 3))
            self.assertEqual(done.err, "", "run %d" % i)
            self.assertRegex(done.out, r"\Aread 8 = done 8 ")
        # After a failure and a refusal too.
        self.model("throwing")
        self.greys(250, 250)
        for i in range(TIMES):
            self.assertEqual(self.expect(3, "g.yaml", "--fresh", "--set", "net.batch=1").err,
                             "flowrun: 2 of 8 items failed\n", "run %d" % i)
        self.model("named")
        for i in range(TIMES):
            self.assertEqual(self.expect(69, "g.yaml", "--fresh").err,
                             "flowrun: model 'net' (models/net.yaml): its file net.pt has no method 'forward'; it has: "
                             "encode\n", "run %d" % i)

    def test_exits_after_memory_of_a_device_that_is_gone(self):
        """LibTorch keeps some of a network's graphs to the end of the process, with what they hold of the device."""
        self.greys(*range(1, 9))
        self.model("chained")
        for i in range(TIMES):
            done = self.expect(0, "g.yaml", "--fresh", "--device", "sim:4GiB")
            self.assertEqual(done.err, "", "run %d" % i)
        # A session that cannot be opened has computed too, to see what the network gives.
        self.model("chained", outputs="{name: answer, shape: [9]}")
        for i in range(TIMES):
            done = self.expect(69, "g.yaml", "--fresh", "--device", "sim:4GiB")
            self.assertIn("its output 'answer' for 1 row is float32 [1, 8]; its model file declares float32 [9] a row",
                          done.err)


if __name__ == "__main__":
    main()
