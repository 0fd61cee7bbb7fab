#!/usr/bin/env python3
"""The rival: the analysis of plugins/lighting in numpy and cv2, photos spread over multiprocessing.Pool.

Same definitions as plugins/lighting/light.hpp, written as a good practitioner would: a kernel of cv2 or numpy for every
step, no loop over pixels. Prints JSON: items, seconds (reading the first photo to the last result), items_per_second.
"""
import argparse
import glob
import json
import multiprocessing
import os
import time

import cv2
import numpy as np

SHADOW, HIGHLIGHT = 4, 251
GRID, KEEP, MIN_STRENGTH, MAX_TINT, BINS = 64, 0.9, 0.02, 0.05, 32
DUV = [-0.00616793, 0.0893944, -0.5179722, 1.5317403, -2.4243787, 1.925865, -0.471106]  # Ohno 2014
XYZ = np.array([[.4124, .3576, .1805], [.2126, .7152, .0722], [.0193, .1192, .9505]])  # IEC 61966-2-1


def encoded_to_linear():
    v = np.arange(256) / 255
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


LINEAR = encoded_to_linear()


def find_luminance(luma):
    counts = cv2.calcHist([luma], [0], None, [256], [0, 256]).ravel().astype(np.int64)
    total, levels = luma.size, np.arange(256)
    mean = float(counts @ levels) / total
    below = np.cumsum(counts)
    ranks = np.searchsorted(below * 100, np.array([5, 50, 95]) * total)
    return {
        "brightness": mean, "contrast": float(np.sqrt(counts @ (levels - mean) ** 2 / total)),
        "p5": int(ranks[0]), "p50": int(ranks[1]), "p95": int(ranks[2]),
        "shadows": float(below[SHADOW]) / total, "highlights": 1 - float(below[HIGHLIGHT - 1]) / total,
        "histogram": (np.bincount(levels * BINS // 256, counts, BINS) / total).tolist(),
    }


def divide(pixels, side):
    cells = -(-pixels // side)
    return np.arange(cells + 1) * pixels // cells


def slope(mean, borders, axis):
    if len(borders) == 2:
        return np.zeros_like(mean)
    centre = (borders[1:] + borders[:-1]) / 2
    i = np.arange(len(centre))
    before, after = np.maximum(i - 1, 0), np.minimum(i + 1, len(centre) - 1)
    away = centre[after] - centre[before]
    return (mean.take(after, axis) - mean.take(before, axis)) / (away if axis == 1 else away[:, None])


def find_key_light(luma):
    height, width = luma.shape
    longer = max(height, width)
    side = -(-longer // GRID)
    left, top = divide(width, side), divide(height, side)
    corners = cv2.integral(luma)[np.ix_(top, left)].astype(np.int64)
    mean = np.diff(np.diff(corners, axis=0), axis=1) / np.outer(np.diff(top), np.diff(left))
    dx, dy = slope(mean, left, 1), slope(mean, top, 0)
    steepness = np.sqrt(dx * dx + dy * dy)
    rank = max(int(np.ceil(KEEP * steepness.size)), 1) - 1
    kept = steepness <= np.partition(steepness.ravel(), rank)[rank]
    x, y, length = float(dx[kept].sum()), float(dy[kept].sum()), float(steepness[kept].sum())
    if length / int(kept.sum()) * longer < 1.0:
        return {"key_direction": None, "key_strength": 0.0}
    strength = min(1.0, float(np.hypot(x, y)) / length)
    told = strength >= MIN_STRENGTH and (x, y) != (0, 0)
    return {"key_direction": float(np.degrees(np.arctan2(-y, x))) % 360 if told else None, "key_strength": strength}


def find_colour(bgr):
    nothing = {"temperature": None, "tint": None}
    usable = cv2.inRange(bgr, (6, 6, 6), (249, 249, 249))
    count = cv2.countNonZero(usable)
    if count == 0 or count < 0.001 * usable.size:
        return nothing
    # The mean in linear light from one histogram per channel: exact, and faster than a table look-up per pixel.
    mean = [float(cv2.calcHist([bgr], [c], usable, [256], [0, 256]).ravel().astype(np.float64) @ LINEAR) / count
            for c in (2, 1, 0)]
    xyz = XYZ @ mean
    x, y = xyz[:2] / xyz.sum()
    scale = -2 * x + 12 * y + 3
    u, v = 4 * x / scale - 0.292, 6 * y / scale - 0.24
    if v <= 0:
        return nothing
    away = np.hypot(u, v)
    tint = float(away - np.polyval(DUV, np.arccos(u / away)))
    if abs(tint) > MAX_TINT or y <= 0.1858:
        return {"temperature": None, "tint": tint}
    n = (x - 0.3320) / (0.1858 - y)
    return {"temperature": float(np.clip(np.polyval([449, 3525, 6823.3, 5520.33], n), 1000, 40000)), "tint": tint}


def analyze(path):
    """One photo's values, or None for a file that is no picture. EXIF orientation is applied by imdecode."""
    bgr = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
    if bgr is None:
        return None
    luma = cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY)
    return {**find_luminance(luma), **find_key_light(luma), **find_colour(bgr)}


def start_worker():
    cv2.setNumThreads(1)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    p.add_argument("folder", help="searched for .jpg, also in sub-folders")
    p.add_argument("--workers", type=int, default=os.cpu_count())
    p.add_argument("--chunk", type=int, default=8)
    p.add_argument("--values", help="file for one JSON line per photo")
    args = p.parse_args()
    begin = time.perf_counter()
    paths = sorted(glob.glob(os.path.join(args.folder, "**", "*.jpg"), recursive=True))
    with multiprocessing.Pool(args.workers, start_worker) as pool:
        results = list(pool.imap(analyze, paths, args.chunk))
    seconds = time.perf_counter() - begin
    if args.values:
        with open(args.values, "w") as f:
            for path, values in zip(paths, results):
                f.write(json.dumps({"item": os.path.relpath(path, args.folder), **(values or {})}) + "\n")
    print(json.dumps({"items": len(paths), "seconds": seconds, "items_per_second": len(paths) / seconds}))


if __name__ == "__main__":
    main()
