"""Which of a model's files stands first, and so is what precision `auto` takes: its compiled packages and its TorchScript."""
import json
import pathlib

import python_environment
from model_entry import compiled_entries, script_path, with_entry, with_script_first

HERE = pathlib.Path(__file__).resolve().parent
ROWS = 16          # most of a call that is timed
WORTHWHILE = 0.95  # half precision costs accuracy: it comes first only if it takes at most this much of the time
# Memory is kept between calls, as flowrun keeps it; else the pages of large buffers are what is measured.
KEPT = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(1 << 40), "MALLOC_TOP_PAD_": str(64 << 20)}


def find_best(times):
    """Of {file: milliseconds a row}; the files that are not of half precision end in -fp32.pt2 or .pt."""
    return min(times, key=lambda path: times[path] * (1 if path.endswith("-bf16.pt2") else WORTHWHILE))


def with_best_first(text, model, program):
    """The model file's text with the fastest file first, and a sentence about it; packages of small batches do not count."""
    entries = {e.path: e for e in compiled_entries(text) if (model.parent / e.path).is_file()}
    rows = min([ROWS, *(e.high for e in entries.values())])
    files = [path for path, e in entries.items() if e.low <= rows]
    script = script_path(text)
    if script and (model.parent / script).is_file():
        files.append(script)
    if len(files) < 2:
        return text, ""
    told = python_environment.run_script("timing", HERE / "time_packages.py", program, rows,
                                         *(model.parent / path for path in files), settings=KEPT)
    times = dict(zip(files, json.loads(told.splitlines()[-1])))
    best = find_best(times)
    figures = ", ".join("%s %.1f" % (path, ms) for path, ms in sorted(times.items()))
    text = with_script_first(text) if best == script else with_entry(text, best, entries[best].text, model)
    return text, "ms a row, one thread, %d rows a call: %s; precision auto takes %s" % (rows, figures, best)
