"""export.py WEIGHTS FOLDER NAME: from dlib's file to NAME.pt (TorchScript) and NAME.export.pt2 (torch.export)."""
import math
import pathlib
import sys

import torch

from dlib_file import read_network
from network import AVERAGES, SIDE, DlibFace, HalvingBlock

EXAMPLE_ROWS = 2  # with 1 the exporter would take the batch for a constant
MOST_ROWS = 1024


def layer_names(network):
    """What dlib's file of this network has, from the input on, without the numbers of versions."""
    yield from ("con", "affine", "relu", "max_pool")
    for block in network.blocks:
        yield from ("con", "affine", "relu", "con", "affine")
        yield from ("avg_pool", "add_prev", "relu") if isinstance(block, HalvingBlock) else ("add_prev", "relu")
    yield from ("avg_pool", "fc")


def convolutions(network):
    yield network.stem
    for block in network.blocks:
        yield from (block.first, block.second)


def check_network(file, network):
    there, wanted = [layer.name.rstrip("_0123456789") for layer in file.layers], list(layer_names(network))
    if there != wanted:
        sys.exit("this is another network than dlib's for faces: its layers are %s" % ", ".join(there))
    given = file.input.fields
    colours = (given["red"], given["green"], given["blue"])
    if (given["rows"], given["columns"]) != (SIDE, SIDE) or not all(
            math.isclose(a, b, rel_tol=1e-6) for a, b in zip(colours, AVERAGES)):
        sys.exit("this network takes other pictures than dlib's for faces: %s" % given)


def matrix(tensor, *shape):
    return torch.frombuffer(tensor.values, dtype=torch.float32).to(torch.float64).reshape(shape)


def fill_convolution(convolution, layer, affine):
    """With dlib's filters and biases, and the scales and shifts of the affine layer behind them."""
    fields = layer.fields
    there = [(fields[size], fields["stride_" + axis], fields["padding_" + axis])
             for size, axis in (("rows", "y"), ("columns", "x"))]
    wanted = list(zip(convolution.kernel_size, convolution.stride, convolution.padding))
    if there != wanted:
        sys.exit("a convolution has the sizes, strides and paddings %s instead of %s" % (there, wanted))
    filters = convolution.weight.numel()
    values = matrix(fields["values"], -1)
    scales, shifts = matrix(affine.fields["values"], 2, -1)
    weights = values[:filters].reshape(convolution.weight.shape)
    convolution.weight.copy_(weights * scales[:, None, None, None])
    convolution.bias.copy_(values[filters:] * scales + shifts)


def load_network(weights):
    file = read_network(pathlib.Path(weights).read_bytes())
    network = DlibFace()
    check_network(file, network)
    followed = zip(file.layers, file.layers[1:])
    pairs = [(layer, behind) for layer, behind in followed if layer.name.startswith("con")]
    for convolution, (layer, affine) in zip(convolutions(network), pairs, strict=True):
        fill_convolution(convolution, layer, affine)
    network.vector.weight.copy_(matrix(file.layers[-1].fields["values"], *reversed(network.vector.weight.shape)).T)
    return network.eval()


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
