"""The shipped stages that run any model, through the tool: an own classifier, categories learnt from examples, and what
is told where they cannot start. The sim backend echoes a row, so a label or a vector is the picture's colour."""
import hashlib
import os
import pathlib
import shutil
import signal
import struct
import time
import zlib

from flowrun_runs import SOURCE, RunTest, environment, finish, flowrun, main, read_report, records, start, wait_for

MODEL = """flowrun_model: 1
name: %(name)s
task: classify
files: [{backend: %(backend)s, path: %(name)s.%(backend)s, sha256: %(sha256)s}]
inputs: [{name: image, shape: [3, 2, 2]}]
outputs: [%(outputs)s]
preprocess: {image: {resize: {mode: stretch, filter: box}, order: rgb}}
%(more)sneeds: {resident: 64MiB, per_row: 8MiB, fixed: 1MiB}
"""
LOGITS, EMBEDDING = "{name: logits, shape: [12]}", "{name: embedding, shape: [11]}"
OWN = """flowrun: 1
stages:
  media: {use: media.files, params: {path: photos}}
  tag: {use: model.classify, in: media.image, model: mynet}
keep: [tag]
"""
CATEGORIES = """flowrun: 1
run: {out: run}
stages:
  media: {use: media.files, params: {path: photos}}
  what: {use: categorize.image, in: media.image, params: {top: 1, categories: examples, threshold: 0.8}}
keep: [what.pictures%s]
export: {jsonl: results.jsonl}
"""
LINKED = """flowrun: 1
run: {out: run}
stages:
  media: {use: media.files, params: {path: photos}}
  what: {use: categorize.image, in: media.image}
  links: {use: categorize.folders, in: what.pictures, params: {media: photos}}
"""
FAILED = "flowrun: stage 'what': "
NOTHING = "nothing to do: every item is finished under this graph\n"


