"""Trains the gate: is this an upright frontal chest film, and where are the lungs?"""
import argparse
import time

import numpy
import torch
from torch.nn import functional

from training.chest_xray import film, films, gate_pictures
from training.chest_xray.networks import Gate
from training.common.loop import Average, Schedule, channels_last, learning, settle

EPOCHS, BATCH, RATE = 7, 24, 1.5e-3
SHENZHEN_A_FILM, KERMANY, NO_CHEST, DRAWN = 2, 250, 500, 60  # pictures in an epoch


def epoch_of(random, by_set):
    """The films of one epoch, None for a drawing; each source of no chest film has the same share."""
    chosen = by_set["shenzhen_tb"] * SHENZHEN_A_FILM
    chosen += list(random.choice(by_set["kermany_cxr_224"], KERMANY, replace=False))
    share = NO_CHEST // len(films.NO_CHEST_FILM)
    for name in films.NO_CHEST_FILM:
        chosen += list(random.choice(by_set[name], share))
    chosen += [None] * DRAWN
    return [chosen[i] for i in random.permutation(len(chosen))]


def loss_of(network, pictures, masks, kinds):
    logits, lungs = network(pictures)
    known = (masks >= 0).float()
    target = masks.clamp(min=0)
    pixel = functional.binary_cross_entropy_with_logits(lungs, target, reduction="none")
    pixel = (pixel * known).sum() / known.sum().clamp(min=1)
    area = torch.sigmoid(lungs) * known
    both, total = (area * target).sum((1, 2, 3)), (area + target * known).sum((1, 2, 3))
    drawn = (target * known).sum((1, 2, 3)) > 0
    dice = (1 - (2 * both + 1) / (total + 1))[drawn].mean() if drawn.any() else 0.0
    return functional.cross_entropy(logits, kinds, label_smoothing=0.02) + pixel + dice


def batches(random, chosen):
    for first in range(0, len(chosen) - BATCH + 1, BATCH):
        samples = [gate_pictures.sample(random, one) for one in chosen[first:first + BATCH]]
        pictures, masks, kinds = zip(*samples)
        yield (channels_last(torch.from_numpy(numpy.stack(pictures))[:, None]),
               torch.from_numpy(numpy.stack(masks))[:, None], torch.tensor(kinds))


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", required=True)
    options.add_argument("--work", required=True, help="cache of unpacked data; gate.pt is written there")
    options.add_argument("--imagenet", required=True, help="efficientnet-lite0-57934424.pth")
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--seed", type=int, default=20240601)
    given = options.parse_args()
    random = settle(given.seed, given.threads)

    chosen = [f for f in films.shenzhen(given.data, given.work) + films.kermany(given.data, given.work) +
              films.no_chest_films(given.data, given.work) if f.part == "train"]
    by_set = {name: [f for f in chosen if f.data_set == name] for name in {f.data_set for f in chosen}}

    network = channels_last(Gate())
    network.backbone.load_imagenet(given.imagenet)
    average = Average(network, 0.98)
    optimizer = torch.optim.AdamW(learning(network), lr=RATE, weight_decay=1e-2)
    steps = EPOCHS * (len(epoch_of(random, by_set)) // BATCH)
    schedule = Schedule(optimizer, steps)
    for epoch in range(EPOCHS):
        start, losses = time.time(), []
        network.train()
        for pictures, masks, kinds in batches(random, epoch_of(random, by_set)):
            loss = loss_of(network, pictures, masks, kinds)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimizer.step()
            schedule.step()
            average.update(network)
            losses.append(float(loss))
        print(f"epoch {epoch} loss {numpy.mean(losses):.4f} seconds {time.time() - start:.0f}", flush=True)
        torch.save(average.state(), f"{given.work}/gate.pt")


if __name__ == "__main__":
    main()
