"""The command line: words, answers, exit codes, and what goes to which stream."""
import json
import os
import re
import subprocess
import unittest

from flowrun_runs import PROBES, TOOL, RunTest, canonical, environment, lines, main, make_photos, records, text

GRAPH = """flowrun: 1
params: {input: photos}
run: {out: run}
stages:
  media: {use: media.files, params: {path: "${input}"}}
  mark:  {use: probe.mark, in: media}
  count: {use: probe.count, in: mark}
  both:  {use: probe.join, in: {mark: mark, count: count}}
  all:   {use: probe.total, in: both}
keep: [mark, all]
export: {jsonl: results.jsonl}
"""
COMMANDS = ("run", "check", "graph", "plugins", "plugins list", "plugins inspect", "plugins page",
            "plugins doctor", "new", "new stage", "resume", "errors", "report", "export",
            "gather", "plan", "tune", "models", "models list", "models verify", "models fetch", "models add", "models compile")
HELP = "flowrun --help lists the commands, flowrun COMMAND --help their options\n"


class Commands(RunTest):
    def setUp(self):
        super().setUp()
        make_photos(self.at("photos"), 5)
        self.write("g.yaml", GRAPH)

    def test_help_has_an_example_everywhere(self):
        everything = self.expect(0, "--help")
        self.assertEqual(everything.err, "")
        for command in COMMANDS:
            words = command.split()
            done = self.expect(0, *words, "--help")
            example = re.findall(r"^example: (flowrun .*)$", done.out, re.MULTILINE)
            self.assertEqual(len(example), 1, done)
            self.assertIn("flowrun " + command, example[0])
            self.assertIn("\n  %s " % words[0], everything.out)
        self.assertIn("example: flowrun graphs/demo.yaml", everything.out)

    def test_version(self):
        self.assertRegex(self.expect(0, "--version").out, r"^\d+\.\d+\.\d+\n$")

    def test_usage(self):
        for words, message in (
                (("chek", "g.yaml"), "'chek': there is no such command, and no such graph file. Did you mean 'check'?"),
                (("frobnicate",), "'frobnicate': there is no such command, and no such graph file."),
                (("check",), "graph is required"),
                (("resume",), "run is required"),
                (("gather", "run"), "stage is required"),
                (("run", "g.yaml", "--bogus"), "The following argument was not expected: --bogus"),
                (("run", "g.yaml", "more.yaml"), "The following argument was not expected: more.yaml"),
                (("run", "g.yaml", "-j", "0"), "--threads: Value 0 not in range 1 to 1024"),
                (("run", "g.yaml", "-j", "many"), "--threads: Value many not in range 1 to 1024"),
                (("plugins",), "A subcommand is required")):
            done = self.expect(64, *words)
            self.assertEqual((done.out, done.err), ("", "flowrun: " + message + "\n" + HELP), words)
        done = self.expect(64, "g.yaml", "--set", "input")
        self.assertEqual(done.err, "flowrun: --set input: it takes NAME=VALUE, such as --set input=photos\n")
        done = self.expect(64)
        self.assertEqual(done.out, "")
        self.assertIn("Subcommands:", done.err)
        self.assertFalse(os.path.exists(self.at("run")))

    def test_missing_graph(self):
        self.assertEqual(self.expect(64, "none.yaml").err,
                         "none.yaml: cannot be read: No such file or directory\n1 problem; nothing was started.\n")
        self.assertEqual(self.expect(64, "check", "photos").err,
                         "photos: is a folder; name the graph file in it\n1 problem; nothing was started.\n")
        self.assertFalse(json.loads(self.expect(64, "check", "none.yaml", "--json").out)["ok"])

    def test_a_misspelt_key(self):
        self.write("g.yaml", GRAPH.replace("use: probe.mark, in:", "use: probe.mark, inn:"))
        done = self.expect(65, "g.yaml")
        self.assertEqual(done.out, "")
        told = done.err.splitlines()
        self.assertRegex(told[0], r"^g\.yaml:6:28: 'inn' is not a key of a stage; it has: [a-z_, ]+\. Did you mean 'in'\?$")
        self.assertEqual(told[-1], "%d problems; nothing was started." % (len(told) - 1)
                         if len(told) > 2 else "1 problem; nothing was started.")
        self.assertFalse(os.path.exists(self.at("run")))
        self.assertEqual(self.expect(65, "check", "g.yaml").err, done.err)

    def test_all_problems_at_once(self):
        self.write("g.yaml", GRAPH.replace("probe.count", "probe.cuont").replace("count: count}", "count: conut}")
                   .replace("out: run", "owt: run"))
        done = self.expect(65, "check", "g.yaml")
        for place, hint in (("3:7", "'out'"), ("7:16", "'probe.count'"), ("8:52", "'count'")):
            self.assertRegex(done.err, r"(?m)^g\.yaml:%s: .*Did you mean %s\?$" % (place, hint))
        self.assertIn("3 problems; nothing was started.\n", done.err)

    def test_check(self):
        done = self.expect(0, "check", "g.yaml")
        self.assertEqual(done.err, "")
        self.assertEqual(done.out, """\
media  media.files  source, up to min(threads, 8) at once
mark   probe.mark   transform, up to min(threads, 8) at once, keeps mark
count  probe.count  transform, one at a time per stream, in order
both   probe.join   transform, up to min(threads, 8) at once, keeps join
all    probe.total  gather, once, after the items, keeps total
a stage is serial: an interrupted stream is run again from its first item
""")
        self.assertFalse(os.path.exists(self.at("run")))
        told = json.loads(self.expect(0, "check", "g.yaml", "--json").out)
        self.assertEqual(told, {"ok": True, "problems": []})
        self.write("g.yaml", GRAPH.replace("keep:", "kepe:"))
        told = json.loads(self.expect(65, "check", "g.yaml", "--json").out)
        self.assertFalse(told["ok"])
        first = told["problems"][0]
        self.assertEqual((first["file"], first["line"], first["column"], first["warning"]), ("g.yaml", 10, 1, False))
        self.assertIn("Did you mean 'keep'?", first["text"])

    def test_a_warning_is_said_once_and_stops_nothing(self):
        self.write("g.yaml", GRAPH.replace("keep: [mark, all]", "keep: [all]")
                   .replace("  all:", "  dull:  {use: probe.mark, in: media}\n  all:"))
        done = self.expect(0, "check", "g.yaml")
        self.assertEqual(done.err, "g.yaml:9:3: warning: nothing uses stage 'dull' (probe.mark): no stage reads it; 'mark' "
                                   "is not in 'keep'\n")
        self.expect(0, "g.yaml")

    def test_graph(self):
        dot = self.expect(0, "graph", "g.yaml").out
        self.assertTrue(dot.startswith("digraph flowrun {\n") and dot.endswith("}\n"), dot)
        for edge in ('"media" -> "mark" [label="image"]', '"mark" -> "count" [label="mark"]', '"both" -> "all"'):
            self.assertIn(edge, dot)
        resolved = self.expect(0, "graph", "g.yaml", "--resolved", "--set", "input=elsewhere").out
        self.assertIn("path: elsewhere", resolved)
        # What is resolved is a graph itself, and resolves to itself.
        self.write("r.yaml", resolved)
        self.assertEqual(self.expect(0, "graph", "r.yaml", "--resolved").out, resolved)

    def test_run_is_the_default_command(self):
        self.expect(0, "g.yaml", "-o", "a")
        self.expect(0, "run", "g.yaml", "-o", "b")
        self.assertEqual(canonical(self.at("a")), canonical(self.at("b")))
        self.assertEqual(len(records(self.at("a"))), 5)
        # Options may stand before the graph, if `run` does too.
        self.expect(0, "run", "-o", "c", "g.yaml")
        self.assertEqual(canonical(self.at("a")), canonical(self.at("c")))

    def test_set(self):
        self.expect(0, "g.yaml", "--set", "mark.params.offset=1000", "--set", "run.out=there")
        self.assertGreater(records(self.at("there"))["p000.png"]["values"]["mark"]["sum"], 1000)
        done = self.expect(65, "g.yaml", "--set", "inptu=photos")
        self.assertIn("Did you mean 'input'?", done.err)
        self.assertIn("--set inptu=photos", done.err)

    def test_threads_change_no_result(self):
        told = set()
        for threads in ("1", "2", "8"):
            self.expect(0, "g.yaml", "-o", "j" + threads, "-j", threads)
            told.add(canonical(self.at("j" + threads)))
        self.assertEqual(len(told), 1)

    def test_report(self):
        self.expect(0, "g.yaml")
        shown = self.expect(0, "report", "run").out
        self.assertTrue(shown.startswith("read 5 = done 5 + skipped 0 + failed 0 + cancelled 0"), shown)
        told = json.loads(self.expect(0, "report", "run", "--json").out)
        self.assertEqual((told["read"], told["done"], told["exit_code"]), (5, 5, 0))
        self.assertEqual({s["name"] for s in told["stages"]}, {"media", "mark", "count", "both"})
        self.assertEqual(self.expect(64, "report", "none").err,
                         "flowrun: none/report.json cannot be read: the run has not ended yet, or none is not a run "
                         "directory\n")

    def test_export(self):
        self.expect(0, "g.yaml")
        plain = self.expect(0, "export", "run").out
        self.assertEqual(plain, self.expect(0, "export", "run", "--to", "jsonl").out)
        done = self.expect(0, "export", "run", "-o", "all.jsonl")
        self.assertEqual(done.out, "all.jsonl: 5 records\n")
        with open(self.at("all.jsonl"), encoding="utf-8") as f:
            self.assertEqual(f.read(), plain)
        with open(self.at("run/results.jsonl"), encoding="utf-8") as f:
            self.assertEqual(f.read(), plain)
        for line in plain.splitlines():
            json.loads(line)
        for line in canonical(self.at("run")).splitlines():
            told = json.loads(line)
            self.assertEqual(line, json.dumps(told, sort_keys=True, separators=(",", ":")))
        self.assertEqual(self.expect(64, "export", "run", "--to", "cvs").err,
                         "flowrun: 'cvs' is not an export format; it can be: jsonl, csv, npy, coco, yolo. Did you mean 'csv'?\n")
        self.assertEqual(self.expect(64, "export", "none").err,
                         "flowrun: none is not a run directory: it has no run.db; give the folder that was -o of a run\n")
        self.assertEqual(self.expect(74, "export", "run", "-o", "no/such/folder.jsonl").err,
                         "flowrun: no/such/folder.jsonl: create: No such file or directory; its folder must exist\n")
        self.assertEqual(self.expect(0, "errors", "run").out, "")

    def test_closed_pipe(self):
        """A reader who has seen enough: a sentence and 74, no signal and no silence."""
        self.expect(0, "g.yaml", "--set", "mark.params.pad=200000")
        process = subprocess.Popen([TOOL, "export", "run"], cwd=self.place, env=environment(), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        process.stdout.read(10)
        process.stdout.close()
        err = text(process.stderr.read())
        process.stderr.close()
        self.assertEqual((process.wait(60), err),
                         (74, "flowrun: standard output: its reader closed it before all records were written\n"))

    def test_run_with_a_closed_pipe(self):
        """The results are in the run directory: that nobody reads the summary is no failure of the run."""
        reader, writer = os.pipe()
        os.close(reader)
        process = subprocess.Popen([TOOL, "g.yaml"], cwd=self.place, env=environment(), stdout=writer,
                                   stderr=subprocess.PIPE)
        os.close(writer)
        process.stderr.read()
        process.stderr.close()
        self.assertIn(process.wait(60), (0, 74))
        self.assertEqual(len(records(self.at("run"))), 5)

    def test_a_full_device_as_output(self):
        self.expect(0, "g.yaml")
        for words in (("export", "run"), ("report", "run"), ("plugins", "list", "--json"), ("graph", "g.yaml"),
                      ("check", "g.yaml"), ("check", "g.yaml", "--json"), ("plugins", "inspect", "media.files")):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([TOOL, *words], cwd=self.place, env=environment(), stdout=full,
                                      stderr=subprocess.PIPE, check=False)
            self.assertEqual(done.returncode, 74, (words, done))
            told = text(done.stderr).splitlines()[-1]
            self.assertRegex(told, r"^flowrun: standard output: (write: )?(No space left on device|not all of it could be "
                             r"written)", words)

    def test_plugins(self):
        done = self.expect(0, "plugins", "list")
        self.assertEqual(done.err, "")
        for line in ("probe 1.0.0  %s" % (PROBES / "probe.so"),
                     "  probe.mark               transform  Sums up a picture and notes that it was called.",
                     "  probe.total              gather     Adds up the joins of a run."):
            self.assertIn(line + "\n", done.out)
        told = json.loads(self.expect(0, "plugins", "list", "--json").out)
        probe = [p for p in told["plugins"] if p["name"] == "probe"]
        self.assertEqual(len(probe), 1)
        self.assertEqual({s["name"] for s in probe[0]["stages"]},
                         {"mark", "count", "join", "write", "total", "share", "broken"})
        shown = self.expect(0, "plugins", "inspect", "probe.count").out
        self.assertEqual(shown.splitlines()[:9], [
            "probe.count  (transform, version 1 of the stage, plugin 1.0.0)",
            "Counts the items of a stream, in order.",
            "one call at a time: it keeps state from item to item",
            "inputs",
            "  mark: probe.mark/1",
            "    key: text  of the item",
            "    pad: text  filling, of the size asked for",
            "    width: int32  px",
            "    height: int32  px"])
        self.assertIn("  sleep_us (int 0..60000000, default 0)\n    of each call\n", shown.replace(".0", ""))
        self.assertEqual(self.expect(64, "plugins", "inspect", "probe.cont").err,
                         "flowrun: no stage 'probe.cont'; flowrun plugins list shows what there is. Did you mean "
                         "'probe.count'?\n")

    def test_nothing_is_written_outside_the_run_directory(self):
        self.expect(0, "g.yaml")
        self.assertEqual(sorted(os.listdir(self.place)), ["g.yaml", "photos", "run"])
        self.assertEqual(sorted(n for n in os.listdir(self.at("run")) if not n.startswith("run.db-")),
                         ["graph.resolved.yaml", "log.txt", "manifest.json", "report.json", "results.jsonl", "run.db",
                          "run.lock"])
        with open(self.at("run/manifest.json"), encoding="utf-8") as f:
            told = json.load(f)
        self.assertEqual((told["graph"], told["working_directory"]), ("g.yaml", os.path.realpath(self.place)))
        self.assertTrue(lines(self.at("run/log.txt")))

    def test_without_a_store(self):
        self.write("g.yaml", """flowrun: 1
run: {out: run, store: none}
stages:
  media: {use: media.files, params: {path: photos}}
  mark:  {use: probe.mark, in: media, params: {file: marks.txt}}
""")
        self.expect(0, "g.yaml")
        self.expect(0, "g.yaml")
        self.assertEqual(len(lines(self.at("marks.txt"))), 10)  # nothing is remembered
        self.assertFalse(os.path.exists(self.at("run/run.db")))


if __name__ == "__main__":
    main()
