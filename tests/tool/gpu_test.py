"""Runs on the card of a fake driver: its memory is planned, its figures are reported, and without CUDA it is told."""
import json
import os

from flowrun_runs import BUILD, RunTest, canonical, environment, main, make_photos, read_report
from model_files import write_model

GRAPH = """flowrun: 1
run: {out: run}
stages:
  media: {use: media.files, params: {path: photos}}
  sums:  {use: probe_models.sums, in: media}
keep: [sums.sums]
"""
CARD = "card NVIDIA GeForce RTX 5080|GPU-5a000000-0001|16303\n"
REMEDY = "install NVIDIA's driver, or use cpu or sim:SIZE"


class Gpu(RunTest):
    def setUp(self):
        super().setUp()
        make_photos(self.at("photos"), 60)
        self.write("g.yaml", GRAPH)
        write_model(self.at("models"), "echo")
        self.cards(CARD + "used 0 1203\nbusy 0 31\nprocess 0 4242 1100\n")

    def cards(self, text):
        self.write("cards.txt", text)

    def call(self, rc, *words, library="fake_nvml.so", **more):
        env = environment(FLOWRUN_NVML=os.path.join(BUILD, "test_nvml", library), FAKE_NVML=self.at("cards.txt"),
                          XDG_CACHE_HOME=self.at("cache"), **more)
        return self.expect(rc, *words, "--models", "models", env=env)

    def plan(self, *words, **more):
        return json.loads(self.call(0, "plan", "g.yaml", "-j", "2", "--json", *words, **more).out)

    def test_the_plan_has_the_memory_of_the_card(self):
        self.assertEqual(self.call(0, "plan", "g.yaml", "-j", "2", "--device", "cuda").out, """\
device cuda:0 (NVIDIA GeForce RTX 5080): 16303 MiB, budget 14255 MiB = weights 512 MiB + batches 13743 MiB
stage  model  device  precision wished  batch  slots  weights MiB  a batch MiB
sums   echo   cuda:0  fp32          32     32      2          512         6176
threads 2, in_flight 98
""")
        # What others hold counts: 16303 - 9000 - 256.
        self.cards(CARD + "used 0 9000\n")
        self.assertEqual([d["budget"] >> 20 for d in self.plan("--device", "cuda:0")["devices"]], [7047])
        # One card, however its name is written.
        self.cards(CARD + "used 0 1203\n")
        self.assertEqual([d["name"] for d in self.plan("--device", "cuda:0", "--set", "sums.device=cuda")["devices"]],
                         ["cuda:0"])

    def test_the_profile_auto_sees_the_card(self):
        for total, lanes in ((16303, 4), (8188, 2)):
            self.cards(CARD.replace("16303", str(total)))
            out = self.call(0, "check", "g.yaml", "--device", "cuda", "--profile", "auto").out
            self.assertRegex(out, r"media +media\.files +source, up to %d at once\n" % lanes)

    def test_which_card(self):
        self.cards("card NVIDIA L4|GPU-1|24000\ncard NVIDIA T4|GPU-2|16000\n")
        for visible, order, device, card in ((None, None, "cuda:1", "NVIDIA T4"), ("1", None, "cuda", "NVIDIA T4"),
                                             ("GPU-2,GPU-1", None, "cuda:1", "NVIDIA L4"),
                                             ("1,0", "PCI_BUS_ID", "cuda:1", "NVIDIA L4")):
            env = {} if visible is None else {"CUDA_VISIBLE_DEVICES": visible}
            if order:
                env["CUDA_DEVICE_ORDER"] = order
            self.assertEqual([d["card"] for d in self.plan("--device", device, **env)["devices"]], [card])

    def test_a_file_for_the_cards_architecture(self):
        files = [("cuda sm_120", "fp16"), ("cuda", "bf16"), ("any", "fp32")]
        sha256 = write_model(self.at("models"), "echo")

        def precision(*kept):
            with open(self.at("models/echo.yaml"), encoding="utf-8") as f:
                others = [line for line in f if not line.startswith(("files:", "  - {for:"))]
            entries = "".join("  - {for: %s, backend: sim, path: echo.sim, precision: %s, sha256: %s}\n" % (*files[i], sha256)
                              for i in kept)
            self.write("models/echo.yaml", others[0] + "files:\n" + entries + "".join(others[1:]))
            return [s["precision"] for s in self.plan("--device", "cuda")["stages"]]

        self.cards(CARD + "capability 0 12 0\n")
        self.assertEqual(precision(2, 1, 0), ["fp16"])
        self.assertEqual(precision(2, 1), ["bf16"])
        self.assertEqual(precision(2), ["fp32"])
        for capability, is_told in (("capability 0 8 9\n", "sm_89"), ("", "of an architecture the driver does not tell")):
            self.cards(CARD + capability)
            self.assertEqual(precision(0, 1, 2), ["bf16"])
            self.assertEqual(precision(0, 2), ["fp32"])
            precision(2)
            self.write("models/echo.yaml", open(self.at("models/echo.yaml"), encoding="utf-8").read()
                       .replace("for: any", "for: cuda sm_90"))
            self.assertEqual(self.call(69, "plan", "g.yaml", "--device", "cuda").err,
                             "stage 'sums' (probe_models.sums): the model 'echo' (models/echo.yaml) has no file for device "
                             "cuda:0 (NVIDIA GeForce RTX 5080, %s); it has files for: cuda sm_90\n" % is_told)
            self.assertEqual(self.call(69, "plan", "g.yaml", "--device", "cpu").err,
                             "stage 'sums' (probe_models.sums): the model 'echo' (models/echo.yaml) has no file for device "
                             "cpu; it has files for: cuda sm_90\n")

    def test_no_card(self):
        at = "stage 'sums' (probe_models.sums): device cuda:0: "
        none = os.path.join(BUILD, "test_nvml", "none.so")
        for library, cards, text in (
                ("none.so", "", "no NVIDIA driver answers: %s: cannot open shared object file: No such file or directory; "
                 "%s" % (none, REMEDY)),
                ("fake_nvml.so", "", "the NVIDIA driver lists no card; use cpu or sim:SIZE"),
                ("fake_nvml.so", CARD + "fail nvmlDeviceGetMemoryInfo 4\n",
                 "the memory of the NVIDIA GeForce RTX 5080 cannot be read: Insufficient Permissions; let this user read "
                 "the card, or use cpu or sim:SIZE")):
            self.cards(cards)
            self.assertEqual(self.call(69, "g.yaml", "--device", "cuda", library=library).err,
                             "flowrun: " + at + text + "\n")
            self.assertEqual(self.call(69, "plan", "g.yaml", "--device", "cuda", library=library).err, at + text + "\n")
        self.assertFalse(os.path.exists(self.at("run")))

    def test_a_card_and_no_backend_that_can_use_it(self):
        self.assertEqual(self.call(69, "g.yaml", "--device", "cuda").err,
                         "flowrun: model 'echo' (models/echo.yaml) on device cuda:0 (NVIDIA GeForce RTX 5080, 16303 MiB): "
                         "the sim backend computes nothing and has no CUDA; give the model a file of a backend that has; "
                         "or use --device cpu\n")
        self.assertFalse(os.path.exists(self.at("run")))

    def slow_run(self, rc=0, **more):
        """On the card with a backend that runs anywhere, for about a second."""
        write_model(self.at("models"), "echo", content="call_us 150000 copy_us 10000\n", backend="flaky")
        self.call(0, "g.yaml", "-o", "cpu")
        done = self.call(rc, "g.yaml", "--device", "cuda", "--set", "sums.batch=4", **more)
        return done, read_report(self.at("run"))

    def test_figures_of_a_run(self):
        self.cards(CARD + "used 0 1203 1203 1203 9000 7000\nbusy 0 31\nprocess 0 4242 1100\n")
        done, r = self.slow_run()
        self.assertEqual(canonical(self.at("run")), canonical(self.at("cpu")))
        device, = r["devices"]
        self.assertEqual((device["name"], device["card"], device["total"] >> 20, device["budget"] >> 20),
                         ("cuda:0", "NVIDIA GeForce RTX 5080", 16303, 14255))
        self.assertGreater(device["samples"], 2)
        self.assertAlmostEqual(device["gpu_busy"], 0.31)
        self.assertEqual((device["used"] >> 20, device["peak_used"] >> 20, device["others"] >> 20), (7000, 9000, 1203))
        self.assertRegex(done.out, r"(?m)^device cuda:0 \(NVIDIA GeForce RTX 5080\): GPU busy 31 %, batches ran [0-9]+ % of "
                                   r"the time and took [0-9]+ of 13743 MiB\n  memory: 7000 MiB at the end, at most 9000 of "
                                   r"16303; budget 14255; others at most 1203$")
        self.assertRegex(done.out, r"(?m)^limit: GPU busy 31 %")
        sums = {s["name"]: s for s in r["stages"]}["sums"]
        self.assertEqual((sums["device"], sums["shape"], sum(sums["batch_eighths"])), ("cuda:0", "model", sums["batches"]))
        # The backend's own figure: a copy for each batch.
        self.assertGreaterEqual(sums["copy_in_seconds"], 0.01 * sums["batches"])
        self.assertEqual(self.expect(0, "report", "run").out, done.out)

    def test_a_card_that_is_lost(self):
        self.cards(CARD + "used 0 1203\nfail nvmlDeviceGetMemoryInfo 15 5\n")
        done, r = self.slow_run(69)
        self.assertEqual(done.err, "flowrun: stage 'sums': the device is lost; no item was marked failed, go on with: "
                                   "flowrun resume run\n")
        self.assertEqual((r["failed"], r["exit_code"]), (0, 69))
        self.assertIn("device cuda:0 (NVIDIA GeForce RTX 5080): the driver does not tell its memory: GPU is lost", r["notes"])
        self.assertEqual(self.expect(0, "resume", "run", "--device", "cpu", "--models", "models").rc, 0)
        self.assertEqual(canonical(self.at("run")), canonical(self.at("cpu")))

    def test_a_driver_that_tells_little(self):
        done, r = self.slow_run(library="fake_old_nvml.so")
        device, = r["devices"]
        self.assertEqual((device["gpu_busy"], device["used"] >> 20), (-1, 1203))
        self.assertIn("device cuda:0 (NVIDIA GeForce RTX 5080): the driver does not tell how busy it is: it has no function "
                      "nvmlDeviceGetUtilizationRates", r["notes"])
        self.assertRegex(done.out, r"(?m)^device cuda:0 \(NVIDIA GeForce RTX 5080\): busy [0-9]+ % of the time, batches")


if __name__ == "__main__":
    main()
