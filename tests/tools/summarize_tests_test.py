"""The summary of a run of tests: the slowest of very many, which once ended the whole run by a broken pipe."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(sys.argv.pop(1)) / "tests/tools/summarize_tests.sh"


def summarize(folder, *options):
    done = subprocess.run(["bash", SCRIPT, *options, folder], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


class SummarizeTests(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, name, cases):
        text = "".join('\t<testcase name="%s" classname="%s" time="%s" status="%s">\n\t</testcase>\n' % (n, n, t, s)
                       for n, t, s in cases)
        (pathlib.Path(self.folder.name) / name).write_text("<testsuite>\n%s</testsuite>\n" % text, encoding="utf-8")

    def test_the_slowest_of_more_tests_than_a_pipe_holds(self):
        self.write("release-fast.xml", [("test_%05d" % i, i / 10, "run") for i in range(20000)])
        code, out, err = summarize(self.folder.name, "--slowest", "2")
        self.assertEqual((code, out, err), (0, "  1999.9 s  release-fast: test_19999\n"
                                               "  1999.8 s  release-fast: test_19998\n", ""))

    def test_every_case_is_a_line(self):
        self.write("a-fast.xml", [("one", 1.5, "run"), ("two", 2, "fail")])
        self.assertEqual(summarize(self.folder.name), (0, "1.5\trun\ta-fast\tone\n2\tfail\ta-fast\ttwo\n", ""))

    def test_nothing_was_run(self):
        self.assertEqual(summarize(self.folder.name, "--slowest", "10"), (0, "", ""))


unittest.main(verbosity=2)
