"""Trains the reader: tuberculosis on the lungs' part of a film.

Children's pneumonia (Kermany) is learnt beside it with a head of its own: with some 270 films of tuberculosis
the backbone sees too few chests otherwise. The crop is the box of the lungs drawn by hand; the children's
films are cut tightly as they are, so that theirs is all but a margin.
"""
import argparse
import time

import cv2
import numpy
import torch
from torch.nn import functional

from training.chest_xray import film, films
from training.chest_xray.networks import Reader
from training.common import augment, metrics
from training.common.loop import Average, Schedule, channels_last, learning, settle

BATCH, EXTRA = 16, 6      # films of Shenzhen and of Kermany in a step
SMOOTHING = 0.05
ROOM = 0.12               # of the lungs' box, kept around the crop for the augmentation to move in
STORED = 320              # pixels a side of a stored crop, ROOM included


def stored_crop(pixels, box):
    """What lies in the box with some room around, in the film's grey values; beyond it its border goes on."""
    left, top, right, bottom = box
    dx, dy = round(ROOM * (right - left)), round(ROOM * (bottom - top))
    padded = cv2.copyMakeBorder(pixels, dy, dy, dx, dx, cv2.BORDER_REPLICATE)
    return cv2.resize(padded[top:bottom + 2 * dy, left:right + 2 * dx], (STORED, STORED),
                      interpolation=cv2.INTER_AREA)


def crop_of(one):
    """(stored crop, label) of a film."""
    pixels = one.pixels()
    height, width = pixels.shape
    box = (round(0.05 * width), round(0.05 * height), round(0.95 * width), round(0.95 * height))
    return stored_crop(pixels, box if one.mask is None else film.lung_box(one.mask, pixels.shape)), one.label


def seen_lungs(one):
    """The reader input of a film whose lungs are drawn."""
    pixels = one.pixels()
    return film.reader_input(pixels, film.lung_box(one.mask, pixels.shape))


def augmented(random, crop):
    """A reader input from a stored crop."""
    inner = 1 / (1 + 2 * ROOM)  # the middle of the stored crop is what the reader would see
    matrix = augment.affine(random, crop.shape, degrees=8, scale=0.1, shift=0.04, shear=0.05)
    side = STORED * inner
    zoom = film.CROP_SIZE / side
    matrix[:, 2] -= (STORED - side) / 2
    matrix *= zoom
    picture = cv2.warpAffine(crop, matrix, (film.CROP_SIZE,) * 2, flags=cv2.INTER_LINEAR,
                             borderMode=cv2.BORDER_REPLICATE)
    picture = picture[:, ::-1] if random.random() < 0.5 else picture
    picture = film.equalise(augment.appearance(random, numpy.ascontiguousarray(picture)))
    for _ in range(random.integers(0, 3)):
        picture = augment.cover(random, picture)
    return picture.astype(numpy.float32)


def batches(random, main, extra):
    """Pictures (BATCH of main, then EXTRA of extra) and labels, until main is used up."""
    order = random.permutation(len(main))
    for first in range(0, len(order) - BATCH + 1, BATCH):
        chosen = [main[i] for i in order[first:first + BATCH]]
        chosen += [extra[i] for i in random.choice(len(extra), EXTRA, replace=False)]
        pictures = numpy.stack([augmented(random, crop) for crop, _ in chosen])
        yield (channels_last(torch.from_numpy(pictures)[:, None]),
               torch.tensor([float(label) for _, label in chosen]))


def loss_of(network, pictures, labels):
    tuberculosis, pneumonia = (places.mean((1, 2, 3)) for places in network.maps(pictures))
    soft = labels * (1 - SMOOTHING) + SMOOTHING / 2
    return (functional.binary_cross_entropy_with_logits(tuberculosis[:BATCH], soft[:BATCH]) +
            0.5 * functional.binary_cross_entropy_with_logits(pneumonia[BATCH:], soft[BATCH:]))


@torch.no_grad()
def scores_of(network, inputs):
    """Logits of reader inputs, each the mean of the film and its mirror image, as the program reads it."""
    network.eval()
    logits = []
    for picture in inputs:
        pair = torch.from_numpy(numpy.stack([picture, picture[:, ::-1]]))[:, None]
        logits.append(float(network(channels_last(pair))[0].mean()))
    return numpy.array(logits)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", required=True)
    options.add_argument("--work", required=True, help="cache of unpacked data; reader.pt is written there")
    options.add_argument("--imagenet", required=True, help="efficientnet-lite0-57934424.pth")
    options.add_argument("--start", help="a reader to train on, of an earlier run")
    options.add_argument("--rate", type=float, default=1e-3, help="the highest learning rate")
    options.add_argument("--epochs", type=int, default=36)
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--seed", type=int, default=20240602)
    given = options.parse_args()
    random = settle(given.seed, given.threads)

    shenzhen = films.shenzhen(given.data, given.work)
    train = [crop_of(one) for one in shenzhen if one.part == "train"]
    extra = [crop_of(one) for one in films.kermany(given.data, given.work) if one.part == "train"]
    validation = [one for one in shenzhen if one.part == "validation"]
    seen = [seen_lungs(one) for one in validation]
    truth = numpy.array([one.label for one in validation])
    print(f"{len(train)} films, {len(extra)} others, {len(validation)} to validate", flush=True)

    network = channels_last(Reader())
    if given.start:
        network.load_state_dict(torch.load(given.start, map_location="cpu"))
    else:
        network.backbone.load_imagenet(given.imagenet)
    average = Average(network, 0.98)
    optimizer = torch.optim.AdamW(learning(network), lr=given.rate, weight_decay=2e-2)
    schedule = Schedule(optimizer, given.epochs * (len(train) // BATCH))
    for epoch in range(given.epochs):
        start, losses = time.time(), []
        network.train()
        for pictures, labels in batches(random, train, extra):
            loss = loss_of(network, pictures, labels)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimizer.step()
            schedule.step()
            average.update(network)
            losses.append(float(loss))
        line = f"epoch {epoch} loss {numpy.mean(losses):.4f} seconds {time.time() - start:.0f}"
        if epoch % 2 == 1:
            line += f" validation AUC {metrics.auc(scores_of(average.network, seen), truth):.3f}"
            torch.save(average.state(), f"{given.work}/reader.pt")
        print(line, flush=True)
    torch.save(average.state(), f"{given.work}/reader.pt")


if __name__ == "__main__":
    main()
