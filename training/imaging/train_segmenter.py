"""Trains a segmenter's encoder and decoder, writes model and card.

    python3 -m training.imaging.train_segmenter NAME --data $D --work $C --imagenet $W

The encoder's first stages stay as ImageNet made them; what follows learns from the train and validation parts, which
are too small to choose by. With --only-validate it learns from the train part, to judge a setting by the other.
"""
import argparse
import zlib

import cv2
import numpy
import torch
from torch.nn import functional

from training.common.loop import Average, Progress, Schedule, channels_last, learning, settle
from training.imaging import export, features, masks, measures, prepare, segmenter, tasks
from training.imaging.sets import Sets
from training.imaging.unet import dice_loss
from training.imaging.vary import varied

STEPS, BATCH, DROPOUT, SMOOTHING = 450, 8, 0.1, 0.98
ENCODER_RATE, DECODER_RATE, DECAY = 4e-4, 2e-3, 5e-2
VERSIONS = 12              # random versions of each picture that is learnt from
DEGREES = {"polyp": 180, "breast_us": 20}
MIRRORED = {"polyp": False, "breast_us": True}  # live pictures leave no time for a second look
THRESHOLD, SCALE = 0.5, 0.25


def pictures_of(name, sets):
    chosen = sets.polyps() if name == "polyp" else sets.breast()
    return [one for one in chosen if one.mask]


def looks(picture, network, degrees):
    """Inputs and masks: as it is, then random versions of a picture that is learnt from. The same each time."""
    settings, mask = network["prepare"], masks.drawn(picture.mask)
    pixels = prepare.load(picture.path, network["colour"])
    seen = prepare.prepare(pixels, settings)
    images, drawn = [seen.pixels], [masks.as_input(mask, seen, settings["size"])]
    random = numpy.random.default_rng(zlib.crc32(picture.path.name.encode()))
    left, top, right, bottom = seen.box
    cut = mask[top:bottom, left:right].astype(numpy.uint8)
    for _ in range(VERSIONS):
        moved, moved_mask = varied(random, pixels[top:bottom, left:right], settings["size"], cut, degrees,
                                   network["colour"] == "grey", SCALE)
        square, place = prepare.fit(moved, settings)
        whole = prepare.Prepared(None, (0, 0) + moved_mask.shape[::-1], place)
        images.append(prepare.channels_first(square))
        drawn.append(masks.as_input(moved_mask, whole, settings["size"]))
    return numpy.stack(images), numpy.stack(drawn)


def learnable(encoder, pictures, network, degrees):
    """The stages' maps and the masks at a quarter of the side, row by row."""
    rows, drawn = [[] for _ in segmenter.STAGES], []
    for number, picture in enumerate(pictures):
        images, marked = looks(picture, network, degrees)
        for list_of_maps, maps in zip(rows, encoder.maps(images, segmenter.STAGES)):
            list_of_maps.append(maps)
        quarter = (network["prepare"]["size"] // 4,) * 2
        drawn += [cv2.resize(mask, quarter, interpolation=cv2.INTER_AREA) for mask in marked]
        if number % 50 == 0:
            print(f"{number} of {len(pictures)}", flush=True)
    return [numpy.concatenate(maps) for maps in rows], numpy.stack(drawn)[:, None]


def train(random, model, maps, drawn, path, steps):
    model = channels_last(model)
    average = Average(model, SMOOTHING)
    optimizer = torch.optim.AdamW([{"params": learning(model.encoder), "lr": ENCODER_RATE},
                                   {"params": model.decoder.parameters(), "lr": DECODER_RATE}], weight_decay=DECAY)
    schedule, progress = Schedule(optimizer, steps), Progress()
    model.train()
    for _ in range(steps):
        rows = random.choice(len(drawn), BATCH, replace=False)
        seen = [channels_last(torch.from_numpy(array[rows].astype(numpy.float32))) for array in maps]
        logits = model.logits(*seen, dropout=DROPOUT)
        target = torch.from_numpy(drawn[rows])
        loss = (functional.binary_cross_entropy_with_logits(logits, target) +
                dice_loss(torch.sigmoid(logits), target))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        average.update(model)
        if progress.add(loss):
            torch.save(average.state(), path)
    torch.save(average.state(), path)


@torch.no_grad()
def found_masks(model, pictures, network):
    """Each picture's probabilities in its own frame, and what was drawn."""
    for picture in pictures:
        pixels, truth = prepare.load(picture.path, network["colour"]), masks.drawn(picture.mask)
        seen = prepare.prepare(pixels, network["prepare"])
        found = model(torch.from_numpy(seen.pixels)[None])[0, 0].numpy()
        yield masks.as_picture(found, seen, truth.shape), truth


def is_hit(found, truth):
    """Whether the centre of something found lies in what was drawn (Bernal et al., IEEE TMI 2017; 36: 1231-1249)."""
    centres = cv2.connectedComponentsWithStats(found.astype(numpy.uint8))[3][1:]
    return any(truth[round(y), round(x)] for x, y in centres)


def measured(model, pictures, network):
    rows = []
    for probabilities, truth in found_masks(model, pictures, network):
        found = probabilities >= THRESHOLD
        rows.append([masks.dice(found, truth), (found & truth).sum() / truth.sum(), is_hit(found, truth)])
    keys, names = [one.key for one in pictures], ("Dice", "sensitivity, pixels", "sensitivity, frames")
    return [measures.mean(name, values, keys) for name, values in zip(names, numpy.array(rows, float).T)]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("name", choices=DEGREES)
    options.add_argument("--data", required=True)
    options.add_argument("--work", required=True, help="cache of unpacked data and checkpoints")
    options.add_argument("--imagenet", required=True, help="efficientnet-lite0-57934424.pth")
    options.add_argument("--steps", type=int, default=STEPS)
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--only-export", action="store_true", help="of the checkpoint as it is")
    options.add_argument("--only-validate", action="store_true",
                         help="learn from the train part, into a checkpoint of its own; write no model")
    given = options.parse_args()
    random, name = settle(20240613, given.threads), given.name
    card = tasks.read_card(name)
    network = tasks.network_of(card, "segmenter")
    pictures = pictures_of(name, Sets(given.data, given.work))
    by_part = {part: [one for one in pictures if one.part == part] for part in ("train", "validation", "test")}
    checkpoint = tasks.checkpoint(given.work, f"{name}_segmenter", given.only_validate)
    model = segmenter.Segmenter(1, MIRRORED[name])
    model.encoder.load_imagenet(given.imagenet)
    if not given.only_export:
        encoder = features.Encoder(given.imagenet, given.work)
        learnt = by_part["train"] + ([] if given.only_validate else by_part["validation"])
        train(random, model, *learnable(encoder, learnt, network, DEGREES[name]), checkpoint, given.steps)
    model.load_state_dict(torch.load(checkpoint))
    model.eval()
    network["classes"][0]["threshold"] = THRESHOLD
    judged = by_part["validation" if given.only_validate else "test"]
    judged = [one for one in judged if masks.drawn(one.mask).any()]
    figures = measured(model, judged, network)
    for one in figures:
        print(one["name"]["en"], one["value"], one["interval"], flush=True)
    if given.only_validate:
        return
    export.write(name, card, network, model, "image")
    groups = len({one.key for one in judged})
    entry = export.evidence(f"train_segmenter {name}", judged[0].data_set,
                            f"test part, {len(judged)} pictures of {groups} groups",
                            f"测试部分，{groups}个分组共{len(judged)}幅", figures)
    export.put_evidence(card, "train_segmenter", [entry])
    tasks.write_card(name, card)


if __name__ == "__main__":
    main()
