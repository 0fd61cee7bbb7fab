#!/usr/bin/env python3
"""The rival: who is in these pictures, by a torch DataLoader script as a good practitioner writes it, with the same weights.

The loader's workers decode pictures and videos and make letterboxes; the main process finds faces with cv2.dnn, cuts out
aligned ones, calls the TorchScript network with batches of them, and clusters with Python's hdbscan. With `processes`
over 1 so many processes do that, each over its share; then their vectors are clustered once. Runs every setting of
--settings, a JSON list of objects with any of: workers, processes, threads (of torch and OpenCV in a process), pictures
(of a call of cv2.dnn), faces (of a call of torch), engine (of cv2.dnn: auto, classic), frozen, channels_last. Prints a
line of JSON for each: pictures, faces, identities, seconds (first picture asked for to all kept: neither imports nor
opening the networks, nor a call of each to warm up), detect_seconds, embed_seconds (of all processes together),
cluster_seconds, versions. Kept below --out: faces.json, vectors.npy.
"""
import argparse
import importlib.metadata
import json
import multiprocessing
import os
import platform
import time

import cv2
import hdbscan
import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

VIDEOS, PICTURES = (".avi", ".mp4", ".mkv"), (".jpg", ".png")
DEFAULTS = {"workers": 2, "processes": 1, "threads": 1, "pictures": 1, "faces": 8, "engine": "auto", "frozen": False,
            "channels_last": False}
SIDE, OUTPUTS = 640, ("537", "538", "539", "540")  # of CenterFace
CHIP = 150  # px, of dlib's network
PLACES = np.array([47.7 + 47.1j, 100.3 + 47.1j, 74 + 77j, 50.4 + 103.5j, 97.6 + 103.5j])  # of the landmarks in it, x + yj
MEAN, SPREAD = torch.tensor([122.782, 117.001, 104.298]).view(1, 3, 1, 1), 256
START = multiprocessing.get_context("fork")
MOST_WAIT = 120  # s; where the process that opens the networks fails, its workers must end too


def letterbox(picture):
    """(SIDE x SIDE picture, scale, left, top)"""
    h, w = picture.shape[:2]
    scale = SIDE / max(h, w)
    nw, nh = round(w * scale), round(h * scale)
    left, top = (SIDE - nw) // 2, (SIDE - nh) // 2
    boxed = np.zeros((SIDE, SIDE, 3), np.uint8)
    boxed[top:top + nh, left:left + nw] = cv2.resize(picture, (nw, nh), interpolation=cv2.INTER_LINEAR)
    return boxed, scale, left, top


