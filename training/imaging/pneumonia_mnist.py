"""Measures chest_pneumonia on PneumoniaMNIST's official validation part (28 pixels) and writes it into the card.

    python3 -m training.imaging.pneumonia_mnist --data $D --work $C

Its children are Kermany's, so that some pictures may have been learnt from: those that correlate with one of them
are left out of the second figure (docs/decisions/0007).
"""
import argparse
import pathlib

import cv2
import numpy
import onnxruntime

from training.imaging import evidence, export, measures, prepare, tasks
from training.imaging.sets import Sets

NAME, ALIKE = "chest_pneumonia", 0.94
WIDTHS = (1.0, 0.9, 0.8, 0.7, 0.6)  # MNIST's pictures are the middle square, Kermany's here the whole, squeezed


def standardised(pictures):
    rows = numpy.stack([picture.ravel() for picture in pictures]).astype(numpy.float32)
    rows -= rows.mean(1, keepdims=True)
    return rows / numpy.linalg.norm(rows, axis=1, keepdims=True)


def middle(picture, share):
    """The middle of a picture's width at 28 pixels."""
    margin = round(picture.shape[1] * (1 - share) / 2)
    return cv2.resize(picture[:, margin:picture.shape[1] - margin], (28, 28), interpolation=cv2.INTER_AREA)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", required=True)
    options.add_argument("--work", required=True)
    given = options.parse_args()
    card = tasks.read_card(NAME)
    network = tasks.network_of(card, "classifier")
    stored = numpy.load(pathlib.Path(given.data, "img", "pneumoniamnist_train_val.npz"))
    pictures, labels = stored["val_images"], stored["val_labels"].ravel().astype(int)
    session = onnxruntime.InferenceSession(str(pathlib.Path("models", network["model"])))
    images = (prepare.prepare(one, network["prepare"]).pixels[None] for one in pictures)
    scores = numpy.array([session.run(["probabilities"], {"image": image})[0][0, 0] for image in images])
    learnt = [middle(prepare.load(one.path, "grey"), share) for share in WIDTHS
              for one in Sets(given.data, given.work).kermany() if one.part != "test"]
    new = (standardised(pictures) @ standardised(learnt).T).max(1) < ALIKE
    figures = [measures.area("PneumoniaMNIST, official validation part: AUC", scores, labels),
               measures.area("PneumoniaMNIST, without pictures learnt from: AUC", scores[new], labels[new])]
    entry = export.evidence("pneumonia_mnist", "PneumoniaMNIST, official validation part",
                            f"{len(labels)} pictures of 28 pixels, {labels.sum()} with pneumonia",
                            f"28像素图像{len(labels)}幅，其中肺炎{labels.sum()}幅", figures)
    export.put_evidence(card, "pneumonia_mnist", [entry])
    tasks.write_card(NAME, card)
    evidence.show(card)


if __name__ == "__main__":
    main()
