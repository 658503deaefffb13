#!/usr/bin/env python3
"""Fits a forest of the ECG assistant and writes its model: of rhythm classes or of 12-lead diagnoses.

The table is written by `meridian bench ecg --features FOLDER`: cinc2017_rhythm.csv or twelve_leads.csv, one line a
record with its fold, its label or labels, and its features. Extremely randomised trees (Geurts 2006) on all labels at
once; each label's share of leaves is calibrated (Platt 1999) on records that the trees have not seen, and its threshold
is the one of the best F1 there. A file beside it, MODEL_folds.json, holds the models of the five folds, each made
without its fold, with which the bench judges. Needs Debian's python3-sklearn.
"""
import argparse
import csv
import json
import pathlib

import numpy as np
from sklearn.ensemble import ExtraTreesRegressor

import logistic

FOLDS = 5
KINDS = {"rhythm": {"outputs": ["N", "A", "O", "~"], "leaves": 100, "least": 5, "features": 1.0, "trees": 50},
         "twelve_leads": {"outputs": ["NORM", "MI", "STTC", "CD", "HYP"], "leaves": 40, "least": 3, "features": 0.6,
                          "trees": 100}}
SMALLEST = 0.005  # as in src/assistants/ecg/forest_model.cpp


def read(path, outputs):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    if "label" in rows[0]:
        labels = np.array([[row["label"] == output for output in outputs] for row in rows], dtype=float)
    else:
        labels = np.array([[float(row[output]) for output in outputs] for row in rows])
    names = [name for name in rows[0] if name not in ["record", "fold", "label"] + outputs]
    features = np.array([[float(row[name]) for name in names] for row in rows])
    return names, features, labels, np.array([int(row["fold"]) for row in rows])


def grow(kind, features, labels):
    forest = ExtraTreesRegressor(kind["trees"], max_leaf_nodes=kind["leaves"], min_samples_leaf=kind["least"],
                                 max_features=kind["features"], random_state=1, n_jobs=1)
    return forest.fit(features, labels)


def logit(share):
    share = np.clip(share, SMALLEST, 1 - SMALLEST)
    return np.log(share / (1 - share))


def f1(truth, said):
    return 2 * np.sum(truth * said) / max(1, np.sum(truth) + np.sum(said))


def calibrate(shares, labels):
    """Slope and intercept a label, and the threshold of the best F1 after them."""
    calibrations, thresholds = [], []
    for k in range(labels.shape[1]):
        x = np.stack([logit(shares[:, k]), np.ones(len(shares))], axis=1)
        slope, intercept = logistic.fit(x, labels[:, k])
        p = logistic.probabilities(x, np.array([slope, intercept]))
        grid = np.arange(0.1, 0.8, 0.02)
        thresholds.append(round(float(grid[np.argmax([f1(labels[:, k], p >= t) for t in grid])]), 2))
        calibrations.append({"slope": round(float(slope), 4), "intercept": round(float(intercept), 4)})
    return calibrations, thresholds


def tree_json(tree):
    leaf = tree.children_left < 0
    value = tree.value[:, :, 0] * leaf[:, None]
    return {"feature": [int(x) for x in np.where(leaf, 0, tree.feature)],
            "threshold": [float(f"{x:.6g}") for x in np.where(leaf, 0, tree.threshold)],
            "left": [int(x) for x in np.where(leaf, 0, tree.children_left)],
            "right": [int(x) for x in np.where(leaf, 0, tree.children_right)],
            "value": [float(f"{x:.3g}") for x in value.ravel()]}


def make(kind, names, features, labels, fold):
    """The model of these records; calibrated on shares from forests grown without the record's fold."""
    shares = np.zeros_like(labels)
    for k in np.unique(fold):
        shares[fold == k] = grow(kind, features[fold != k], labels[fold != k]).predict(features[fold == k])
    calibrations, thresholds = calibrate(shares, labels)
    forest = grow(kind, features, labels)
    return {"features": names, "outputs": kind["outputs"], "calibrations": calibrations, "thresholds": thresholds,
            "trees": [tree_json(tree.tree_) for tree in forest.estimators_]}


def write(path, content):
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("features", type=pathlib.Path)
    parser.add_argument("model", nargs="?", type=pathlib.Path)
    arguments = parser.parse_args()
    kind = KINDS[arguments.kind]
    names, features, labels, fold = read(arguments.features, kind["outputs"])
    model = make(kind, names, features, labels, fold)
    folds = []
    for k in range(FOLDS):
        others = fold != k
        folds.append(make(kind, names, features[others], labels[others], fold[others]))
    path = arguments.model or pathlib.Path("models") / f"ecg_{arguments.kind}.json"
    write(path, model)
    write(path.with_name(path.stem + "_folds.json"), {"folds": folds})
    print(f"{len(labels)} records, {len(names)} features, {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
