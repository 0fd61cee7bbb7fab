"""Model files, plans and profiles through the tool: what is told before anything starts."""
import json
import os
import shutil

from flowrun_runs import TOOL, RunTest, canonical, flowrun, main, make_photos, read_report, tree
from model_files import write_model

GRAPH = """flowrun: 1
run: {out: run}
stages:
  media: {use: media.files, params: {path: photos}}
  sums:  {use: probe_models.sums, in: media}
  pairs: {use: probe_models.pairs, in: {image: media, sums: sums.sums}}
keep: [sums.sums, pairs.sums]
"""
MIB = 1 << 20
RESIDENT, PER_ROW, FIXED = 512 * MIB, 192 * MIB, 32 * MIB  # as model_files.py has them
BUILT_IN = os.path.normpath(os.path.join(os.path.dirname(os.path.realpath(TOOL)), "../plugins/models"))
PROBLEM = "\n1 problem; nothing was started.\n"
TOO_LARGE = """the model stages do not fit the memory of the device
  budget %s
  pool 3072 MiB = budget - 1024 MiB of weights (sums 512, pairs 512)
  sums: a batch of 16 rows (32 wished) needs 3104 MiB of the pool
  pairs: a batch of 16 rows (32 wished) needs 3104 MiB of the pool
what can help:
  a smaller batch: --set sums.batch=15 --set pairs.batch=15
  --profile fast: smaller pictures, where the model takes pictures of any size
  leave sums out of the graph: then there is room for pairs with a batch of 16
"""
SIX = "4096 MiB = 6144 MiB of the device - 2048 MiB reserve"


