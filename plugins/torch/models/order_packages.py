"""Which of a model's compiled packages stands first in its file, and so is what precision `auto` takes."""
import json
import pathlib

import python_environment
from model_entry import compiled_entries, with_entry

HERE = pathlib.Path(__file__).resolve().parent
ROWS = 8           # of a call that is timed
WORTHWHILE = 0.95  # half precision costs accuracy: it comes first only if it takes at most this much of the time


def find_best(times):
    """Of {package: milliseconds a row}."""
    return min(times, key=lambda path: times[path] * (WORTHWHILE if "-fp32." in path else 1))


def with_best_first(text, model, program):
    """The model file's text with the best package first, and a sentence about it; only packages for ROWS rows count."""
    entries = {e.path: e.text for e in compiled_entries(text) if e.low <= ROWS <= e.high and (model.parent / e.path).is_file()}
    if len(entries) < 2:
        return text, ""
    told = python_environment.run_script("timing", HERE / "time_packages.py", program, ROWS,
                                         *(model.parent / path for path in entries))
    times = dict(zip(entries, json.loads(told.splitlines()[-1])))
    best = find_best(times)
    figures = ", ".join("%s %.1f" % (path, ms) for path, ms in sorted(times.items()))
    return with_entry(text, best, entries[best], model), "ms a row, one thread, %d rows a call: %s; precision auto takes %s" % (
        ROWS, figures, best)
