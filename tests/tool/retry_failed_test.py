"""What failed for a reason outside the graph: listed, and done after `resume --retry-failed`."""
import os

from flowrun_runs import RunTest, main, make_photos, read_report

GRAPH = """flowrun: 1
run: {out: run}
stages:
  media: {use: media.files, params: {path: photos}}
  save: {use: image.write, in: media}
"""


class RetryFailed(RunTest):
    def test_a_cause_that_goes_away(self):
        make_photos(self.at("photos"), 2)
        self.write("g.yaml", GRAPH)
        self.expect(0, "g.yaml")
        self.assertEqual(self.expect(0, "errors", "run").out, "")
        make_photos(self.at("photos"), 2, first=2)
        os.mkdir(self.at("run/save/p003.png"))
        done = self.expect(3, "resume", "run")
        self.assertEqual(done.err, "flowrun: 1 of 2 items failed\n")
        listed = "p003.png\tsave\tits path 'p003.png' is taken by a folder\n"
        self.assertEqual(self.expect(0, "errors", "run").out, listed)
        # It fails again while the cause is there; without the option nothing is tried.
        self.expect(3, "resume", "run", "--retry-failed")
        os.rmdir(self.at("run/save/p003.png"))
        self.expect(0, "resume", "run")
        self.assertEqual(self.expect(0, "errors", "run").out, listed)
        self.expect(0, "resume", "run", "--retry-failed")
        r = read_report(self.at("run"))
        self.assertEqual((r["read"], r["done"], r["failed"], r["already"]), (1, 1, 0, 3))
        self.assertEqual(self.expect(0, "errors", "run").out, "")
        self.assertTrue(os.path.isfile(self.at("run/save/p003.png")))

    def test_no_run_directory(self):
        os.mkdir(self.at("photos"))
        self.assertEqual(self.expect(64, "errors", "photos").err,
                         "flowrun: photos is not a run directory: it has no run.db; give the folder that was -o of a run\n")
        self.assertEqual(self.expect(64, "resume", "photos", "--retry-failed").err,
                         "flowrun: photos is not a run directory: it has no manifest.json and graph.resolved.yaml; name the "
                         "folder given with -o\n")


if __name__ == "__main__":
    main()
