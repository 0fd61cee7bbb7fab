"""`flowrun new stage`: what it refuses, and that it never overwrites. That its files build and run is for tests/sdk."""
import os
import subprocess

from flowrun_runs import SOURCE, TOOL, RunTest, environment, main, text

SHAPES = ("transform", "sink", "source", "gather")


class NewStage(RunTest):
    def refused(self, rc, sentence, *words):
        before = sorted(os.listdir(self.place))
        done = self.expect(rc, "new", "stage", *words)
        self.assertEqual((done.out, done.err), ("", "flowrun: %s\n" % sentence))
        self.assertEqual(sorted(os.listdir(self.place)), before)

    def test_names(self):
        rule = ": use letters, digits, _ and -, and a letter or _ first"
        self.refused(64, "'b%d' cannot name a stage" + rule, "mine.b%d")
        self.refused(64, "'my stage' cannot name a plugin" + rule, "my stage")
        self.refused(64, "'' cannot name a plugin" + rule, "../up")
        self.refused(64, "'up/it' cannot name a plugin" + rule, "up/it")
        self.refused(64, "'a.b' cannot name a stage" + rule, "mine.a.b")
        self.refused(64, "'3d' cannot name a plugin" + rule, "3d.flow")
        self.refused(64, "'' cannot name a stage" + rule, "mine.")
        done = self.expect(64, "new", "stage", "media.mine")
        self.assertRegex(done.err, r"^flowrun: 'media' cannot name a plugin: there is one already, .*/media\.so; write "
                                   r"PLUGIN\.STAGE\n$")

    def test_shapes(self):
        done = self.expect(64, "new", "stage", "mine.it", "--shape", "circle")
        self.assertIn("--shape: circle not in {", done.err)

    def test_nothing_is_overwritten(self):
        self.write("mine/notes.txt", "mine")
        self.refused(64, "mine: is there already; name another folder with -o", "mine.it")
        self.write("file", "")
        self.refused(64, "file: is there already; name another folder with -o", "mine.it", "-o", "file")
        os.symlink("nowhere", self.at("link"))
        self.refused(64, "link: is there already; name another folder with -o", "mine.it", "-o", "link")
        self.assertEqual(os.listdir(self.at("mine")), ["notes.txt"])
        os.mkdir(self.at("empty"))
        self.expect(0, "new", "stage", "mine.it", "-o", "empty")
        self.assertEqual(len(os.listdir(self.at("empty"))), 5)

    def test_a_place_that_cannot_be_written(self):
        self.write("file", "")
        self.refused(74, "file/it: cannot be made: Not a directory", "mine.it", "-o", "file/it")

    def test_without_templates(self):
        os.makedirs(self.at("bin"))
        moved = self.at("bin/flowrun")
        with open(TOOL, "rb") as whole, open(moved, "wb") as copy:
            copy.write(whole.read())
        os.chmod(moved, 0o755)
        libraries = os.path.join(os.path.dirname(os.path.dirname(TOOL)), "lib")
        done = subprocess.run([moved, "new", "stage", "mine.it"], cwd=self.place,
                              env=environment(LD_LIBRARY_PATH=libraries), capture_output=True, check=False)
        self.assertEqual((done.returncode, text(done.stderr)),
                         (74, "flowrun: the templates of stages are not installed (%s is not there); install flowrun's "
                              "component sdk\n" % os.path.realpath(self.at("share/flowrun/template"))))

    def test_templates_stand_in_the_tree(self):
        """What is written is the template with its words replaced, and nothing else."""
        for shape in SHAPES:
            self.expect(0, "new", "stage", "mine.dark-one", "--shape", shape, "-o", shape)
            for part in ("common", shape):
                for template in (SOURCE / "sdk/template" / part).iterdir():
                    content = template.read_text()
                    for word, value in (("NEW_STRUCT", "dark_one_stage"), ("NEW_STAGE", "dark-one"), ("NEW_PLUGIN", "mine")):
                        content = content.replace(word, value)
                    with open(self.at(shape, template.name.replace("NEW_STAGE", "dark-one")), encoding="utf-8") as f:
                        self.assertEqual(f.read(), content)

    def test_what_is_printed(self):
        done = self.expect(0, "new", "stage", "mine.it", "-o", "a folder")
        self.assertEqual(done.out, "cd 'a folder'\n"
                                   "cmake -B build -D CMAKE_PREFIX_PATH=PREFIX && cmake --build build && ctest --test-dir "
                                   "build\nflowrun graph.yaml --set input=FOLDER_OF_PICTURES\n")
        self.assertEqual(done.err, "PREFIX: where flowrun is installed (cmake --install BUILD --prefix PREFIX)\n")
        done = self.expect(0, "new", "stage", "alone", "--shape", "source")
        self.assertEqual(done.out.splitlines()[::2], ["cd alone", "flowrun graph.yaml"])


if __name__ == "__main__":
    main()
