"""Pictures for the gate: films as they come, films as they should not come, and what is no film at all."""
import cv2
import numpy

from training.chest_xray import film
from training.chest_xray.networks import KINDS
from training.common import augment

FRONTAL, INVERTED, TURNED, OTHER = range(len(KINDS))
CHEST = ("shenzhen_tb", "kermany_cxr_224")


def frontal(random, source, mask):
    """A chest film, moved, cropped, padded or exposed otherwise; the mask goes along."""
    matrix = augment.affine(random, source.shape, degrees=10, scale=0.15, shift=0.06, shear=0.05)
    border = float(random.choice([0, 0, 0, 1, random.random()]))
    picture, lungs = augment.warp(source, matrix, border), None
    if mask is not None:
        lungs = augment.warp(mask.astype(numpy.float32), matrix)
    if random.random() < 0.5:
        picture = picture[:, ::-1]
        lungs = None if lungs is None else lungs[:, ::-1]
    return picture, lungs


def one_lung(random, picture, lungs):
    """A cut that leaves less than a chest: no longer a film of the chest."""
    height, width = picture.shape
    share = random.uniform(0.35, 0.52)
    if random.random() < 0.5:
        first = random.choice([0, width - int(width * share)])
        cut = (slice(None), slice(first, first + int(width * share)))
    else:
        first = random.choice([0, height - int(height * share)])
        cut = (slice(first, first + int(height * share)), slice(None))
    return picture[cut], None if lungs is None else lungs[cut]


def drawn(random, size=320):
    """Synthetic pictures: flat, noise, gradients, circles, stripes and text."""
    kind = random.integers(0, 6)
    ys, xs = numpy.mgrid[0:size, 0:size] / size
    base = numpy.full((size, size), random.random(), numpy.float32)
    if kind == 1:
        base = random.random((size, size))
    elif kind == 2:
        base = xs * random.uniform(-1, 1) + ys * random.uniform(-1, 1)
    elif kind == 3:
        for _ in range(random.integers(1, 8)):
            centre, radius = random.uniform(0.2, 0.8, 2), random.uniform(0.05, 0.45)
            base = numpy.where((xs - centre[0])**2 + (ys - centre[1])**2 < radius**2, random.random(), base)
    elif kind == 4:
        base = numpy.sin((xs * random.uniform(-1, 1) + ys * random.uniform(-1, 1)) * random.uniform(10, 200))
    elif kind == 5:
        base = numpy.ascontiguousarray(numpy.full((size, size), random.choice([0.0, 1.0])), numpy.float32)
        for line in range(random.integers(3, 14)):
            text = "".join(chr(random.integers(33, 126)) for _ in range(random.integers(5, 40)))
            cv2.putText(base, text, (5, 20 + 22 * line), cv2.FONT_HERSHEY_SIMPLEX, random.uniform(0.3, 0.9),
                        float(random.random()), 1)
    low, high = base.min(), base.max()
    return ((base - low) / (high - low) if high > low else base).astype(numpy.float32)


def whole(random, picture):
    """What is no chest film, turned and cut at random."""
    picture = numpy.rot90(picture, random.integers(0, 4)) if random.random() < 0.5 else picture
    picture = numpy.ascontiguousarray(picture[:, ::-1] if random.random() < 0.5 else picture)
    if random.random() < 0.5:
        h, w = (int(side * random.uniform(0.5, 1)) for side in picture.shape)
        top, left = random.integers(0, picture.shape[0] - h + 1), random.integers(0, picture.shape[1] - w + 1)
        picture = picture[top:top + h, left:left + w]
    return 1 - picture if random.random() < 0.2 else picture


def chest_sample(random, source, mask):
    """Picture, mask or None, kind: of a chest film."""
    picture, lungs = frontal(random, source, mask)
    fate = random.random()
    if fate < 0.14:
        picture, lungs = one_lung(random, picture, lungs)
        return augment.appearance(random, numpy.ascontiguousarray(picture)), lungs, OTHER
    picture = augment.appearance(random, numpy.ascontiguousarray(picture))
    if fate < 0.28:
        return 1 - picture, lungs, INVERTED
    if fate < 0.42:
        quarters = random.integers(1, 4)
        return numpy.rot90(picture, quarters), None if lungs is None else numpy.rot90(lungs, quarters), TURNED
    return picture, lungs, FRONTAL


def sample(random, one):
    """(gate input, mask at 112 x 112 with -1 where unknown, kind) of a Film, or of a drawing for None."""
    if one is None:
        picture, lungs, kind = drawn(random), None, OTHER
    elif one.data_set in CHEST:
        picture, lungs, kind = chest_sample(random, one.pixels(), one.mask)
    else:
        picture, lungs, kind = augment.appearance(random, whole(random, one.pixels())), None, OTHER
    picture = numpy.ascontiguousarray(picture, numpy.float32)
    chest = one is not None and one.data_set in CHEST
    target = numpy.full((film.GATE_SIZE // 2,) * 2, -1 if chest else 0, numpy.float32)
    if lungs is not None:
        square = film.letterbox(numpy.ascontiguousarray(lungs, numpy.float32))[0]
        target = cv2.resize(square, target.shape, interpolation=cv2.INTER_AREA)
    return film.gate_input(picture), target, kind
