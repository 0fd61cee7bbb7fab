"""The reader of dlib's files, on small files made here byte by byte."""
import math
import struct
import sys
import unittest

from model_tools import SOURCE

sys.path.insert(0, str(SOURCE / "plugins/faces/models/dlib-face"))
import dlib_file  # noqa: E402
from dlib_file import FormatError, Tensor, Values, read_network  # noqa: E402


def integer(n):
    digits = abs(n).to_bytes((abs(n).bit_length() + 7) // 8, "little")
    return bytes([len(digits) | (0x80 if n < 0 else 0)]) + digits


def real(value):
    mantissa, exponent = math.frexp(value)
    return integer(int(math.ldexp(mantissa, 24))) + integer(exponent - 24)


def text(value):
    return integer(len(value)) + value.encode()


def tensor(shape, values=()):
    return integer(2) + b"".join(map(integer, shape)) + struct.pack("<%df" % len(values), *values)


def alias(*shape):
    return integer(1) + b"".join(map(integer, shape))


EMPTY = tensor((0, 0, 0, 0))
FLAGS = b"101"
RATES = real(1) + real(0.5) + real(1) + real(0)
INPUT = text("input_rgb_image_sized") + real(122.75) + real(117) + real(104.5) + integer(150) + integer(150)
CONVOLUTION = (text("con_4") + tensor((1, 1, 1, 5), (1, -2, 3, 0.5, 7)) + b"".join(map(integer, (1, 2, 2, 2, 2, 0, -1))) +
               alias(1, 1, 2, 2) + alias(1, 1, 1, 1) + RATES)
FULL = (text("fc_2") + integer(128) + integer(300) + tensor((1, 1, 1, 1), (9,)) + alias(1, 1, 1, 1) + alias(0, 0, 0, 0) +
        integer(1) + RATES)


def network(lowest, above, loss=text("loss_metric_"), sample_factor=integer(1)):
    """Of a convolution, a tag, a relu and a full layer; `lowest` and `above`: versions of layers."""
    training = EMPTY * (3 if above >= 2 else 2)
    return (integer(1) + loss + integer(above) * 2 + integer(1) + integer(lowest) + INPUT +
            CONVOLUTION + FLAGS + EMPTY * 3 + (sample_factor if lowest == 3 else b"") +
            text("relu_") + FLAGS + training + FULL + FLAGS + training)


class SimpleValues(unittest.TestCase):
    def test_integers(self):
        for n in (0, 1, -1, 127, 255, 256, -300, 1 << 40, -(1 << 63)):
            self.assertEqual(Values(integer(n)).integer(), n)
        self.assertEqual(Values(b"\x83\x01\x02\x03").integer(), -0x030201)

    def test_reals(self):
        for value in (0.0, 1.0, -1.5, 122.75, 1e-20, 3e30):
            self.assertAlmostEqual(Values(real(value)).real() / (value or 1), 1 if value else 0, places=6)
        self.assertEqual(Values(integer(1) + integer(32000)).real(), math.inf)
        self.assertEqual(Values(integer(1) + integer(32001)).real(), -math.inf)
        self.assertTrue(math.isnan(Values(integer(1) + integer(32002)).real()))

    def test_tensors(self):
        read = Values(tensor((1, 2, 1, 2), (1, 2.5, -3, 4))).tensor()
        self.assertEqual((read.shape, list(read.values)), ((1, 2, 1, 2), [1, 2.5, -3, 4]))
        self.assertEqual(Values(EMPTY).tensor(), Tensor((0, 0, 0, 0), dlib_file.array.array("f")))


class Networks(unittest.TestCase):
    def check(self, read):
        self.assertEqual(read.input.fields, {"red": 122.75, "green": 117, "blue": 104.5, "rows": 150, "columns": 150})
        self.assertEqual([layer.name for layer in read.layers], ["con_4", "relu_", "fc_2"])
        lowest = read.layers[0].fields
        self.assertEqual(list(lowest["values"].values), [1, -2, 3, 0.5, 7])
        self.assertEqual((lowest["filters"], lowest["stride_x"], lowest["padding_x"]), (1, 2, -1))
        self.assertEqual((lowest["weights"], lowest["biases"]), ((1, 1, 2, 2), (1, 1, 1, 1)))
        self.assertEqual((lowest["learning_rate"], lowest["weight_decay"]), (1, 0.5))
        self.assertEqual((read.layers[2].fields["outputs"], read.layers[2].fields["inputs"]), (128, 300))

    def test_versions_of_layers(self):
        for lowest in (2, 3):
            for above in (1, 2):
                self.check(read_network(network(lowest, above)))

    def test_a_loss_with_numbers(self):
        read = read_network(network(2, 2, text("loss_metric_2") + real(0.25) + real(0.5)))
        self.assertEqual(read.loss, ("loss_metric_2", {"margin": 0.25, "distance": 0.5}))
        self.check(read)

    def test_broken_files(self):
        whole = network(2, 2)
        for size in range(1, len(whole)):  # cut off between two layers it is one of fewer layers
            try:
                self.assertLess(len(read_network(whole[:size]).layers), 3)
            except FormatError as e:
                self.assertRegex(str(e), r"^byte \d+: ")
        for data, told in ((b"\x35", "byte 0: 0x35 begins no integer"),
                           (b"\x0a" + b"x" * 20, "byte 0: 0x0a begins no integer"),
                           (b"\x04\x01", "byte 1: 4 bytes should follow, but the file ends after 1"),
                           (integer(2), "byte 0: version 2 instead of 1"),
                           (integer(1) + text("loss_metric_") + INPUT, "byte 16: no layers"),
                           (whole.replace(FLAGS, b"1x1", 1), "is no bool; it should be 0 or 1"),
                           (whole.replace(b"relu_", b"prelu", 1), "a layer of the kind 'prelu', which is not known here; known "
                                                                  "are: loss_metric_, loss_metric_2, ")):
            with self.assertRaises(FormatError) as caught:
                read_network(data)
            self.assertIn(told, str(caught.exception))


if __name__ == "__main__":
    unittest.main()
