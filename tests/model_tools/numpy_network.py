"""EfficientNet-Lite0 once more, in numpy and float64, from the published weights: shares nothing with the exporter."""
import numpy as np

# Of each block: kernel, stride. Its channels follow from its weights.
BLOCKS = [(3, 1)] + [(3, 2), (3, 1)] + [(5, 2), (5, 1)] + [(3, 2), (3, 1), (3, 1)] + [(5, 1)] * 3 + \
    [(5, 2), (5, 1), (5, 1), (5, 1)] + [(3, 1)]


def relu6(x):
    return np.clip(x, 0, 6)


class NumpyNetwork:
    def __init__(self, state):
        """`state`: arrays by the published names."""
        self.state = {name: np.asarray(value, dtype=np.float64) for name, value in state.items()}

    def normalise(self, x, name):
        s = self.state
        factor = s[name + ".weight"] / np.sqrt(s[name + ".running_var"] + 1e-3)
        return (x - s[name + ".running_mean"][:, None, None]) * factor[:, None, None] + s[name + ".bias"][:, None, None]

    def windows(self, x, kernel, stride):
        """For each place in the kernel, the values under it; TensorFlow's SAME padding."""
        size = -(-x.shape[1] // stride)
        total = max((size - 1) * stride + kernel - x.shape[1], 0)
        x = np.pad(x, ((0, 0), (total // 2, total - total // 2), (total // 2, total - total // 2)))
        last = (size - 1) * stride + 1
        for i in range(kernel):
            for j in range(kernel):
                yield i, j, x[:, i:i + last:stride, j:j + last:stride]

    def pointwise(self, x, name):
        return np.tensordot(self.state[name + ".weight"][:, :, 0, 0], x, 1)

    def depthwise(self, x, name, kernel, stride):
        weight = self.state[name + ".weight"]
        return sum(weight[:, 0, i, j, None, None] * under for i, j, under in self.windows(x, kernel, stride))

    def block(self, x, number, kernel, stride):
        name = "_blocks.%d." % number
        y = x
        if name + "_expand_conv.weight" in self.state:
            y = relu6(self.normalise(self.pointwise(y, name + "_expand_conv"), name + "_bn0"))
        y = relu6(self.normalise(self.depthwise(y, name + "_depthwise_conv", kernel, stride), name + "_bn1"))
        y = self.normalise(self.pointwise(y, name + "_project_conv"), name + "_bn2")
        return x + y if y.shape == x.shape else y

    def __call__(self, image):
        """[3, 224, 224] to logits [1000] and embedding [1280]."""
        stem = self.state["_conv_stem.weight"]
        x = sum(np.tensordot(stem[:, :, i, j], under, 1) for i, j, under in self.windows(np.float64(image), 3, 2))
        x = relu6(self.normalise(x, "_bn0"))
        for number, (kernel, stride) in enumerate(BLOCKS):
            x = self.block(x, number, kernel, stride)
        x = relu6(self.normalise(self.pointwise(x, "_conv_head"), "_bn1"))
        embedding = x.mean((1, 2))
        return self.state["_fc.weight"] @ embedding + self.state["_fc.bias"], embedding
