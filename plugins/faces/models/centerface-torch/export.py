"""export.py WEIGHTS FOLDER NAME: from the ONNX file to NAME.pt (TorchScript) and NAME.export.pt2 (torch.export)."""
import pathlib
import sys

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

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


# AOTInductor of torch 2.14.1 does it too, but with the wrong axis of the weights, and says nothing.
def fold_normalisation(network):
    """Into the weights of the transposed convolutions whose output is normalised and not used otherwise."""
    taken = [name for inputs, _ in network.wires for name in inputs] + network.outputs
    for i, (inputs, _) in enumerate(network.wires[1:], 1):
        before, step, given = network.steps[i - 1], network.steps[i], network.wires[i - 1][1]
        if (isinstance(before, nn.ConvTranspose2d) and before.groups == 1 and isinstance(step, nn.BatchNorm2d) and
                inputs == [given] and taken.count(given) == 1):
            network.steps[i - 1], network.steps[i] = fuse_conv_bn_eval(before, step, transpose=True), nn.Identity()


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
        fold_normalisation(network)
        example = torch.zeros(EXAMPLE_ROWS, 3, SIDE, SIDE)
        save_torchscript(network, example, folder / (name + ".pt"))
        save_program(network, example, folder / (name + ".export.pt2"))


if __name__ == "__main__":
    main(*sys.argv[1:])
