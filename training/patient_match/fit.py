#!/usr/bin/env python3
"""Fits the weights of Patient/$match and writes knowledge/patient_match.csv.

patient_match_pairs.csv is written by `meridian bench record --features FOLDER`: one line a pair of a person's second
record and anybody's first, with a column a field: 1 where they agree, 0 where they differ, nothing where one of them does
not say. Which pairs are of one person is not told: expectation and maximisation over two kinds of pairs, in each of which
the fields agree independently of one another (Fellegi and Sunter 1969; Winkler 1988). What hardly ever agrees by chance is
given half a pair.
"""
import argparse
import collections
import csv
import math
import pathlib

ROUNDS = 200
START_SAME, START_OTHERS = 0.9, 0.05
# What no seeded corruption can say more of: a field that never differed among so few is no proof that it cannot.
MOST, LEAST = 0.99, 0.01
# Synthea draws names more evenly than people bear them, and so few people share no birthday by chance. Family names: five
# are borne by 30.8 % of China's people (Ministry of Public Security, report on names of 2020), so that two people share
# one at least as often as 0.308 ** 2 / 5. Days of birth: those of ninety years. Given names: assumed.
LEAST_OTHERS = {"family": 0.019, "given": 0.005, "birth_day": 3e-5}

HEAD = """\
# How often a field of a Patient agrees in two records of one person, and in those of two people: the weights of
# Patient/$match (I. P. Fellegi, A. B. Sunter: A Theory for Record Linkage. J. Am. Stat. Assoc. 64; 1969). Made by
# training/patient_match/fit.py from {pairs} pairs of records of {people} people whom Synthea made up (Apache-2.0) and of
# second records of them with errors and changes that src/app/bench/match_bench.cpp names: assumed, for no population's
# are to be had. Pairs were not labelled. What two people share at least is the script's LEAST_OTHERS.
field,same_person,others
"""


def read(path):
    """The fields' names, and how many pairs there are of each pattern of agreement."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        names = next(rows)
        return names, collections.Counter(tuple(row) for row in rows)


def likelihood(pattern, rates):
    """log of how likely the pattern is where the fields agree at these rates; what is not said counts for nothing."""
    return sum(
        math.log(rate if cell == "1" else 1 - rate) for cell, rate in zip(pattern, rates) if cell != ""
    )


def rates_of(patterns, weights, least, most):
    """How often each field agrees where it is said, each pattern counting as much as its weight."""
    rates = []
    for field in range(len(next(iter(patterns)))):
        said = sum(weights[pattern] for pattern in patterns if pattern[field] != "")
        yes = sum(weights[pattern] for pattern in patterns if pattern[field] == "1")
        rates.append(min(most, max(least, yes / said)))
    return rates


def fit(patterns):
    """(same person, others, share of pairs of one person): how often each field agrees."""
    pairs = sum(patterns.values())
    fields = len(next(iter(patterns)))
    same, others, share = [START_SAME] * fields, [START_OTHERS] * fields, 1 / math.sqrt(pairs)
    for _ in range(ROUNDS):
        of_one = {}
        for pattern in patterns:
            against = likelihood(pattern, others) - likelihood(pattern, same) + math.log((1 - share) / share)
            of_one[pattern] = 1 / (1 + math.exp(min(against, 700)))
        weights = {pattern: of_one[pattern] * count for pattern, count in patterns.items()}
        rest = {pattern: count - weights[pattern] for pattern, count in patterns.items()}
        same = rates_of(patterns, weights, LEAST, MOST)
        others = rates_of(patterns, rest, 0.5 / pairs, MOST)
        share = sum(weights.values()) / pairs
    return same, others, share


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=pathlib.Path)
    parser.add_argument("table", type=pathlib.Path)
    options = parser.parse_args()
    names, patterns = read(options.pairs)
    same, others, share = fit(patterns)
    pairs = sum(patterns.values())
    print(f"{share * pairs:.1f} of {pairs} pairs are taken for one person's")
    with open(options.table, "w", encoding="utf-8") as file:
        file.write(HEAD.format(pairs=pairs, people=math.isqrt(pairs)))
        for name, m, u in zip(names, same, others):
            u = max(u, LEAST_OTHERS.get(name, 0))
            file.write(f"{name},{m:.3f},{u:.2g}\n")
            print(f"{name:12} {m:.3f} {u:.2g}")


if __name__ == "__main__":
    main()
