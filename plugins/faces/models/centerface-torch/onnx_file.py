"""Reads the network in an ONNX file (onnx.proto) without the package onnx. Fields that are not asked for are passed over."""
import array
import collections
import math

from wire_format import FormatError, Message, Part, unpack

Graph = collections.namedtuple("Graph", "inputs outputs nodes weights")  # inputs: without weights, which are by name
Node = collections.namedtuple("Node", "operator inputs outputs attributes")
Tensor = collections.namedtuple("Tensor", "shape values")

# Numbers of fields.
GRAPH = 7  # of a model
NODE, WEIGHT, INPUT, OUTPUT = 1, 5, 11, 12  # of a graph
VALUE_NAME = 1  # of an input or output
NODE_INPUT, NODE_OUTPUT, OPERATOR, ATTRIBUTE = 1, 2, 4, 5
ATTRIBUTE_NAME, ATTRIBUTE_TYPE = 1, 20
TENSOR_SIDES, TENSOR_TYPE, TENSOR_FLOATS, TENSOR_NUMBERS, TENSOR_NAME, TENSOR_BYTES = 1, 2, 4, 7, 8, 9

FLOAT_TENSOR, INT64_TENSOR = 1, 7
# By the type of an attribute: which field has its value.
READ_ATTRIBUTE = {
    1: lambda m: (m.floats(2) or [0.0])[-1],
    2: lambda m: m.number(3),
    3: lambda m: m.text(4),
    6: lambda m: list(m.floats(7)),
    7: lambda m: m.numbers(8),
}


def read_attribute(message):
    """Its name and value."""
    kind, name = message.number(ATTRIBUTE_TYPE), message.text(ATTRIBUTE_NAME)
    if kind not in READ_ATTRIBUTE:
        raise FormatError("byte %d: the attribute '%s' is of type %d; it should be a number, a text or numbers (%s)" %
                          (message.begin, name, kind, ", ".join(map(str, READ_ATTRIBUTE))))
    return name, READ_ATTRIBUTE[kind](message)


def read_node(message):
    return Node(message.text(OPERATOR), message.texts(NODE_INPUT), message.texts(NODE_OUTPUT),
                dict(map(read_attribute, message.messages(ATTRIBUTE))))


def read_weight(message):
    """Its name and the tensor."""
    name, kind, shape = message.text(TENSOR_NAME), message.number(TENSOR_TYPE), tuple(message.numbers(TENSOR_SIDES))
    raw = message.bytes(TENSOR_BYTES)
    if kind == FLOAT_TENSOR:
        values = unpack("f", raw, message.begin) if raw else message.floats(TENSOR_FLOATS)
    elif kind == INT64_TENSOR:
        values = unpack("q", raw, message.begin) if raw else array.array("q", message.numbers(TENSOR_NUMBERS))
    else:
        raise FormatError("byte %d: the weight '%s' is of type %d; it should be of float (1) or int64 (7)" %
                          (message.begin, name, kind))
    if len(values) != math.prod(shape):
        raise FormatError("byte %d: the weight '%s' has %d values; by its shape %s it should have %d" %
                          (message.begin, name, len(values), list(shape), math.prod(shape)))
    return name, Tensor(shape, values)


def read_onnx(data):
    """Of the bytes of a file. Raises FormatError."""
    graphs = Message(Part(data, 0, len(data))).messages(GRAPH)
    if len(graphs) != 1:
        raise FormatError("byte 0: the file has %d graphs; an ONNX file has one" % len(graphs))
    [graph] = graphs
    weights = dict(map(read_weight, graph.messages(WEIGHT)))
    inputs = [value.text(VALUE_NAME) for value in graph.messages(INPUT)]
    return Graph([name for name in inputs if name not in weights],
                 [value.text(VALUE_NAME) for value in graph.messages(OUTPUT)],
                 list(map(read_node, graph.messages(NODE))), weights)
