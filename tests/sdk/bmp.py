"""Pictures as 24-bit BMP files, written and read by hand: no library decides what their pixels are."""
import struct


def write_bmp(path, width, height, pixel):
    """`pixel(x, y)` gives (b, g, r)."""
    padding = bytes(-width * 3 % 4)
    rows = [b''.join(bytes(pixel(x, y)) for x in range(width)) + padding for y in reversed(range(height))]
    body = b''.join(rows)
    head = struct.pack('<2sIHHI', b'BM', 54 + len(body), 0, 0, 54)
    head += struct.pack('<IiiHHIIiiII', 40, width, height, 1, 24, 0, len(body), 2835, 2835, 0, 0)
    path.write_bytes(head + body)


def read_bmp(path):
    """Width, height and the rows from the top, each pixel as (b, g, r); 8 bits with a palette, or 24 bits."""
    data = path.read_bytes()
    if data[:2] != b'BM':
        raise SystemExit(f'{path} is no BMP file')
    start, header, width, height, _, depth, compression = struct.unpack_from('<IIiiHHI', data, 10)
    if compression or depth not in (8, 24):
        raise SystemExit(f'{path}: a BMP of {depth} bits, compression {compression}')
    stride = (width * depth // 8 + 3) // 4 * 4

    def pixel(row, x):
        if depth == 24:
            return tuple(row[3 * x:3 * x + 3])
        at = 14 + header + 4 * row[x]
        return tuple(data[at:at + 3])

    rows = [data[start + y * stride:start + (y + 1) * stride] for y in range(abs(height))]
    if height > 0:
        rows.reverse()
    return width, abs(height), [[pixel(row, x) for x in range(width)] for row in rows]
