"""export.py WEIGHTS FOLDER NAME: from the published weights to NAME.pt (TorchScript) and NAME.export.pt2 (torch.export)."""
import pathlib
import sys

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from network import EfficientNetLite0

EXAMPLE_ROWS = 2  # with 1 the exporter would take the batch for a constant
MOST_ROWS = 1024
# A convolution and the normalisation behind it, as the published weights name them.
PAIRS = (("_conv_stem", "_bn0"), ("_expand_conv", "_bn0"), ("_depthwise_conv", "_bn1"), ("_project_conv", "_bn2"),
         ("_conv_head", "_bn1"))


def load_network(weights):
    network = EfficientNetLite0()
    state = torch.load(weights, map_location="cpu", weights_only=True)
    network.load_state_dict(state)
    return network.eval()


def fold_normalisation(network):
    """Into the convolutions' weights: the network computes the same with half the layers."""
    for module in network.modules():
        for conv, norm in PAIRS:
            if hasattr(module, conv):
                setattr(module, conv, fuse_conv_bn_eval(getattr(module, conv), getattr(module, norm)))
                setattr(module, norm, nn.Identity())


# Not frozen: frozen weights are constants, which no reader could turn into another precision.
def save_torchscript(network, example, file):
    torch.jit.trace(network, example).save(str(file))


def save_program(network, example, file):
    batch = torch.export.Dim("batch", min=1, max=MOST_ROWS)
    program = torch.export.export(network, (example,), dynamic_shapes=({0: batch},))
    torch.export.save(program, str(file))


def main(weights, folder, name):
    folder = pathlib.Path(folder)
    network = load_network(weights)
    example = torch.zeros(EXAMPLE_ROWS, 3, 224, 224)
    with torch.no_grad():
        fold_normalisation(network)
        save_torchscript(network, example, folder / (name + ".pt"))
        save_program(network, example, folder / (name + ".export.pt2"))


if __name__ == "__main__":
    main(*sys.argv[1:])
