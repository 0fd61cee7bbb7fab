"""Reads messages in protocol buffers' wire format, of bytes in memory.

A message is fields one after the other: a varint of the field's number and kind, then a varint, 4 or 8 bytes, or a length
and that many bytes: a text, a message, or values side by side."""
import array
import collections
import struct
import sys

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5  # kinds of a field's content


class FormatError(Exception):
    """A sentence that names the byte."""


class Part:
    """Bytes of the file, and where they are in it."""

    def __init__(self, data, begin, end):
        self.data, self.begin, self.end = data, begin, end

    def bytes(self):
        return self.data[self.begin:self.end]

    def varints(self):
        at = self.begin
        while at < self.end:
            value, at = take_varint(self, at)
            yield value


def take_varint(part, at):
    """The value, signed, and where it ends."""
    value = 0
    for i, byte in enumerate(part.data[at:min(at + 10, part.end)]):
        value |= (byte & 127) << 7 * i
        if byte < 128:
            value &= (1 << 64) - 1
            return value - (1 << 64) if value >> 63 else value, at + i + 1
    raise FormatError("byte %d: a number should be here, but none ends" % at)


def take_field(part, at):
    """Its number, its content (a number, or a Part), and where it ends."""
    tag, begin = take_varint(part, at)
    number, kind = tag >> 3, tag & 7
    if kind == VARINT:
        return number, *take_varint(part, begin)
    if kind == BYTES:
        size, begin = take_varint(part, begin)
    elif kind in (FIXED32, FIXED64):
        size = 4 if kind == FIXED32 else 8
    else:
        raise FormatError("byte %d: 0x%02x begins no field" % (at, part.data[at]))
    if not 0 <= size <= part.end - begin:
        raise FormatError("byte %d: %d bytes should follow, but there are %d" % (begin, size, part.end - begin))
    return number, Part(part.data, begin, begin + size), begin + size


def unpack(code, data, begin):
    """Little-endian values side by side; `begin`: the byte to name."""
    size = struct.calcsize(code)
    if len(data) % size:
        raise FormatError("byte %d: %d bytes are no values of %d bytes each" % (begin, len(data), size))
    values = array.array(code, data)
    if sys.byteorder == "big":
        values.byteswap()
    return values


class Message:
    """Its fields by their numbers; each may be there several times, or not at all."""

    def __init__(self, part):
        self.begin, self.fields, at = part.begin, collections.defaultdict(list), part.begin
        while at < part.end:
            number, content, at = take_field(part, at)
            self.fields[number].append(content)

    def parts(self, field):
        if any(isinstance(content, int) for content in self.fields[field]):
            raise FormatError("byte %d: field %d of the message is a number; it should be bytes" % (self.begin, field))
        return self.fields[field]

    def bytes(self, field):
        return b"".join(part.bytes() for part in self.parts(field))

    def messages(self, field):
        return [Message(part) for part in self.parts(field)]

    def texts(self, field):
        return [part.bytes().decode("utf-8", "backslashreplace") for part in self.parts(field)]

    def text(self, field):
        return (self.texts(field) or [""])[-1]

    def numbers(self, field):
        """Each a field of its own, or side by side in one."""
        found = []
        for content in self.fields[field]:
            found += [content] if isinstance(content, int) else content.varints()
        return found

    def number(self, field):
        return (self.numbers(field) or [0])[-1]

    def floats(self, field):
        return unpack("f", self.bytes(field), self.begin)
