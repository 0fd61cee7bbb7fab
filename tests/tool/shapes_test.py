"""Models whose sides are ranges, through the tool: model.tensor runs them, padded to buckets or as they come, and stages
that do not say how large their rows are do not. The sim backend echoes a row."""
import hashlib

from flowrun_runs import RunTest, main, png, records

MODEL = """flowrun_model: 1
name: %(name)s
files: [{backend: sim, path: %(name)s.sim, sha256: %(sha256)s}]
inputs: [{name: in, shape: %(input)s}]
outputs: [{name: out, shape: %(output)s}]
"""
GRAPH = """flowrun: 1
run: {out: run}
stages:
  media: {use: media.files, params: {path: photos}}
  first: {use: model.tensor, in: {image: media.image}, model: pixels}
  second: {use: model.tensor, in: {tensor: first.tensor}, model: lengths}
keep: [second.values]
export: {jsonl: results.jsonl}
"""
CLASSIFY = """flowrun: 1
stages:
  media: {use: media.files, params: {path: photos}}
  tag: {use: model.classify, in: media.image, model: any}
"""


class Shapes(RunTest):
    def setUp(self):
        super().setUp()
        for i in range(5):
            self.write("photos/%d.png" % i, png(value=i + 1))
        self.write("g.yaml", GRAPH)
        self.write_model("pixels", "[3, 1, 1]", "[5]")

    def write_model(self, name, shape, output, more=""):
        content = "row_us 10\n"
        self.write("models/%s.sim" % name, content)
        self.write("models/%s.yaml" % name, MODEL % {
            "name": name, "sha256": hashlib.sha256(content.encode()).hexdigest(), "input": shape + more, "output": output})

    def run_graph(self, rc, *words):
        return self.expect(rc, "g.yaml", "--models", "models", *words)

    def test_rows_are_padded_to_buckets_or_as_they_come(self):
        self.write_model("lengths", "[2..16]", "[1..16]", ", buckets: [8, 16]")
        self.run_graph(0)
        answers = {item: record["values"]["second.values"] for item, record in records(self.at("run")).items()}
        self.assertEqual({item: a["shape"] for item, a in answers.items()}, dict.fromkeys(answers, [8]))
        self.assertEqual(len(answers), 5)
        for a in answers.values():
            self.assertGreater(min(a["values"][:5]), 0)
            self.assertEqual(a["values"][5:], [0, 0, 0])
        self.write_model("lengths", "[2..16]", "[1..16]")
        self.run_graph(0)  # without buckets the answers are others
        self.assertEqual({tuple(record["values"]["second.values"]["shape"]) for record in records(self.at("run")).values()},
                         {(5,)})
        self.assertIn("nothing to do", self.run_graph(0).out)

    def test_a_size_outside_the_range_is_an_error_of_the_item(self):
        self.write_model("lengths", "[6..16]", "[1..16]")
        done = self.run_graph(3)
        self.assertIn("the tensor is float32 [5], but input 'in' of the model is float32 [6..16]", done.out + done.err)

    def test_other_stages_refuse_such_a_model(self):
        self.write("tag.yaml", CLASSIFY)
        self.write_model("any", "[3, 1..4, 1..4]", "[5]")
        path = self.at("models/any.yaml")
        with open(path, encoding="utf-8") as f:
            text = f.read()
        self.write("models/any.yaml", text.replace("name: any\n", "name: any\ntask: classify\n"))
        done = self.expect(65, "check", "tag.yaml", "--models", "models")
        self.assertIn("the model 'any' has 'in' of a shape with a range; rows of one size are batched: give the model a "
                      "fixed shape\n", done.err)


if __name__ == "__main__":
    main()
