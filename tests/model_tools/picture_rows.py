"""Pictures as rows of EfficientNet-Lite0, in two ways: as its model file says, and as OpenCV's resize would make them."""
import numpy as np
from PIL import Image

SIDE = 224


def normalised(pixels):
    return ((np.asarray(pixels, dtype=np.float32) - 127) / 128).transpose(2, 0, 1)


def smoothed_row(file):
    """The shorter side to 256 with Pillow's bicubic, which smooths, and the middle of it."""
    image = Image.open(file).convert("RGB")
    scale = 256 / min(image.size)
    image = image.resize([round(side * scale) for side in image.size], Image.Resampling.BICUBIC)
    left, top = (image.width - SIDE) // 2, (image.height - SIDE) // 2
    return normalised(image.crop((left, top, left + SIDE, top + SIDE)))


def cubic_weights(fraction):
    a = -0.75
    x = np.abs(np.array([1 + fraction, fraction, 1 - fraction, 2 - fraction]))
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
    return np.where(x <= 1, near, far)


def sampling(size, wanted):
    """The matrix that takes `size` values to `wanted`: four of them each, whatever the scale."""
    matrix = np.zeros((wanted, size))
    for i in range(wanted):
        at = (i + 0.5) * size / wanted - 0.5
        first = int(np.floor(at))
        for k, weight in enumerate(cubic_weights(at - first)):
            matrix[i, min(max(first - 1 + k, 0), size - 1)] += weight
    return matrix


def sampled_row(file):
    """The middle seven eighths, sampled with OpenCV's INTER_CUBIC, which does not smooth."""
    pixels = np.asarray(Image.open(file).convert("RGB"), dtype=np.float64)
    height, width = pixels.shape[:2]
    side = int(min(height, width) * 0.875)
    top, left = (height - side) // 2, (width - side) // 2
    pixels = pixels[top:(height + side) // 2, left:(width + side) // 2]
    pixels = np.einsum("ih,hwc->iwc", sampling(pixels.shape[0], SIDE), pixels)
    pixels = np.einsum("jw,iwc->ijc", sampling(pixels.shape[1], SIDE), pixels)
    return normalised(np.clip(np.rint(pixels), 0, 255))
