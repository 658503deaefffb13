"""Writes what was measured into a card: digests of the models, operating point, and a bench's figures.

    python3 -m training.common.card CARD --models FILE... [--operating-point FILE]
        [--bench FIGURES.json --data NAME --part ENGLISH CHINESE]
"""
import argparse
import csv
import hashlib
import json
import pathlib


def model_entries(models):
    return [{"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()} for path in models]


def metric_names():
    """The names that benches print, with their Chinese."""
    table = pathlib.Path(__file__).with_name("metric_names.csv")
    with table.open(encoding="utf-8", newline="") as rows:
        return {row["en"]: row for row in csv.DictReader(rows)}


def metrics_of(figures, times=False):
    """Metrics of a card from the figures that a bench printed with --json. Times are mostly the machine's, not the
    model's, and left out; the operating point is said elsewhere in the card."""
    names, metrics = metric_names(), []
    for figure in figures:
        if (figure["unit"] == "ms" and not times) or figure["what"] == "operating point":
            continue
        metric = {"name": names[figure["what"]], "value": figure["value"]}
        if figure["unit"] != "1":
            metric["unit"] = figure["unit"]
        metrics.append(metric | {name: figure[name] for name in ("interval", "n") if name in figure})
    return metrics


def main():
    options = argparse.ArgumentParser(description=__doc__,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("card", type=pathlib.Path)
    options.add_argument("--models", nargs="+", type=pathlib.Path, required=True)
    options.add_argument("--operating-point", type=pathlib.Path, help="as export.py writes it")
    options.add_argument("--bench", type=pathlib.Path, help="one JSON object that meridian bench printed")
    options.add_argument("--data", help="the data set that the bench measured on")
    options.add_argument("--part", nargs=2, metavar=("ENGLISH", "CHINESE"), help="which part of it")
    given = options.parse_args()

    card = json.loads(given.card.read_text(encoding="utf-8"))
    card["models"] = model_entries(given.models)
    if given.operating_point:
        card["operating_point"] = json.loads(given.operating_point.read_text(encoding="utf-8"))
    if given.bench:
        bench = json.loads(given.bench.read_text(encoding="utf-8"))
        card["evidence"] = [{"data": given.data, "part": dict(zip(("en", "zh"), given.part)),
                             "command": f"meridian bench {bench['bench']}",
                             "metrics": metrics_of(bench["figures"])}]
    given.card.write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
