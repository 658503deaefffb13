"""Trains a classifier's heads on what the encoder sees, calibrates it, writes model and card.

    python3 -m training.imaging.train_classifier NAME --data $D --work $C --imagenet $W

What is not of the test part is split in five folds by key; each head learns from four, and calibration and
thresholds come from what each head says of its fifth. The test part is measured once, with all heads together.
"""
import argparse
import hashlib
import pathlib

import numpy
import torch
from torch.nn import functional

from training.common.loop import Progress, Schedule, settle
from training.imaging import calibration, classifier, evidence, export, features, tasks
from training.imaging.sets import Sets

FOLDS, STEPS, BATCH, RATE, DECAY, DROPOUT, SMOOTHING = 5, 300, 64, 3e-3, 0.1, 0.3, 0.05


def fold_of(picture):
    digest = hashlib.sha256(f"{picture.data_set}/{picture.key}".encode()).digest()
    return digest[7] % FOLDS


def loss_of(places, targets, exclusive, others):
    """places: n x folds x k x h x w; targets: n x k, below 0 where not known; others: n x folds, where a head may
    learn from a picture."""
    logits = places.mean((3, 4))
    if exclusive:
        likely = targets * (1 - SMOOTHING) + SMOOTHING / targets.shape[1]
        losses = -(likely[:, None] * torch.log_softmax(logits, 2)).sum(2)
        return (losses * others).sum() / others.sum()
    known = (targets >= 0).float()[:, None] * others[:, :, None]
    likely = (targets.clamp(min=0) * (1 - SMOOTHING) + SMOOTHING / 2)[:, None].expand_as(logits)
    losses = functional.binary_cross_entropy_with_logits(logits, likely, reduction="none")
    return (losses * known).sum() / known.sum()


def train(random, maps, targets, folds, exclusive, steps):
    """Heads from the maps of versions of pictures; all arrays row by row."""
    heads = classifier.Heads(FOLDS, targets.shape[1])
    some = random.choice(len(folds), min(len(folds), 300), replace=False)
    heads.settle([torch.from_numpy(array[some].astype(numpy.float32)) for array in maps])
    optimizer = torch.optim.AdamW(heads.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = Schedule(optimizer, steps)
    progress = Progress()
    for _ in range(steps):
        rows = numpy.sort(random.choice(len(folds), min(BATCH, len(folds)), replace=False))
        seen = [torch.from_numpy(array[rows].astype(numpy.float32)) for array in maps]
        others = torch.from_numpy(folds[rows, None] != numpy.arange(FOLDS)[None]).float()
        loss = loss_of(heads(*seen, dropout=DROPOUT), torch.from_numpy(targets[rows]), exclusive, others)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        progress.add(loss)
    return heads.eval()


@torch.no_grad()
def logits_of(heads, maps, pairs):
    """n x folds x k: the mean of each picture and its mirror image; pairs: n x 2 rows of the maps."""
    logits = []
    for pair in pairs:
        seen = [torch.from_numpy(array[pair].astype(numpy.float32)) for array in maps]
        logits.append(heads(*seen).mean((0, 3, 4)).numpy())
    return numpy.array(logits)


def strangeness_of(maps, rows_of_part):
    """Settled on the train part; and its values of the validation part."""
    def pooled(rows):
        seen = [torch.from_numpy(array[rows].astype(numpy.float32)) for array in maps[1:]]
        return classifier.Strangeness.pooled(*seen)

    strangeness = classifier.Strangeness()
    strangeness.settle(pooled(rows_of_part["train"]))
    return strangeness, strangeness(pooled(rows_of_part["validation"])).numpy()


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("name", choices=tasks.CLASSIFIERS)
    options.add_argument("--data", required=True)
    options.add_argument("--work", required=True, help="cache of unpacked data and features")
    options.add_argument("--imagenet", required=True, help="efficientnet-lite0-57934424.pth")
    options.add_argument("--steps", type=int, default=STEPS)
    given = options.parse_args()
    random = settle(20240612, 1)
    name, task = given.name, tasks.CLASSIFIERS[given.name]
    card = tasks.read_card(name)
    network = tasks.network_of(card, "classifier")
    names = [one["name"] for one in network["classes"]]
    sets = Sets(given.data, given.work)
    pictures = tasks.pictures_of(name, sets)

    encoder = features.Encoder(given.imagenet, given.work)
    arrays, index, version = features.of_pictures(encoder, pictures, network, task, classifier.STAGES,
                                                  pathlib.Path(given.work, f"{name}.npz"))
    maps = [arrays[stage] for stage in classifier.STAGES]
    targets = numpy.array([[one.labels.get(label, -1) for label in names] for one in pictures], numpy.float32)
    folds = numpy.array([fold_of(one) for one in pictures])
    parts = numpy.array([one.part for one in pictures])
    learnt = numpy.flatnonzero(parts[index] != "test")
    heads = train(random, [array[learnt] for array in maps], targets[index[learnt]], folds[index[learnt]],
                  network["exclusive"], given.steps)

    pairs = numpy.flatnonzero(version == 0)[:, None] + numpy.arange(2)[None]
    logits = logits_of(heads, maps, pairs)
    out_of_fold = logits[numpy.arange(len(pictures)), folds]
    together = logits.mean(1)
    learning, test = parts != "test", parts == "test"
    slope, offset = calibration.fit(out_of_fold[learning], targets[learning], network["exclusive"])
    believed = calibration.probabilities(out_of_fold * slope + offset, network["exclusive"])
    calibration.set_thresholds(network, believed[learning], targets[learning])
    firsts = {part: pairs[parts == part, 0] for part in ("train", "validation")}
    strangeness, of_validation = strangeness_of(maps, firsts)
    network["strangeness"] = round(float(numpy.percentile(of_validation, 99) * 1.1), 3)

    model = classifier.Classifier(heads, strangeness, network["exclusive"])
    model.encoder.load_imagenet(given.imagenet)
    model.slope.copy_(torch.tensor(slope, dtype=torch.float32).view(1, -1, 1, 1))
    model.offset.copy_(torch.tensor(offset, dtype=torch.float32).view(1, -1, 1, 1))
    export.write(name, card, network, model.eval(), "image")
    said = calibration.probabilities(together * slope + offset, network["exclusive"])
    with torch.no_grad():
        seen = [torch.from_numpy(array[pairs[test, 0]].astype(numpy.float32)) for array in maps[1:]]
        strange = strangeness(classifier.Strangeness.pooled(*seen)).numpy() > network["strangeness"]
    card["evidence"] = [one for one in card["evidence"] if "train_classifier" not in one["command"]]
    card["evidence"][:0] = evidence.of_classifier(name, network, pictures, targets, believed, said, test, strange)
    tasks.write_card(name, card)
    evidence.show(card)


if __name__ == "__main__":
    main()
