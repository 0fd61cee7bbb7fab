"""ONNX files made byte by byte, in protocol buffers' wire format."""
import struct


def varint(n):
    n &= (1 << 64) - 1
    digits = []
    while n > 127:
        digits.append(n & 127 | 128)
        n >>= 7
    return bytes([*digits, n])


def number(field, n):
    return varint(field << 3) + varint(n)


def part(field, content):
    """Of a text, a message or values."""
    content = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content


def fixed32(field, value):
    return varint(field << 3 | 5) + struct.pack("<f", value)


def floats(*values):
    return struct.pack("<%df" % len(values), *values)


def tensor(name, kind, shape, *fields):
    return b"".join(number(1, side) for side in shape) + number(2, kind) + b"".join(fields) + part(8, name)


def attribute(name, kind, *fields):
    return part(1, name) + b"".join(fields) + number(20, kind)


def ints(name, *values):
    """An attribute."""
    return attribute(name, 7, *(number(8, v) for v in values))


def node(operator, inputs, outputs, *attributes):
    return (b"".join(part(1, name) for name in inputs) + b"".join(part(2, name) for name in outputs) + part(3, "a name") +
            part(4, operator) + b"".join(part(5, a) for a in attributes))


def model(inputs, outputs, nodes, weights):
    graph = (b"".join(part(1, n) for n in nodes) + part(2, "graph") + b"".join(part(5, w) for w in weights) +
             b"".join(part(11, part(1, name) + part(2, b"")) for name in inputs) +
             b"".join(part(12, part(1, name)) for name in outputs))
    return number(1, 4) + part(2, "made here") + part(7, graph) + part(8, number(2, 9))
