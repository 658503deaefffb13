"""Trains a classifier, calibrates it, writes model and card.

    python3 -m training.imaging.train_classifier NAME --data $D --work $C --imagenet $W

What the encoder's frozen stages see of each picture and of its random versions is computed once. What is learnt from
that, tasks.py says: either heads on a wholly frozen encoder, each of which leaves out a fifth of what is not of the
test part; or the encoder's later stages and one head, which leave out the validation part. Calibration and thresholds
come from what each head says of what it left out. The test part is measured once, with all heads together.
"""
import argparse
import hashlib
import pathlib

import numpy
import torch
from torch.nn import functional

from training.common.loop import Average, Progress, Schedule, channels_last, learning, settle
from training.imaging import calibration, classifier, evidence, export, features, tasks
from training.imaging.sets import Sets

SMOOTHING, AVERAGE, ENCODER_RATE = 0.05, 0.98, 4e-4


def left_out_by(picture, way):
    """The head that does not learn from a picture; -1: all do."""
    if way.folds == 1:
        return 0 if picture.part == "validation" else -1
    digest = hashlib.sha256(f"{picture.data_set}/{picture.key}".encode()).digest()
    return digest[7] % way.folds


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


def mixed(random, maps, targets):
    """Each picture with a share of another whose labels are known where its own are."""
    order = torch.from_numpy(random.permutation(len(targets)))
    same = ((targets < 0) == (targets[order] < 0)).all(1)
    order = torch.where(same, order, torch.arange(len(targets)))
    share = float(random.beta(0.4, 0.4))
    return [share * x + (1 - share) * x[order] for x in maps], share * targets + (1 - share) * targets[order]


def rows_of(maps, rows):
    return [channels_last(torch.from_numpy(array[rows].astype(numpy.float32))) for array in maps]


@torch.no_grad()
def settle_heads(random, reader, maps):
    some = random.choice(len(maps[0]), min(len(maps[0]), 300), False)
    reader.heads.settle(reader.maps(rows_of(maps, some)))


def train(random, reader, way, maps, targets, left_out, exclusive, steps):
    """Of the maps of versions of pictures; all arrays row by row."""
    reader = channels_last(reader)
    groups = [{"params": reader.heads.parameters(), "lr": way.rate}]
    if learning(reader.encoder):
        groups.append({"params": learning(reader.encoder), "lr": ENCODER_RATE})
    optimizer = torch.optim.AdamW(groups, weight_decay=way.decay)
    schedule, average, progress = Schedule(optimizer, steps), Average(reader.eval(), AVERAGE), Progress()
    reader.train()
    for _ in range(steps):
        rows = numpy.sort(random.choice(len(targets), min(way.batch, len(targets)), replace=False))
        seen, wanted = rows_of(maps, rows), torch.from_numpy(targets[rows])
        others = torch.from_numpy(left_out[rows, None] != numpy.arange(way.folds)[None]).float()
        if random.random() < way.mixed:
            seen, wanted = mixed(random, seen, wanted)
        loss = loss_of(reader(seen, dropout=way.dropout), wanted, exclusive, others)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        average.update(reader)
        progress.add(loss)
    return average.network


