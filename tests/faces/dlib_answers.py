"""dlib_answers.py WEIGHTS FOLDER SAMPLES: FOLDER/answers.npz, as `models verify` takes it, with chips for dlib's network and
dlib's own answers to them. Needs Pillow, ffmpeg and libdlib-dev."""
import array
import os
import pathlib
import random
import subprocess
import sys
import zipfile

from PIL import Image

import sample_people

HERE = pathlib.Path(__file__).resolve().parent
SIDE, VECTOR = 150, 128
BYTES = SIDE * SIDE * 3
AVERAGES = (122.782, 117.001, 104.298)  # of red, green and blue, that dlib takes away before it divides by 256


def build_program(folder):
    """dlib_embeddings, not optimised: what computes is in dlib's library."""
    program = pathlib.Path(folder, "dlib_embeddings")
    done = subprocess.run([os.environ.get("CXX", "g++"), "-std=c++17", "-w", HERE / "dlib_embeddings.cpp", "-o", program,
                           "-ldlib", "-pthread"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit("dlib_embeddings.cpp does not build; it needs libdlib-dev (bash tests/tools/install_packages.sh all)\n" +
                 "\n".join(done.stderr.splitlines()[:20]))
    return program


def aligned_chip(picture, face):
    """The eyes in one line, where dlib has them."""
    (x, y), (dx, dy) = face[:2], (face[2] - face[0], face[3] - face[1])
    a, b = dx / 52.6, dy / 52.6  # picture pixels for one of the chip
    matrix = (a, -b, x - 47.7 * a + 47.1 * b, b, a, y - 47.7 * b - 47.1 * a)
    return picture.transform((SIDE, SIDE), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR).tobytes()


def made_chips(samples, folder):
    """Faces; and what no face is: black, white, noise, a slope, parts of pictures."""
    noise = random.Random(7)
    chips = [bytes(BYTES), b"\xff" * BYTES, noise.randbytes(BYTES), noise.randbytes(BYTES),
             bytes((x + y * c) % 256 for y in range(SIDE) for x in range(SIDE) for c in (1, 2, 3))]
    for name, file in sample_people.pictures(samples, folder).items():
        picture = Image.open(file).convert("RGB")
        chips += [aligned_chip(picture, face) for face in sample_people.PEOPLE[name]]
        chips.append(picture.resize((SIDE, SIDE)).tobytes())
    return chips


def row_of(chip):
    """As the network takes it: planes of (value - average) / 256."""
    row = array.array("f")
    for colour, average in enumerate(AVERAGES):
        values = [(v - average) / 256 for v in range(256)]
        row.extend(values[v] for v in chip[colour::3])
    return row


def npy(shape, values):
    head = "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }" % (shape,)
    head += " " * (63 - (10 + len(head)) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head.encode() + values


def main(weights, folder, samples):
    folder = pathlib.Path(folder)
    chips = made_chips(pathlib.Path(samples), folder)
    (folder / "chips").write_bytes(b"".join(chips))
    subprocess.run([build_program(folder), weights, folder / "chips", folder / "vectors"], check=True)
    vectors = (folder / "vectors").read_bytes()
    if len(vectors) != len(chips) * VECTOR * 4:
        sys.exit("dlib_embeddings gave %d bytes for %d chips" % (len(vectors), len(chips)))
    with zipfile.ZipFile(folder / "answers.npz", "w") as archive:
        archive.writestr("image.npy", npy((len(chips), 3, SIDE, SIDE), b"".join(row_of(c).tobytes() for c in chips)))
        archive.writestr("embedding.npy", npy((len(chips), VECTOR), vectors))


if __name__ == "__main__":
    main(*sys.argv[1:])
