"""Nuclei as objects: what a network learns of a label map, and objects from what it says (docs/decisions/0007)."""
import cv2
import numpy
import torch
from scipy.optimize import linear_sum_assignment

from training.imaging import measures, prepare

MIDDLE = 0.5   # of a nucleus' greatest depth: what lies deeper is its middle
SEED_THRESHOLDS = (0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
OVERLAP = 0.5  # of two objects' union, from which they are one and the same


def label_map(path):
    return cv2.imread(str(path), cv2.IMREAD_UNCHANGED).astype(numpy.int32)


def middles(labels):
    """The inner part of each object: its eroded self, so that touching nuclei have middles that do not touch."""
    inner = numpy.zeros(labels.shape, numpy.float32)
    for label in numpy.unique(labels[labels > 0]):
        depth = cv2.distanceTransform((labels == label).astype(numpy.uint8), cv2.DIST_L2, 5)
        inner[depth > MIDDLE * depth.max()] = 1
    return inner


def case(picture, settings):
    """Pixels, and two masks: nuclei and their middles."""
    labels = label_map(picture.mask)
    pixels = prepare.equalise(prepare.load(picture.path, "rgb"), settings["equalise"], settings["size"])
    return pixels, numpy.stack([(labels > 0).astype(numpy.float32), middles(labels)])


def objects(said, network):
    """A label map from the masks' probabilities."""
    settings = network["objects"]
    cut = [one["threshold"] for one in network["classes"]]
    mask = said[settings["mask"]] >= cut[settings["mask"]]
    seeds = (said[settings["seeds"]] >= cut[settings["seeds"]]).astype(numpy.uint8)
    if not seeds.any():
        return numpy.zeros(mask.shape, numpy.int32)
    nearest = cv2.distanceTransformWithLabels(1 - seeds, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_CCOMP)[1]
    labels = numpy.where(mask, nearest, 0)
    small = numpy.flatnonzero(numpy.bincount(labels.ravel()) < settings["smallest"])
    labels[numpy.isin(labels, small)] = 0
    return labels


def object_f1(found, truth):
    """F1 of objects that overlap by OVERLAP of their union, each matched once."""
    a, b = (numpy.unique(labels, return_inverse=True) for labels in (found, truth))
    pairs = numpy.zeros((len(a[0]), len(b[0])))
    numpy.add.at(pairs, (a[1].ravel(), b[1].ravel()), 1)
    union = pairs.sum(1)[:, None] + pairs.sum(0)[None] - pairs
    overlap = (pairs / union)[a[0] > 0][:, b[0] > 0]
    if not overlap.size:
        return 0.0
    rows, columns = linear_sum_assignment(-(overlap > OVERLAP).astype(float))
    return 2 * (overlap[rows, columns] > OVERLAP).sum() / sum(overlap.shape)


@torch.no_grad()
def said_of(model, picture, network):
    settings = network["prepare"]
    pixels = prepare.load(picture.path, "rgb")
    cut, places = prepare.tiles(prepare.equalise(pixels, settings["equalise"], settings["size"]), settings["size"])
    return prepare.joined(model(torch.from_numpy(cut)).numpy(), places, pixels.shape[:2])


def settle(model, pictures, network):
    """Half for the mask; for the seeds what finds the objects of the pictures that were learnt from best."""
    mask, seeds = (network["classes"][network["objects"][name]] for name in ("mask", "seeds"))
    mask["threshold"] = 0.5
    pairs = [(said_of(model, picture, network), label_map(picture.mask)) for picture in pictures]
    values = {}
    for seeds["threshold"] in SEED_THRESHOLDS:
        values[seeds["threshold"]] = numpy.mean([object_f1(objects(said, network), truth) for said, truth in pairs])
    print("F1 of objects by the seeds' threshold", values, flush=True)
    seeds["threshold"] = max(values, key=values.get)


def figures(model, pictures, network):
    rows = []
    for picture in pictures:
        said, truth = said_of(model, picture, network), label_map(picture.mask)
        mask = said[0] >= 0.5
        total = mask.sum() + (truth > 0).sum()
        rows.append([2 * (mask & (truth > 0)).sum() / total, object_f1(objects(said, network), truth)])
    keys = [picture.key for picture in pictures]
    return [measures.mean(name, column, keys) for name, column in
            zip(("Dice", "F1, objects at an overlap of a half"), numpy.array(rows).T)]