def colour_png(red, green, blue, width=3, height=3):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes([red, green, blue]) * width) * height
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class ModelStages(RunTest):
    def setUp(self):
        super().setUp()
        for name, colour in (("red", (250, 0, 0)), ("green", (0, 250, 0)), ("blue", (0, 0, 250)),
                             ("grey", (90, 90, 90))):
            self.write("photos/%s.png" % name, colour_png(*colour))
        self.write("g.yaml", CATEGORIES % "")

    def write_model(self, name, outputs=LOGITS, labels=True, content="row_us 10\n", backend="sim"):
        more = "labels: %s.txt\n" % name if labels else ""
        self.write("models/%s.txt" % name, "".join("class-%d\n" % i for i in range(12)))
        self.write("models/%s.%s" % (name, backend), content)
        self.write("models/%s.yaml" % name,
                   MODEL % {"name": name, "outputs": outputs, "more": more, "backend": backend,
                            "sha256": hashlib.sha256(content.encode()).hexdigest()})

    def write_default_model(self, **more):
        self.write_model("efficientnet-lite0", LOGITS.replace("logits", "scores") + ", " + EMBEDDING, **more)

    def write_examples(self, place="examples"):
        for name, colour in (("warm/fire", (200, 10, 0)), ("warm/rose", (90, 0, 10)), ("cold/sea", (0, 10, 200))):
            self.write("%s/%s.png" % (place, name), colour_png(*colour))

    def run_graph(self, rc, graph="g.yaml", *words):
        return self.expect(rc, graph, "--models", "models", *words)

    def what(self):
        return {item.removesuffix(".png"): record["values"]["what.pictures"]
                for item, record in records(self.at("run")).items()}

    def test_an_own_classifier_without_code(self):
        self.assertEqual(len(OWN.splitlines()), 5)
        self.write("own.yaml", OWN)
        self.write_model("mynet")
        self.run_graph(0, "own.yaml", "-o", "run")
        self.expect(0, "export", "run", "-o", "run/results.jsonl")
        best = {item: record["values"]["tag"]["labels"] for item, record in records(self.at("run")).items()}
        self.assertEqual({item: [len(lists), len(lists[0])] for item, lists in best.items()},
                         dict.fromkeys(best, [1, 5]))
        self.assertEqual({item: lists[0][0]["label"] for item, lists in best.items()},
                         {"red.png": "class-0", "green.png": "class-4", "blue.png": "class-8", "grey.png": "class-0"})
        self.assertEqual(best["red.png"][0][0]["score"], 0.25)
        self.write_model("mynet", labels=False)
        self.run_graph(0, "own.yaml", "-o", "bare")
        self.expect(0, "export", "bare", "-o", "bare/results.jsonl")
        self.assertEqual(records(self.at("bare"))["blue.png"]["values"]["tag"]["labels"][0][0]["label"], "8")

    def test_an_output_that_is_not_there(self):
        self.write("own.yaml", OWN)
        self.write_model("mynet")
        done = self.run_graph(65, "own.yaml", "--set", "tag.params.output=score")
        self.assertEqual(done.err, "flowrun: stage 'tag': the model 'mynet' (models/mynet.yaml) has no output 'score', "
                         "which 'output' names; it has: logits [12]\n")

    def test_a_model_of_another_input_is_a_problem_of_the_graph(self):
        self.write("own.yaml", OWN)
        self.write_model("mynet")
        text = pathlib.Path(self.at("models/mynet.yaml")).read_text()
        self.write("models/mynet.yaml", text.replace("shape: [3, 2, 2]}", "shape: [3, 2, 2]}, {name: size, shape: [2]}"))
        done = self.run_graph(65, "check", "own.yaml")
        self.assertIn("own.yaml:4:54: the model 'mynet' does not take one image, which is all that stage 'tag' "
                      "(model.classify) gives it: it has 2 inputs: image, size\n", done.err)

    def test_the_default_model_is_not_there(self):
        self.write_examples()
        sentence = ("g.yaml:5:15: there is no model 'efficientnet-lite0'; no model file was found; searched: models%s; "
                    "get it with: flowrun models fetch efficientnet-lite0\n")
        os.mkdir(self.at("models"))
        for words in (("check", "g.yaml"), ("g.yaml",)):
            done = self.run_graph(65, *words)
            others = done.err.split("searched: models")[1].split("; get it")[0]
            self.assertTrue(done.err.startswith(sentence % others), done.err)
        # A name that the graph gave is a slip of the pen.
        self.write("g.yaml", (CATEGORIES % "").replace("params: {top", "model: efficient, params: {top"))
        self.assertNotIn("fetch", self.run_graph(65, "check", "g.yaml").err)

    def test_categories(self):
        self.write_default_model()
        self.write_examples()
        self.write("examples/cold/notes.txt", "no picture")
        self.run_graph(0)
        what = self.what()
        self.assertEqual({item: [c["category"] for c in v["categories"]] for item, v in what.items()},
                         {"red": ["warm"], "green": ["unknown"], "blue": ["cold"], "grey": ["unknown"]})
        self.assertEqual({v["categories"][0]["nearest"] for v in what.values()}, {"warm", "cold"})
        self.assertEqual(what["green"]["labels"], [[{"label": "class-4", "score": 0.25}]])
        self.assertEqual(set(records(self.at("run"))["red.png"]["values"]), {"what.pictures"})
        self.assertIn("what: 2 categories of 3 examples; files that are no pictures and were passed over: 1",
                      pathlib.Path(self.at("run/log.txt")).read_text())
        # The embedding is a port of its own.
        self.write("both.yaml", CATEGORIES % ", what.embedding")
        self.run_graph(0, "both.yaml", "-o", "both")
        vector = records(self.at("both"))["red.png"]["values"]["what.embedding"]
        self.assertEqual((vector["size"], vector["values"]), (11, [0.5] * 4 + [0] * 7))

    def test_what_the_examples_are_is_part_of_the_results(self):
        self.write_default_model()
        self.write_examples()
        self.run_graph(0)
        self.assertIn(NOTHING, self.run_graph(0).out)
        # Another place is no other answer.
        shutil.move(self.at("examples"), self.at("elsewhere"))
        self.assertIn(NOTHING, self.run_graph(0, "g.yaml", "--set", "what.params.categories=elsewhere").out)
        shutil.move(self.at("elsewhere"), self.at("examples"))

        def ran_again():
            self.run_graph(0)
            self.assertEqual(self.balanced()["read"], 4)

        self.write("examples/warm/sun.png", colour_png(240, 200, 0))
        ran_again()
        self.write("examples/warm/sun.png", colour_png(241, 200, 0))
        ran_again()
        os.rename(self.at("examples/warm"), self.at("examples/hot"))
        ran_again()
        self.assertEqual(self.what()["red"]["categories"][0]["category"], "hot")
        self.assertIn(NOTHING, self.run_graph(0).out)
        ran_again_without = self.run_graph(0, "g.yaml", "--set", "what.params.categories=")
        self.assertNotIn(NOTHING, ran_again_without.out)
        self.assertEqual(self.what()["red"]["categories"], [])

    def test_a_folder_that_holds_no_categories(self):
        self.write_default_model()
        self.write_examples()
        self.run_graph(0)
        kept = pathlib.Path(self.at("run/graph.resolved.yaml")).read_bytes()
        given = "; give a folder with one sub-folder of example pictures for each category\n"

        def told(folder, text):
            done = self.run_graph(65, "g.yaml", "--set", "what.params.categories=" + folder)
            self.assertEqual((done.out, done.err), ("", FAILED + text))
            # What an earlier run of this directory was is still what it is.
            self.assertEqual(pathlib.Path(self.at("run/graph.resolved.yaml")).read_bytes(), kept)

        told("nowhere", "the folder of categories 'nowhere' does not exist (seen from %s)%s"
             % (os.path.realpath(self.place), given))
        told("g.yaml", "the folder of categories 'g.yaml' is a file" + given)
        os.mkdir(self.at("empty"))
        told("empty", "the folder of categories 'empty' has no sub-folder" + given)
        self.write("examples/text/a.png", "no picture")
        told("examples", "the category 'text' (examples/text) has no picture that can be read; put examples in it "
             "(JPEG, PNG, BMP, TIFF or WebP), or remove it\n")
        os.rename(self.at("examples/text"), self.at("examples/unknown"))
        told("examples", "the folder of categories 'examples' has a category named 'unknown', which means that no "
             "category fits; rename that folder\n")

    def test_a_model_that_fails_before_the_first_item(self):
        self.write_examples()
        why = FAILED + "the model 'efficientnet-lite0' failed before the first item: "
        self.write_default_model(backend="flaky", content="fail_every 1")
        self.assertEqual(self.run_graph(69).err, why + "the flaky backend failed, as it was told to\n")
        self.write_default_model(backend="flaky", content="short")
        self.assertEqual(self.run_graph(69).err,
                         why + "the model's output 'scores' is 0 values of float32 for 1 rows; its file declares 12 of "
                         "float32 a row\n")
        self.write_default_model()
        self.assertEqual(self.run_graph(69, "g.yaml", "--device", "sim:16GiB,die_after=1").err,
                         why + "the sim device died, as it was asked to\n")

    def test_examples_are_halved_where_memory_runs_out(self):
        self.write_default_model()
        self.write_examples()
        for i in range(40):
            self.write("examples/warm/%02d.png" % i, colour_png(250 - i, i, i // 2))
        self.run_graph(0)
        whole = self.what()
        self.run_graph(0, "g.yaml", "--device", "sim:16GiB,oom_above=3", "-o", "halves")
        self.assertEqual({i: r["values"] for i, r in records(self.at("halves")).items()},
                         {i: r["values"] for i, r in records(self.at("run")).items()})
        self.assertEqual(whole["red"]["categories"][0]["category"], "warm")
        self.assertEqual([s["batches"] for s in read_report(self.at("halves"))["stages"] if s["name"] == "what"], [2])

    def test_a_stop_among_the_examples(self):
        self.write_examples()
        for i in range(60):
            self.write("examples/warm/%02d.png" % i, colour_png(250 - i, i, i))
        self.write_default_model(content="call_us 300000\n")
        process = start("g.yaml", "--models", "models", "--set", "what.batch=1", cwd=self.place)
        wait_for(lambda: os.path.exists(self.at("run/log.txt")), "the run's directory")
        time.sleep(0.7)
        process.send_signal(signal.SIGINT)
        done = finish(process, 60)
        self.assertEqual(done.rc, 75, done)
        self.assertEqual(self.balanced()["read"], 0)
        self.write_default_model(content="call_us 300\n")
        self.run_graph(0)
        self.assertEqual(self.what()["red"]["categories"][0]["category"], "warm")

    def test_the_shipped_graph(self):
        """graphs/categories.yaml, with a network of its model's name."""
        self.write_default_model()
        graph = str(SOURCE / "graphs/categories.yaml")
        env = {k: v for k, v in environment().items() if k != "FLOWRUN_PLUGINS"}
        words = (graph, "--set", "input=photos", "--models", "models", "-o", "run")
        self.expect(0, *words, env=env)
        what = self.what()
        self.assertEqual({item: v["labels"][0][0]["label"] for item, v in what.items()},
                         {"red": "class-0", "green": "class-4", "blue": "class-8", "grey": "class-0"})
        self.assertEqual({len(v["labels"][0]) for v in what.values()}, {5})

    def links(self):
        found = {}
        for at, _, names in os.walk(self.at("run/categories")):
            for name in names:
                if os.path.islink(os.path.join(at, name)):
                    link = os.path.relpath(os.path.join(at, name), self.at("run/categories"))
                    found[link] = os.path.relpath(os.readlink(os.path.join(at, name)), os.path.realpath(self.place))
        return found

    def test_folders_of_links(self):
        """They follow the answers; those removed by hand come back when the gather is asked for."""
        os.remove(self.at("photos/grey.png"))
        self.write_default_model()
        self.write("g.yaml", LINKED)
        self.run_graph(0)
        all_links = {"class-0/red.png": "photos/red.png", "class-4/green.png": "photos/green.png",
                     "class-8/blue.png": "photos/blue.png"}
        self.assertEqual(self.links(), all_links)
        self.assertIn('{"run":{"links":{"folders":3,"links":3,"missing":0}}}\n', self.expect(0, "export", "run").out)
        os.remove(self.at("run/categories/class-0/red.png"))
        self.assertIn("gather links: its tables are as they were, nothing to do\n", self.expect(0, "resume", "run").out)
        self.assertNotIn("class-0/red.png", self.links())
        done = flowrun("gather", self.at("run"), "links", cwd="/")  # `photos` is seen from where the run was started
        self.assertEqual((done.rc, self.links()), (0, all_links), done)
        os.rename(self.at("photos/red.png"), self.at("photos/rose.png"))
        self.expect(0, "resume", "run")
        del all_links["class-0/red.png"]
        self.assertEqual(self.links(), {**all_links, "class-0/rose.png": "photos/rose.png"})
        self.assertEqual(self.expect(3, "gather", "run", "links", "--set", "media=models").err,
                         "flowrun: a gather failed; see the notes\n")
        self.assertEqual(read_report(self.at("run"))["notes"][0],
                         "gather links failed: none of 3 items, such as 'blue.png', has a file below '%s'; the param "
                         "'media' must be what the source reads, as its param 'path' says it"
                         % os.path.realpath(self.at("models")))


if __name__ == "__main__":
    main()
