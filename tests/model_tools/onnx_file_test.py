"""The reader of ONNX files, on small files made here byte by byte."""
import sys
import unittest

from made_onnx import attribute, fixed32, floats, ints, model, node, number, part, tensor, varint
from model_tools import SOURCE

sys.path.insert(0, str(SOURCE / "plugins/faces/models/centerface-torch"))
from onnx_file import Node, read_onnx  # noqa: E402
from wire_format import FormatError, Message, Part  # noqa: E402

WEIGHTS = (tensor("raw", 1, (2, 1, 1, 2), part(9, floats(1, -2, 3, 0.5))),
           tensor("packed", 1, (2,), part(4, floats(7, 8))),
           tensor("each", 1, (2,), fixed32(4, 9), fixed32(4, -1)),
           tensor("count", 7, (), part(9, (-3).to_bytes(8, "little", signed=True))),
           tensor("counts", 7, (3,), part(7, varint(1) + varint(-2) + varint(1 << 40))))
NODES = (node("Conv", ("x", "raw", "packed"), ("y",), ints("pads", 0, 1, -1, 300), attribute("group", 2, number(3, 1))),
         node("Resize", ("y",), ("z", "rest"), attribute("mode", 3, part(4, "linear")),
              attribute("scales", 6, part(7, floats(1, 2.5))), attribute("epsilon", 1, fixed32(2, 0.25)),
              attribute("packed", 7, part(8, varint(3) + varint(-4)))))
WHOLE = model(("x", "raw", "packed"), ("z",), NODES, WEIGHTS)


def read(data):
    return Message(Part(data, 0, len(data)))


class WireFormat(unittest.TestCase):
    def test_numbers(self):
        for n in (0, 1, 127, 128, 300, (1 << 63) - 1, -1, -(1 << 63)):
            self.assertEqual(read(number(3, n)).numbers(3), [n])
        self.assertEqual(read(number(3, 1) + part(3, varint(2) + varint(-3))).numbers(3), [1, 2, -3])
        self.assertEqual((read(b"").number(3), read(b"").text(3), list(read(b"").floats(3))), (0, "", []))

    def test_of_several_the_last_counts(self):
        self.assertEqual(read(number(3, 1) + number(3, 2)).number(3), 2)
        self.assertEqual(read(part(3, "a") + part(3, "b")).text(3), "b")

    def test_other_fields_are_passed_over(self):
        data = varint(9 << 3 | 1) + b"12345678" + fixed32(8, 1) + part(7, "text") + number(6, 5) + number(3, 4)
        self.assertEqual(read(data).number(3), 4)


class Files(unittest.TestCase):
    def test_graph(self):
        graph = read_onnx(WHOLE)
        self.assertEqual((graph.inputs, graph.outputs), (["x"], ["z"]))
        self.assertEqual(graph.nodes, [
            Node("Conv", ["x", "raw", "packed"], ["y"], {"pads": [0, 1, -1, 300], "group": 1}),
            Node("Resize", ["y"], ["z", "rest"], {"mode": "linear", "scales": [1, 2.5], "epsilon": 0.25, "packed": [3, -4]})])
        self.assertEqual({name: (t.shape, list(t.values)) for name, t in graph.weights.items()}, {
            "raw": ((2, 1, 1, 2), [1, -2, 3, 0.5]), "packed": ((2,), [7, 8]), "each": ((2,), [9, -1]), "count": ((), [-3]),
            "counts": ((3,), [1, -2, 1 << 40])})

    def test_cut_off(self):
        for size in range(len(WHOLE)):
            try:
                graph = read_onnx(WHOLE[:size])
            except FormatError as e:
                self.assertRegex(str(e), r"^byte \d+: ")
            else:  # without what stands behind the graph
                self.assertEqual(graph, read_onnx(WHOLE))

    def test_broken_files(self):
        def weighted(*fields):
            return model((), (), (), (tensor("w", *fields),))
        for data, told in (
                (b"", "byte 0: the file has 0 graphs; an ONNX file has one"),
                (b"\x80" * 20, "byte 0: a number should be here, but none ends"),
                (b"PK\3\4", "byte 2: 0x03 begins no field"),
                (part(7, b"abc")[:-1], "byte 2: 3 bytes should follow, but there are 2"),
                (number(7, 1), "byte 0: field 7 of the message is a number; it should be bytes"),
                (weighted(10, (1,), part(9, b"12")),
                 "byte 24: the weight 'w' is of type 10; it should be of float (1) or int64 (7)"),
                (weighted(1, (2, 3), part(9, floats(1))),
                 "byte 24: the weight 'w' has 1 values; by its shape [2, 3] it should have 6"),
                (weighted(1, (1,), part(9, b"123")), "byte 24: 3 bytes are no values of 4 bytes each"),
                (model((), (), (node("If", (), (), attribute("then", 5)),), ()),
                 "byte 31: the attribute 'then' is of type 5; it should be a number, a text or numbers (1, 2, 3, 6, 7)")):
            with self.assertRaises(FormatError) as caught:
                read_onnx(data)
            self.assertEqual(str(caught.exception), told)


if __name__ == "__main__":
    unittest.main()
