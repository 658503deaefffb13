"""Figures with their 95 % intervals, as a card's metrics. src/vision/metrics.h computes the same."""
import csv
import functools
import pathlib

import numpy

from training.common import metrics

CROSSED = "AUC, each picture by heads that have not learnt from it"


@functools.cache
def chinese():
    table = pathlib.Path(__file__).with_name("metric_names.csv")
    with table.open(encoding="utf-8", newline="") as rows:
        return {row["en"]: row["zh"] for row in csv.DictReader(rows)}


def metric(name, value, interval=None, n=None, group=None):
    found = {"name": {"en": name, "zh": chinese()[name]}, "value": round(float(value), 3)}
    if interval is not None:
        found["interval"] = [round(float(end), 3) for end in interval]
    if n is not None:
        found["n"] = int(n)
    return found | ({"group": group} if group else {})


def wilson(hits, n):
    """Wilson's 95 % interval of a share."""
    z, p = 1.96, hits / n
    centre, half = p + z * z / (2 * n), z * numpy.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, centre - half) / (1 + z * z / n), min(1.0, (centre + half) / (1 + z * z / n))


def share(name, hits, group=None):
    """Of an array of true and false."""
    return metric(name, numpy.mean(hits), wilson(numpy.sum(hits), len(hits)), len(hits), group)


def area(name, scores, labels, group=None):
    return metric(name, *(lambda a: (a[0], a[1:]))(metrics.auc_interval(scores, labels)), len(labels), group)


def resampled(keys, figure, times=1000):
    """The 95 % interval of figure(rows), drawing whole groups (patients) of the keys again."""
    random, keys = numpy.random.default_rng(1), numpy.array(keys)
    rows = [numpy.flatnonzero(keys == key) for key in sorted(set(keys))]
    drawn = []
    for _ in range(times):
        value = figure(numpy.concatenate([rows[i] for i in random.integers(0, len(rows), len(rows))]))
        if value is not None:
            drawn.append(value)
    return tuple(numpy.percentile(drawn, [2.5, 97.5]))


def mean(name, values, keys, group=None):
    values = numpy.asarray(values)
    return metric(name, values.mean(), resampled(keys, lambda rows: values[rows].mean()), len(values), group)
