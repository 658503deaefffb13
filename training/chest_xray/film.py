"""What is done to a film before a network sees it.

src/assistants/chest_xray does the same with the same OpenCV calls; its parity test compares the two on the
numbers that export.py writes. A film is a float32 array of one channel, 0 black to 1 white.
"""
import cv2
import numpy

GATE_SIZE = 224     # pixels a side of what the gate sees
CROP_SIZE = 256     # pixels a side of what the reader sees
CROP_MARGIN = 0.06  # of the lungs' box, added on each side
LOW, HIGH = 0.01, 0.99  # shares of the grey values that are stretched to black and white


def load_grey(path):
    """The luminance of a picture file, 0 to 1."""
    picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise ValueError(f"{path} is not a picture")
    return picture.astype(numpy.float32) / 255


def stretch(film):
    """Grey values from the 1st to the 99th percentile to 0 to 1: exposure and window vanish."""
    ordered = numpy.sort(film, axis=None)
    low, high = ordered[int(LOW * (ordered.size - 1))], ordered[int(HIGH * (ordered.size - 1))]
    return numpy.clip((film - low) / max(float(high - low), 1e-6), 0, 1).astype(numpy.float32)


def letterbox(film, size=GATE_SIZE):
    """The whole film in a square padded with black; and the scale and offset of the film in it."""
    height, width = film.shape
    scale = size / max(height, width)
    inner = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(film, inner, interpolation=cv2.INTER_AREA)
    left, top = (size - inner[0]) // 2, (size - inner[1]) // 2
    square = numpy.zeros((size, size), numpy.float32)
    square[top:top + inner[1], left:left + inner[0]] = small
    return square, scale, left, top


def gate_input(film):
    square, scale, left, top = letterbox(film)
    height, width = round(film.shape[0] * scale), round(film.shape[1] * scale)
    inside = (slice(top, top + max(1, height)), slice(left, left + max(1, width)))
    square[inside] = stretch(square[inside])
    return square


def lung_box(mask, shape):
    """left, top, right, bottom in pixels of the film: the box of a mask in its frame, with margin."""
    ys, xs = numpy.nonzero(mask)
    fx, fy = shape[1] / mask.shape[1], shape[0] / mask.shape[0]
    left, right, top, bottom = xs.min() * fx, (xs.max() + 1) * fx, ys.min() * fy, (ys.max() + 1) * fy
    dx, dy = CROP_MARGIN * (right - left), CROP_MARGIN * (bottom - top)
    return (max(0, round(left - dx)), max(0, round(top - dy)),
            min(shape[1], round(right + dx)), min(shape[0], round(bottom + dy)))


def equalise(crop):
    """A crop of any exposure to one look: local contrast by CLAHE, then a flat histogram.

    Global numbers of a film (mean, deviation, share of black or white) tell tuberculosis from normal in this
    set without a look at the lungs; after this they differ little. shortcuts.py measures it.
    """
    grey = numpy.rint(stretch(crop) * 255).astype(numpy.uint8)
    return cv2.equalizeHist(cv2.createCLAHE(2.0, (8, 8)).apply(grey)).astype(numpy.float32) / 255


def reader_input(film, box):
    left, top, right, bottom = box
    crop = cv2.resize(film[top:bottom, left:right], (CROP_SIZE, CROP_SIZE), interpolation=cv2.INTER_AREA)
    return equalise(crop)
