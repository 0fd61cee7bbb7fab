"""EfficientNet-Lite0 as a torch module whose parameters have the names of the published weights."""
from torch import nn

# Of each stage: channels out, blocks, kernel, stride of its first block, how much a block widens its input inside.
STAGES = (
    (16, 1, 3, 1, 1),
    (24, 2, 3, 2, 6),
    (40, 2, 5, 2, 6),
    (80, 3, 3, 2, 6),
    (112, 3, 5, 1, 6),
    (192, 4, 5, 2, 6),
    (320, 1, 3, 1, 6),
)
STEM, HEAD, CLASSES = 32, 1280, 1000


def normalise(channels):
    return nn.BatchNorm2d(channels, eps=1e-3)


def same_padding(kernel, stride):
    """TensorFlow's SAME for sides that the stride divides: what is odd goes to the right and to the bottom."""
    total = kernel - stride
    before, after = total // 2, total - total // 2
    return nn.ZeroPad2d((before, after, before, after))


class Block(nn.Module):
    """Widen, filter each channel, narrow; the input is added where it has the output's shape."""

    def __init__(self, channels_in, channels_out, kernel, stride, widening):
        super().__init__()
        inside = channels_in * widening
        self.widens = widening != 1
        self.adds_input = stride == 1 and channels_in == channels_out
        if self.widens:
            self._expand_conv = nn.Conv2d(channels_in, inside, 1, bias=False)
            self._bn0 = normalise(inside)
        self.pad = same_padding(kernel, stride)
        self._depthwise_conv = nn.Conv2d(inside, inside, kernel, stride, groups=inside, bias=False)
        self._bn1 = normalise(inside)
        self._project_conv = nn.Conv2d(inside, channels_out, 1, bias=False)
        self._bn2 = normalise(channels_out)
        self.activate = nn.ReLU6()

    def forward(self, x):
        y = self.activate(self._bn0(self._expand_conv(x))) if self.widens else x
        y = self.activate(self._bn1(self._depthwise_conv(self.pad(y))))
        y = self._bn2(self._project_conv(y))
        return x + y if self.adds_input else y


class EfficientNetLite0(nn.Module):
    """Images [n, 3, 224, 224] to logits [n, 1000] and the embedding [n, 1280] before them."""

    def __init__(self):
        super().__init__()
        self.pad = same_padding(3, 2)
        self._conv_stem = nn.Conv2d(3, STEM, 3, 2, bias=False)
        self._bn0 = normalise(STEM)
        self._blocks = nn.Sequential(*self.make_blocks())
        self._conv_head = nn.Conv2d(STAGES[-1][0], HEAD, 1, bias=False)
        self._bn1 = normalise(HEAD)
        self._fc = nn.Linear(HEAD, CLASSES)
        self.activate = nn.ReLU6()

    @staticmethod
    def make_blocks():
        channels = STEM
        for channels_out, count, kernel, stride, widening in STAGES:
            for i in range(count):
                yield Block(channels, channels_out, kernel, stride if i == 0 else 1, widening)
                channels = channels_out

    def forward(self, image):
        x = self.activate(self._bn0(self._conv_stem(self.pad(image))))
        x = self.activate(self._bn1(self._conv_head(self._blocks(x))))
        embedding = x.mean([2, 3])
        return self._fc(embedding), embedding
