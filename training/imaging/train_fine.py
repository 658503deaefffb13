"""Trains a small U-Net for fine structures: the vessels of the retina, or nuclei with their middles.

    python3 -m training.imaging.train_fine fundus_dr|pathology --data $D --work $C

Vessels are read from the whole picture at 512 pixels, nuclei from tiles of the picture as it is. The network learns
from random cuttings of what is not of the test part.
"""
import argparse
import dataclasses
import typing

import cv2
import numpy
import torch
from torch import nn
from torch.nn import functional

from training.common.loop import Average, Progress, Schedule, channels_last, settle
from training.common import metrics
from training.imaging import export, masks, measures, nuclei, prepare, tasks, vary
from training.imaging.sets import Sets
from training.imaging.unet import UNet, dice_loss

CUT, BATCH, RATE, DECAY, SMOOTHING = 96, 8, 4e-3, 1e-3, 0.98
SAMPLED = 20000  # pixels of a picture for the AUC
VESSEL_THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55)


@dataclasses.dataclass(frozen=True)
class Fine:
    pictures: typing.Callable
    widths: tuple
    scales: tuple               # of the random cuttings: smallest and largest
    steps: int
    truth: typing.Callable      # (picture, settings) -> pixels (h x w x 3), masks (k x h x w, 0 to 1)
    settle: typing.Callable     # (model, pictures that were learnt from, network): sets the thresholds
    measure: typing.Callable    # (model, pictures of the test part, network) -> metrics


class Segmenter(nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, image):
        return torch.sigmoid(self.network(image - 0.5))


def vessel_case(picture, settings):
    """What the network sees of a whole fundus, and the vessels there."""
    prepared = prepare.prepare(prepare.load(picture.path, "rgb"), settings)
    pixels = numpy.rint(prepared.pixels.transpose(1, 2, 0) * 255).astype(numpy.uint8)
    return pixels, masks.as_input(masks.drawn(picture.mask), prepared, settings["size"])[None]


def cutting(random, case, scales):
    """A cutting of both, turned, mirrored and of another look and scale; half of them pixel for pixel, as sharp as
    the picture."""
    pixels, drawn = case
    height, width = pixels.shape[:2]
    x, y = float(random.integers(0, width)), float(random.integers(0, height))
    angle, scale = 90.0 * random.integers(0, 4), 1.0
    if random.random() < 0.5:
        angle, scale = random.uniform(0, 360), numpy.exp(random.uniform(*numpy.log(scales)))
    matrix = cv2.getRotationMatrix2D((x, y), angle, scale)
    matrix[:, 2] += CUT / 2 - numpy.array([x, y])
    if random.random() < 0.5:
        matrix[0] = -matrix[0] + [0, 0, CUT]
    image, *layers = (cv2.warpAffine(layer, matrix, (CUT, CUT), borderMode=cv2.BORDER_REFLECT_101)
                      for layer in (pixels, *drawn))
    image = image.astype(numpy.float32) / 255
    for change, chance in ((vary.tint, 0.6), (vary.augment.exposure, 0.4), (vary.augment.noise, 0.3),
                           (vary.augment.sharpness, 0.3)):
        image = change(random, image) if random.random() < chance else image
    return image.transpose(2, 0, 1).astype(numpy.float32), numpy.stack(layers).astype(numpy.float32)


def loss_of(logits, target):
    return functional.binary_cross_entropy_with_logits(logits, target) + 0.5 * dice_loss(torch.sigmoid(logits), target)


def train(random, cases, task, steps, rate, path, goes_on):
    network = channels_last(UNet(3, len(cases[0][1]), task.widths, 2))
    if goes_on:
        network.load_state_dict(torch.load(path))
    average = Average(network, SMOOTHING)
    optimizer = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=DECAY)
    schedule, progress = Schedule(optimizer, steps), Progress()
    network.train()
    for _ in range(steps):
        images, targets = zip(*(cutting(random, cases[i], task.scales) for i in random.integers(0, len(cases), BATCH)))
        loss = loss_of(network(torch.from_numpy(numpy.stack(images)) - 0.5), torch.from_numpy(numpy.stack(targets)))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        average.update(network)
        if progress.add(loss):
            torch.save(average.state(), path)
    torch.save(average.state(), path)


