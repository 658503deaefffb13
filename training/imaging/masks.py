"""Masks drawn by hand and found by networks, brought to each other's frame and compared."""
import cv2
import numpy


def drawn(path):
    """True where a person has drawn."""
    return cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) > 127


def as_input(mask, prepared, size):
    """A mask of the picture in the frame of the network's input, as 0 and 1."""
    left, top, right, bottom = prepared.box
    x, y, width, height = prepared.place
    square = numpy.zeros((size, size), numpy.float32)
    square[y:y + height, x:x + width] = cv2.resize(mask[top:bottom, left:right].astype(numpy.float32),
                                                   (width, height), interpolation=cv2.INTER_AREA)
    return square


def as_picture(probabilities, prepared, shape):
    """A mask of the network's input in the frame of the picture, 0 beyond what was cut out."""
    left, top, right, bottom = prepared.box
    x, y, width, height = prepared.place
    whole = numpy.zeros(shape, numpy.float32)
    whole[top:bottom, left:right] = cv2.resize(probabilities[y:y + height, x:x + width],
                                               (right - left, bottom - top), interpolation=cv2.INTER_LINEAR)
    return whole


def dice(found, truth):
    total = found.sum() + truth.sum()
    return 2 * (found & truth).sum() / total if total else 1.0
