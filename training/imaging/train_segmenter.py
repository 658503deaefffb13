"""Trains a segmenter's decoder on what the encoder sees, writes model and card.

    python3 -m training.imaging.train_segmenter NAME --data $D --work $C --imagenet $W

The decoder learns from the train part; the threshold comes from the validation part. With --last it then goes on
from its checkpoint with both parts, and the threshold stays.
"""
import argparse
import pathlib
import zlib

import cv2
import numpy
import torch
from torch.nn import functional

from training.common.loop import Average, Progress, Schedule, settle
from training.imaging import export, features, masks, measures, prepare, segmenter, tasks
from training.imaging.sets import Sets
from training.imaging.unet import dice_loss
from training.imaging.vary import varied

STEPS, BATCH, RATE, DECAY, DROPOUT, SMOOTHING = 700, 8, 2e-3, 5e-2, 0.1, 0.98
VERSIONS = {"polyp": 6, "breast_us": 8}  # random versions of each picture that is learnt from
THRESHOLDS = numpy.arange(0.2, 0.81, 0.05)


def pictures_of(name, sets):
    chosen = sets.polyps() if name == "polyp" else sets.breast()
    return [one for one in chosen if one.mask]


def looks(picture, network, versions):
    """Inputs and masks: as it is, then random versions of a picture that is learnt from. The same each time."""
    settings, mask = network["prepare"], masks.drawn(picture.mask)
    pixels = prepare.load(picture.path, network["colour"])
    seen = prepare.prepare(pixels, settings)
    images, drawn = [seen.pixels], [masks.as_input(mask, seen, settings["size"])]
    random = numpy.random.default_rng(zlib.crc32(picture.path.name.encode()))
    left, top, right, bottom = seen.box
    cut = mask[top:bottom, left:right].astype(numpy.uint8)
    for _ in range(versions):
        moved, moved_mask = varied(random, pixels[top:bottom, left:right], settings["size"], cut, degrees=25,
                                   upright=network["colour"] == "grey")
        square, place = prepare.fit(moved, settings)
        whole = prepare.Prepared(None, (0, 0) + moved_mask.shape[::-1], place)
        images.append(prepare.channels_first(square))
        drawn.append(masks.as_input(moved_mask, whole, settings["size"]))
    return numpy.stack(images), numpy.stack(drawn)


def learnable(encoder, pictures, network, versions):
    """The stages' maps and the masks at a quarter of the side, row by row."""
    rows, drawn = [[] for _ in segmenter.STAGES], []
    for number, picture in enumerate(pictures):
        images, marked = looks(picture, network, versions)
        for list_of_maps, maps in zip(rows, encoder.maps(images, segmenter.STAGES)):
            list_of_maps.append(maps)
        quarter = (network["prepare"]["size"] // 4,) * 2
        drawn += [cv2.resize(mask, quarter, interpolation=cv2.INTER_AREA) for mask in marked]
        if number % 50 == 0:
            print(f"{number} of {len(pictures)}", flush=True)
    return [numpy.concatenate(maps) for maps in rows], numpy.stack(drawn)[:, None]


def train(random, maps, drawn, path, steps, goes_on):
    decoder = segmenter.Decoder(1)
    if goes_on:
        decoder.load_state_dict(torch.load(path))
    average = Average(decoder, SMOOTHING)
    optimizer = torch.optim.AdamW(decoder.parameters(), lr=RATE, weight_decay=DECAY)
    schedule, progress = Schedule(optimizer, steps), Progress()
    decoder.train()
    for _ in range(steps):
        rows = random.choice(len(drawn), BATCH, replace=False)
        logits = decoder(*(torch.from_numpy(array[rows].astype(numpy.float32)) for array in maps), dropout=DROPOUT)
        target = torch.from_numpy(drawn[rows])
        loss = (functional.binary_cross_entropy_with_logits(logits, target) +
                dice_loss(torch.sigmoid(logits), target))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        average.update(decoder)
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


def measured(model, pictures, network):
    threshold, rows = network["classes"][0]["threshold"], []
    for probabilities, truth in found_masks(model, pictures, network):
        found = probabilities >= threshold
        rows.append([masks.dice(found, truth), (found & truth).sum() / truth.sum(), (found & truth).any()])
    keys, (dice, covered, hit) = [one.key for one in pictures], numpy.array(rows, float).T
    return [measures.mean("Dice", dice, keys), measures.mean("sensitivity, pixels", covered, keys),
            measures.mean("lesions touched", hit, keys)]


def best_threshold(model, pictures, network):
    pairs = list(found_masks(model, pictures, network))
    values = [numpy.mean([masks.dice(found >= cut, truth) for found, truth in pairs]) for cut in THRESHOLDS]
    print("validation Dice", [round(value, 3) for value in values], flush=True)
    return round(float(THRESHOLDS[int(numpy.argmax(values))]), 2)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("name", choices=VERSIONS)
    options.add_argument("--data", required=True)
    options.add_argument("--work", required=True, help="cache of unpacked data and checkpoints")
    options.add_argument("--imagenet", required=True, help="efficientnet-lite0-57934424.pth")
    options.add_argument("--steps", type=int, default=STEPS)
    options.add_argument("--go-on", action="store_true", help="from the checkpoint of an earlier run")
    options.add_argument("--last", action="store_true", help="go on, and learn from the validation part too")
    options.add_argument("--only-export", action="store_true", help="of the checkpoint as it is")
    given = options.parse_args()
    random, name = settle(20240613, 1), given.name
    card = tasks.read_card(name)
    network = tasks.network_of(card, "segmenter")
    pictures = pictures_of(name, Sets(given.data, given.work))
    by_part = {part: [one for one in pictures if one.part == part] for part in ("train", "validation", "test")}
    checkpoint = pathlib.Path(given.work, f"{name}_decoder.pt")
    if not given.only_export:
        encoder = features.Encoder(given.imagenet, given.work)
        learnt = by_part["train"] + (by_part["validation"] if given.last else [])
        maps, drawn = learnable(encoder, learnt, network, VERSIONS[name])
        train(random, maps, drawn, checkpoint, given.steps, given.go_on or given.last)
    decoder = segmenter.Decoder(1)
    decoder.load_state_dict(torch.load(checkpoint))
    model = segmenter.Segmenter(decoder)
    model.encoder.load_imagenet(given.imagenet)
    model.eval()
    with_lesion = {part: [one for one in some if masks.drawn(one.mask).any()] for part, some in by_part.items()}
    if not given.last:
        network["classes"][0]["threshold"] = best_threshold(model, with_lesion["validation"], network)
    export.write(name, card, network, model, "image")
    test = with_lesion["test"]
    entry = export.evidence(f"train_segmenter {name}", test[0].data_set,
                            f"test part, {len(test)} pictures of {len({one.key for one in test})} groups",
                            f"测试部分，{len({one.key for one in test})}个分组共{len(test)}幅",
                            measured(model, test, network))
    card["evidence"] = [one for one in card["evidence"] if "train_segmenter" not in one["command"]] + [entry]
    tasks.write_card(name, card)
    for one in entry["metrics"]:
        print(one["name"]["en"], one["value"], one["interval"])


if __name__ == "__main__":
    main()