@torch.no_grad()
def vessels_said(model, picture, network):
    """What is said and what was drawn of each pixel of the field of view, in the picture's own frame."""
    pixels, truth = prepare.load(picture.path, "rgb"), masks.drawn(picture.mask)
    seen = prepare.prepare(pixels, network["prepare"])
    said = masks.as_picture(model(torch.from_numpy(seen.pixels)[None])[0, 0].numpy(), seen, truth.shape)
    left, top, right, bottom = seen.box
    field = numpy.zeros(truth.shape, bool)
    field[top:bottom, left:right] = ~prepare.outside_circle(right - left, bottom - top)
    return said[field], truth[field]


def at_best_f1(model, pictures, network):
    """The threshold at which the vessels of the pictures that were learnt from are found best."""
    pairs = [vessels_said(model, picture, network) for picture in pictures]
    values = {cut: numpy.mean([masks.dice(said >= cut, truth) for said, truth in pairs]) for cut in VESSEL_THRESHOLDS}
    print("F1 by the threshold", values, flush=True)
    network["classes"][0]["threshold"] = max(values, key=values.get)


def vessel_figures(model, pictures, network):
    random, rows = numpy.random.default_rng(1), []
    for picture in pictures:
        said, truth = vessels_said(model, picture, network)
        found = said >= network["classes"][0]["threshold"]
        some = random.choice(len(said), SAMPLED, replace=False)
        rows.append([masks.dice(found, truth), metrics.auc(said[some], truth[some].astype(int)), found[truth].mean(),
                     (~found)[~truth].mean()])
    names, keys = ("F1, pixels", "AUC, pixels", "sensitivity, pixels", "specificity, pixels"), [p.key for p in pictures]
    return [measures.mean(name, column, keys) for name, column in zip(names, numpy.array(rows).T)]


TASKS = {
    "fundus_dr": Fine(Sets.vessels, (12, 24, 48), (0.85, 1.2), 1500, vessel_case, at_best_f1, vessel_figures),
    "pathology": Fine(Sets.nuclei, (8, 16, 32, 64), (0.6, 1.6), 900, nuclei.case, nuclei.settle, nuclei.figures),
}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("name", choices=TASKS)
    options.add_argument("--data", required=True)
    options.add_argument("--work", required=True, help="cache of unpacked data and checkpoints")
    options.add_argument("--steps", type=int)
    options.add_argument("--rate", type=float, default=RATE)
    options.add_argument("--go-on", action="store_true", help="from the checkpoint of an earlier run")
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--only-export", action="store_true", help="of the checkpoint as it is")
    options.add_argument("--only-validate", action="store_true",
                         help="learn from the train part, into a checkpoint of its own; write no model")
    given = options.parse_args()
    random, task = settle(20240614, given.threads), TASKS[given.name]
    card = tasks.read_card(given.name)
    network = tasks.network_of(card, "segmenter")
    pictures = task.pictures(Sets(given.data, given.work))
    learnt = [one for one in pictures if one.part == "train" or one.part == "validation" and not given.only_validate]
    checkpoint = tasks.checkpoint(given.work, f"{given.name}_fine", given.only_validate)
    if not given.only_export:
        cases = [task.truth(one, network["prepare"]) for one in learnt]
        train(random, cases, task, given.steps or task.steps, given.rate, checkpoint, given.go_on)
    unet = UNet(3, len(network["classes"]), task.widths, 2)
    unet.load_state_dict(torch.load(checkpoint))
    model = Segmenter(unet).eval()
    test = [one for one in pictures if one.part == ("validation" if given.only_validate else "test")]
    task.settle(model, learnt, network)
    figures = task.measure(model, test, network)
    for one in figures:
        print(one["name"]["en"], one["value"], one["interval"], flush=True)
    if given.only_validate:
        return
    export.write(given.name, card, network, model, "image")
    entry = export.evidence(f"train_fine {given.name}", ", ".join(sorted({one.data_set for one in test})),
                            f"test part, {len(test)} pictures of {len({one.key for one in test})} groups",
                            f"测试部分，{len({one.key for one in test})}个分组共{len(test)}幅", figures)
    export.put_evidence(card, "train_fine", [entry])
    tasks.write_card(given.name, card)


if __name__ == "__main__":
    main()
