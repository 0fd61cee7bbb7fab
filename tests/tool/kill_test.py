"""kill -9, twenty times and ten times: what was committed is never lost, never computed again and never written twice."""
from flowrun_runs import main
from killed_runs import KilledRuns
from model_files import write_model

# `plain` stands beside the serial stage, `mark` before it. One key fails, one is skipped.
GRAPH = """flowrun: 1
run: {out: run, in_flight: 12}
stages:
  media: {use: media.files, params: {path: ../photos}}
  plain: {use: probe.mark, in: media, params: {file: plain.txt, pad: 20000, skip: p007, fail: p011}}
  mark:  {use: probe.mark, in: media, params: {file: marks.txt, sleep_us: 12000, skip: p023}}
  count: {use: probe.count, in: mark, params: {file: counts.txt}}
  both:  {use: probe.join, in: {mark: plain, count: count}}
  files: {use: probe.write, in: both, order: keep, params: {file: order.txt}}
  all:   {use: probe.total, in: both, params: {marker: gather.txt, wait_ms: 300}}
  part:  {use: probe.share, in: plain}
keep: [plain, count, both, all, part]
export: {jsonl: results.jsonl}
"""
# Rows of one item lie in several batches, which run out of memory; `sums` is a model before the serial stage, `pairs` one
# beside it.
MODELS = """flowrun: 1
run: {out: run, in_flight: 24, device: "sim:16GiB,oom_above=6"}
stages:
  media: {use: media.files, params: {path: ../photos}}
  sums:  {use: probe_models.sums, in: media, batch: 8, params: {file: marks.txt, rows: 3, skip: p023}}
  pairs:
    use: probe_models.pairs
    in: {image: media, sums: sums.sums}
    batch: 16
    params: {file: plain.txt, rows: 2, pad: 20000, skip: p007, fail: p011}
  count: {use: probe.count, in: sums.mark, params: {file: counts.txt}}
  both:  {use: probe.join, in: {mark: pairs.mark, count: count}}
  files: {use: probe.write, in: both, order: keep, params: {file: order.txt}}
  all:   {use: probe.total, in: both, params: {marker: gather.txt, wait_ms: 300}}
  part:  {use: probe.share, in: pairs.mark}
keep: [sums.sums, pairs.sums, pairs.mark, count, both, all, part]
export: {jsonl: results.jsonl}
"""


class Kill(KilledRuns):
    GRAPH = GRAPH

    def test_twenty_kills(self):
        self.killed_everywhere(while_running=15, in_gather=2)

    def test_killed_again_and_again(self):
        self.killed_again_and_again()


class KillModels(KilledRuns):
    GRAPH = MODELS
    FOLDERS = ("--models", "../models")

    def make_inputs(self):
        super().make_inputs()
        write_model(self.at("models"), "echo", content="call_us 15000\n")

    def test_ten_kills(self):
        self.killed_everywhere(while_running=6, in_gather=1)

    def test_killed_again_and_again(self):
        self.killed_again_and_again()


if __name__ == "__main__":
    main()
