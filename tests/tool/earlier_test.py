"""Gathers that ask for what they gave the last time."""
import json
import os

from flowrun_runs import RunTest, finish, lines, main, make_photos, png, start, wait_for

GRAPH = """flowrun: 1
run: {out: run}
stages:
  media:  {use: media.files, params: {path: photos}}
  mark:   {use: probe.mark, in: media}
  each:   {use: recall.each, in: mark, params: {marker: gather.txt}}
  all:    {use: recall.whole, in: mark}
  stream: {use: recall.stream, in: mark}
keep: [mark, each, all, stream]
export: {jsonl: results.jsonl}
"""


class Earlier(RunTest):
    def setUp(self):
        super().setUp()
        self.names = make_photos(self.at("photos"), 3)
        self.write("g.yaml", GRAPH)

    def counted(self):
        """Of each item in order; of the stream; of the run."""
        with open(self.at("run/results.jsonl"), encoding="utf-8") as f:
            all_records = [json.loads(line) for line in f]
        items = [r["values"]["each"] for r in all_records if "item" in r]
        stream, = [r["values"]["stream"] for r in all_records if "source" in r and "item" not in r]
        run, = [r["run"]["all"] for r in all_records if "run" in r]
        return items, stream, run

    def test_added_items_changed_items_and_fresh(self):
        self.expect(0, "g.yaml")
        self.assertEqual(self.counted(), ([1, 1, 1], 1, 1))
        self.expect(0, "resume", "run")  # nothing is gathered again
        self.assertEqual(self.counted(), ([1, 1, 1], 1, 1))
        make_photos(self.at("photos"), 2, first=3)
        self.expect(0, "resume", "run")
        self.assertEqual(self.counted(), ([2, 2, 2, 1, 1], 2, 2))
        self.write("photos/p001.png", png(6, 6, 9))
        os.remove(self.at("photos/p004.png"))
        self.expect(0, "g.yaml")
        self.assertEqual(self.counted(), ([3, 1, 3, 2], 3, 3))
        make_photos(self.at("photos"), 1, first=4)  # it was no row of the last table
        self.expect(0, "g.yaml")
        self.assertEqual(self.counted(), ([4, 2, 4, 3, 1], 4, 4))
        self.expect(0, "g.yaml", "--fresh")
        self.assertEqual(self.counted(), ([1] * 5, 1, 1))

    def test_a_touched_item_has_its_gathered_answer_again(self):
        self.expect(0, "g.yaml")
        os.utime(self.at("photos/p001.png"), ns=(1, 1))  # the same content: all tables stay as they were
        self.expect(0, "g.yaml")
        self.assertEqual(self.counted(), ([2, 1, 2], 1, 1))

    def test_a_gather_alone(self):
        self.expect(0, "g.yaml")
        self.expect(0, "gather", "run", "each", "--set", "step=10")
        self.assertEqual(self.counted(), ([11] * 3, 1, 1))
        self.expect(0, "gather", "run", "all", "--set", "step=100")
        self.assertEqual(self.counted(), ([11] * 3, 1, 101))
        # One that fails leaves what it gave.
        self.expect(3, "gather", "run", "each", "--set", "fail=true")
        self.expect(0, "gather", "run", "each", "--set", "step=1", "--set", "fail=false")
        self.assertEqual(self.counted(), ([12] * 3, 1, 101))

    def test_killed_in_the_gather(self):
        self.expect(0, "g.yaml")
        make_photos(self.at("photos"), 1, first=3)
        for kills in (2, 3):
            process = start("g.yaml", "--set", "each.params.wait_ms=60000", cwd=self.place)
            self.addCleanup(process.kill)
            wait_for(lambda: len(lines(self.at("gather.txt"))) == kills, "the gather")
            process.kill()
            finish(process)
            self.assertEqual(process.returncode, -9)
        self.expect(0, "g.yaml")
        self.assertEqual(self.counted(), ([2, 2, 2, 1], 2, 2))


if __name__ == "__main__":
    main()
