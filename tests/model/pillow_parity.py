"""pillow_parity.py RESAMPLE_TOOL: resizes as Pillow does, within one level, in all filters, sizes and boxes below."""
import random
import subprocess
import sys

try:
    from PIL import Image
except ImportError:
    sys.exit("pillow_parity: %s has no Pillow to compare with; install the Debian package python3-pil, "
             "which /usr/bin/python3 finds" % sys.executable)

FILTERS = {"nearest": Image.NEAREST, "box": Image.BOX, "bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC,
           "lanczos": Image.LANCZOS}
# Pillow multiplies the colours of RGBA with alpha; of CMYK it resizes four channels alike.
MODES = {1: "L", 3: "RGB", 4: "CMYK"}

# from, to: down and up, one side each, to the same size, odd and prime sizes, sides of 1 px.
SIZES = [
    ((64, 48), (32, 24)), ((64, 48), (16, 12)), ((64, 48), (21, 17)), ((64, 48), (63, 47)), ((64, 48), (65, 49)),
    ((64, 48), (128, 96)), ((64, 48), (151, 13)), ((64, 48), (13, 151)), ((64, 48), (64, 48)), ((64, 48), (64, 12)),
    ((64, 48), (16, 48)), ((64, 48), (64, 100)), ((64, 48), (100, 48)), ((1, 1), (1, 1)), ((1, 1), (7, 5)),
    ((1, 9), (1, 3)), ((1, 9), (4, 20)), ((9, 1), (3, 1)), ((9, 1), (20, 4)), ((2, 2), (1, 1)), ((2, 2), (31, 17)),
    ((33, 31), (1, 1)), ((33, 31), (1, 31)), ((33, 31), (33, 1)), ((3, 200), (5, 20)), ((200, 3), (20, 5)),
    ((97, 89), (53, 41)), ((53, 41), (97, 89)), ((97, 89), (7, 83)), ((17, 16), (16, 17)), ((15, 15), (16, 16)),
    ((320, 240), (224, 224)), ((320, 240), (28, 28)), ((300, 7), (29, 64)), ((10, 10), (5, 5)), ((10, 10), (3, 3)),
]
# from, box, to
BOXES = [
    ((64, 48), (0, 0, 32, 48), (32, 24)), ((64, 48), (10, 5, 42, 29), (32, 24)), ((64, 48), (10, 5, 42, 29), (16, 6)),
    ((64, 48), (10, 5, 42, 29), (96, 72)), ((64, 48), (0.5, 0.25, 63.5, 47.75), (20, 15)),
    ((64, 48), (0.5, 0.25, 63.5, 47.75), (80, 60)), ((64, 48), (3.75, 0, 11.5, 48), (31, 48)),
    ((64, 48), (20.25, 20.5, 20.75, 20.75), (9, 9)), ((64, 48), (63, 47, 64, 48), (5, 5)),
    ((64, 48), (0, 0, 64, 1), (10, 1)), ((97, 89), (13.125, 7.625, 90.375, 80.875), (24, 24)),
    ((97, 89), (1, 0, 97, 89), (97, 89)), ((97, 89), (30, 40, 60, 70), (30, 30)), ((97, 89), (30, 40, 60, 70), (30, 7)),
]
# Boxes that reach beyond the image: Pillow gets the image with its border repeated.
BEYOND = [
    ((20, 15), (-4, -3, 24, 18), (14, 9)), ((20, 15), (-4.5, 2.25, 10, 14), (29, 23)),
    ((20, 15), (12, 9, 33, 15.5), (8, 8)),
    ((20, 15), (-30, -20, -10, -5), (6, 6)), ((20, 15), (25, 3, 40, 30), (10, 40)), ((1, 1), (-3, -3, 4, 4), (5, 5)),
]
# Only a part of the result: from, to, (left, top, columns, rows)
WINDOWS = [
    ((64, 48), (29, 22), (3, 0, 22, 22)), ((64, 48), (100, 75), (31, 17, 5, 40)), ((48, 64), (30, 40), (0, 39, 30, 1)),
    ((9, 7), (90, 70), (89, 69, 1, 1)),
]


def noise(n, width, height, channels):
    return random.Random(n).randbytes(width * height * channels)


def gradient(n, width, height, channels):
    return bytes((3 * x + (5 + c) * y + 40 * c + n) % 512 // 2 for y in range(height) for x in range(width)
                 for c in range(channels))


def edges(n, width, height, channels):
    return bytes(255 * ((x // 5 + (y + c) // 3 + n) % 2) for y in range(height) for x in range(width)
                 for c in range(channels))


def repeat_border(image, box):
    """The image with as many border pixels repeated as the box needs, and the box in it."""
    left, top = max(0, int(-(box[0] // 1))), max(0, int(-(box[1] // 1)))
    right, bottom = max(0, int(-(-box[2] // 1)) - image.width), max(0, int(-(-box[3] // 1)) - image.height)
    width, height = image.width + left + right, image.height + top + bottom
    each, raw = len(image.getbands()), image.tobytes()
    out = bytearray()
    for y in range(height):
        for x in range(width):
            at = min(max(y - top, 0), image.height - 1) * image.width + min(max(x - left, 0), image.width - 1)
            out += raw[at * each:at * each + each]
    moved = (box[0] + left, box[1] + top, box[2] + left, box[3] + top)
    return Image.frombytes(image.mode, (width, height), bytes(out)), moved


def resize(tool, name, channels, raw, size, box, to, window):
    arguments = [name, channels, *size, *box, *to, *window]
    done = subprocess.run([tool, *map(str, arguments)], input=raw, capture_output=True)
    if done.returncode:
        sys.exit("pillow_parity: %s\n%s" % (" ".join(map(str, done.args)), done.stderr.decode()))
    return done.stdout


def cases():
    for size, to in SIZES:
        yield size, (0, 0, *size), to, (0, 0, *to)
    for size, box, to in BOXES + BEYOND:
        yield size, box, to, (0, 0, *to)
    for size, to, window in WINDOWS:
        yield size, (0, 0, *size), to, window


def main(tool):
    failed = False
    for name, pillow_filter in FILTERS.items():
        most, total, values, compared = 0, 0, 0, 0
        for n, (size, box, to, window) in enumerate(cases()):
            for kind, content in enumerate((noise, gradient, edges)):
                channels = (1, 3, 4)[(n + kind) % 3]
                raw = content(n, *size, channels)
                picture = Image.frombytes(MODES[channels], size, raw)
                source, inside = repeat_border(picture, box)
                left, top, columns, rows = window
                whole = source.resize(to, pillow_filter, inside)
                expected = whole.crop((left, top, left + columns, top + rows)).tobytes()
                got = resize(tool, name, channels, raw, size, box, to, window)
                if len(got) != len(expected):
                    sys.exit("pillow_parity: %s %s: %d bytes instead of %d" % (name, size, len(got), len(expected)))
                differences = [abs(a - b) for a, b in zip(got, expected)] if got != expected else [0]
                if max(differences) > 1:
                    failed = True
                    print("%s, %s, %d channels, %s %s -> %s: differs by %d levels" % (
                        name, content.__name__, channels, size, box, to, max(differences)))
                most, total, values = max(most, *differences, 0), total + sum(differences), values + len(got)
                compared += 1
        print("%-8s %d images, %d values: max difference %d, mean %.6f" % (
            name, compared, values, most, total / values))
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: pillow_parity.py RESAMPLE_TOOL")
    sys.exit(main(sys.argv[1]))
