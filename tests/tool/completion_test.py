"""Completion of the command line in bash, driven as bash drives it."""
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from flowrun_runs import PROBES, SOURCE, TOOL, RunTest, environment, main, make_photos, text

SCRIPT = SOURCE / "core/tool/completion/flowrun.bash"
DRIVE = """
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_flowrun
(( ${#COMPREPLY[@]} == 0 )) || printf '%s\\n' "${COMPREPLY[@]}"
"""
GRAPH = """flowrun: 1
run: {out: runs/one}
stages:
  media: {use: media.files, params: {path: photos}}
  mark: {use: probe.mark, in: media}
"""


@unittest.skipUnless(shutil.which("bash"), "there is no bash")
class Completion(RunTest):
    def complete(self, *words, **more):
        """What is offered for the last word."""
        done = subprocess.run(["bash", "--norc", "-c", DRIVE, "bash", str(SCRIPT), TOOL, *words], cwd=self.place,
                              env=environment(**more), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False, timeout=60)
        self.assertEqual((done.returncode, text(done.stderr)), (0, ""), words)
        offered = text(done.stdout).splitlines()
        self.assertEqual(len(offered), len(set(offered)), offered)
        return sorted(offered)

    def test_commands(self):
        told = re.search(r"^Subcommands:\n((?:  .*\n)+)", self.expect(0, "--help").out, re.MULTILINE).group(1)
        commands = sorted(re.findall(r"^  ([a-z]+)", told, re.MULTILINE))
        self.assertTrue({"run", "check", "plugins", "resume", "errors", "export"} <= set(commands), commands)
        self.assertEqual(self.complete(""), commands)
        self.assertEqual(self.complete("chec"), ["check"])
        self.assertEqual(self.complete("bogus"), [])
        self.assertTrue({"list", "inspect"} <= set(self.complete("plugins", "")))
        self.assertEqual(self.complete("plugins", "insp"), ["inspect"])
        self.assertEqual(self.complete("plugins", ""), ["doctor", "inspect", "list", "page"])
        self.assertEqual(self.complete("new", ""), ["stage"])

    def test_a_folder_named_like_a_command(self):
        os.makedirs(self.at("check"))
        self.assertEqual(self.complete("chec"), ["check", "check/"])

    def test_options(self):
        self.assertEqual(self.complete("export", "--"), ["--canonical", "--help", "--help-all", "--out", "--to"])
        self.assertEqual(self.complete("resume", "--retr"), ["--retry-failed"])
        self.assertEqual(self.complete("plugins", "list", "--js"), ["--json"])
        self.assertEqual(self.complete("--vers"), ["--version"])
        # Every option of every command that --help-all tells.
        for command in ("run", "check", "graph", "resume", "errors", "report", "gather"):
            told = self.expect(0, command, "--help").out
            options = sorted(re.findall(r"^  (?:-[a-zA-Z],)?(--[a-z-]+)", told, re.MULTILINE))
            self.assertGreater(len(options), 1)
            self.assertEqual(self.complete(command, "--"), options)

    def test_graph_files(self):
        for name in ("a.yaml", "graphs/b.yaml", "graphs/c.txt", "graphs/deep/d.yaml", "notes.txt"):
            self.write(name, "")
        self.assertEqual(self.complete("run", ""), ["a.yaml", "graphs"])
        self.assertEqual(self.complete("check", "graphs/"), ["graphs/b.yaml", "graphs/deep"])
        self.assertEqual(self.complete("graph", "--plugins", "x", "--set", "a", "=", "b", "a"), ["a.yaml"])
        # Without a command: a graph is run.
        self.assertEqual(self.complete("a."), ["a.yaml"])
        self.assertEqual(self.complete("gr"), ["graph", "graphs/"])
        self.assertEqual(self.complete("graphs/"), ["graphs/b.yaml", "graphs/deep"])
        self.assertEqual(self.complete("graphs/b.yaml", "--fre"), ["--fresh"])
        # One graph is enough, and what --set takes nobody knows here.
        self.assertEqual(self.complete("run", "a.yaml", ""), [])
        self.assertEqual(self.complete("run", "a.yaml", "--set", ""), [])

    def test_odd_names(self):
        self.write("my graph.yaml", "")
        self.write("gra phs/b c.yaml", "")
        self.assertEqual(self.complete("run", "my"), ["my graph.yaml"])
        self.assertEqual(self.complete("run", "gra phs/"), ["gra phs/b c.yaml"])
        self.assertEqual(self.complete("my"), ["my\\ graph.yaml"])

    def test_run_directories(self):
        make_photos(self.at("photos"), 1)
        self.write("g.yaml", GRAPH)
        self.write("more/deep/manifest.json", "{}")
        self.expect(0, "g.yaml")
        for command in ("resume", "errors", "report", "export", "gather"):
            self.assertEqual(self.complete(command, ""), ["more", "runs"])
            self.assertEqual(self.complete(command, "runs/"), ["runs/one"])
            self.assertEqual(self.complete(command, "ph"), [])
        self.assertEqual(self.complete("resume", "~/ru", HOME=self.place), ["~/runs"])
        self.assertEqual(self.complete("resume", "~/runs/", HOME=self.place), ["~/runs/one"])

    def test_stages(self):
        self.assertEqual(self.complete("plugins", "inspect", "probe."),
                         ["probe." + s for s in ("broken", "count", "join", "mark", "share", "total", "write")])
        self.assertIn("media.files", self.complete("plugins", "inspect", ""))
        self.assertEqual(self.complete("plugins", "page", "probe.to"), ["probe.total"])
        self.assertEqual(self.complete("plugins", "inspect", "--plugins", str(PROBES), "probe.ma", FLOWRUN_PLUGINS=""),
                         ["probe.mark"])

    def test_values(self):
        made = self.expect(64, "export", "run", "--to", "?").err
        self.assertEqual(made, "flowrun: '?' is not an export format; it can be: jsonl, csv, npy, coco, yolo\n")
        self.assertEqual(self.complete("export", "run", "--to", ""), ["coco", "csv", "jsonl", "npy", "yolo"])
        self.assertEqual(self.complete("export", "run", "--to", "=", "c"), ["coco", "csv"])
        self.assertEqual(self.complete("export", "run", "--to", "="), ["coco", "csv", "jsonl", "npy", "yolo"])
        self.assertEqual(self.complete("new", "stage", "mine.it", "--shape", ""), ["gather", "sink", "source", "transform"])
        self.assertEqual(self.complete("new", "stage", ""), [])
        self.write("out/file.txt", "")
        self.assertEqual(self.complete("plugins", "doctor", "ou"), ["out"])
        self.assertEqual(self.complete("plugins", "doctor", "out", "out/"), ["out/file.txt"])
        self.assertEqual(self.complete("plugins", "page", "--all", "-o", "ou"), ["out"])
        self.assertEqual(self.complete("run", "g.yaml", "-o", "ou"), ["out"])
        self.assertEqual(self.complete("run", "g.yaml", "--out", "out/"), [])
        self.assertEqual(self.complete("export", "out", "-o", "out/"), ["out/file.txt"])

    def test_profiles(self):
        shipped = [f.stem for f in (pathlib.Path(TOOL).resolve().parent.parent / "share/flowrun/profiles").glob("*.yaml")]
        self.assertTrue(shipped)
        self.assertEqual(self.complete("run", "g.yaml", "--profile", ""), sorted(["auto", *shipped]))
        self.assertEqual(self.complete("run", "--profile", "aut"), ["auto"])
        self.assertEqual(self.complete("g.yaml", "--profile", "=", "aut"), ["auto"])
        self.write("mine/own.yaml", "")
        self.assertEqual(self.complete("run", "--profile", "mine/"), ["mine/own.yaml"])
        self.assertEqual(self.complete("run", "--profile", "auto", "mi"), ["mine"])

    def test_without_the_tool(self):
        done = subprocess.run(["bash", "--norc", "-c", DRIVE, "bash", str(SCRIPT), "/nowhere/flowrun", ""],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, timeout=60)
        self.assertEqual((text(done.stdout), text(done.stderr)), ("", ""))

    def test_it_is_bound_to_the_command(self):
        done = subprocess.run(["bash", "--norc", "-c", 'source "$1" && complete -p flowrun', "bash", str(SCRIPT)],
                              stdout=subprocess.PIPE, check=True, timeout=60)
        self.assertEqual(text(done.stdout), "complete -F _flowrun flowrun\n")


if __name__ == "__main__":
    main()
