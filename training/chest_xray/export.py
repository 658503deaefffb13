"""Calibrates the reader, chooses the operating point, writes the models and the numbers for the parity test.

Calibration and operating point come from the validation part alone. The test part is measured by
`meridian bench film`, with the program that ships, not here.
"""
import argparse
import json
import pathlib

import numpy
import torch
from torch import nn

from training.chest_xray import film, films
from training.chest_xray.lungs import find_lungs, load_gate
from training.chest_xray.networks import Reader
from training.common import metrics
from training.common.onnx_export import export

WANTED_SENSITIVITY = 0.90  # least of a triage test: WHO, High-priority target product profiles for TB, 2014


class GateModel(nn.Module):
    """film 1 x 1 x 224 x 224 -> kinds 1 x 4 (probabilities), lungs 1 x 1 x 112 x 112 (probabilities)."""

    def __init__(self, gate):
        super().__init__()
        self.gate = gate

    def forward(self, x):
        kinds, lungs = self.gate(x)
        return torch.softmax(kinds, 1), torch.sigmoid(lungs)


class ReaderModel(nn.Module):
    """film 1 x 1 x 256 x 256 -> probability 1, places 1 x 1 x 8 x 8 (calibrated log-odds; their mean is the
    probability's). The film and its mirror image are read, and their places averaged."""

    def __init__(self, readers, slope, offset):
        super().__init__()
        self.readers, self.slope, self.offset = nn.ModuleList(readers), slope, offset

    def forward(self, x):
        pair = torch.cat([x, torch.flip(x, [3])])
        places = sum(reader(pair)[1] for reader in self.readers) / len(self.readers)
        places = (places[:1] + torch.flip(places[1:], [3])) / 2 * self.slope + self.offset
        return torch.sigmoid(places.mean((1, 2, 3))), places


def reader_inputs(gate, chosen):
    """As the program makes them, from the lungs that the gate finds; films without lungs are left out."""
    inputs, labels = [], []
    for one in chosen:
        pixels = one.pixels()
        mask = find_lungs(gate, pixels)
        if mask.any():
            inputs.append(film.reader_input(pixels, film.lung_box(mask, pixels.shape)))
            labels.append(one.label)
    return torch.from_numpy(numpy.stack(inputs))[:, None], numpy.array(labels)


@torch.no_grad()
def log_odds(model, inputs):
    return numpy.array([float(model(one[None])[1].mean()) for one in inputs])


