#!/usr/bin/env python3
"""Fits the ECG assistant's beat classes (N, S, V, F) and writes models/ecg_beats.json.

mitdb_beat_features.csv is written by `meridian bench ecg --features FOLDER`: one line a beat of the training records
(DS1 of de Chazal, O'Dwyer and Reilly 2004), with its record, its AAMI class and its features. Gradient-boosted trees;
rounds and class weights are those of the best mean F1 of S and V when records are left out in turn (six parts). The
test records (DS2) are not in the table. Needs Debian's python3-sklearn.
"""
import argparse
import csv
import itertools
import json

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

CLASSES = "NSVF"
PARTS = 6
THINNING = 6  # every sixth N beat is learnt from, with six times the weight
# Absolute times tell the patients of so few records apart, not the beats.
LEFT_OUT = ("local_rr", "width", "usual_width")
ROUNDS = (20, 40, 80)
BALANCES = (0.0, 0.3, 0.5)  # exponent of the classes' inverse frequency as their weight


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["label"] in CLASSES]
    names = [name for name in rows[0] if name not in ("record", "label") + LEFT_OUT]
    features = np.array([[float(row[name]) for name in names] for row in rows])
    return names, features, np.array([CLASSES.index(row["label"]) for row in rows]), [row["record"] for row in rows]


def parts_by_record(records, classes):
    """Records with many S beats go to different parts."""
    rare = {record: 0 for record in sorted(set(records))}
    for record, name in zip(records, classes):
        rare[record] += name == CLASSES.index("S")
    order = sorted(rare, key=lambda record: -rare[record])
    part = {record: i % PARTS for i, record in enumerate(order)}
    return np.array([part[record] for record in records])


def fit(features, classes, rounds, balance):
    learnt = np.where((classes != 0) | (np.arange(len(classes)) % THINNING == 0))[0]
    count = np.bincount(classes, minlength=len(CLASSES))
    weight = (len(classes) / count[classes[learnt]]) ** balance * np.where(classes[learnt] == 0, THINNING, 1)
    model = HistGradientBoostingClassifier(max_iter=rounds, learning_rate=0.12, max_leaf_nodes=8, min_samples_leaf=30,
                                           l2_regularization=5, early_stopping=False)
    return model.fit(features[learnt], classes[learnt], sample_weight=weight)


def f1(truth, said, name):
    k = CLASSES.index(name)
    return 2 * np.sum((truth == k) & (said == k)) / (np.sum(truth == k) + np.sum(said == k))


def cross_validate(features, classes, part, rounds, balance):
    said = np.zeros_like(classes)
    for k in range(PARTS):
        said[part == k] = fit(features[part != k], classes[part != k], rounds, balance).predict(features[part == k])
    return f1(classes, said, "S"), f1(classes, said, "V")


def tree_json(predictor):
    nodes = predictor.nodes
    return {"feature": [int(n["feature_idx"]) for n in nodes],
            "threshold": [float(f"{0.0 if n['is_leaf'] else n['num_threshold']:.6g}") for n in nodes],
            "left": [int(n["left"]) for n in nodes], "right": [int(n["right"]) for n in nodes],
            "value": [float(f"{n['value'] if n['is_leaf'] else 0.0:.6g}") for n in nodes]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features")
    parser.add_argument("model", nargs="?", default="models/ecg_beats.json")
    arguments = parser.parse_args()
    names, features, classes, records = read(arguments.features)
    part = parts_by_record(records, classes)
    best = None
    for rounds, balance in itertools.product(ROUNDS, BALANCES):
        s, v = cross_validate(features, classes, part, rounds, balance)
        print(f"rounds {rounds}, balance {balance}: F1 of S {s:.3f}, of V {v:.3f}", flush=True)
        if best is None or s + v > best[0]:
            best = (s + v, rounds, balance)
    model = fit(features, classes, *best[1:])
    # Only scikit-learn's private members hold the trees (as of version 1.2).
    content = {"features": names, "classes": CLASSES,
               "baseline": [round(float(x), 6) for x in np.ravel(model._baseline_prediction)],
               "rounds": [[tree_json(tree) for tree in trees] for trees in model._predictors]}
    with open(arguments.model, "w", encoding="utf-8") as file:
        json.dump(content, file, separators=(",", ":"))
        file.write("\n")
    print(f"{len(classes)} beats; rounds {best[1]}, balance {best[2]}")


if __name__ == "__main__":
    main()
