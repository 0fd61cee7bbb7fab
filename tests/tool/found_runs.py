"""What the tests of exported boxes share: a run whose stages find boxes, vectors and identities in pictures made here."""
import json
import os

from flowrun_runs import RunTest, png

GRAPH = """flowrun: 1
run: {out: run}
stages:
  media:  {use: media.files, params: {path: photos, recursive: true}}
  faces:  {use: found.faces, in: media}
  vec:    {use: found.vectors, in: faces}
  who:    {use: found.who, in: faces}
  things: {use: found.things, in: media}
keep: [faces, vec, who, things]
export: {jsonl: results.jsonl}
"""
# Name, width, height, and how many faces there are.
PICTURES = (("b.png", 20, 10, 3), ("sub/a b.png", 7, 9, 1), ("none.png", 5, 5, 0), ("-50%\u00e4.png", 8, 6, 7))


class FoundTest(RunTest):
    def setUp(self):
        super().setUp()
        for name, width, height, faces in PICTURES:
            self.write("photos/" + name, png(width, height, faces))
        with open(os.path.join(os.fsencode(self.place), b"photos/\xff.png"), "wb") as f:
            f.write(png(6, 4, 2))
        self.write("photos/broken.png", png(4, 4)[:-20])
        self.write("g.yaml", GRAPH)

    def run_graph(self):
        """The records of the items that have values, in order."""
        self.expect(3, "g.yaml")  # one picture is broken
        with open(self.at("run/results.jsonl"), encoding="utf-8") as f:
            records = [json.loads(line) for line in f]
        self.assertEqual(len(records), 6)
        kept = [r for r in records if r["values"]]
        self.assertEqual(sorted(len(r["values"]["faces"]["list"]) for r in kept), [0, 1, 2, 3, 7])
        return kept
