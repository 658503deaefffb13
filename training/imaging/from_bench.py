"""Writes what `meridian bench imaging --json` measured into the cards: the program's own reading of the test parts.

    meridian bench imaging --data $D --json > figures.json
    python3 -m training.imaging.from_bench figures.json ASSISTANT [--alone]
"""
import argparse
import json
import pathlib

from training.imaging import measures, tasks

COMMAND = "meridian bench imaging"
PART = {"en": "test part, read by the program itself (training/common/split.py)",
        "zh": "测试部分，由程序直接判读（training/common/split.py）"}
AS_IN_CARDS = {"Dice": "Dice", "F1 of objects": "F1, objects at an overlap of a half", "refused": "refused"}
OF_A_CLASS = ("Dice", "false outline")  # "Dice polyp"


def metric_of(what, figure, findings):
    """A metric of the card, or None for a figure that the card does not tell: the share that is refused, what becomes
    of it and of the findings' areas when the pictures are worse ("refused, HOW", "AUC CLASS, HOW"), Dice, false
    outlines and the F1 of objects. Raises KeyError for one that the table of names lacks."""
    name, group = AS_IN_CARDS.get(what, what), None
    if what.startswith("AUC ") and ", " in what:
        label, how = what.removeprefix("AUC ").split(", ", 1)
        if label not in findings or "=" in how:  # of a group of people: the training scripts tell it
            return None
        name, group = f"AUC, {how}", f"finding={label}"
    elif kind := next((one for one in OF_A_CLASS if what.startswith(one + " ")), None):
        name = f"{kind}, {what.removeprefix(kind + ' ')}"
    elif what not in AS_IN_CARDS and not what.startswith("refused, "):
        return None
    return measures.metric(name, figure["value"], figure.get("interval"), figure.get("n"), group)


def findings_of(card):
    """The classes that can be findings."""
    return {one["name"] for network in card["imaging"] for one in network["classes"] if "code" in one}


def evidence_of(figures, card):
    """An entry for each set on which the assistant was measured."""
    by_set = {}
    for figure in figures:
        head, _, what = figure["what"].partition(": ")
        name, _, data = head.partition(" ")  # figures of speed name no set
        if name == card["id"] and data and (metric := metric_of(what, figure, findings_of(card))):
            by_set.setdefault(data, []).append(metric)
    return [{"data": data, "part": PART, "command": COMMAND, "metrics": metrics}
            for data, metrics in sorted(by_set.items())]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("figures", type=pathlib.Path)
    options.add_argument("assistant")
    options.add_argument("--alone", action="store_true", help="in place of what the training scripts measured")
    given = options.parse_args()
    figures = json.loads(given.figures.read_text(encoding="utf-8"))["figures"]
    card = tasks.read_card(given.assistant)
    others = [] if given.alone else [one for one in card["evidence"] if one["command"] != COMMAND]
    card["evidence"] = others + evidence_of(figures, card)
    tasks.write_card(given.assistant, card)


if __name__ == "__main__":
    main()
