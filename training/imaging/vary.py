"""Random changes that a picture may undergo without changing what it shows; its mask moves along."""
import cv2
import numpy

from training.common import augment

ROOM = 1.2  # of the network's side: larger pictures are made smaller first, to save time


def shrunk(picture, side, interpolation=cv2.INTER_AREA):
    scale = side / max(picture.shape[:2])
    if scale >= 1:
        return picture
    size = tuple(max(1, round(length * scale)) for length in picture.shape[1::-1])
    return cv2.resize(picture, size, interpolation=interpolation)


def tint(random, picture):
    """Another colour of light or stain."""
    return numpy.clip(picture * random.uniform(0.85, 1.15, 3) + random.uniform(-0.05, 0.05, 3), 0, 1)


def moved(random, images, degrees, upright, scale):
    """8-bit pictures or masks of one size, moved alike; where nothing was is black."""
    matrix = augment.affine(random, images[0].shape[:2], degrees=degrees, scale=scale, shift=scale / 2, shear=0.06)
    mirrored, turned = random.random() < 0.5, not upright and random.random() < 0.5
    for image in images:
        smooth = cv2.INTER_LINEAR if image.ndim == 3 or len(numpy.unique(image[::7, ::7])) > 8 else cv2.INTER_NEAREST
        image = cv2.warpAffine(image, matrix, image.shape[1::-1], flags=smooth)
        image = image[:, ::-1] if mirrored else image
        yield numpy.ascontiguousarray(image[::-1] if turned else image)


def varied(random, picture, side, mask=None, degrees=12, upright=True, scale=0.12):
    """Another look of a picture (and of its mask); upright: never upside down; scale: of each side, up or down."""
    images = [shrunk(picture, ROOM * side)]
    if mask is not None:
        images.append(shrunk(mask, ROOM * side, cv2.INTER_NEAREST))
    images = list(moved(random, images, degrees, upright, scale))
    looks = images[0].astype(numpy.float32) / 255
    if picture.ndim == 3 and random.random() < 0.7:
        looks = tint(random, looks)
    looks = numpy.rint(augment.appearance(random, looks) * 255).astype(numpy.uint8)
    return looks if mask is None else (looks, images[1])
