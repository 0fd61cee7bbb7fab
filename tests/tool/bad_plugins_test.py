"""Libraries that are no usable plugins: refused with a sentence, before or after opening, and never called into."""
import json
import os
import re
import shutil
import subprocess

from flowrun_runs import DESCRIBE, PROBES, STAMPED, RunTest, environment, main, make_photos, read_report, text

GRAPH = """flowrun: 1
run: {out: run}
stages:
  media: {use: media.files, params: {path: photos}}
  it: {use: %s, in: media%s}
"""
KEEP = "keep: [it]\n"


def build_id(library):
    """The ELF note, looked for as bytes: 4-byte name, 20 bytes of content, type 3, name GNU."""
    with open(library, "rb") as f:
        found = re.search(rb"\x04\0\0\0\x14\0\0\0\x03\0\0\0GNU\0(.{20})", f.read(), re.DOTALL)
    return found.group(1).hex()


class BadPlugins(RunTest):
    def setUp(self):
        super().setUp()
        make_photos(self.at("photos"), 3)
        os.mkdir(self.at("plugins"))
        self.env = environment(FLOWRUN_PLUGINS=self.at("plugins"))
        with open(PROBES / "throwing.plugin.json", encoding="utf-8") as f:
            self.manifest = json.load(f)

    def install(self, path, name, **changes):
        """A copy of a library with a sidecar that fits it, but for `changes`."""
        target = self.at("plugins", name + ".so")
        shutil.copy(path, target)
        manifest = {**self.manifest, "name": name, "library": name + ".so", "build_id": build_id(target), **changes}
        self.write("plugins/%s.plugin.json" % name, json.dumps(manifest))
        return target

    def graph(self, use, params="", more=KEEP):
        self.write("g.yaml", GRAPH % (use, params) + more)

    def refused(self, use, reason, name=None):
        """check, run and plugins list all say it, and nothing is opened or started."""
        name = name or use.split(".")[0]
        self.graph(use)
        library = self.at("plugins", name + ".so")
        column = GRAPH.splitlines()[4].index("%s") + 1
        problem = "g.yaml:5:%d: there is no '%s': the plugin %s cannot be used: %s\n1 problem; nothing was started.\n" % (
            column, use, library, reason)
        for words in (("g.yaml",), ("check", "g.yaml")):
            self.assertEqual(self.expect(65, *words, env=self.env).err, problem)
        self.assertFalse(os.path.exists(self.at("run")))
        listed = self.expect(0, "plugins", "list", env=self.env)
        self.assertIn("%s is not usable: %s\n" % (library, reason), listed.err)
        self.assertIn("media.files", listed.out)  # the others are

    def broken_at_start(self, use, rc, message, env=None):
        self.graph(use)
        self.expect(0, "check", "g.yaml", env=self.env)
        done = self.expect(rc, "g.yaml", env=env or self.env)
        self.assertEqual(done.err, "flowrun: " + message + "\n")
        self.assertFalse(os.path.exists(self.at("run/run.db")))

    # What the sidecar tells: the library is not opened.

    def test_sidecar_of_another_abi(self):
        self.install(STAMPED / "wrong_abi.so", "old", string_abi=0)
        self.refused("old.stage", "built with _GLIBCXX_USE_CXX11_ABI=0, but this is 1; rebuild it")

    def test_sidecar_of_another_sdk(self):
        self.install(STAMPED / "wrong_sdk.so", "old", sdk=[7, 9])
        self.refused("old.stage", "built with flowrun SDK 7.9, but this is 0.1; rebuild it")

    def test_stale_sidecar(self):
        self.install(PROBES / "throwing.so", "throwing", build_id="00" * 20)
        self.refused("throwing.stage", "stale sidecar: throwing.plugin.json was made from build %s, but the library is "
                     "build %s; rebuild it or run flowrun-describe" % ("00" * 20, build_id(PROBES / "throwing.so")))

    def test_missing_sidecar(self):
        shutil.copy(PROBES / "throwing.so", self.at("plugins"))
        self.refused("throwing.stage", "the description beside it, throwing.plugin.json, is missing or unreadable; "
                     "rebuild it or run flowrun-describe")

    def test_damaged_sidecar(self):
        self.install(PROBES / "throwing.so", "throwing")
        self.write("plugins/throwing.plugin.json", "{}")
        self.refused("throwing.stage", "throwing.plugin.json: not a plugin's description that this version reads ("
                     "[json.exception.out_of_range.403] key 'flowrun_plugin' not found); rebuild the plugin or run "
                     "flowrun-describe on it")

    def test_sidecar_of_another_library(self):
        self.install(PROBES / "throwing.so", "throwing", library="other.so")
        self.refused("throwing.stage", "throwing.plugin.json describes other.so, not throwing.so")

    def test_a_text_named_so(self):
        self.install(PROBES / "throwing.so", "letter")
        self.write("plugins/letter.so", "dear library\n" * 20)
        self.refused("letter.stage", "letter.so is not a 64-bit library")

    def test_a_text_without_sidecar(self):
        self.write("plugins/letter.so", "dear library\n" * 20)
        self.refused("letter.stage", "the description beside it, letter.plugin.json, is missing or unreadable; "
                     "rebuild it or run flowrun-describe")

    def test_two_of_one_name(self):
        self.install(PROBES / "throwing.so", "throwing")
        shutil.copy(self.at("plugins/throwing.so"), self.at("plugins/libthrowing.so"))
        done = self.run_it("plugins", "list", env=self.env)
        self.assertIn("throwing.plugin.json describes throwing.so, not libthrowing.so", done.err)

    # What the stamp tells, where the sidecar lies: opened, not called into.

    def test_stamp_of_another_abi(self):
        at = self.install(STAMPED / "wrong_abi.so", "old")
        self.broken_at_start("old.stage", 69, "plugin %s: it was built with _GLIBCXX_USE_CXX11_ABI=0, this flowrun with "
                             "1; rebuild it with the same" % at)

    def test_stamp_of_another_sdk(self):
        at = self.install(STAMPED / "wrong_sdk.so", "old")
        self.broken_at_start("old.stage", 69,
                             "plugin %s: it was built with SDK 7.9, this flowrun has 0.1; rebuild it" % at)

    def test_stamp_of_another_size(self):
        at = self.install(STAMPED / "wrong_size.so", "old")
        self.broken_at_start("old.stage", 69, "plugin %s: its stamp has 8 bytes, this flowrun reads 64; rebuild it "
                             "against this SDK" % at)

    def test_stamp_of_other_headers(self):
        at = self.install(STAMPED / "wrong_layout.so", "old")
        self.broken_at_start("old.stage", 69, "plugin %s: it was built with other SDK headers of version 0.1 than this "
                             "flowrun; rebuild it" % at)

    def test_no_stamp_of_ours(self):
        at = self.install(STAMPED / "wrong_magic.so", "old")
        self.broken_at_start("old.stage", 69, "plugin %s: its flowrun_plugin is not a plugin's stamp; end the plugin's "
                             "file with FLOWRUN_PLUGIN(...)" % at)

    def test_no_entry(self):
        at = self.install(STAMPED / "no_entry.so", "old")
        self.broken_at_start("old.stage", 69, "plugin %s: it exports no flowrun_plugin; end the plugin's file with "
                             "FLOWRUN_PLUGIN(...)" % at)

    def test_missing_symbol(self):
        at = self.install(STAMPED / "missing_symbol.so", "old")
        self.broken_at_start("old.stage", 69, "plugin %s: undefined symbol: flowrun_test_symbol_nobody_has; link "
                             "the library that has it (flowrun_add_plugin would have refused this at the link)" % at)

    def test_sidecar_of_another_stage(self):
        stage = dict(self.manifest["stages"][0], name="other")
        at = self.install(PROBES / "throwing.so", "throwing", stages=[stage])
        self.broken_at_start("throwing.other", 69, "plugin %s: it is not what its sidecar says about throwing.other; "
                             "rebuild it or run flowrun-describe on it" % at)

    def test_no_stage_of_that_name(self):
        self.install(PROBES / "throwing.so", "throwing")
        self.graph("throwing.stge")
        self.assertEqual(
            self.expect(65, "g.yaml", env=self.env).err,
            "g.yaml:5:13: plugin 'throwing' has no stage 'stge'; it has: stage. Did you mean 'throwing.stage'?\n"
            "1 problem; nothing was started.\n")

    # What its code does.

    def test_throwing_before_the_run(self):
        at = self.install(PROBES / "throwing.so", "throwing")
        for where, rc, message in (
                ("describe", 69, "plugin %s: describe() or a stage's constructor threw: describe was told to" % at),
                ("constructor", 69,
                 "plugin %s: describe() or a stage's constructor threw: the constructor was told to" % at),
                ("number", 69, "plugin %s: describe() or a stage's constructor threw something that is not a "
                               "std::exception" % at)):
            self.broken_at_start("throwing.stage", rc, message, dict(self.env, FLOWRUN_TEST_THROW=where))
        done = self.run_it("g.yaml", env=dict(self.env, FLOWRUN_TEST_THROW="object"))
        self.assertEqual((done.rc, done.err),
                         (70, "flowrun: stage 'it': its constructor threw: the constructor was told to\n"))
        self.assertEqual(read_report(self.at("run"))["read"], 0)
        self.expect(0, "g.yaml", env=self.env)  # and once it does not throw, all is well
        self.assertEqual(self.balanced()["done"], 3)

    def test_describe_tool_refuses_a_throwing_one(self):
        at = self.install(PROBES / "throwing.so", "throwing")
        done = subprocess.run([DESCRIBE, at], env=dict(self.env, FLOWRUN_TEST_THROW="describe"), capture_output=True,
                              check=False)
        self.assertEqual((done.returncode, text(done.stderr)),
                         (1, "plugin %s: describe() or a stage's constructor threw: describe was told to\n" % at))

    def test_throwing_in_the_run(self):
        probes = environment()
        for where, rc, message in (
                ("open", 70, "stage 'it': its open() threw: the probe was told to break"),
                ("input", 64, "stage 'it': the probe misses its input"),
                ("run", 3, "3 of 3 items failed"),
                ("number", 3, "3 of 3 items failed"),
                ("close", 70, "stage 'it': its close() threw: the probe was told to break")):
            self.graph("probe.broken", ", params: {at: %s}" % where)
            done = self.expect(rc, "g.yaml", "-o", where, env=probes)
            self.assertEqual(done.err, "flowrun: " + message + "\n", where)
            if rc != 64:
                self.balanced(where)
        self.assertEqual(read_report(self.at("number"))["first_failures"][0]["reason"],
                         "threw something that is not a std::exception")
        self.graph("probe.broken", ", params: {at: run_error}")
        done = self.expect(74, "g.yaml", "-j", "1", "--set", "run.in_flight=1", env=probes)
        self.assertEqual(done.err, "flowrun: stage 'it', item 'p000.png': the probe's disk is gone; put that right, then "
                                   "go on with: flowrun resume run\n")
        r = self.balanced()
        self.assertEqual((r["read"], r["cancelled"]), (1, 1))  # no item is at fault
        self.graph("probe.broken")
        self.expect(0, "g.yaml", env=probes)
        self.assertEqual(self.balanced()["done"], 3)

    def test_folders_searched(self):
        """The nearer folder wins and list shows what it hides; a graph's folders must be safe to load from."""
        self.install(PROBES / "throwing.so", "throwing")
        os.mkdir(self.at("nearer"))
        for name in ("throwing.so", "throwing.plugin.json"):
            shutil.copy(self.at("plugins", name), self.at("nearer", name))
        listed = self.expect(0, "plugins", "list", "--plugins", self.at("nearer"), env=self.env).out
        self.assertIn("throwing 1.0.0  %s\n  hides %s\n" % (self.at("nearer/throwing.so"), self.at("plugins/throwing.so")),
                      listed)
        bare = {k: v for k, v in self.env.items() if k != "FLOWRUN_PLUGINS"}
        self.graph("throwing.stage", more=KEEP + "plugins: [nearer]\n")
        self.expect(0, "g.yaml", env=bare)
        os.chmod(self.at("nearer"), 0o777)
        done = self.expect(65, "check", "g.yaml", env=bare)
        self.assertIn("g.yaml:7:11: plugins: folder 'nearer' is writable by everyone; take that right away (chmod o-w) "
                      "to use its plugins\n", done.err)


if __name__ == "__main__":
    main()
