"""Writes a network as ONNX, its digest and evidence into the card, and what it makes of a drawing for the parity
test (docs/decisions/0007)."""
import hashlib
import json
import pathlib

import numpy
import onnxruntime
import torch

from training.common import onnx_export
from training.imaging import prepare

OUTPUTS = {"classifier": ["probabilities", "places", "strangeness"], "segmenter": ["masks"], "volume": ["masks"]}
PARITY = pathlib.Path("tests/assistants/imaging")
TRAINING = "python3 -m training.imaging.train_"


def drawing(colour):
    ys, xs = numpy.mgrid[0:300, 0:260]
    planes = [numpy.minimum(255, (3 * xs * xs + 5 * ys * ys + xs * ys + 101 * c) % 997 // 8 + (xs + ys) // 5)
              for c in range(3)]
    return (planes[0] if colour == "grey" else numpy.stack(planes, 2)).astype(numpy.uint8)


def drawn_volume():
    z, y, x = numpy.mgrid[0:36, 0:50, 0:34]
    return ((3 * x * x + 5 * y * y + 7 * z * z + x * y * z) % 997).astype(numpy.float32)


def parity_input(network):
    settings = network["prepare"]
    if network["kind"] == "volume":
        return prepare.prepare_volume(drawn_volume(), settings["size"])[None, None]
    picture = drawing(network["colour"])
    if settings["fit"] == "tile":
        picture = prepare.equalise(picture, settings["equalise"], settings["size"])
        return prepare.tiles(picture, settings["size"])[0][:1]
    return prepare.prepare(picture, settings).pixels[None]


def sampled(values, network):
    if values.ndim < 4 or min(values.shape[2:]) < 20:
        return values
    return values[..., ::4, ::4, ::4] if network["kind"] == "volume" else values[..., ::16, ::16]


def numbers(values):
    return [float(f"{value:.6g}") for value in numpy.asarray(values).ravel()]


def write_parity(network, path):
    image = parity_input(network)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    outputs = dict(zip(names, session.run(names, {session.get_inputs()[0].name: image})))
    held = {"model": path.name, "input": numbers(sampled(image, network)),
            "outputs": {name: numbers(sampled(values, network)) for name, values in outputs.items()}}
    PARITY.mkdir(parents=True, exist_ok=True)
    PARITY.joinpath(f"{path.stem}.json").write_text(json.dumps(held) + "\n", encoding="utf-8")


def drop_stale(card):
    """What was measured with a model that is another now: all but what the training scripts say, each of which
    replaces its own and measures a network that the others do not write."""
    card["evidence"] = [one for one in card["evidence"] if one["command"].startswith(TRAINING)]


def put_evidence(card, script, entries):
    """In the place of what the script (train_NAME) said before."""
    old = card["evidence"]
    is_own = [one["command"].startswith(f"python3 -m training.imaging.{script}") for one in old]
    place = is_own.index(True) if any(is_own) else len(old)
    card["evidence"] = old[:place] + entries + [one for one, own in zip(old[place:], is_own[place:]) if not own]


def write(name, card, network, model, input_name):
    """models/NETWORK.onnx, the card's digests and the parity numbers; gives the model's path. Evidence of a model
    that becomes another is dropped."""
    path = pathlib.Path("models", network["model"])
    example = torch.from_numpy(parity_input(network))
    if input_name == "image":
        example = example.repeat(2, 1, 1, 1)
    outputs = OUTPUTS[network["kind"]]
    onnx_export.export(model, example, path, outputs, input_name, batches=input_name == "image")
    names = [one["model"] for one in card["imaging"]]
    before = card.get("models")
    card["models"] = [{"file": one, "sha256": hashlib.sha256(pathlib.Path("models", one).read_bytes()).hexdigest()}
                      for one in names if pathlib.Path("models", one).exists()]
    if card["models"] != before:
        drop_stale(card)
    write_parity(network, path)
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB", flush=True)
    return path


def evidence(script, data, part, part_in_chinese, figures):
    return {"data": data, "part": {"en": f"{part} (training/common/split.py)",
                                   "zh": f"{part_in_chinese}（training/common/split.py）"},
            "command": f"python3 -m training.imaging.{script}", "metrics": figures}
