"""Networks with `state: stream` through whole runs: what a picture gets depends on all before it, and on nothing else."""
import json

import torch_runs
from flowrun_runs import canonical, main
from npz import write_npz

COUNT = 60


class State(torch_runs.TorchTest):
    def setUp(self):
        super().setUp()
        self.write("g.yaml", torch_runs.GRAPH)
        self.brightness = [(i * 37) % 251 for i in range(COUNT)]
        self.greys(*self.brightness)
        self.decaying()

    def decaying(self):
        self.model("decaying")
        name = self.at("models", "net.yaml")
        with open(name, encoding="utf-8") as f:
            text = f.read()
        self.write("models/net.yaml", text + "state: stream\n")

    def expected(self):
        state, all_states = 0.0, []
        for value in self.brightness:
            state = state * 0.5 + value
            all_states.append(state)
        return all_states

    def states(self, run="run"):
        found = [json.loads(line) for line in canonical(self.at(run)).splitlines()]
        by_item = {r["item"]: r["values"]["net.values"]["values"][0] for r in found if "item" in r}
        return [by_item[item] for item in sorted(by_item)]

    def check_run(self, *words, out):
        self.expect(0, "g.yaml", "-o", out, *words)
        self.balanced(out)
        for seen, right in zip(self.states(out), self.expected(), strict=True):
            self.assertAlmostEqual(seen, right, delta=1e-4 * right + 1e-4)

    def test_rows_come_in_order_whatever_the_threads_and_batches(self):
        self.check_run("-j", "1", out="one")
        good = canonical(self.at("one"))
        for i, words in enumerate((("-j", "2"), ("-j", "2", "--set", "run.in_flight=1"), ("-j", "2", "--set", "net.batch=1"),
                                   ("-j", "2", "--set", "net.batch=64"), ("-j", "2", "--device", "sim:4GiB"))):
            with self.subTest(words=words):
                self.check_run(*words, out="run%d" % i)
                self.assertEqual(canonical(self.at("run%d" % i)), good)

    def test_an_interrupted_run_goes_on_from_the_streams_first_item(self):
        self.check_run(out="whole")
        self.expect(0, "g.yaml", "-o", "run", "--max-items", "23")
        done = self.expect(0, "g.yaml", "-o", "run")
        self.assertIn("replayed for a serial stage", done.out + done.err)
        self.assertEqual(canonical(self.at("run")), canonical(self.at("whole")))

    def test_one_call_at_a_time_is_told(self):
        done = self.expect(0, "g.yaml", "--set", "net.lanes=2")
        self.assertIn("net: one call at a time instead of 2: the model 'net' keeps a state by stream", done.out + done.err)

    def test_tune_leaves_its_lanes_alone(self):
        told = json.loads(self.expect(0, "tune", "g.yaml", "--for", "3s", "--json").out)
        self.assertEqual(told["uses"]["model.tensor"]["lanes"], 1, told)
        refused = {s["lanes"]: s["verdict"] for s in told["steps"] if s["lanes"] > 1}
        self.assertEqual(refused, {2: "one call of it at a time"}, told)

    def test_keys_that_are_not_for_it(self):
        done = self.expect(65, "check", "g.yaml", "--set", "net.retries=2", "--set", "net.cache=true")
        keeps = "is not for stage 'net' (model.tensor): the model 'net' keeps a state by stream, so it is serial: "
        self.assertIn("'retries' " + keeps + "its state would see the item twice", done.err)
        self.assertIn("'cache' " + keeps + "its answer depends on the items before", done.err)

    def test_verify_goes_through_the_rows_in_order(self):
        pictures = [float(value) for value in self.brightness for _ in range(3 * 16 * 16)]
        answers = [state for state in self.expected() for _ in range(8)]
        write_npz(self.at("ref.npz"), {"image": ("<f4", (COUNT, 3, 16, 16), pictures), "answer": ("<f4", (COUNT, 8), answers)})
        done = self.expect(0, "models", "verify", "net", "--against", "ref.npz")
        self.assertRegex(done.out, r"\Anet: net\.pt: answer: largest difference [0-9.e-]+, relative [0-9.e-]+; ok\n\Z")

    def test_a_backend_that_keeps_none(self):
        with open(self.at("models", "net.yaml"), encoding="utf-8") as f:
            text = f.read()
        self.write("models/net.yaml", text.replace("backend: torch", "backend: dnn"))
        done = self.expect(69, "g.yaml")
        self.assertIn("it keeps a state by stream, which the dnn backend does not; give it a file of torch", done.err)


if __name__ == "__main__":
    main()