def platt(scores, labels):
    """Slope and offset of Platt 1999, with its softened targets."""
    positives, negatives = labels.sum(), (1 - labels).sum()
    target = torch.tensor(numpy.where(labels == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2)))
    x, line = torch.tensor(scores), torch.tensor([1.0, 0.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([line], max_iter=200)

    def step():
        optimizer.zero_grad()
        loss = nn.functional.binary_cross_entropy_with_logits(x * line[0] + line[1], target)
        loss.backward()
        return loss

    optimizer.step(step)
    return float(line[0]), float(line[1])


def operating_point(probabilities, labels):
    """The middle between the last positive needed for the wanted sensitivity and the next score below it."""
    positives = numpy.sort(probabilities[labels == 1])[::-1]
    needed = positives[int(numpy.ceil(WANTED_SENSITIVITY * len(positives))) - 1]
    below = probabilities[probabilities < needed]
    middle = (needed + below.max()) / 2 if len(below) else needed
    return float(numpy.floor(middle * 1000) / 1000)


def drawing():
    """A picture of whole numbers, the same in every language: tests/assistants draws it again."""
    ys, xs = numpy.mgrid[0:300, 0:260]
    return (((xs * xs * 3 + ys * ys * 5 + xs * ys) % 997) / 1994 + (xs + ys) / 1120).astype(numpy.float32)


def parity_header(gate_model, reader_model):
    """C++ constants: what these scripts make of the drawing."""
    picture, box = drawing(), (20, 30, 240, 280)
    seen_by_gate, seen_by_reader = film.gate_input(picture), film.reader_input(picture, box)
    with torch.no_grad():
        kinds, lungs = gate_model(torch.from_numpy(seen_by_gate)[None, None])
        probability, places = reader_model(torch.from_numpy(seen_by_reader)[None, None])

    def constants(name, values):
        numbers = ", ".join(f"{float(v):.6g}" for v in numpy.asarray(values).ravel())
        return f"inline const std::vector<float> {name}{{{numbers}}};\n"

    return ("// Written by training/chest_xray/export.py: what it makes of the drawing in parity_test.cpp.\n"
            "// clang-format off\n#pragma once\n#include <vector>\n\nnamespace meridian::assistants::chest_xray::parity {\n\n"
            "// Every 28th pixel of every 28th row, and every 32nd.\n" +
            constants("kGateInput", seen_by_gate[::28, ::28]) +
            constants("kReaderInput", seen_by_reader[::32, ::32]) + constants("kKinds", kinds) +
            constants("kLungs", lungs[0, 0, ::16, ::16]) +
            constants("kProbability", probability) + constants("kPlaces", places) +
            "\n}  // namespace meridian::assistants::chest_xray::parity\n")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", required=True)
    options.add_argument("--work", required=True, help="holds gate.pt and the readers")
    options.add_argument("--readers", nargs="+", default=["reader.pt"], help="their places are averaged")
    options.add_argument("--models", default="models")
    options.add_argument("--parity", default="tests/assistants/chest_xray/parity.h")
    given = options.parse_args()

    gate, readers = load_gate(f"{given.work}/gate.pt"), []
    for name in given.readers:
        readers.append(Reader().eval())
        readers[-1].load_state_dict(torch.load(f"{given.work}/{name}", map_location="cpu"))
    validation = [one for one in films.shenzhen(given.data, given.work) if one.part == "validation"]
    inputs, labels = reader_inputs(gate, validation)
    scores = log_odds(ReaderModel(readers, 1.0, 0.0), inputs)
    slope, offset = platt(scores, labels)
    probabilities = 1 / (1 + numpy.exp(-(slope * scores + offset)))
    threshold = operating_point(probabilities, labels)
    print(f"validation: {len(labels)} of {len(validation)} films, AUC {metrics.auc_interval(scores, labels)}")
    print(f"slope {slope:.4f} offset {offset:.4f} calibration error "
          f"{metrics.calibration_error(probabilities, labels, 5):.3f}")
    print(f"threshold {threshold}: sensitivity {(probabilities[labels == 1] >= threshold).mean():.3f} "
          f"specificity {(probabilities[labels == 0] < threshold).mean():.3f}")

    models = pathlib.Path(given.models)
    models.mkdir(exist_ok=True)
    gate_model, reader_model = GateModel(gate).eval(), ReaderModel(readers, slope, offset).eval()
    export(gate_model, torch.zeros(1, 1, film.GATE_SIZE, film.GATE_SIZE), models / "chest_xray_gate.onnx",
           ["kinds", "lungs"])
    export(reader_model, torch.zeros(1, 1, film.CROP_SIZE, film.CROP_SIZE), models / "chest_xray_reader.onnx",
           ["probability", "places"])
    pathlib.Path(given.parity).write_text(parity_header(gate_model, reader_model), encoding="utf-8")
    why = {"en": f"chosen on the {len(labels)} validation films for a sensitivity of {WANTED_SENSITIVITY:.0%} or "
                 "more, the least that WHO's target product profile of 2014 asks of a triage test",
           "zh": f"在{len(labels)}张验证胸片上选择，使敏感度不低于{WANTED_SENSITIVITY:.0%}，"
                 "即世界卫生组织2014年目标产品特性对分诊检测的最低要求"}
    point = json.dumps({"threshold": threshold, "why": why})
    pathlib.Path(given.work, "operating_point.json").write_text(point)


if __name__ == "__main__":
    main()
