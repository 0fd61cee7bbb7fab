"""compile_network.py PROGRAM PACKAGE PRECISION LOW HIGH: compiles a torch.export program for this machine's CPU into an
AOTInductor package for batches of LOW..HIGH rows. Prints what of it the model file tells, as JSON."""
import json
import re
import sys

import torch

THREADS = 1  # of a call: calls run side by side, one per core
DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}
# What of /proc/cpuinfo's flags a compiler makes code of; the others tell of the kernel or of the chip's management.
INSTRUCTIONS = re.compile(r"(sse|ssse|avx|amx|fma|bmi|sha|movdir|vpcl|pclmul|prefetch|3dnowprefetch|xsave|rd(seed|rand|rnd|pid)"
                          r"|clwb|clflush|clde|(f16c|abm|adx|aes|vaes|gfni|popcnt|movbe|serialize|lahf_lm|cx16|fxsr)$)")


class InPrecision(torch.nn.Module):
    """A network that computes in another precision and still takes and gives float32."""

    def __init__(self, network, dtype):
        super().__init__()
        self.network = network.to(dtype)
        self.dtype = dtype

    def forward(self, *inputs):
        outputs = self.network(*(x.to(self.dtype) if x.is_floating_point() else x for x in inputs))
        several = isinstance(outputs, (tuple, list))
        given = [y.to(torch.float32) if y.is_floating_point() else y for y in (outputs if several else (outputs,))]
        return tuple(given) if several else given[0]


def instructions_of_this_cpu():
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        for line in f:
            if line.startswith(("flags", "Features")):
                return " ".join(sorted(flag for flag in line.split(":", 1)[1].split() if INSTRUCTIONS.match(flag)))
    return ""


def example_inputs(program, rows):
    """Of the program's inputs, zeros with so many rows."""
    names = program.graph_signature.user_inputs
    nodes = {node.name: node for node in program.graph.nodes}
    values = [nodes[name].meta["val"] for name in names]
    return tuple(torch.zeros((rows, *map(int, v.shape[1:])), dtype=v.dtype) for v in values)


def with_batch(program, precision, low, high):
    """The program once more, in the precision, for so many rows."""
    network = program.module()
    if precision != "fp32":
        network = InPrecision(network, DTYPES[precision])
    inputs = example_inputs(program, min(max(low, 2), high))
    if low == high:
        return torch.export.export(network, example_inputs(program, low))
    batch = torch.export.Dim("batch", min=low, max=high)
    dims = tuple({0: batch} for _ in inputs)
    return torch.export.export(network, inputs, dynamic_shapes=dims if precision == "fp32" else (dims,))


def compile_package(program, package, precision):
    torch.set_num_threads(THREADS)  # the number of threads is a constant in the compiled loops
    settings = {
        "freezing": True,
        "cpp.threads": THREADS,
        "aot_inductor.metadata": {
            "FLOWRUN_TORCH": torch.__version__,
            "FLOWRUN_CPU_INSTRUCTIONS": instructions_of_this_cpu(),
            "FLOWRUN_PRECISION": precision,
            "FLOWRUN_THREADS": str(THREADS),
        },
    }
    torch._inductor.aoti_compile_and_package(program, package_path=package, inductor_configs=settings)


def compare(want, got):
    """The largest difference between two answers, and the largest value there is."""
    pairs = [(a.float(), b.float()) for a, b in (zip(want, got) if isinstance(want, (tuple, list)) else [(want, got)])]
    return max(float((a - b).abs().max()) for a, b in pairs), max(float(a.abs().max()) for a, _ in pairs)


def main(program_file, package, precision, low, high):
    low, high = int(low), int(high)
    program = torch.export.load(program_file)
    torch.manual_seed(0)
    inputs = tuple(torch.randn_like(x) if x.is_floating_point() else x for x in example_inputs(program, low))
    with torch.no_grad():
        want = program.module()(*inputs)  # first: in another precision the program's own weights change
        compile_package(with_batch(program, precision, low, high), package, precision)
        difference, largest = compare(want, torch._inductor.aoti_load_package(package)(*inputs))
    print(json.dumps({"torch": torch.__version__.partition("+")[0], "difference": difference, "largest": largest}))


if __name__ == "__main__":
    main(*sys.argv[1:])
