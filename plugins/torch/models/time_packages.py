"""time_packages.py PROGRAM ROWS FILE...: how long one thread takes for a row in each of these packages (.pt2) and TorchScript
files (.pt) of one network, in calls of so many rows, in turns, so that what else the machine does falls on all alike. Prints
a JSON list of milliseconds."""
import json
import statistics
import sys
import time

import torch

from compile_network import example_inputs

ROUNDS = 9


def with_layout(network, inputs, layout):
    network = network.to(memory_format=layout)
    inputs = tuple(x.contiguous(memory_format=layout) if x.dim() == 4 else x for x in inputs)
    return lambda: network(*inputs)


def open_calls(file, inputs):
    """How the file is called: a package in one way, TorchScript in either memory layout, since flowrun takes the better."""
    if file.endswith(".pt2"):
        package = torch._inductor.aoti_load_package(file)
        return [lambda: package(*inputs)]
    network = torch.jit.load(file).eval()
    return [with_layout(network, inputs, torch.contiguous_format),
            with_layout(torch.jit.load(file).eval(), inputs, torch.channels_last)]


def time_row(call, rows):
    start = time.thread_time()
    call()
    return (time.thread_time() - start) * 1000 / rows


def main(program, rows, *files):
    torch.set_num_threads(1)
    torch._C._jit_set_profiling_executor(False)
    torch._C._jit_set_profiling_mode(False)
    rows = int(rows)
    inputs = example_inputs(torch.export.load(program), rows)
    with torch.inference_mode():
        calls = [open_calls(f, inputs) for f in files]
        rounds = [[[time_row(call, rows) for call in of_file] for of_file in calls] for _ in range(ROUNDS + 1)]
    medians = [[statistics.median(times) for times in zip(*of_file)] for of_file in zip(*rounds[1:])]
    print(json.dumps([min(m) for m in medians]))


if __name__ == "__main__":
    main(*sys.argv[1:])
