"""Pictures for dlib's network and dlib's own answers to them, as an .npz that `models verify` takes."""
import array
import os
import pathlib
import random
import subprocess
import zipfile

from PIL import Image

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
        raise AssertionError("dlib_embeddings.cpp does not build; it needs libdlib-dev (bash tests/tools/install_packages.sh "
                             "all)\n" + "\n".join(done.stderr.splitlines()[:20]))
    return program


def made_chips(pictures):
    """Of all kinds: black, white, noise, a slope, and parts of pictures, some of them enlarged."""
    noise = random.Random(7)
    chips = [bytes(BYTES), b"\xff" * BYTES, noise.randbytes(BYTES), noise.randbytes(BYTES),
             bytes((x + y * c) % 256 for y in range(SIDE) for x in range(SIDE) for c in (1, 2, 3))]
    for file in pictures:
        picture = Image.open(file).convert("RGB")
        for part in (0.2, 0.5, 0.9):
            side = int(min(picture.size) * part)
            left, top = (picture.width - side) // 2, (picture.height - side) // 3
            chips.append(picture.crop((left, top, left + side, top + side)).resize((SIDE, SIDE)).tobytes())
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


def write_answers(weights, pictures, folder, file):
    """The number of chips; asks dlib for each."""
    folder = pathlib.Path(folder)
    chips = made_chips(pictures)
    (folder / "chips").write_bytes(b"".join(chips))
    subprocess.run([build_program(folder), weights, folder / "chips", folder / "vectors"], check=True)
    vectors = (folder / "vectors").read_bytes()
    assert len(vectors) == len(chips) * VECTOR * 4, len(vectors)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("image.npy", npy((len(chips), 3, SIDE, SIDE), b"".join(row_of(c).tobytes() for c in chips)))
        archive.writestr("embedding.npy", npy((len(chips), VECTOR), vectors))
    return len(chips)
