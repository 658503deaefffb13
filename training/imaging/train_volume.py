"""Trains volume_segmentation: the front and back part of the hippocampus in a cropped MR volume.

    python3 -m training.imaging.train_volume --data $D --work $C
"""
import argparse
import pathlib

import nibabel
import numpy
import torch
from scipy import ndimage
from torch import nn
from torch.nn import functional

from training.common.loop import Average, Progress, Schedule, settle
from training.imaging import export, measures, prepare, tasks
from training.imaging.sets import Sets
from training.imaging.unet import UNet, dice_loss

CUT = (32, 40, 32)  # voxels of a volume that a step sees
NAME, WIDTHS, STEPS, BATCH, RATE, SMOOTHING = "volume_segmentation", (8, 16, 32, 64), 1000, 2, 5e-3, 0.99


def slices_first(path):
    """x fastest, as the file has it: d x h x w."""
    return numpy.asarray(nibabel.load(str(path)).dataobj).transpose(2, 1, 0)


class Volume(nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, volume):
        return torch.softmax(self.network(volume), 1)[:, 1:]


def moved(random, volume, labels):
    """Turned, scaled, moved, re-exposed; a hippocampus of the other side is its mirror image."""
    turn = numpy.eye(3)
    for a, b in ((0, 1), (0, 2), (1, 2)):
        angle = numpy.deg2rad(random.uniform(-12, 12))
        step = numpy.eye(3)
        step[a, a] = step[b, b] = numpy.cos(angle)
        step[a, b], step[b, a] = -numpy.sin(angle), numpy.sin(angle)
        turn = turn @ step
    matrix = turn * random.uniform(0.9, 1.1, 3)
    centre = numpy.array(volume.shape) / 2
    offset = centre - matrix @ centre + random.uniform(-2, 2, 3)
    volume = ndimage.affine_transform(volume, matrix, offset, order=1)
    labels = ndimage.affine_transform(labels, matrix, offset, order=0)
    if random.random() < 0.5:
        volume, labels = volume[:, :, ::-1], labels[:, :, ::-1]
    volume = volume * random.uniform(0.85, 1.15) + random.uniform(-0.15, 0.15)
    return (volume + random.normal(0, random.uniform(0, 0.15), volume.shape)).astype(numpy.float32), labels.copy()


def cutting(random, volume, labels):
    """A part of CUT that holds some of the hippocampus, wherever it lies in there."""
    inside = numpy.argwhere(labels > 0)
    centre = inside[random.integers(len(inside))] if len(inside) else numpy.array(labels.shape) // 2
    corner = [int(numpy.clip(c - random.integers(0, cut), 0, length - cut))
              for c, cut, length in zip(centre, CUT, labels.shape)]
    part = tuple(slice(start, start + cut) for start, cut in zip(corner, CUT))
    return volume[part], labels[part]


def loss_of(network, volumes, labels):
    logits = network(volumes)
    one_hot = functional.one_hot(labels, 3).movedim(-1, 1).float()
    return functional.cross_entropy(logits, labels) + dice_loss(torch.softmax(logits, 1)[:, 1:], one_hot[:, 1:])


def train(random, cases, path, steps, goes_on):
    network = UNet(1, 3, WIDTHS, 3)
    if goes_on:
        network.load_state_dict(torch.load(path))
    average = Average(network, SMOOTHING)
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=1e-3)
    schedule, progress = Schedule(optimizer, steps), Progress()
    for _ in range(steps):
        network.train()
        chosen = [cutting(random, *moved(random, *cases[i])) for i in random.choice(len(cases), BATCH, replace=False)]
        volumes, labels = (torch.from_numpy(numpy.stack(each)) for each in zip(*chosen))
        loss = loss_of(network, volumes[:, None], labels.long())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        average.update(network)
        if progress.add(loss):
            torch.save(average.state(), path)
    torch.save(average.state(), path)


def dice(found, truth):
    total = found.sum() + truth.sum()
    return 2 * (found & truth).sum() / total if total else 1.0


@torch.no_grad()
def measured(model, pictures, size):
    rows = []
    for picture in pictures:
        volume, truth = slices_first(picture.path), slices_first(picture.mask)
        masks = model(torch.from_numpy(prepare.prepare_volume(volume.astype(numpy.float32), size))[None, None])[0]
        masks = [prepare.from_centred(mask, truth.shape) >= 0.5 for mask in masks.numpy()]
        whole, drawn = masks[0] | masks[1], truth > 0
        rows.append([dice(masks[0], truth == 1), dice(masks[1], truth == 2), dice(whole, drawn),
                     abs(whole.sum() - drawn.sum()) / drawn.sum()])
    keys, columns = [picture.key for picture in pictures], numpy.array(rows).T
    names = ("Dice, anterior", "Dice, posterior", "Dice, both parts together", "error of the volume")
    mean = measures.mean("Dice", (columns[0] + columns[1]) / 2, keys)
    return [mean] + [measures.mean(name, column, keys) for name, column in zip(names, columns)]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", required=True)
    options.add_argument("--work", required=True, help="cache of unpacked data and checkpoints")
    options.add_argument("--steps", type=int, default=STEPS)
    options.add_argument("--go-on", action="store_true", help="from the checkpoint of an earlier run")
    options.add_argument("--only-export", action="store_true", help="of the checkpoint as it is")
    given = options.parse_args()
    random = settle(20240611, 1)
    card = tasks.read_card(NAME)
    settings, pictures = tasks.network_of(card, "volume"), Sets(given.data, given.work).hippocampi()
    size, checkpoint = settings["prepare"]["size"], pathlib.Path(given.work, f"{NAME}.pt")
    if not given.only_export:
        cases = [(prepare.prepare_volume(slices_first(one.path).astype(numpy.float32), size),
                  prepare.centred(slices_first(one.mask), size)) for one in pictures if one.part != "test"]
        train(random, cases, checkpoint, given.steps, given.go_on)
    network = UNet(1, 3, WIDTHS, 3)
    network.load_state_dict(torch.load(checkpoint))
    model = Volume(network).eval()
    test = [one for one in pictures if one.part == "test"]
    export.write(NAME, card, settings, model, "volume")
    entry = export.evidence(
        "train_volume", "Medical Segmentation Decathlon, hippocampus (msd_hippocampus, 70 volumes)",
        f"test part by volume: {len(test)} volumes", f"按影像划分的测试部分：{len(test)}个体数据",
        measured(model, test, size))
    export.put_evidence(card, "train_volume", [entry])
    tasks.write_card(NAME, card)
    for one in entry["metrics"]:
        print(one["name"]["en"], one["value"], one["interval"])


if __name__ == "__main__":
    main()
