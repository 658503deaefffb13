"""From a picture to a network's input, as docs/decisions/0007 says it and src/vision does it with the same calls."""
import dataclasses

import cv2
import numpy

DARK = 16               # luminance of what holds no picture
CONTENT_SHARE = 0.01    # of a row's or column's pixels that must be brighter
LEAST_BOX = 1 / 3       # of the picture's side
CIRCLE = 0.49           # of the fitted side: radius of what is kept of a fundus
LOCAL_BLUR = 30         # the side over the blur's deviation
MARGIN_SHARE = 16       # a tile's side over its margin


@dataclasses.dataclass
class Prepared:
    """A network's input and where the picture lies in it."""
    pixels: numpy.ndarray   # float32, c x s x s, 0 to 1
    box: tuple              # left, top, right, bottom of what was cut out, in the picture's pixels
    place: tuple            # left, top, width, height of that in the input


def load(path, colour):
    """8 bits: height x width for grey, height x width x 3 (red, green, blue) for rgb."""
    picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE if colour == "grey" else cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError(f"{path} is not a picture")
    return picture if colour == "grey" else cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)


def luminance(picture):
    return picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)


def content_box(picture):
    bright = luminance(picture) > DARK
    height, width = bright.shape
    rows = numpy.flatnonzero(bright.sum(1) > CONTENT_SHARE * width)
    columns = numpy.flatnonzero(bright.sum(0) > CONTENT_SHARE * height)
    if not len(rows) or not len(columns):
        return 0, 0, width, height
    left, right, top, bottom = columns[0], columns[-1] + 1, rows[0], rows[-1] + 1
    if right - left < LEAST_BOX * width or bottom - top < LEAST_BOX * height:
        return 0, 0, width, height
    return int(left), int(top), int(right), int(bottom)


def fitted_size(width, height, fit, size):
    if fit == "stretch":
        return size, size
    longer = max(width, height)
    return max(1, round(width * size / longer)), max(1, round(height * size / longer))


def equalise(picture, how, size):
    if how == "histogram":
        return cv2.equalizeHist(picture)
    if how == "clahe":
        return cv2.equalizeHist(cv2.createCLAHE(2.0, (8, 8)).apply(picture))
    if how == "local":
        return cv2.addWeighted(picture, 4, cv2.GaussianBlur(picture, (0, 0), size / LOCAL_BLUR), -4, 128)
    return picture


def outside_circle(width, height):
    x = (numpy.arange(width) + 0.5 - width / 2) / (CIRCLE * width)
    y = (numpy.arange(height) + 0.5 - height / 2) / (CIRCLE * height)
    return x[None]**2 + y[:, None]**2 > 1


def channels_first(picture):
    """float32, c x h x w, 0 to 1."""
    planes = picture[None] if picture.ndim == 2 else picture.transpose(2, 0, 1)
    return numpy.ascontiguousarray(planes, numpy.float32) / 255


def box_of(picture, settings):
    height, width = picture.shape[:2]
    return (0, 0, width, height) if settings["crop"] == "none" else content_box(picture)


def fit(picture, settings):
    """A cropped picture in the square that a network sees, and its place there: left, top, width, height."""
    size = settings["size"]
    width, height = fitted_size(picture.shape[1], picture.shape[0], settings["fit"], size)
    inner = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    inner = equalise(inner, settings["equalise"], size)
    if settings["crop"] == "circle":
        inner[outside_circle(width, height)] = 0
    dx, dy = int(settings["border"] * width), int(settings["border"] * height)
    left, top = (size - width) // 2, (size - height) // 2
    square = numpy.zeros((size, size) + picture.shape[2:], numpy.uint8)
    square[top + dy:top + height - dy, left + dx:left + width - dx] = inner[dy:height - dy, dx:width - dx]
    return square, (left, top, width, height)


def prepare(picture, settings):
    left, top, right, bottom = box = box_of(picture, settings)
    square, place = fit(picture[top:bottom, left:right], settings)
    return Prepared(channels_first(square), box, place)


def tiles(picture, size):
    """Padded picture's tiles, float32 n x c x size x size, with the left and top of each one's kept middle."""
    margin, step = size // MARGIN_SHARE, size - 2 * (size // MARGIN_SHARE)
    height, width = picture.shape[:2]
    down, across = -(-height // step), -(-width // step)
    padded = cv2.copyMakeBorder(picture, margin, margin + down * step - height, margin,
                                margin + across * step - width, cv2.BORDER_REFLECT_101)
    places = [(x * step, y * step) for y in range(down) for x in range(across)]
    cut = [channels_first(padded[y:y + size, x:x + size]) for x, y in places]
    return numpy.stack(cut), places


def joined(masks, places, shape):
    """The masks of tiles (n x k x size x size) as one of the picture's shape (height, width)."""
    size = masks.shape[2]
    margin, step = size // MARGIN_SHARE, size - 2 * (size // MARGIN_SHARE)
    whole = numpy.zeros((masks.shape[1],) + tuple(shape), numpy.float32)
    for mask, (x, y) in zip(masks, places):
        h, w = min(step, shape[0] - y), min(step, shape[1] - x)
        whole[:, y:y + h, x:x + w] = mask[:, margin:margin + h, margin:margin + w]
    return whole


def prepare_volume(volume, size):
    """float32 d x h x w of a volume of any shape, slices first."""
    inside = volume > 0
    mean, deviation = volume[inside].mean(), max(float(volume[inside].std()), 1e-6)
    return centred(numpy.where(inside, (volume - mean) / deviation, 0).astype(numpy.float32), size)


def overlap(shape, size):
    """Where a volume of the shape and its centred version of the size hold the same: there, and here."""
    of_size, of_shape = [], []
    for wanted, length in zip(size, shape):
        shift = (wanted - length) // 2
        of_size.append(slice(max(0, shift), max(0, shift) + min(wanted, length)))
        of_shape.append(slice(max(0, -shift), max(0, -shift) + min(wanted, length)))
    return tuple(of_size), tuple(of_shape)


def centred(volume, size):
    """Padded with 0 or cut about the middle."""
    of_size, of_shape = overlap(volume.shape, size)
    result = numpy.zeros(size, volume.dtype)
    result[of_size] = volume[of_shape]
    return result


def from_centred(volume, shape):
    """The inverse of centred: where the volume of the shape lay; 0 where that was cut off. It is not centred again:
    where the sides differ by an odd number, that lies a voxel beside."""
    of_size, of_shape = overlap(shape, volume.shape)
    result = numpy.zeros(shape, volume.dtype)
    result[of_shape] = volume[of_size]
    return result
