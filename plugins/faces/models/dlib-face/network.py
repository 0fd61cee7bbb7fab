"""dlib's network for faces as a torch module: dlib's dnn_face_recognition_ex.cpp calls it anet_type. Where dlib has an affine
layer behind a convolution there is none here: its scales and shifts are part of the convolution."""
from torch import nn
from torch.nn import functional

SIDE = 150
AVERAGES = (122.782, 117.001, 104.298)  # red, green, blue: the network takes (value - average) / 256
# From the input on; of each level: channels, blocks, whether its first block halves the picture. dlib counts them from 4 down.
LEVELS = ((32, 3, False), (64, 4, True), (128, 3, True), (256, 3, True), (256, 1, True))
VECTOR = 128


class Block(nn.Module):
    """Two convolutions; the input is added to what they give."""

    def __init__(self, channels):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        return functional.relu(self.second(functional.relu(self.first(x))) + x)


class HalvingBlock(nn.Module):
    """Two convolutions, the first with a stride of 2; the means of 2 x 2 values of the input are added to what they give.
    Where one of both is smaller, dlib takes what it lacks for zeros: further channels of the input, and a last row and
    column of the convolutions', which are not padded, for inputs with an even side."""

    def __init__(self, channels_in, channels, side):
        super().__init__()
        self.first = nn.Conv2d(channels_in, channels, 3, stride=2)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        self.means = nn.AvgPool2d(2)
        lacking = side // 2 - (side - 1) // 2
        self.more_pixels = (0, lacking, 0, lacking)
        self.more_channels = (0, 0, 0, 0, 0, channels - channels_in)

    def forward(self, x):
        y = self.second(functional.relu(self.first(x)))
        return functional.relu(functional.pad(y, self.more_pixels) + functional.pad(self.means(x), self.more_channels))


class DlibFace(nn.Module):
    """Faces [n, 3, 150, 150] to vectors [n, 128]."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, LEVELS[0][0], 7, stride=2)
        self.pool = nn.MaxPool2d(3, stride=2)
        self.blocks = nn.Sequential(*self.make_blocks())
        self.vector = nn.Linear(LEVELS[-1][0], VECTOR, bias=False)

    @staticmethod
    def make_blocks():
        channels, side = LEVELS[0][0], 35  # of what the stem gives
        for channels_out, count, halves in LEVELS:
            for i in range(count):
                if i == 0 and halves:
                    yield HalvingBlock(channels, channels_out, side)
                    side //= 2
                else:
                    yield Block(channels_out)
            channels = channels_out

    def forward(self, image):
        x = self.pool(functional.relu(self.stem(image)))
        return self.vector(self.blocks(x).mean([2, 3]))
