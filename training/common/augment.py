"""Random changes that a film may undergo without changing what it shows."""
import cv2
import numpy


def affine(random, shape, degrees, scale, shift, shear=0.0):
    """A random 2 x 3 matrix about the centre: degrees, relative scale of each axis, shift by the side."""
    height, width = shape
    angle = numpy.deg2rad(random.uniform(-degrees, degrees))
    sx, sy = 1 + random.uniform(-scale, scale), 1 + random.uniform(-scale, scale)
    slant = random.uniform(-shear, shear)
    turn = numpy.array([[numpy.cos(angle), -numpy.sin(angle)], [numpy.sin(angle), numpy.cos(angle)]])
    linear = turn @ numpy.array([[sx, slant], [0, sy]])
    centre = numpy.array([width / 2, height / 2])
    offset = centre - linear @ centre + numpy.array([width, height]) * random.uniform(-shift, shift, 2)
    return numpy.column_stack([linear, offset]).astype(numpy.float32)


def warp(image, matrix, border=0.0, interpolation=cv2.INTER_LINEAR):
    return cv2.warpAffine(image, matrix, image.shape[::-1], flags=interpolation, borderValue=border)


def exposure(random, film):
    """Another gamma, brightness and contrast."""
    film = numpy.clip(film, 0, 1) ** random.uniform(0.6, 1.6)
    return numpy.clip((film - 0.5) * random.uniform(0.75, 1.25) + 0.5 + random.uniform(-0.1, 0.1), 0, 1)


def sharpness(random, film):
    """A little blur, or unsharp masking as many workstations do."""
    smooth = cv2.GaussianBlur(film, (0, 0), random.uniform(0.4, 1.5))
    if random.random() < 0.6:
        return smooth
    return numpy.clip(film + random.uniform(0, 1.0) * (film - smooth), 0, 1)


def noise(random, film):
    return numpy.clip(film + random.normal(0, random.uniform(0.005, 0.04), film.shape), 0, 1)


def reencode(random, film):
    """Through JPEG, so that no coder's trace is a cue."""
    coded = cv2.imencode(".jpg", numpy.rint(film * 255).astype(numpy.uint8),
                         [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(30, 96))])[1]
    return cv2.imdecode(coded, cv2.IMREAD_UNCHANGED).astype(numpy.float32) / 255


def cover(random, film, largest=0.25):
    """A grey rectangle over a part."""
    height, width = film.shape
    h, w = (int(random.uniform(0.05, largest) * side) for side in film.shape)
    top, left = random.integers(0, height - h), random.integers(0, width - w)
    film = film.copy()
    film[top:top + h, left:left + w] = random.random()
    return film


def appearance(random, film, strength=1.0):
    """Each of the above with some probability; the result is float32."""
    for change, chance in ((exposure, 0.7), (sharpness, 0.4), (noise, 0.3), (reencode, 0.5)):
        if random.random() < chance * strength:
            film = change(random, film)
    return film.astype(numpy.float32)
