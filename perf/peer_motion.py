#!/usr/bin/env python3
"""The rival: the analysis of plugins/motion in numpy and cv2, pieces of videos spread over multiprocessing.Pool.

Same figures as plugins/motion/frame_motion.hpp from the same DIS preset and working size, written as a good
practitioner would: a kernel of cv2 or numpy for every step, no loop over pixels or cells, the previous grey frame kept.
A job is CHUNK pairs of frames, found by one seek, or a whole video. Prints JSON: frames, pairs, seconds, means of the
figures over all pairs, cuts, versions.
"""
import argparse
import json
import multiprocessing
import os
import platform
import time

import cv2
import numpy as np

MAX_SIDE, MIN_MAGNITUDE, SCENE_CUT = 640, 0.25, 0.5
CELL, ENOUGH_TEXTURE, ENOUGH_SAMPLES = 8, 12, 1500  # of the camera motion
OBJECT_RESIDUE, LEAST_GAIN, OBJECT_CELL = 1, 1, 4
SHRINK, BLOCK, C1, C2 = 4, 8, (0.01 * 255) ** 2, (0.03 * 255) ** 2  # of the cut score


def find_direction(moving, magnitude, u, v):
    """Direction, its strength and the histogram of the moving pixels."""
    lengths, x, y = magnitude[moving], u[moving], v[moving]
    total = float(lengths.sum())
    if total <= 0:
        return {"direction": None, "direction_strength": 0.0, "histogram": [0.0] * 8}
    sector = np.rint(cv2.phase(x, -y).ravel() * (4 / np.pi)).astype(np.intp) & 7
    sx, sy = float(x.sum(dtype=np.float64)), float(y.sum(dtype=np.float64))
    strength = min(1.0, float(np.hypot(sx, sy)) / total)
    return {"direction": float(np.degrees(np.arctan2(-sy, sx))) % 360 if strength >= 0.05 else None,
            "direction_strength": strength, "histogram": (np.bincount(sector, lengths, 8) / total).tolist()}


