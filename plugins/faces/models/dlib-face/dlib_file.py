"""Reads the file of a network that dlib wrote (dlib/serialize.h and dlib/dnn), without dlib.

What stands in it:

  integer  a byte whose low four bits say how many bytes follow, the lowest first; its highest bit: the number is negative
  bool     the character 0 or 1
  real     two integers, m and e: m * 2^e; e of 32000, 32001 and 32002 are infinity, -infinity and no number
  text     its length as an integer, then its bytes
  tensor   the integer 2, four sides (samples, channels, rows, columns) as integers, then that many float32, little-endian
  alias    the integer 1 and four sides: a part of the tensor before it

A network is nested as its type is: the loss, then for each layer from the output down to the input its version, then the
input, and then, back up again, what each layer has: its name, its own fields (FIELDS), three bools, and three tensors of
training. The lowest layer has one tensor more, the others too from version 2 on. Layers that only name a place (tags and
skips) have a version and nothing else; so how many layers follow is seen at the end of the file."""
import array
import collections
import math
import struct
import sys

Layer = collections.namedtuple("Layer", "name fields")             # fields: by their names below
Network = collections.namedtuple("Network", "loss input layers")  # layers: from the input to the output
Tensor = collections.namedtuple("Tensor", "shape values")

MOST_VERSION = 3  # of a layer; what is larger is the length of the input's name
POOLING = "rows:integer columns:integer stride_y:integer stride_x:integer padding_y:integer padding_x:integer"
RATES = "learning_rate:real weight_decay:real bias_learning_rate:real bias_weight_decay:real"
# Of each kind of layer its fields in their order, and of what type they are.
FIELDS = {
    "loss_metric_": "",
    "loss_metric_2": "margin:real distance:real",
    "input_rgb_image_sized": "red:real green:real blue:real rows:integer columns:integer",
    "con_4": "values:tensor filters:integer rows:integer columns:integer stride_y:integer stride_x:integer "
             "padding_y:integer padding_x:integer weights:alias biases:alias " + RATES,
    "affine_": "values:tensor scales:alias shifts:alias mode:integer",
    "relu_": "",
    "max_pool_2": POOLING,
    "avg_pool_2": POOLING,
    "add_prev_": "",
    "fc_2": "outputs:integer inputs:integer values:tensor weights:alias biases:alias bias_mode:integer " + RATES,
}


class FormatError(Exception):
    """A sentence that names the byte."""


class Values:
    """Values one after the other, of bytes in memory."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def at_end(self):
        return self.at == len(self.data)

    def take(self, count):
        if count > len(self.data) - self.at:
            raise FormatError("byte %d: %d bytes should follow, but the file ends after %d" %
                              (self.at, count, len(self.data) - self.at))
        self.at += count
        return self.data[self.at - count:self.at]

    def integer(self):
        control = self.take(1)[0]
        if control & 0x70 or control & 0x0f > 8:
            raise FormatError("byte %d: 0x%02x begins no integer" % (self.at - 1, control))
        number = int.from_bytes(self.take(control & 0x0f), "little")
        return -number if control & 0x80 else number

    def bool(self):
        character = self.take(1)
        if character not in (b"0", b"1"):
            raise FormatError("byte %d: %r is no bool; it should be 0 or 1" % (self.at - 1, character))
        return character == b"1"

    def real(self):
        mantissa, exponent = self.integer(), self.integer()
        special = {32000: math.inf, 32001: -math.inf, 32002: math.nan}
        return special[exponent] if exponent in special else math.ldexp(mantissa, exponent)

    def text(self):
        return self.take(self.integer()).decode("latin-1")

    def version(self, *known):
        at, number = self.at, self.integer()
        if number not in known:
            raise FormatError("byte %d: version %d instead of %s" % (at, number, " or ".join(map(str, known))))
        return number

    def alias(self):
        self.version(1)
        return tuple(self.integer() for _ in range(4))

    def tensor(self):
        self.version(2)
        shape = tuple(self.integer() for _ in range(4))
        values = array.array("f", self.take(struct.calcsize("f") * math.prod(shape)))
        if sys.byteorder == "big":
            values.byteswap()
        return Tensor(shape, values)

    def layer(self):
        at, name = self.at, self.text()
        if name not in FIELDS:
            raise FormatError("byte %d: a layer of the kind %r, which is not known here; known are: %s" %
                              (at, name, ", ".join(FIELDS)))
        pairs = (field.split(":") for field in FIELDS[name].split())
        return Layer(name, {field: getattr(self, kind)() for field, kind in pairs})


def read_versions(values):
    versions = []
    while True:
        at, number = values.at, values.integer()
        if not 1 <= number <= MOST_VERSION:
            values.at = at
            return versions
        versions.append(number)


def pass_training(values, version, lowest):
    """What is of use only to train on."""
    for _ in range(3):
        values.bool()
    for _ in range(3 if lowest or version >= 2 else 2):
        values.tensor()
    if lowest and version >= 3:
        values.integer()


def read_network(data):
    """Of the bytes of a file. Raises FormatError."""
    values = Values(data)
    values.version(1)
    loss = values.layer()
    versions = read_versions(values)
    if not versions:
        raise FormatError("byte %d: no layers" % values.at)
    given, layers = values.layer(), []
    while not values.at_end():
        layers.append(values.layer())
        lowest = len(layers) == 1
        pass_training(values, versions[-1 if lowest else 0], lowest)
    return Network(loss, given, layers)
