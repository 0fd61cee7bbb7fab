"""export.py WEIGHTS FOLDER NAME: from the published weights to NAME.pt (TorchScript) and NAME.export.pt2 (torch.export)."""
import pathlib
import sys

import torch

from network import EfficientNetLite0

EXAMPLE_ROWS = 2  # with 1 the exporter would take the batch for a constant
MOST_ROWS = 1024


def load_network(weights):
    network = EfficientNetLite0()
    state = torch.load(weights, map_location="cpu", weights_only=True)
    network.load_state_dict(state)
    return network.eval()


def save_torchscript(network, example, file):
    traced = torch.jit.trace(network, example)
    torch.jit.freeze(traced).save(str(file))


def save_program(network, example, file):
    batch = torch.export.Dim("batch", min=1, max=MOST_ROWS)
    program = torch.export.export(network, (example,), dynamic_shapes=({0: batch},))
    torch.export.save(program, str(file))


def main(weights, folder, name):
    folder = pathlib.Path(folder)
    network = load_network(weights)
    example = torch.zeros(EXAMPLE_ROWS, 3, 224, 224)
    with torch.no_grad():
        save_torchscript(network, example, folder / (name + ".pt"))
        save_program(network, example, folder / (name + ".export.pt2"))


if __name__ == "__main__":
    main(*sys.argv[1:])
