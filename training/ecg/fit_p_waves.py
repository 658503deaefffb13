#!/usr/bin/env python3
"""Fits the ECG assistant's judgement of P waves and writes models/ecg_p_waves.json.

ludb_p_waves.csv is written by `meridian bench ecg --features FOLDER`: one line a beat of LUDB with what was taken for
its P wave, whether people marked one there, and its features. A logistic regression on the standardised features; the
file also holds the models of five folds (record number modulo 5), each fitted without its fold, with which the bench
judges. Needs Debian's python3-numpy.
"""
import argparse
import csv
import json

import numpy as np

import logistic

FOLDS = 5
RIDGE = 3.0


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [name for name in rows[0] if name not in ("record", "label")]
    features = np.array([[float(row[name]) for name in names] for row in rows])
    fold = np.array([int(row["record"]) % FOLDS for row in rows])
    return names, features, np.array([int(row["label"]) for row in rows], dtype=float), fold


def fit(names, features, y):
    mean, deviation = features.mean(0), features.std(0)
    weights = logistic.fit(logistic.terms(features, mean, deviation, squares=False), y, RIDGE)
    return logistic.model_json(names, mean, deviation, weights), (mean, deviation, weights)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features")
    parser.add_argument("model", nargs="?", default="models/ecg_p_waves.json")
    arguments = parser.parse_args()
    names, features, y, fold = read(arguments.features)
    model, _ = fit(names, features, y)
    model["folds"], right = [], 0
    for k in range(FOLDS):
        part, (mean, deviation, weights) = fit(names, features[fold != k], y[fold != k])
        model["folds"].append(part)
        x = logistic.terms(features[fold == k], mean, deviation, squares=False)
        right += np.sum((logistic.probabilities(x, weights) >= 0.5) == (y[fold == k] == 1))
    with open(arguments.model, "w", encoding="utf-8") as file:
        json.dump(model, file, indent=1)
        file.write("\n")
    print(f"{len(y)} beats, {int(y.sum())} with a P wave; {right / len(y):.3f} judged rightly by the other folds' models")


if __name__ == "__main__":
    main()