class Models(RunTest):
    def setUp(self):
        super().setUp()
        make_photos(self.at("photos"), 5)
        self.write("g.yaml", GRAPH)
        self.sha256 = write_model(self.at("models"), "echo")

    def expect(self, rc, *words, **options):
        return super().expect(rc, *words, "--models", "models", **options)

    def plan(self, *words, rc=0):
        return json.loads(self.expect(rc, "plan", "g.yaml", "-j", "2", "--json", *words).out)

    def wished(self, *words):
        return [s["wished_batch"] for s in self.plan(*words)["stages"]]

    def test_plan(self):
        self.assertEqual(self.expect(0, "plan", "g.yaml", "-j", "2", "--device", "sim:16GiB").out, """\
device sim:16GiB: 16384 MiB, budget 14336 MiB = weights 1024 MiB + batches 13312 MiB
stage  model  device     precision wished  batch  slots  weights MiB  a batch MiB
sums   echo   sim:16GiB  fp32          32     32      2          512         6176
pairs  echo   sim:16GiB  fp32          32     32      2          512         6176
threads 2, in_flight 194
""")
        # Three quarters of the batch, and one slot.
        self.assertEqual(self.expect(0, "plan", "g.yaml", "-j", "2", "--device", "sim:8GiB").out, """\
device sim:8GiB: 8192 MiB, budget 6144 MiB = weights 1024 MiB + batches 5120 MiB
stage  model  device    precision wished  batch  slots  weights MiB  a batch MiB
sums   echo   sim:8GiB  fp32          32     24      1          512         4640
pairs  echo   sim:8GiB  fp32          32     24      1          512         4640
threads 2, in_flight 98
""")
        self.assertEqual(self.expect(0, "plan", "g.yaml", "-j", "3").out, """\
stage  model  device  precision wished  batch  slots  weights MiB  a batch MiB
sums   echo   cpu     fp32          32     32      3          512         6176
pairs  echo   cpu     fp32          32     32      3          512         6176
threads 3, in_flight 259
""")
        self.assertFalse(os.path.exists(self.at("run")))

    def test_plan_as_json(self):
        for gib, batch, slots in ((16, 32, 2), (12, 32, 1), (8, 24, 1)):
            device = "sim:%dGiB" % gib
            budget, weights = (gib << 30) - 2048 * MIB, 2 * RESIDENT
            workspace = FIXED + batch * PER_ROW
            self.assertLessEqual(workspace, budget - weights)
            told = self.plan("--device", device)
            self.assertEqual(told["devices"], [{"name": device, "total": gib << 30, "budget": budget,
                                                "residents": weights, "pool": budget - weights, "problem": "", "card": ""}])
            stage = {"model": "echo", "device": device, "precision": "fp32", "wished_batch": 32, "batch": batch,
                     "slots": slots, "lanes": 2, "resident": RESIDENT, "workspace": workspace}
            self.assertEqual(told["stages"], [{"name": "sums", "use": "probe_models.sums", **stage},
                                              {"name": "pairs", "use": "probe_models.pairs", **stage}])
            # A batch in every slot of both stages and one that fills for each, and what the threads read meanwhile.
            self.assertEqual((told["in_flight"], told["threads"]), (2 * batch * (slots + 1) + 2, 2))
            self.assertEqual((told["ok"], told["problem"]), (True, ""))
        # What others hold, and 256 MiB that may be theirs in a moment.
        told = self.plan("--device", "sim:16GiB,others=8GiB")
        self.assertEqual(told["devices"][0]["budget"], (16384 - 8192 - 256) * MIB)

    def test_a_plan_that_does_not_fit(self):
        words = ("-j", "2", "--device", "sim:6GiB")
        done = self.expect(69, "plan", "g.yaml", *words)
        self.assertEqual((done.out, done.err),
                         ("", "device sim:6GiB: 6144 MiB, budget 4096 MiB = weights 1024 MiB + batches 3072 MiB\n"
                          + TOO_LARGE % SIX + "threads 2, in_flight 194\n"))
        told = self.plan(*words[2:], rc=69)
        self.assertEqual((told["ok"], told["devices"][0]["problem"]), (False, (TOO_LARGE % SIX).strip()))
        done = self.expect(69, "g.yaml", *words)
        self.assertEqual((done.out, done.err), ("", "flowrun: device sim:6GiB: " + TOO_LARGE % SIX))
        self.assertFalse(os.path.exists(self.at("run")))
        # Each cure that is offered is one.
        self.expect(0, "g.yaml", *words, "--set", "sums.batch=15", "--set", "pairs.batch=15")
        self.assertEqual([s["batch"] for s in read_report(self.at("run"))["stages"]], [0, 15, 15])
        done = self.expect(69, "plan", "g.yaml", "--device", "sim:64GiB", "--set", "run.vram=4GiB")
        self.assertIn(TOO_LARGE % "4096 MiB = what `vram` allows", done.err)

    def test_what_is_told_about_a_run_that_was_fitted(self):
        self.expect(0, "g.yaml", "--device", "sim:8GiB")
        self.assertEqual(read_report(self.at("run"))["notes"][:2],
                         ["%s: batches of 24 rows instead of 32, to fit the memory of sim:8GiB" % s
                          for s in ("sums", "pairs")])

    def test_list(self):
        write_model(self.at("models"), "other", task="count")
        done = self.expect(0, "models", "list")
        self.assertEqual((done.out, done.err), 
                         ("echo                     probe        -              models/echo.yaml\n"
                          "other                    count        -              models/other.yaml\n", ""))
        told = json.loads(self.expect(0, "models", "list", "--json").out)
        self.assertEqual(told["searched"], ["models", BUILT_IN])
        row = {"dtype": "float32", "shape": [4]}
        self.assertEqual(told["models"][0], {
            "name": "echo", "task": "probe", "file": "models/echo.yaml", "doc": "", "licence": "", "origin": {},
            "inputs": [{"name": "row", **row}], "outputs": [{"name": "answer", **row}], "labels": 0,
            "variants": [{"backend": "sim", "for": "any", "path": "echo.sim", "sha256": self.sha256}],
            "needs": {"resident": RESIDENT, "per_row": PER_ROW, "fixed": FIXED}})
        # A broken file is told beside the others.
        self.write("models/bad.yaml", "flowrun_model: 1\nname: bad\n")
        done = self.expect(0, "models", "list")
        self.assertEqual(len(done.out.splitlines()), 2)
        self.assertEqual(done.err.splitlines()[0],
                         "models/bad.yaml:1:1: a model file has no 'files'; write files: [{backend: NAME, path: FILE, "
                         "sha256: SUM}]")

    def changed(self, file="models/echo.sim"):
        """The sentence about the model's file, which has other bytes now."""
        self.write(file, "row_us 7\n")
        return ("model 'echo' (models/echo.yaml): its file models/echo.sim has sha256 "
                "86cd53c022412930b19336bc502a669f59a2a7d11c2de6021aa69a7508ba754a, the model file says " + self.sha256 +
                "; fetch it again, or put the new sum into the model file if you trust it\n")

    def test_verify(self):
        write_model(self.at("models"), "other")
        self.assertEqual(self.expect(0, "models", "verify").out, "echo: echo.sim: ok\nother: other.sim: ok\n")
        self.assertEqual(self.expect(69, "models", "verify", "ecko", "other").out,
                         "ecko: there is no such model file\nother: other.sim: ok\n")
        why = self.changed()
        self.assertEqual(self.expect(69, "models", "verify").out, "echo: echo.sim: " + why + "other: other.sim: ok\n")
        os.remove(self.at("models/echo.sim"))
        self.assertEqual(self.expect(69, "models", "verify", "echo").out,
                         "echo: echo.sim: model 'echo' (models/echo.yaml): its file models/echo.sim cannot be opened: No "
                         "such file or directory; fetch or export it, or correct its path in the model file\n")

    def test_a_changed_file_touches_no_run(self):
        self.expect(0, "g.yaml")
        before = tree(self.at("run"))
        why = self.changed()
        for words in (("g.yaml",), ("g.yaml", "--fresh"), ("resume", "run")):
            done = self.expect(69, *words)
            told = done.err.replace(os.path.realpath(self.place) + "/models", "models")
            self.assertEqual((done.out, told), ("", "flowrun: " + why), words)
            self.assertEqual(tree(self.at("run")), before)
        self.assertFalse(os.path.exists(self.at("run.1")))

    def test_resume_finds_the_models_again(self):
        os.mkdir(self.at("elsewhere"))
        self.expect(0, "g.yaml", "--device", "sim:16GiB")
        before = canonical(self.at("run"))
        make_photos(self.at("photos"), 3, first=5)
        done = flowrun("resume", self.at("run"), cwd="/")
        self.assertEqual(done.rc, 0, done)
        # A folder named there is relative to where it is named.
        shutil.move(self.at("models"), self.at("elsewhere/here"))
        done = flowrun("resume", self.at("run"), "--models", "here", cwd=self.at("elsewhere"))
        self.assertEqual(done.rc, 0, done)
        with open(self.at("run/manifest.json"), encoding="utf-8") as f:
            self.assertEqual(json.load(f)["model_folders"], [os.path.realpath(self.at("elsewhere/here"))])
        self.assertEqual(len(canonical(self.at("run")).splitlines()), len(before.splitlines()) + 3)

    def test_unknown_models(self):
        searched = "; searched: models, " + BUILT_IN
        self.write("g.yaml", GRAPH.replace("use: probe_models.pairs,", "use: probe_models.pairs, model: ecko,"))
        self.assertEqual(self.expect(65, "g.yaml").err,
                         "g.yaml:6:43: there is no model 'ecko'; there is: echo" + searched + ". Did you mean 'echo'?"
                         + PROBLEM)
        self.write("g.yaml", GRAPH)
        write_model(self.at("models"), "echo", task="detect")
        self.assertEqual(self.expect(65, "g.yaml").err,
                         "g.yaml:5:16: the model 'echo' is for 'detect', but 'net' of stage 'sums' (probe_models.sums) "
                         "needs one for 'probe'" + PROBLEM)
        self.assertEqual(self.expect(65, "plan", "g.yaml", "--set", "sums.model=none").err,
                         "--set sums.model=none: there is no model 'none'; there is: echo" + searched + PROBLEM)
        os.remove(self.at("models/echo.yaml"))
        self.assertEqual(self.expect(65, "check", "g.yaml").err, "".join(
            "g.yaml:%d:16: there is no model 'echo'; no model file was found%s; get it with: flowrun models fetch echo\n"
            % (line, searched) for line in (5, 6))
            + "2 problems; nothing was started.\n")
        self.assertFalse(os.path.exists(self.at("run")))

    def test_what_a_device_or_backend_cannot(self):
        for words, message in (
                (("--device", "gpu"), "stage 'sums' (probe_models.sums): 'gpu' is not a device; there is: cpu, cuda, "
                                      "cuda:N, sim:SIZE. Did you mean 'cuda'?"),
                (("--set", "pairs.precision=fp16"), "stage 'pairs' (probe_models.pairs): the model 'echo' has no file of "
                                                    "precision fp16; it has: fp32")):
            self.assertEqual(self.expect(69, "g.yaml", *words).err, "flowrun: " + message + "\n")
            self.assertEqual(self.expect(69, "plan", "g.yaml", *words).err, message + "\n")
        write_model(self.at("models"), "echo", backend="onnx")
        self.assertIn(self.expect(69, "g.yaml").err,
                      ["flowrun: model 'echo' (models/echo.yaml): no plugin offers the backend 'onnx'; there is: dnn, flaky, sim, told%s\n"
                       % torch for torch in ("", ", torch")])  # torch is built where LibTorch is there
        write_model(self.at("models"), "echo", content="rows 3\n")
        self.assertEqual(self.expect(69, "g.yaml").err,
                         "flowrun: model 'echo' (models/echo.yaml): line 1 of its cost curve is not `call_us MICROSECONDS`, "
                         "`row_us MICROSECONDS`, `above_us ROWS MICROSECONDS` or `at_once CALLS` (1..64)\n")
        self.assertFalse(os.path.exists(self.at("run")))

    def test_a_backend_sets_up_the_process_too(self):
        write_model(self.at("models"), "echo", backend="told")
        self.assertRegex(self.expect(69, "g.yaml").err, r"\Aprocess setup: \d+ threads\n"
                         r"flowrun: model 'echo' \(models/echo\.yaml\): nothing is opened\n\Z")

    def test_batch_is_for_models(self):
        self.write("g.yaml", GRAPH.replace("stages:\n", "stages:\n  mark:  {use: probe.mark, in: media, batch: 4}\n"))
        self.assertEqual(self.expect(65, "g.yaml").err,
                         "g.yaml:4:39: 'batch' is for model stages; mark is a transform (probe.mark)" + PROBLEM)
        self.write("p.yaml", "flowrun_profile: 1\nuses:\n  media.files: {batch: 4}\n")
        self.write("g.yaml", GRAPH)
        self.assertEqual(self.expect(65, "g.yaml", "--profile", "p.yaml").err,
                         "p.yaml:3:17: 'batch' is for model stages; media is a source (media.files)" + PROBLEM)

    def test_which_setting_wins(self):
        for name, batch in (("weak", 3), ("strong", 11), ("last", 13)):
            self.write(name + ".yaml", "flowrun_profile: 1\nuses:\n  probe_models.sums: {batch: %d}\n" % batch)
        self.assertEqual(self.wished(), [32, 32])
        self.assertEqual(self.wished("--profile", "strong.yaml"), [11, 32])
        self.write("g.yaml", GRAPH.replace("flowrun: 1\n", "flowrun: 1\nprofile: ./weak.yaml\n"))
        self.assertEqual(self.wished(), [3, 32])
        self.write("g.yaml", GRAPH.replace("flowrun: 1\n", "flowrun: 1\nprofile: ./weak.yaml\n")
                   .replace("use: probe_models.sums,", "use: probe_models.sums, batch: 7,"))
        self.assertEqual(self.wished(), [7, 32])
        self.assertEqual(self.wished("--profile", "strong.yaml"), [11, 32])
        self.assertEqual(self.wished("--profile", "strong.yaml", "--profile", "./last.yaml"), [13, 32])
        words = ("--profile", "strong.yaml", "--set", "sums.batch=17", "--profile", "last.yaml")
        self.assertEqual(self.wished(*words), [17, 32])
        # The run has what the plan says, and keeps it for a resume.
        self.expect(0, "g.yaml", *words)
        self.assertEqual([s["batch"] for s in read_report(self.at("run"))["stages"]], [0, 17, 32])
        make_photos(self.at("photos"), 1, first=5)
        self.expect(0, "resume", "run")
        self.assertEqual([s["batch"] for s in read_report(self.at("run"))["stages"]], [0, 17, 32])

    def test_profile_auto(self):
        """Of what it sets, this graph has a source."""
        self.assertNotIn("parallel", self.expect(0, "graph", "g.yaml", "--resolved", "--profile", "auto").out)
        for device, lanes in (("sim:8GiB", 2), ("sim:8188MiB", 2), ("sim:16GiB", 4)):
            shown = self.expect(0, "graph", "g.yaml", "--resolved", "--profile", "auto", "--device", device).out
            self.assertIn("end: 0}\n    parallel: %d\n  sums:" % lanes, shown)
        self.assertEqual(self.expect(65, "g.yaml", "--profile", "autp").err.splitlines()[-1], PROBLEM.strip())


if __name__ == "__main__":
    main()
