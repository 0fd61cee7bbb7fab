"""export.py WEIGHTS FOLDER NAME: from the ONNX file to NAME.pt (TorchScript) and NAME.export.pt2 (torch.export)."""
import pathlib
import sys

import torch

from network import GraphError, GraphNetwork
from onnx_file import read_onnx
from wire_format import FormatError

EXAMPLE_ROWS = 2  # with 1 the exporter would take the batch for a constant
MOST_ROWS = 1024
SIDE = 640


def load_network(weights):
    try:
        return GraphNetwork(read_onnx(pathlib.Path(weights).read_bytes())).eval()
    except (FormatError, GraphError) as e:
        sys.exit("%s: %s" % (weights, e))


# Not frozen: frozen weights are constants, which no reader could turn into another precision.
def save_torchscript(network, example, file):
    torch.jit.trace(network, example).save(str(file))


def save_program(network, example, file):
    batch = torch.export.Dim("batch", min=1, max=MOST_ROWS)
    program = torch.export.export(network, (example,), dynamic_shapes=({0: batch},))
    torch.export.save(program, str(file))


def main(weights, folder, name):
    folder = pathlib.Path(folder)
    with torch.no_grad():
        network = load_network(weights)
        example = torch.zeros(EXAMPLE_ROWS, 3, SIDE, SIDE)
        save_torchscript(network, example, folder / (name + ".pt"))
        save_program(network, example, folder / (name + ".export.pt2"))


if __name__ == "__main__":
    main(*sys.argv[1:])
