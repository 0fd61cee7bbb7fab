#!/usr/bin/env python3
"""Make a folder of differing photos by seeded crop, scale and re-encode. A second call with the same arguments is a no-op.

Photo i depends on the seed, i and the source pictures only, not on --count. The manifest is written last, so a folder
without one is unfinished and is made again.
"""
import argparse
import glob
import hashlib
import json
import os
import random
import sys

import cv2

FORMAT = 1
SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp")
MIN_SIDE = 200  # px; smaller source pictures are icons, not photos
SIDES = (480, 1024)  # px, longer side of a photo
QUALITIES = (75, 95)  # JPEG


def read_sources(folder):
    """[(path, HxWx3 uint8 BGR)] sorted by path; fails with a sentence if there is none."""
    paths = sorted(p for p in glob.glob(os.path.join(folder, "**", "*"), recursive=True) if p.lower().endswith(SUFFIXES))
    pictures = [(p, cv2.imread(p, cv2.IMREAD_COLOR)) for p in paths]
    pictures = [(p, m) for p, m in pictures if m is not None and min(m.shape[:2]) >= MIN_SIDE]
    if not pictures:
        sys.exit(f"{folder}: no picture with sides of at least {MIN_SIDE} px")
    return pictures


def digest_of(pictures):
    digest = hashlib.sha256()
    for path, _ in pictures:
        digest.update(os.path.basename(path).encode())
        with open(path, "rb") as f:
            digest.update(f.read())
    return digest.hexdigest()


def make_photo(pictures, seed, i):
    """JPEG bytes of photo i."""
    r = random.Random(f"{seed}:{i}")
    _, picture = pictures[r.randrange(len(pictures))]
    height, width = picture.shape[:2]
    share = r.uniform(0.5, 1.0)
    w, h = max(1, round(width * share)), max(1, round(height * share))
    x, y = r.randint(0, width - w), r.randint(0, height - h)
    crop = picture[y:y + h, x:x + w]
    if r.random() < 0.5:
        crop = cv2.flip(crop, 1)
    scale = r.randint(*SIDES) / max(w, h)
    size = (max(1, round(w * scale)), max(1, round(h * scale)))
    photo = cv2.resize(crop, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    ok, encoded = cv2.imencode(".jpg", photo, [cv2.IMWRITE_JPEG_QUALITY, r.randint(*QUALITIES)])
    if not ok:
        raise RuntimeError(f"photo {i}: not encoded")
    return encoded.tobytes()


def make_corpus(out, source, count, seed):
    """Fill `out` with photo_00000.jpg ...; gives True if anything had to be made."""
    cv2.setNumThreads(1)
    pictures = read_sources(source)
    wanted = {"format": FORMAT, "count": count, "seed": seed, "opencv": cv2.__version__, "sources": digest_of(pictures)}
    manifest_path = os.path.join(out, "manifest.json")
    names = [f"photo_{i:05}.jpg" for i in range(count)]
    if os.path.exists(manifest_path):
        with open(manifest_path) as f:
            found = json.load(f)
        sizes = found.pop("bytes", [])
        try:
            if found == wanted and [os.path.getsize(os.path.join(out, n)) for n in names] == sizes:
                return False
        except FileNotFoundError:
            pass
    elif os.path.isdir(out) and any(not n.startswith("photo_") for n in os.listdir(out)):
        sys.exit(f"{out}: holds other files and no manifest.json; give a folder of its own")
    os.makedirs(out, exist_ok=True)
    for name in os.listdir(out):
        if name == "manifest.json" or name.startswith("photo_"):
            os.remove(os.path.join(out, name))
    sizes = []
    for i, name in enumerate(names):
        data = make_photo(pictures, seed, i)
        sizes.append(len(data))
        with open(os.path.join(out, name), "wb") as f:
            f.write(data)
    with open(manifest_path + ".tmp", "w") as f:
        json.dump({**wanted, "bytes": sizes}, f)
    os.replace(manifest_path + ".tmp", manifest_path)
    return True


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    p.add_argument("out", metavar="OUT_FOLDER")
    p.add_argument("--source", required=True, help="folder of pictures (Debian's opencv-doc: examples/data)")
    p.add_argument("--count", type=int, default=4000)
    p.add_argument("--seed", type=int, default=1)
    args = p.parse_args()
    made = make_corpus(args.out, args.source, args.count, args.seed)
    print(f"{args.out}: {args.count} photos, {'made' if made else 'already there'}")


if __name__ == "__main__":
    main()
