"""What the tests of runs with model stages share: two graphs, and what must come out of them."""
from flowrun_runs import RunTest, canonical, environment, png, read_report
from model_files import write_model

SERIES = """flowrun: 1
run: {out: run}
stages:
  media: {use: media.files, params: {path: photos}}
  sums:  {use: probe_models.sums, in: media, params: {file: sums.txt, pixels: 8}}
  pairs: {use: probe_models.pairs, in: {image: media, sums: sums.sums}, params: {file: pairs.txt, rows: 3}}
keep: [sums.sums, pairs.sums]
"""
JOINED = """flowrun: 1
run: {out: run}
stages:
  media: {use: media.files, params: {path: photos}}
  left:  {use: probe_models.sums, in: media, params: {pixels: 8}}
  right: {use: probe_models.sums, in: media, params: {rows: 2}}
  far:   {use: probe_models.pairs, in: {image: media, sums: right.sums}}
  count: {use: probe.count, in: far.mark}
  both:  {use: probe.join, in: {mark: left.mark, count: count}}
  all:   {use: probe.total, in: both}
keep: [left.sums, right.sums, far.sums, both, all]
"""
ITEMS = 40


def brightness(i):
    """Of picture i, which is 1 to 12 pixels wide and 4 high."""
    return (1 + i) * 3 * 4 * (1 + i % 12)


def name(i):
    return "p%03d.png" % i


def sums_of(i, rows, each):
    return {"key": name(i), "rows": rows, "sum": rows * each}


class ModelRunTest(RunTest):
    """A run of the graph SERIES over pictures of many sizes, with a cache of its own."""
    def setUp(self):
        super().setUp()
        for i in range(ITEMS):
            self.write("photos/" + name(i), png(1 + i % 12, 4, 1 + i))
        self.write("g.yaml", SERIES)
        write_model(self.at("models"), "echo")
        self.env = environment(XDG_CACHE_HOME=self.at("cache"))

    def run_it(self, *words, **options):
        return super().run_it(*words, env=self.env, **options)

    def start_run(self, rc, *words):
        return self.expect(rc, "g.yaml", "--models", "models", *words)

    def good(self):
        """The undisturbed results of the graph."""
        self.start_run(0, "-o", "good", "--set", "sums.params.file=", "--set", "pairs.params.file=")
        return canonical(self.at("good"))

    def stage(self, which, run="run"):
        return {s["name"]: s for s in read_report(self.at(run))["stages"]}[which]
