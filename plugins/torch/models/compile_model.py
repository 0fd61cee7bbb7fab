"""compile_model.py --precision fp32|bf16 --batch LOW..HIGH FILE [PROGRAM SUM]: compiles the torch.export program of the
model file FILE for this machine's CPU, puts the package beside it and an entry for it into FILE."""
import argparse
import json
import math
import os
import pathlib
import platform
import shutil
import sys
import tempfile
import time

import python_environment
from model_entry import with_entry, write_entry
from order_packages import with_best_first
from refusal import INTERNAL, IO, UNAVAILABLE, USAGE, Refusal, run_tool, say, sha256_of, write_errors

HERE = pathlib.Path(__file__).resolve().parent
MOST_ROWS = 65536
NEEDED_BYTES = 512 << 20
# How far the package's values may be from the program's, by the largest: far above what rounding does.
MOST_DIFFERENCE = {"fp32": 0.01, "bf16": 0.25}
PROGRAM_LINES = """    batch = torch.export.Dim("batch", min=1, max=1024)
    torch.export.save(torch.export.export(network, (torch.zeros(2, 3, 224, 224),), dynamic_shapes=({0: batch},)), "%s")"""


def read_range(text):
    low, dots, high = text.partition("..")
    high = high if dots else low
    if not (low.isdigit() and high.isdigit() and 1 <= int(low) <= int(high) <= MOST_ROWS):
        raise Refusal(USAGE, "--batch takes LOW..HIGH, such as 1..128, each 1..%d; it is '%s'" % (MOST_ROWS, text))
    return int(low), int(high)


def check(program, wanted_sum):
    if not program.is_file():
        raise Refusal(UNAVAILABLE, "there is no %s, the network as torch.export has it; TorchScript cannot be compiled. Write "
                      "it where you have the network in Python:\n%s" % (program, PROGRAM_LINES % program.name))
    if wanted_sum and sha256_of(program) != wanted_sum:
        raise Refusal(UNAVAILABLE, "%s has sha256 %s, the model file says %s in origin.program_sha256; fetch or export it "
                      "again" % (program, sha256_of(program), wanted_sum))
    if not (shutil.which("g++") or shutil.which("clang++")):
        raise Refusal(UNAVAILABLE, "compiling needs a C++ compiler: apt-get install g++")
    free = shutil.disk_usage(program.parent).free
    if free < NEEDED_BYTES:
        raise Refusal(IO, "%s has %d MiB free, but compiling takes up to %d MiB; free some space" %
                      (program.parent, free >> 20, NEEDED_BYTES >> 20))


def check_values(model, precision, difference, largest):
    limit = MOST_DIFFERENCE[precision] * largest
    if not math.isnan(limit) and not difference <= limit:  # no number is none that is near
        raise Refusal(INTERNAL, "%s compiled in %s gives other values than its program: they differ by up to %.2g, the largest "
                      "value is %.2g; AOTInductor computes this network wrongly. The model file is as it was: use the network "
                      "as it is, or export it with other layers" % (model.stem, precision, difference, largest))


def replace_text(file, text, place):
    """At once, by way of a file in the folder `place`, which is on the same disk."""
    changed = pathlib.Path(place) / file.name
    changed.write_text(text, encoding="utf-8")
    shutil.copymode(file, changed)
    os.replace(changed, file)


def compile_model(a):
    low, high = read_range(a.batch)
    model = a.file.resolve()
    program = model.parent / (a.program or model.stem + ".export.pt2")
    check(program, a.sum)
    package = model.parent / ("%s-%s.pt2" % (model.stem, a.precision))
    start = time.monotonic()
    with write_errors(model.parent):
        with tempfile.TemporaryDirectory(dir=model.parent, prefix=".compile-") as place:
            made = pathlib.Path(place) / package.name
            say("compiling %s in %s for %d..%d rows on this %s CPU, about a minute" %
                (model.stem, a.precision, low, high, platform.machine()))
            told = python_environment.run_script("compiling", HERE / "compile_network.py", program, made, a.precision, low,
                                                 high)
            result = json.loads(told.splitlines()[-1])
            check_values(model, a.precision, result["difference"], result["largest"])
            entry = write_entry(package.name, a.precision, result["torch"], low, high, sha256_of(made))
            # A model file that cannot be changed is refused while the package before still fits it; and what is timed
            # afterwards may fail.
            text = with_entry(model.read_text(encoding="utf-8"), package.name, entry, model)
            os.replace(made, package)
            replace_text(model, text, place)
            text, order = with_best_first(text, model, program)
            replace_text(model, text, place)
    print("%s: %.1f MB in %.0f s; its values differ from the program's by at most %.2g (largest value %.2g)" %
          (package, package.stat().st_size / 1e6, time.monotonic() - start, result["difference"], result["largest"]))
    if order:
        print(order)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--precision", choices=("fp32", "bf16"), default="fp32")
    parser.add_argument("--batch", default="1..128")
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("program", nargs="?", default="")
    parser.add_argument("sum", nargs="?", default="")
    a = parser.parse_args()
    return run_tool(lambda: compile_model(a))


if __name__ == "__main__":
    sys.exit(main())
