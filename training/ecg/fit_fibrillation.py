#!/usr/bin/env python3
"""Fits the ECG assistant's probability of atrial fibrillation and writes models/ecg_fibrillation.json.

features.csv is written by `meridian bench ecg` (one line a CinC 2017 record: its name, whether it belongs to the test
part, its label and its features). Records of the test part are not looked at. A logistic regression on the
standardised features and their squares; the operating point is the one of the best F1 in a 5-fold cross-validation.
Needs Debian's python3-numpy.
"""
import argparse
import csv
import json

import numpy as np

import logistic

FOLDS = 5


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["part"] == "train"]
    names = [name for name in rows[0] if name not in ("record", "part", "label")]
    features = np.array([[float(row[name]) for name in names] for row in rows])
    return names, features, np.array([row["label"] == "A" for row in rows], dtype=float)


def f1(truth, said):
    return 2 * np.sum(truth * said) / max(1, np.sum(truth) + np.sum(said))


def best_threshold(x, y):
    fold = np.arange(len(y)) % FOLDS
    p = np.zeros(len(y))
    for k in range(FOLDS):
        p[fold == k] = logistic.probabilities(x[fold == k], logistic.fit(x[fold != k], y[fold != k]))
    grid = np.arange(0.2, 0.8, 0.01)
    scores = [f1(y, p >= threshold) for threshold in grid]
    return float(grid[int(np.argmax(scores))]), max(scores)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features")
    parser.add_argument("model", nargs="?", default="models/ecg_fibrillation.json")
    arguments = parser.parse_args()
    names, features, y = read(arguments.features)
    mean, deviation = features.mean(0), features.std(0)
    x = logistic.terms(features, mean, deviation)
    weights = logistic.fit(x, y)
    threshold, score = best_threshold(x, y)
    model = logistic.model_json(names, mean, deviation, weights)
    with open(arguments.model, "w", encoding="utf-8") as file:
        json.dump(model, file, indent=1)
        file.write("\n")
    print(f"{len(y)} records, {int(y.sum())} with atrial fibrillation; threshold {threshold:.2f}, "
          f"cross-validated F1 {score:.3f}")


if __name__ == "__main__":
    main()
