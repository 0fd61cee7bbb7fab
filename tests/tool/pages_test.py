"""`flowrun plugins page`: docs/stages are its output, their examples are graphs that check, and a page says it all."""
import difflib
import html
import json
import os
import pathlib
import re

from flowrun_runs import SOURCE, RunTest, environment, main

PAGES = SOURCE / "docs/stages"
REFRESH = "flowrun plugins page --all -o docs/stages"


class Pages(RunTest):
    def shipped(self):
        """Of the build tree alone."""
        return {name: value for name, value in environment().items() if name != "FLOWRUN_PLUGINS"}

    def test_shipped_pages_are_up_to_date(self):
        self.expect(0, "plugins", "page", "--all", "-o", "pages", env=self.shipped())
        made = {file.name: file.read_text() for file in pathlib.Path(self.at("pages")).iterdir()}
        kept = {file.name: file.read_text() for file in PAGES.iterdir()}
        self.assertIn("lighting.analyze.md", made)
        for name in sorted(set(made) | set(kept)):
            if name not in made:
                self.fail("docs/stages/%s is of no stage; delete it" % name)
            old, new = kept.get(name, "").splitlines(), made[name].splitlines()
            difference = "\n".join(difflib.unified_diff(old, new, "docs/stages/" + name, "made now", lineterm=""))
            self.assertEqual(difference, "", "stale; right: %s, in the source folder\n%s" % (REFRESH, difference))

    def test_examples_check(self):
        os.mkdir(self.at("photos"))
        for model, task in MODELS.items():
            self.write("models/%s.yaml" % model, MODEL % (model, task))
        for file in sorted(PAGES.iterdir()):
            graphs = re.findall(r"^```yaml\n(.*?)^```", file.read_text(), re.S | re.M)
            self.assertGreater(len(graphs), 0, file.name)
            for graph in graphs:
                self.write("example.yaml", graph)
                done = self.expect(0, "check", "example.yaml", "--models", "models", env=self.shipped())
                self.assertEqual(done.err, "", file.name)

    def test_the_table_of_stage_keys(self):
        """docs/graph-file.md marks for each shape the keys that a stage of that shape takes."""
        section = (SOURCE / "docs/graph-file.md").read_text().split("\n## Keys of a stage\n")[1].split("\n## ")[0]
        table = [[cell.strip() for cell in line.split("|")[1:-1]] for line in section.splitlines() if line.startswith("|")]
        columns = {name.removesuffix("s"): at for at, name in enumerate(table[0])}
        told = json.loads(self.expect(0, "plugins", "list", "--json").out)
        shapes = set()
        for stage in (s for p in told["plugins"] for s in p["stages"] if not s["serial"]):
            shapes.add(stage["shape"])
            marked = [row[0].strip("`") for row in table[2:] if row[columns[stage["shape"]]] == "x"]
            self.assertEqual(marked, stage["keys"], stage["name"])
        self.assertTrue({"source", "transform", "sink", "gather", "model", "device"} <= shapes, shapes)

    def test_the_table_of_rules(self):
        """docs/graph-file.md shows of each rule a message that its broken graph in tests/graphs/bad gets."""
        section = (SOURCE / "docs/graph-file.md").read_text().split("\n## Rules\n")[1].split("\n## ")[0]
        shown = {rule: html.unescape(text) for rule, text in re.findall(r"^\| `(\w+)` \| (.*) \|$", section, re.M)}
        files = sorted((SOURCE / "tests/graphs/bad").glob("*.expected"))
        self.assertGreater(len(files), 0)
        for file in files:
            told = [line for line in file.read_text().splitlines() if line.endswith(shown.get(file.stem, "\0"))]
            self.assertNotEqual(told, [], "%s: the page shows none of its messages" % file.stem)

    def test_a_whole_page(self):
        page = self.expect(0, "plugins", "page", "probe.join").out
        self.assertEqual(page, JOIN)
        page = self.expect(0, "plugins", "page", "probe.total").out
        self.assertIn("\nGather, version 1, called once, after the last item.\n", page)
        page = self.expect(0, "plugins", "page", "probe.count").out
        self.assertIn("\nTransform, version 1, one call at a time, in order, with a state for each stream.\n", page)
        self.assertNotIn("`retries`", page)  # a serial stage has none
        self.assertEqual(self.expect(0, "plugins", "page", "probe.count", "-o", "count.md").out, "")
        self.assertEqual(pathlib.Path(self.at("count.md")).read_text(), page)

    def test_usage(self):
        either = "flowrun: page: it takes either a STAGE or --all\n"
        for words in ((), ("media.files", "--all", "-o", "x")):
            self.assertTrue(self.expect(64, "plugins", "page", *words).err.startswith(either), words)
        self.assertTrue(self.expect(64, "plugins", "page", "--all").err.startswith(
            "flowrun: --all: it needs -o, the folder for the pages\n"))
        self.assertEqual(self.expect(64, "plugins", "page", "media.file").err,
                         "flowrun: no stage 'media.file'; flowrun plugins list shows what there is. Did you mean "
                         "'media.files'?\n")
        self.write("file", "")
        self.assertEqual(self.expect(74, "plugins", "page", "media.files", "-o", "file/page.md").err,
                         "flowrun: file/page.md cannot be written\n")
        self.assertEqual(self.expect(74, "plugins", "page", "--all", "-o", "file/pages").err,
                         "flowrun: file/pages cannot be made: Not a directory\n")

    def test_lists_show_a_line(self):
        listed = self.expect(0, "plugins", "list").out
        self.assertIn("  image.write              sink       Writes each image as a file below the run directory, in a "
                      "folder named like the stage.\n", listed)
        self.assertIn("\nPlaceholders of `path`:\n", self.expect(0, "plugins", "inspect", "image.write").out)


# What the examples of model stages name.
MODELS = {"efficientnet-lite0": "classify", "mynet": "classify", "centerface": "face-detection"}
MODEL = """flowrun_model: 1
name: %s
task: %s
files: [{backend: sim, path: net.sim, sha256: "0000000000000000000000000000000000000000000000000000000000000000"}]
inputs: [{name: image, shape: [3, 8, 8]}]
outputs: [{name: embedding, shape: [4]}]
"""
JOIN = """\
<!-- Made by `flowrun plugins page probe.join`: to change it, change the stage's describe(). -->
# probe.join

Joins a mark and a count.

Transform, version 1, several calls at once.

```yaml
flowrun: 1
stages:
  clips: {use: clips.read, params: {path: photos}}
  count: {use: probe.count, in: clips.mark}
  join: {use: probe.join, in: {mark: clips.mark, count: count.count}}
```

## Ports

| port | type | |
| --- | --- | --- |
| in `mark` | `probe.mark/1` | |
| in `count` | `probe.count/1` | |
| out `join` | `probe.join/1` | can be kept |

## Fields of join

| field | type | range, unit; what it is |
| --- | --- | --- |
| `key` | text | |
| `items` | int64 | |
| `sum` | int64 | |
| `own` | int64 | the item's own sum |

## Params

| param | type, range | default | |
| --- | --- | --- | --- |
| `file` | text | `""` | each call's item key is appended to it; empty: none |
| `sleep_us` | int 0..60000000 | `0` | of each call |
| `fail` | text | `""` | items whose key holds this fail |
| `skip` | text | `""` | items whose key holds this are skipped |

## Keys

In a graph file the stage takes the keys `use`, `in`, `params`, `parallel`, `retries`, `on_error`, `cache`, `every`.
"""

if __name__ == "__main__":
    main()