@torch.no_grad()
def said_of(reader, maps, rows):
    """Logits n x folds x k and pooled features of rows of the maps."""
    logits, pooled = [], []
    for some in numpy.array_split(rows, len(rows) // 16 + 1):
        s8, s16, s32 = reader.maps(rows_of(maps, some))
        logits.append(reader.heads(s8, s16, s32).mean((3, 4)))
        pooled.append(classifier.Strangeness.pooled(s16, s32))
    return torch.cat(logits).numpy(), torch.cat(pooled)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("name", choices=tasks.CLASSIFIERS)
    options.add_argument("--data", required=True)
    options.add_argument("--work", required=True, help="cache of unpacked data, features and checkpoints")
    options.add_argument("--imagenet", required=True, help="efficientnet-lite0-57934424.pth")
    options.add_argument("--steps", type=int)
    options.add_argument("--go-on", action="store_true", help="from the checkpoint of an earlier run")
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--only-export", action="store_true", help="of the checkpoint as it is")
    options.add_argument("--only-validate", action="store_true", help="print what calibration rests on, write nothing")
    given = options.parse_args()
    random = settle(20240612, given.threads)
    name, task = given.name, tasks.CLASSIFIERS[given.name]
    way = classifier.FINER if task.finer else classifier.FROZEN
    card = tasks.read_card(name)
    network = tasks.network_of(card, "classifier")
    names, exclusive = [one["name"] for one in network["classes"]], network["exclusive"]
    pictures = tasks.pictures_of(name, Sets(given.data, given.work))

    encoder = features.Encoder(given.imagenet, given.work)
    arrays, index, version = features.of_pictures(encoder, pictures, network, task, way.kept,
                                                  pathlib.Path(given.work, f"{name}.npz"))
    maps = [arrays[stage] for stage in way.kept]
    targets = numpy.array([[one.labels.get(label, -1) for label in names] for one in pictures], numpy.float32)
    left_out = numpy.array([left_out_by(one, way) for one in pictures])
    parts = numpy.array([one.part for one in pictures])
    reader = classifier.Reader(way, len(names), given.imagenet)
    checkpoint = pathlib.Path(given.work, f"{name}.pt")
    if given.only_export or given.go_on:
        reader.load_state_dict(torch.load(checkpoint))
    if not given.only_export:
        learnt = numpy.flatnonzero((parts != "test") & ((way.folds > 1) | (left_out < 0)))
        rows = numpy.flatnonzero(numpy.isin(index, learnt))
        of_learnt = [array[rows] for array in maps]
        if not given.go_on:
            settle_heads(random, reader, of_learnt)
        reader = train(random, reader, way, of_learnt, targets[index[rows]], left_out[index[rows]], exclusive,
                       given.steps or way.steps)
        torch.save(reader.state_dict(), checkpoint)
    reader.eval()

    held, test = (parts != "test") & (left_out >= 0), parts == "test"
    seen = {part: said_of(reader, maps, numpy.flatnonzero((version != 1) & (parts[index] == part)))[1]
            for part in ("train", "validation")}
    strangeness = classifier.Strangeness()
    strangeness.settle(seen["train"])
    network["strangeness"] = round(float(numpy.percentile(strangeness(seen["validation"]).numpy(), 99) * 1.1), 3)
    asked = held if given.only_validate else held | test
    both = [said_of(reader, maps, numpy.flatnonzero((version == side) & asked[index])) for side in (0, 1)]
    logits = numpy.zeros((len(pictures), way.folds, len(names)), numpy.float32)
    logits[asked] = (both[0][0] + both[1][0]) / 2
    out_of_fold = logits[numpy.arange(len(pictures)), left_out]
    slope, offset = calibration.fit(out_of_fold[held], targets[held], exclusive)
    believed = calibration.probabilities(out_of_fold * slope + offset, exclusive)
    calibration.set_thresholds(network, believed[held], targets[held])
    evidence.show_held(network, pictures, targets, believed, held)
    if given.only_validate:
        return

    model = classifier.Classifier(reader, strangeness, exclusive)
    model.slope.copy_(torch.tensor(slope, dtype=torch.float32).view(1, -1, 1, 1))
    model.offset.copy_(torch.tensor(offset, dtype=torch.float32).view(1, -1, 1, 1))
    export.write(name, card, network, model.eval(), "image")
    said = calibration.probabilities(logits.mean(1) * slope + offset, exclusive)
    strange = strangeness(both[0][1]).numpy()[test[asked]] > network["strangeness"]
    export.put_evidence(card, "train_classifier", evidence.of_classifier(name, network, pictures, targets, believed,
                                                                         said, left_out, test, strange))
    tasks.write_card(name, card)
    evidence.show(card)


if __name__ == "__main__":
    main()
