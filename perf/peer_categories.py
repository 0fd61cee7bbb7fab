#!/usr/bin/env python3
"""The rival: what pictures show, by a torch DataLoader script as a good practitioner writes it, with the same weights.

Reads JPEGs with OpenCV in the loader's workers, hands over bytes, normalises whole batches, calls the TorchScript network
in inference mode. Runs every setting of --settings, a JSON list of objects with any of: workers, batch, threads (of
torch), precision (fp32, bf16), channels_last, frozen (torch.jit.freeze and optimize_for_inference). Prints a line of JSON
for each: images, seconds (first picture asked for to last answer: neither imports nor opening the network, nor two calls
to warm up), begin and end of that, versions.
"""
import argparse
import json
import os
import platform
import time

import cv2
import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

SIDE, SHARE = 224, 224 / 256
DEFAULTS = {"workers": 2, "batch": 32, "threads": 1, "precision": "fp32", "channels_last": False, "frozen": False}


class Pictures(Dataset):
    def __init__(self, paths):
        self.paths = paths

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, i):
        picture = cv2.imread(self.paths[i], cv2.IMREAD_COLOR)
        h, w = picture.shape[:2]
        c = int(min(h, w) * SHARE)
        picture = picture[(h - c) // 2:(h + c) // 2, (w - c) // 2:(w + c) // 2]
        small = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA if c >= SIDE else cv2.INTER_CUBIC)
        rgb = cv2.cvtColor(small, cv2.COLOR_BGR2RGB)
        return torch.from_numpy(np.ascontiguousarray(rgb.transpose(2, 0, 1)))  # bytes: 4 times less to hand over


def start_worker(_):
    cv2.setNumThreads(1)


def open_network(path, setting):
    network = torch.jit.load(path).eval()
    if setting["precision"] == "bf16":
        network = network.to(torch.bfloat16)
    if setting["channels_last"]:
        network = network.to(memory_format=torch.channels_last)
    if setting["frozen"]:
        network = torch.jit.optimize_for_inference(torch.jit.freeze(network))
    return network


class Script:
    """One setting on a list of pictures."""

    def __init__(self, args, setting):
        self.top, self.setting = args.top, {**DEFAULTS, **setting}
        self.type = torch.bfloat16 if self.setting["precision"] == "bf16" else torch.float32
        self.mean, self.std = (torch.tensor(v).view(1, -1, 1, 1) for v in (args.mean, args.std))
        torch.set_num_threads(self.setting["threads"])
        self.network = open_network(args.model, self.setting)

    def answer(self, x):
        x = x.float().sub_(self.mean).div_(self.std).to(self.type)
        if self.setting["channels_last"]:
            x = x.contiguous(memory_format=torch.channels_last)
        y = self.network(x)
        logits, vector = y if isinstance(y, (tuple, list)) else (y, y)
        return logits.float(), torch.nn.functional.normalize(vector.float(), dim=1)

    def run(self, paths):
        workers = self.setting["workers"]
        more = {"prefetch_factor": 2, "persistent_workers": True, "worker_init_fn": start_worker} if workers else {}
        loader = DataLoader(Pictures(paths), self.setting["batch"], num_workers=workers, **more)
        rows, kept = [], []
        with torch.inference_mode():
            for _ in range(2):
                self.answer(torch.zeros(self.setting["batch"], 3, SIDE, SIDE, dtype=torch.uint8))
            begin = time.time()
            for x in loader:
                logits, vector = self.answer(x)
                score, number = logits.softmax(1).topk(self.top)
                rows += list(zip(number.tolist(), score.tolist()))
                kept.append((logits.numpy(), vector.numpy()))
            end = time.time()
        return begin, end, kept


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("folder")
    p.add_argument("--model", required=True, help="a TorchScript file")
    p.add_argument("--mean", type=float, nargs="+", default=[127.0])
    p.add_argument("--std", type=float, nargs="+", default=[128.0])
    p.add_argument("--top", type=int, default=5)
    p.add_argument("--settings", default="[{}]")
    p.add_argument("--part", type=int, nargs=2, default=[0, 1], metavar=("I", "N"), help="every N-th picture from the I-th")
    p.add_argument("--outputs", help=".npz with logits and vectors of the last setting")
    args = p.parse_args()
    cv2.setNumThreads(1)
    paths = sorted(e.path for e in os.scandir(args.folder) if e.name.endswith(".jpg"))[args.part[0]::args.part[1]]
    for setting in json.loads(args.settings):
        begin, end, kept = Script(args, setting).run(paths)
        print(json.dumps({"images": len(paths), "seconds": end - begin, "begin": begin, "end": end,
                          "python": platform.python_version(), "torch": torch.__version__, "opencv": cv2.__version__}),
              flush=True)
    if args.outputs:
        logits, vectors = (np.concatenate(part) for part in zip(*kept))
        np.savez(args.outputs, logits=logits, vectors=vectors)


if __name__ == "__main__":
    main()