class measure:
    """All figures of two consecutive grey working frames; the grids of one frame size are kept."""

    def __init__(self, full, working):
        self.dis = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
        width, height = working
        self.scale = np.array([full[0] / width, full[1] / height], np.float32)
        self.x = np.arange(width, dtype=np.float32)[None, :]
        self.y = np.arange(height, dtype=np.float32)[:, None]
        self.from_x = (self.x - (width - 1) / 2) * self.scale[0]  # px of the original frame, from the image centre
        self.from_y = (self.y - (height - 1) / 2) * self.scale[1]
        small = (width // SHRINK, height // SHRINK)
        self.small = small
        self.small_x, self.small_y = np.meshgrid(*(np.arange(n, dtype=np.float32) for n in small))
        self.per_px = np.array(small, np.float32) / np.array(full, np.float32)

    def __call__(self, before, after):
        flow = self.dis.calc(before, after, None)
        flow *= self.scale
        u, v = cv2.split(flow)
        magnitude = cv2.magnitude(u, v)
        moving = magnitude > MIN_MAGNITUDE
        camera, support = self.find_camera(before, flow)
        share, residue = self.find_objects(before, after, u, v, camera)
        score = self.find_cut(before, after, flow)
        (a, b, dx), (c, d, dy) = camera
        return {"mean_magnitude": cv2.mean(magnitude)[0], "max_magnitude": float(magnitude.max()),
                "moving": float(np.count_nonzero(moving)) / moving.size, **find_direction(moving, magnitude, u, v),
                "camera_dx": dx, "camera_dy": dy, "camera_rotation": float(np.degrees(np.arctan2(b - c, a + d))),
                "camera_scale": float(np.sqrt(max(0.0, a * d - b * c))), "camera_support": support,
                "object_share": share, "mean_residue": residue, "cut_score": score, "cut": score >= SCENE_CUT}

    def find_camera(self, before, flow):
        """The affine map position -> new position that most textured cells follow, and how many do."""
        rows, columns = before.shape[0] // CELL, before.shape[1] // CELL
        gx = cv2.Sobel(before, cv2.CV_32F, 1, 0, ksize=1)
        gy = cv2.Sobel(before, cv2.CV_32F, 0, 1, ksize=1)
        xx, xy, yy = (cv2.resize(cv2.multiply(p, q)[:rows * CELL, :columns * CELL], (columns, rows),
                                 interpolation=cv2.INTER_AREA) for p, q in ((gx, gx), (gx, gy), (gy, gy)))
        texture = (xx + yy - np.sqrt((xx - yy) ** 2 + 4 * xy * xy)) / 2
        cy, cx = np.nonzero(texture >= min(ENOUGH_TEXTURE, np.quantile(texture, 0.75)))
        step = -(-len(cx) // ENOUGH_SAMPLES)
        cx, cy = cx[::step] * CELL + CELL // 2, cy[::step] * CELL + CELL // 2
        vectors = flow[cy, cx]
        start = np.stack([self.from_x[0, cx], self.from_y[cy, 0]], 1)
        shift = np.median(vectors, 0)
        tolerance = 0.5 * float(self.scale.max()) + 0.05 * float(np.hypot(*shift))
        found, inside = cv2.estimateAffine2D(start, start + vectors, method=cv2.RANSAC, ransacReprojThreshold=tolerance,
                                             maxIters=256, confidence=0.999, refineIters=10)
        if found is None:
            found = np.array([[1, 0, shift[0]], [0, 1, shift[1]]])
            inside = np.linalg.norm(vectors - shift, axis=1) < tolerance
        return found.tolist(), float(np.count_nonzero(inside)) / len(cx)

    def find_objects(self, before, after, u, v, camera):
        (a, b, dx), (c, d, dy) = camera
        # The camera's flow at every pixel: a row plus a column.
        cu = ((a - 1) * self.from_x + dx).astype(np.float32) + (b * self.from_y).astype(np.float32)
        cv = (c * self.from_x + dy).astype(np.float32) + ((d - 1) * self.from_y).astype(np.float32)
        residues = cv2.magnitude(u - cu, v - cv)
        away = residues > OBJECT_RESIDUE
        share = 0.0
        if away.any():
            sx, sy = 1 / self.scale
            by_camera = cv2.absdiff(before, self.move(after, self.x + cu * sx, self.y + cv * sy))
            by_flow = cv2.absdiff(before, self.move(after, self.x + u * sx, self.y + v * sy))
            gain = cv2.subtract(by_camera, by_flow, dtype=cv2.CV_32F)
            cells = (-(-gain.shape[1] // OBJECT_CELL), -(-gain.shape[0] // OBJECT_CELL))
            gain = cv2.resize(gain, cells, interpolation=cv2.INTER_AREA)
            gain = cv2.blur(gain, (3, 3), borderType=cv2.BORDER_REFLECT)
            explained = cv2.resize(gain, u.shape[::-1], interpolation=cv2.INTER_NEAREST) > LEAST_GAIN
            share = float(np.count_nonzero(away & explained)) / away.size
        return share, cv2.mean(residues)[0]

    @staticmethod
    def move(picture, x, y):
        return cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

    def find_cut(self, before, after, flow):
        p, q = (cv2.resize(f, self.small, interpolation=cv2.INTER_AREA) for f in (before, after))
        height, width = p.shape
        vectors = flow[SHRINK // 2::SHRINK, SHRINK // 2::SHRINK][:height, :width] * self.per_px
        x, y = self.small_x + vectors[..., 0], self.small_y + vectors[..., 1]
        inside = ((x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1)).astype(np.float32)
        a = p.astype(np.float32) * inside
        b = self.move(q.astype(np.float32), x, y) * inside
        blocks = (-(-width // BLOCK), -(-height // BLOCK))
        n, ma, mb, aa, bb, ab = (cv2.resize(s, blocks, interpolation=cv2.INTER_AREA)
                                 for s in (inside, a, b, a * a, b * b, a * b))
        seen = n >= 0.5
        if not seen.any():
            return 1.0
        n, ma, mb, aa, bb, ab = (s[seen].astype(np.float64) for s in (n, ma, mb, aa, bb, ab))
        ma, mb = ma / n, mb / n
        va, vb = np.maximum(aa / n - ma * ma, 0), np.maximum(bb / n - mb * mb, 0)
        similar = (2 * ma * mb + C1) * (2 * (ab / n - ma * mb) + C2) / ((ma * ma + mb * mb + C1) * (va + vb + C2))
        weight = np.sqrt(np.maximum(va, vb) + C2 / 2)
        return float(np.clip(1 - (np.maximum(similar, 0) @ weight) / weight.sum(), 0, 1))


def working_size(width, height):
    factor = min(1, MAX_SIDE / max(width, height))
    return max(1, round(width * factor)), max(1, round(height * factor))


def analyse(job):
    """(index of the frame, figures) of every pair of frames lo .. hi, hi included."""
    path, lo, hi = job
    video = cv2.VideoCapture(path, cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    if lo:
        video.set(cv2.CAP_PROP_POS_FRAMES, lo)
    rows, previous, find = [], None, None
    for index in range(lo, hi + 1):
        there, frame = video.read()
        if not there:
            break
        grey = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
        full = grey.shape[::-1]
        size = working_size(*full)
        if size != full:
            area = full[0] >= 2 * size[0] or full[1] >= 2 * size[1]
            grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA if area else cv2.INTER_LINEAR)
        if previous is not None:
            find = find or measure(full, size)
            rows.append((index, find(previous, grey)))
        previous = grey
    return path, rows


def divide(paths, chunk, max_frames):
    """Jobs and the number of frames."""
    jobs, total = [], 0
    for path in paths:
        frames = int(cv2.VideoCapture(path).get(cv2.CAP_PROP_FRAME_COUNT))
        frames = min(frames, max_frames) if max_frames else frames
        total += frames
        step = chunk or frames
        jobs += [(path, lo, min(lo + step, frames - 1)) for lo in range(0, frames - 1, step)]
    return jobs, total


def start_worker():
    cv2.setNumThreads(1)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    p.add_argument("videos", nargs="+")
    p.add_argument("--workers", type=int, default=os.cpu_count())
    p.add_argument("--chunk", type=int, default=100, help="pairs of a job, 0: a video")
    p.add_argument("--max-frames", type=int, default=0, help="of each video, 0: all")
    args = p.parse_args()
    begin = time.perf_counter()
    jobs, frames = divide(args.videos, args.chunk, args.max_frames)
    with multiprocessing.Pool(args.workers, start_worker) as pool:
        found = {}
        for path, rows in pool.imap_unordered(analyse, jobs):
            found.setdefault(path, []).extend(rows)
    values = [figures for path in sorted(found) for _, figures in sorted(found[path], key=lambda row: row[0])]
    seconds = time.perf_counter() - begin
    names = [k for k, v in values[0].items() if isinstance(v, float) and k != "direction"]
    means = {k: float(np.mean([v[k] for v in values])) for k in names}
    print(json.dumps({"frames": frames, "pairs": len(values), "seconds": seconds, "cuts": sum(v["cut"] for v in values),
                      "means": means, "python": platform.python_version(), "opencv": cv2.__version__,
                      "numpy": np.__version__}))


if __name__ == "__main__":
    main()
