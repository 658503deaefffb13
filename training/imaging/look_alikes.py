"""Groups of pictures that look alike, so that no two of a group fall into different parts (docs/decisions/0007)."""
import cv2
import numpy

from training.imaging import prepare

MOST_DIFFERENT = 40  # bits of 256


def signature(path):
    small = cv2.resize(prepare.load(path, "grey"), (17, 16), interpolation=cv2.INTER_AREA)
    return (small[:, 1:] > small[:, :-1]).ravel()


def groups(paths):
    """{name: key of its group} of {name: path}; the key is the first name of the group."""
    names = sorted(paths)
    signatures = numpy.array([signature(paths[name]) for name in names])
    key = dict(zip(names, names))
    for i, name in enumerate(names):
        near = (signatures[:i] != signatures[i]).sum(1) <= MOST_DIFFERENT
        joined = sorted({key[names[j]] for j in numpy.flatnonzero(near)})
        for other in names[:i + 1] if joined else []:
            if key[other] in joined or other == name:
                key[other] = joined[0]
    return key
