"""Weights that a stage gives back before the run ends are room for the batches of the others."""
import hashlib

from flowrun_runs import RunTest, environment, main, make_photos, read_report
from model_files import MODEL

GRAPH = """flowrun: 1
run: {out: run, vram: 1200MiB}
stages:
  few:   {use: media.files, params: {path: few}}
  many:  {use: media.files, params: {path: many}}
  once:  {use: probe_models.sums, in: few, model: large, batch: 1}
  left:  {use: probe_models.sums, in: many, model: small, batch: 4}
  right: {use: probe_models.sums, in: many, model: small, batch: 4}
keep: [once.sums, left.sums, right.sums]
"""
COST = "call_us 20000\n"


class GrownPool(RunTest):
    def test_batches_of_two_stages_at_once_when_the_weights_of_a_third_are_gone(self):
        for name, resident in (("large", 600), ("small", 100)):
            self.write("models/%s.sim" % name, COST)
            text = MODEL % {"name": name, "task": "probe", "backend": "sim", "more": "",
                            "sha256": hashlib.sha256(COST.encode()).hexdigest()}
            head, _, _ = text.partition("needs:")
            self.write("models/%s.yaml" % name, head + "needs: {resident: %dMiB, per_row: 100MiB}\n" % resident)
        make_photos(self.at("few"), 1)
        make_photos(self.at("many"), 60)
        self.write("g.yaml", GRAPH)
        env = environment(XDG_CACHE_HOME=self.at("cache"))
        done = self.expect(0, "g.yaml", "--models", "models", "--device", "sim:16GiB", "-j", "2", env=env)
        r = read_report(self.at("run"))
        device, = r["devices"]
        # 1200 less 600 + 100 + 100 of weights: one batch of 4 rows, of either stage. Then two: 600 more.
        self.assertEqual((device["budget"] >> 20, device["pool"] >> 20), (1200, 400))
        self.assertGreater(device["peak"], device["pool"])
        self.assertLessEqual(device["peak"] >> 20, 1000)
        self.assertLessEqual(device["peak_used"] >> 20, 1200)
        self.assertLessEqual(device["busy"], 1)
        self.assertEqual((r["done"], r["failed"], [s.get("out_of_memory") for s in r["stages"]]), (61, 0, [0] * 5))
        self.assertRegex(done.out, r"(?m)^device sim:16GiB: busy [0-9]+ % of the time, batches took [0-9]+ of 400 MiB; "
                                   r"weights that were given back made room for more$")


if __name__ == "__main__":
    main()
