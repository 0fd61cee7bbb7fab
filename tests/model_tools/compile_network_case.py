"""compile_network_case.py make|run FOLDER: writes a small network as net.pt and net.export.pt2; or runs the packages made
of it, and prints as JSON how far they are from it, and what they say about themselves. Needs the Python with torch."""
import json
import pathlib
import sys
import zipfile

import torch

ROWS = (1, 2, 7, 64)


def make(folder):
    torch.manual_seed(1)
    network = torch.nn.Sequential(torch.nn.Conv2d(3, 16, 3, 2), torch.nn.ReLU(), torch.nn.Conv2d(16, 32, 3, 2),
                                  torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(32 * 49, 10)).eval()
    example = torch.zeros(2, 3, 32, 32)
    torch.jit.trace(network, example).save(str(folder / "net.pt"))
    batch = torch.export.Dim("batch", min=1, max=256)
    program = torch.export.export(network, (example,), dynamic_shapes=({0: batch},))
    torch.export.save(program, str(folder / "net.export.pt2"))


def metadata(package):
    with zipfile.ZipFile(package) as z:
        name = next(n for n in z.namelist() if n.endswith(".wrapper_metadata.json"))
        return json.loads(z.read(name))


def run(folder):
    network = torch.jit.load(str(folder / "net.pt"))
    told = {}
    with torch.inference_mode():
        for precision in ("fp32", "bf16"):
            package = str(folder / ("net-%s.pt2" % precision))
            compiled = torch._inductor.aoti_load_package(package)
            told[precision] = {"metadata": metadata(package), "difference": {}}
            for rows in ROWS:
                x = torch.randn(rows, 3, 32, 32)
                got, want = compiled(x), network(x)
                assert got.dtype == torch.float32 and got.shape == want.shape, (got.dtype, got.shape)
                told[precision]["difference"][rows] = float((got - want).abs().max())
    print(json.dumps(told))


if __name__ == "__main__":
    {"make": make, "run": run}[sys.argv[1]](pathlib.Path(sys.argv[2]))
