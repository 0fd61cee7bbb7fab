"""time_packages.py PROGRAM ROWS PACKAGE...: how long one thread takes for a row in each of these packages of one network,
in calls of so many rows, in turns, so that what else the machine does falls on all alike. Prints a JSON list of milliseconds."""
import json
import statistics
import sys
import time

import torch

from compile_network import example_inputs

ROUNDS = 9


def time_row(package, inputs):
    start = time.thread_time()
    package(*inputs)
    return (time.thread_time() - start) * 1000 / len(inputs[0])


def main(program, rows, *packages):
    torch.set_num_threads(1)
    inputs = example_inputs(torch.export.load(program), int(rows))
    opened = [torch._inductor.aoti_load_package(p) for p in packages]
    rounds = [[time_row(p, inputs) for p in opened] for _ in range(ROUNDS + 1)]
    print(json.dumps([statistics.median(times) for times in zip(*rounds[1:])]))


if __name__ == "__main__":
    main(*sys.argv[1:])
