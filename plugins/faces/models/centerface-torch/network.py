"""The graph of an ONNX file as a torch module: of each node a module, for the operators that CenterFace has."""
import torch
from torch import nn


class GraphError(Exception):
    """A sentence that names the node."""


class Add(nn.Module):
    def forward(self, a, b):
        return a + b


def refuse(node, reason):
    raise GraphError("the node %s that gives '%s' %s" % (node.operator, ", ".join(node.outputs), reason))


def check_attributes(node, known):
    for name in node.attributes:
        if name not in known:
            refuse(node, "has the attribute '%s', which is not known here; known are: %s" % (name, ", ".join(known) or "none"))


def convolution_options(node):
    check_attributes(node, ("dilations", "group", "kernel_shape", "pads", "strides"))
    pads = node.attributes.get("pads", [0, 0, 0, 0])
    if len(pads) != 4 or pads[:2] != pads[2:]:
        refuse(node, "has the pads %s; they must be of two axes, and the same on both sides" % pads)
    return {"stride": tuple(node.attributes.get("strides", (1, 1))), "padding": tuple(pads[:2]),
            "dilation": tuple(node.attributes.get("dilations", (1, 1))), "groups": node.attributes.get("group", 1)}


def fill(module, **tensors):
    """Its parameters and buffers of those names."""
    for name, tensor in tensors.items():
        getattr(module, name).copy_(tensor)
    return module


def make_convolution(node, weights):
    options = convolution_options(node)
    filters = weights[0]
    return fill(nn.Conv2d(filters.shape[1] * options["groups"], filters.shape[0], filters.shape[2:], bias=len(weights) > 1,
                          **options), **dict(zip(("weight", "bias"), weights)))


def make_transposed_convolution(node, weights):
    options = convolution_options(node)
    filters = weights[0]
    return fill(nn.ConvTranspose2d(filters.shape[0], filters.shape[1] * options["groups"], filters.shape[2:],
                                   bias=len(weights) > 1, **options), **dict(zip(("weight", "bias"), weights)))


def make_normalisation(node, weights):
    check_attributes(node, ("epsilon", "momentum"))  # the latter is of use only to train on
    return fill(nn.BatchNorm2d(weights[0].numel(), eps=node.attributes.get("epsilon", 1e-5)),
                **dict(zip(("weight", "bias", "running_mean", "running_var"), weights)))


def maker_of(module):
    def make(node, _weights):
        check_attributes(node, ())
        return module()
    return make


# Of each operator: how many inputs come from other nodes, how many weights may follow, what makes its module.
OPERATORS = {
    "Add": (2, (0,), maker_of(Add)),
    "BatchNormalization": (1, (4,), make_normalisation),
    "Conv": (1, (1, 2), make_convolution),
    "ConvTranspose": (1, (1, 2), make_transposed_convolution),
    "Relu": (1, (0,), maker_of(nn.ReLU)),
    "Sigmoid": (1, (0,), maker_of(nn.Sigmoid)),
}


def as_tensor(weight):
    return torch.tensor(weight.values, dtype=torch.float32).reshape(weight.shape)


def make_module(node, graph):
    if node.operator not in OPERATORS:
        refuse(node, "is of an operator that is not known here; known are: %s" % ", ".join(OPERATORS))
    taken, counts, make = OPERATORS[node.operator]
    weights = [graph.weights[name] for name in node.inputs[taken:] if name in graph.weights]
    if (len(weights) not in counts or len(node.inputs) != taken + len(weights) or len(node.outputs) != 1 or
            any(name in graph.weights for name in node.inputs[:taken])):
        refuse(node, "takes other inputs or gives other outputs than expected: %s -> %s" % (node.inputs, node.outputs))
    return make(node, [as_tensor(weight) for weight in weights])


def check_wires(graph):
    if len(graph.inputs) != 1:
        raise GraphError("the network has %d inputs (%s) instead of one" % (len(graph.inputs), ", ".join(graph.inputs)))
    known = {*graph.inputs, *graph.weights}
    for node in graph.nodes:
        for name in node.inputs:
            if name not in known:
                refuse(node, "takes '%s', which no node before it gives" % name)
        known.update(node.outputs)
    for name in graph.outputs:
        if name not in known:
            raise GraphError("no node gives the output '%s'" % name)


class GraphNetwork(nn.Module):
    """From the graph's one input to its outputs, in their order."""

    def __init__(self, graph):
        super().__init__()
        check_wires(graph)
        [self.input], self.outputs = graph.inputs, graph.outputs
        with torch.no_grad():
            self.steps = nn.ModuleList(make_module(node, graph) for node in graph.nodes)
        # What each step takes and gives.
        self.wires = [(node.inputs[:OPERATORS[node.operator][0]], node.outputs[0]) for node in graph.nodes]

    def forward(self, image):
        values = {self.input: image}
        for step, (taken, given) in zip(self.steps, self.wires):
            values[given] = step(*(values[name] for name in taken))
        return tuple(values[name] for name in self.outputs)
