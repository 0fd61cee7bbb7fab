"""Writes .npz files as numpy does, without numpy."""
import io
import struct
import zipfile

FORMATS = {"<f4": "f", "<f8": "d", "|u1": "B", "<i4": "i", "<i8": "q"}


def npy(descr, shape, values, order="False"):
    """A .npy of the values in row-major order."""
    header = "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }" % (descr, order, tuple(shape))
    header = header.ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + \
        struct.pack("<%d%s" % (len(values), FORMATS[descr]), *values)


def write_npz(file, arrays, compression=zipfile.ZIP_STORED):
    """`arrays`: name to (descr, shape, values), or to the bytes of a .npy."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as z:
        for name, array in arrays.items():
            z.writestr(name + ".npy", array if isinstance(array, bytes) else npy(*array))
    with open(file, "wb") as f:
        f.write(made.getvalue())
