"""efficientnet_parity.py MODEL WEIGHTS SAMPLES: the exported network against one in numpy, and what it sees in pictures.
Prints JSON; needs the Python with torch."""
import json
import pathlib
import sys

import numpy as np
import torch

from numpy_network import NumpyNetwork
from picture_rows import sampled_row, smoothed_row

PICTURES = ("messi5", "baboon", "fruits", "orange", "home")


def difference(a, b):
    return float(np.abs(np.asarray(a, dtype=np.float64) - np.asarray(b)).max())


def batches(network, rows):
    """How far the answers of one batch are from those of single rows."""
    together = network(rows)
    return max(difference(together[k][i].numpy(), network(rows[i:i + 1])[k][0].numpy())
               for i in range(len(rows)) for k in (0, 1))


def seen(network, labels, row):
    shares = network(torch.from_numpy(row[None]))[0].softmax(1)[0]
    best = int(shares.argmax())
    return [labels[best], float(shares[best])]


def main(model, weights, samples):
    model, samples = pathlib.Path(model), pathlib.Path(samples)
    network = torch.jit.load(str(model))
    labels = (model.parent / "imagenet-1k.txt").read_text(encoding="utf-8").splitlines()
    state = torch.load(weights, map_location="cpu", weights_only=True)
    independent = NumpyNetwork({name: value.numpy() for name, value in state.items()})
    rows = np.stack([smoothed_row(samples / (name + ".jpg")) for name in PICTURES])
    told = {"logits": 0, "embedding": 0}
    with torch.inference_mode():
        for row in (*rows[:2], np.random.default_rng(0).standard_normal((3, 224, 224), dtype=np.float32)):
            got, want = network(torch.from_numpy(row[None])), independent(row)
            for k, name in enumerate(("logits", "embedding")):
                told[name] = max(told[name], difference(got[k][0].numpy(), want[k]))
        told["batches"] = batches(network, torch.from_numpy(rows))
        for way, make in (("smoothed", smoothed_row), ("sampled", sampled_row)):
            told[way] = {name: seen(network, labels, make(samples / (name + ".jpg"))) for name in PICTURES}
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