def read_video(path, share, shares, every, most):
    """(index, frame) of one contiguous part: one seek, then frame by frame; frames passed over are not converted."""
    video = cv2.VideoCapture(path, cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    taken = -(-int(video.get(cv2.CAP_PROP_FRAME_COUNT)) // every)
    taken = min(taken, most) if most else taken
    first, last = (taken * i // shares * every for i in (share, share + 1))
    if first:
        video.set(cv2.CAP_PROP_POS_FRAMES, first)
    for index in range(first, last):
        if not video.grab():
            break
        if index % every == 0:
            yield index, video.retrieve()[1]


class Pictures(IterableDataset):
    """Those of one process: (name, index of the frame, picture, letterbox, scale, left, top), pixels as tensors, which
    pass from a worker by shared memory."""

    def __init__(self, args, share, shares):
        self.args, self.share, self.shares = args, share, shares

    def read(self):
        worker = get_worker_info()
        each = worker.num_workers if worker else 1
        share, shares = self.share * each + (worker.id if worker else 0), self.shares * each
        names = sorted(os.listdir(self.args.folder))
        for name in (n for n in names if n.endswith(VIDEOS)):
            path = os.path.join(self.args.folder, name)
            for index, frame in read_video(path, share, shares, self.args.every_nth, self.args.max_frames):
                yield name, index, frame
        for name in [n for n in names if n.endswith(PICTURES)][share::shares]:
            yield name, 0, cv2.imread(os.path.join(self.args.folder, name), cv2.IMREAD_COLOR)

    def __iter__(self):
        for name, index, picture in self.read():
            boxed, *place = letterbox(picture)
            yield (name, index, torch.from_numpy(picture), torch.from_numpy(boxed), *place)


class Detector:
    def __init__(self, args, setting):
        engine = [] if setting["engine"] == "auto" else [cv2.dnn.ENGINE_CLASSIC]
        self.args, self.net = args, cv2.dnn.readNetFromONNX(args.detector, *engine)

    def find(self, boxes):
        """Of every letterbox [(x1, y1, x2, y2), score, 5 landmarks]"""
        self.net.setInput(cv2.dnn.blobFromImages(boxes, 1.0, (SIDE, SIDE), (0, 0, 0), swapRB=True))
        return [self.decode(*of_picture) for of_picture in zip(*self.net.forward(OUTPUTS))]

    def decode(self, heat, size, offset, marks):
        y, x = np.nonzero(heat[0] >= self.args.threshold)
        if len(y) == 0:
            return []
        scores = heat[0, y, x]
        h, w = np.exp(size[:, y, x]) * 4
        x1, y1 = (x + offset[1, y, x] + 0.5) * 4 - w / 2, (y + offset[0, y, x] + 0.5) * 4 - h / 2
        points = np.stack([marks[1::2, y, x] * w + x1, marks[::2, y, x] * h + y1], -1).swapaxes(0, 1)
        kept = cv2.dnn.NMSBoxes(np.stack([x1, y1, w, h], 1), scores, self.args.threshold, self.args.nms)
        return [(np.array([x1[k], y1[k], x1[k] + w[k], y1[k] + h[k]]), float(scores[k]), points[k])
                for k in np.ravel(kept)]


def align(picture, points):
    """The face as the network was taught them: turned, scaled and shifted so that its landmarks lie best over PLACES."""
    p = points @ (1, 1j) - (0.5 + 0.5j)  # as complex numbers, from the middle of the first pixel
    q = p - p.mean()
    turn = np.vdot(q, PLACES - PLACES.mean()) / np.vdot(q, q).real
    shift = PLACES.mean() - turn * p.mean()
    moved = np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])
    return cv2.cvtColor(cv2.warpAffine(picture, moved, (CHIP, CHIP)), cv2.COLOR_BGR2RGB)


class Embedder:
    """Keeps faces back until there is a batch of them."""

    def __init__(self, args, setting):
        self.setting, self.chips, self.vectors = setting, [], []
        self.network = torch.jit.load(args.embedder).eval()
        if setting["channels_last"]:
            self.network = self.network.to(memory_format=torch.channels_last)
        if setting["frozen"]:
            self.network = torch.jit.optimize_for_inference(torch.jit.freeze(self.network))

    def add(self, chip):
        self.chips.append(chip)
        if len(self.chips) == self.setting["faces"]:
            self.call()

    def call(self):
        if self.chips:
            x = torch.from_numpy(np.stack(self.chips)).permute(0, 3, 1, 2)
            layout = torch.channels_last if self.setting["channels_last"] else torch.contiguous_format
            x = x.float().contiguous(memory_format=layout).sub_(MEAN).div_(SPREAD)
            self.vectors.append(self.network(x).numpy())
            self.chips.clear()


def find_faces(args, setting, share, go, give):
    """One process: its share of the pictures, then its faces, vectors and seconds into `give`."""
    cv2.setNumThreads(1)  # until the workers are forked, which would wait for threads that they do not have

    def start_worker(_):
        cv2.setNumThreads(1)
        go.wait(MOST_WAIT)

    more = {"prefetch_factor": 2, "worker_init_fn": start_worker, "multiprocessing_context": START}
    loader = DataLoader(Pictures(args, share, setting["processes"]), setting["pictures"], collate_fn=list,
                        num_workers=setting["workers"], **(more if setting["workers"] else {}))
    batches = iter(loader)
    cv2.setNumThreads(setting["threads"])
    torch.set_num_threads(setting["threads"])
    detector, embedder = Detector(args, setting), Embedder(args, setting)
    detect = embed = pictures = 0
    rows = []
    with torch.inference_mode():
        detector.find([np.zeros((SIDE, SIDE, 3), np.uint8)] * setting["pictures"])
        for _ in range(setting["faces"]):
            embedder.add(np.zeros((CHIP, CHIP, 3), np.uint8))
        embedder.vectors.clear()
        give.send("ready")
        go.wait()
        for batch in batches:
            begin = time.perf_counter()
            found = detector.find([boxed.numpy() for _, _, _, boxed, *_ in batch])
            middle = time.perf_counter()
            for (name, index, picture, _, scale, left, top), faces in zip(batch, found):
                pictures += 1
                for box, score, points in faces:
                    x1, y1, x2, y2 = (box - [left, top, left, top]) / scale
                    if min(x2 - x1, y2 - y1) < args.min_size:
                        continue
                    rows.append([name, index, *map(float, (x1, y1, x2 - x1, y2 - y1, score))])
                    embedder.add(align(picture.numpy(), (points - [left, top]) / scale))
            detect, embed = detect + middle - begin, embed + time.perf_counter() - middle
        begin = time.perf_counter()
        embedder.call()
        embed += time.perf_counter() - begin
    give.send((pictures, rows, np.concatenate(embedder.vectors) if rows else np.zeros((0, 128), np.float32), detect, embed))


def cluster(args, vectors):
    """The identity of every row; -1: none."""
    if len(vectors) <= args.min_cluster_size:
        return np.full(len(vectors), -1)
    if args.unit:
        vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return hdbscan.HDBSCAN(min_cluster_size=args.min_cluster_size, core_dist_n_jobs=1).fit_predict(vectors.astype(np.float64))


def run(args, setting):
    """What is printed."""
    go, pipes, processes = START.Event(), [], []
    for i in range(setting["processes"]):
        mine, its = START.Pipe()
        processes.append(START.Process(target=find_faces, args=(args, setting, i, go, its)))
        processes[-1].start()
        its.close()  # so that a process that fails is an end of file here
        pipes.append(mine)
    for pipe in pipes:
        pipe.recv()
    begin = time.time()
    go.set()
    pictures, rows, vectors, detect, embed = zip(*(pipe.recv() for pipe in pipes))
    rows, vectors = sum(rows, []), np.concatenate(vectors)
    clustering = time.time()
    labels = cluster(args, vectors)
    clustered = time.time()
    with open(os.path.join(args.out, "faces.json"), "w") as f:
        json.dump([[*row, int(label)] for row, label in zip(rows, labels)], f)
    np.save(os.path.join(args.out, "vectors.npy"), vectors)
    end = time.time()
    for process in processes:
        process.join()
    return {"pictures": sum(pictures), "faces": len(rows), "identities": len(set(labels.tolist()) - {-1}),
            "seconds": end - begin, "detect_seconds": sum(detect), "embed_seconds": sum(embed),
            "cluster_seconds": clustered - clustering, "python": platform.python_version(), "torch": torch.__version__,
            "opencv": cv2.__version__, "hdbscan": importlib.metadata.version("hdbscan")}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("folder")
    p.add_argument("--detector", required=True, help="CenterFace as ONNX")
    p.add_argument("--embedder", required=True, help="dlib's network as TorchScript")
    p.add_argument("--out", required=True, help="a folder")
    p.add_argument("--settings", default="[{}]")
    p.add_argument("--every-nth", type=int, default=1, help="of a video, frames 0, n, 2n ...")
    p.add_argument("--max-frames", type=int, default=0, help="so many of each video at most; 0: all")
    p.add_argument("--threshold", type=float, default=0.5)
    p.add_argument("--nms", type=float, default=0.3)
    p.add_argument("--min-size", type=float, default=24, help="of a face's shorter side, px of the picture")
    p.add_argument("--min-cluster-size", type=int, default=5)
    p.add_argument("--unit", action="store_true", help="vectors of length 1 are clustered")
    args = p.parse_args()
    os.makedirs(args.out, exist_ok=True)
    for setting in json.loads(args.settings):
        print(json.dumps(run(args, {**DEFAULTS, **setting})), flush=True)


if __name__ == "__main__":
    main()
