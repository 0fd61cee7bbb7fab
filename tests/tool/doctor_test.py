"""`flowrun plugins doctor`: it survives every library, and says of each what is wrong with it."""
import json
import os
import shutil

from flowrun_runs import BUILD, PROBES, STAMPED, RunTest, environment, main

ON_LOAD = BUILD / "test_on_load"


class Doctor(RunTest):
    def line(self, rc, place, *words):
        """The one line it prints, after the library's name."""
        done = self.expect(rc, "plugins", "doctor", place, *words)
        state, rest = done.out.split(maxsplit=1)
        self.assertEqual(rest[:len(str(place)) + 2], "%s: " % place)
        return state, rest[len(str(place)) + 2:-1]

    def test_a_good_one(self):
        self.assertEqual(self.line(0, PROBES / "throwing.so"), ("ok", "throwing.stage"))
        self.assertEqual(self.line(0, BUILD / "plugins/sim.so"), ("ok", "backend sim"))
        # What it prints is not taken for the answer; it has no sidecar, so nothing could use it.
        done = self.expect(69, "plugins", "doctor", ON_LOAD / "print.so")
        self.assertEqual(done.out, "refused    %s: the description beside it, print.plugin.json, is missing or unreadable; "
                                   "rebuild it or run flowrun-describe\n" % (ON_LOAD / "print.so"))
        self.assertEqual(done.err, '{"loaded": false, "reason": "not what doctor reads"}\n')

    def test_its_code_at_loading(self):
        for name, state, reason in (
                ("segfault", "crashed", "SIGSEGV (Segmentation fault) when it was opened"),
                ("abort", "crashed", "SIGABRT (Aborted) when it was opened"),
                ("exit", "crashed", "it ended the process with exit status 7 when it was opened")):
            self.assertEqual(self.line(69, ON_LOAD / (name + ".so")), (state, reason))
        self.assertEqual(self.line(69, ON_LOAD / "hang.so", "--limit", "0.5"),
                         ("hangs", "it was not open after 0.5 s and was killed"))

    def test_what_the_loader_refuses(self):
        self.assertEqual(self.line(69, STAMPED / "missing_symbol.so"),
                         ("unloadable", "undefined symbol: flowrun_test_symbol_nobody_has; link the library that has it "
                          "(flowrun_add_plugin would have refused this at the link)"))
        self.write("letter.so", "dear library\n" * 20)
        self.assertEqual(self.line(69, self.at("letter.so")), ("unloadable", "invalid ELF header"))

    def test_what_the_stamp_tells(self):
        for name, reason in (
                ("wrong_sdk", "it was built with SDK 7.9, this flowrun has 0.1; rebuild it"),
                ("wrong_abi", "it was built with _GLIBCXX_USE_CXX11_ABI=0, this flowrun with 1; rebuild it with the same"),
                ("wrong_magic", "its flowrun_plugin is not a plugin's stamp; end the plugin's file with "
                                "FLOWRUN_PLUGIN(...)"),
                ("no_entry", "it exports no flowrun_plugin; end the plugin's file with FLOWRUN_PLUGIN(...)")):
            self.assertEqual(self.line(69, STAMPED / (name + ".so")), ("refused", reason))

    def test_what_its_description_does(self):
        env = environment(FLOWRUN_TEST_THROW="describe")
        done = self.expect(69, "plugins", "doctor", PROBES / "throwing.so", env=env)
        self.assertEqual(done.out, "refused    %s: describe() or a stage's constructor threw: describe was told to\n" %
                         (PROBES / "throwing.so"))

    def test_a_stale_sidecar(self):
        for name in ("throwing.so", "throwing.plugin.json"):
            shutil.copy(PROBES / name, self.at(name))
        self.assertEqual(self.line(0, self.at("throwing.so")), ("ok", "throwing.stage"))
        os.remove(self.at("throwing.plugin.json"))
        self.assertEqual(self.line(69, self.at("throwing.so"))[1],
                         "the description beside it, throwing.plugin.json, is missing or unreadable; rebuild it or run "
                         "flowrun-describe")

    def test_folders(self):
        os.mkdir(self.at("all"))
        for library in (STAMPED / "no_entry.so", ON_LOAD / "segfault.so", PROBES / "throwing.so",
                        PROBES / "throwing.plugin.json"):
            shutil.copy(library, self.at("all"))
        done = self.expect(69, "plugins", "doctor", "all")
        self.assertEqual([line.split(":")[0] for line in done.out.splitlines()],
                         ["refused    all/no_entry.so", "crashed    all/segfault.so", "ok         all/throwing.so"])
        told = json.loads(self.expect(69, "plugins", "doctor", "all", "--json").out)
        self.assertFalse(told["ok"])
        self.assertEqual([(one["library"], one["state"], one["stages"]) for one in told["libraries"]],
                         [("all/no_entry.so", "refused", []), ("all/segfault.so", "crashed", []),
                          ("all/throwing.so", "ok", ["throwing.stage"])])
        # All that are searched: those of $FLOWRUN_PLUGINS and of the build tree.
        listed = self.expect(0, "plugins", "doctor").out
        self.assertIn("ok         %s: throwing.stage\n" % (PROBES / "throwing.so"), listed)
        self.assertIn("/media.so: media.files\n", listed)
        os.mkdir(self.at("none"))
        done = self.expect(0, "plugins", "doctor", "none")
        self.assertEqual((done.out, done.err), ("", "no library found; name a folder, or one with --plugins\n"))

    def test_usage(self):
        self.assertEqual(self.expect(64, "plugins", "doctor", "nowhere").err,
                         "flowrun: nowhere: there is no such file or folder\n")
        self.assertIn("--limit: ", self.expect(64, "plugins", "doctor", "--limit", "0").err)
        self.assertNotIn("open-one", self.expect(0, "plugins", "--help").out)


if __name__ == "__main__":
    main()
