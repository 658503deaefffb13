#!/usr/bin/env python3
"""Writes knowledge/ecg_probabilities.csv: how often cardiologists wrote a statement where the ECG assistant says it, and
where it does not.

    meridian read --json RECORDS > readings.jsonl
    python3 -m training.ecg.statement_probabilities readings.jsonl ptbxl500.csv

RECORDS are PTB-XL's (records500/.../*_hr.hea); ECGs that were refused or whose beats are paced do not count. Each share
is (k + 1/2) / (n + 1), so that what was never seen is not impossible; of fewer than 5 ECGs in which it was said none is
given.
"""
import argparse
import ast
import csv
import json
import pathlib

TABLE = pathlib.Path("knowledge/ecg_probabilities.csv")
STATEMENTS = pathlib.Path("knowledge/ecg_statements.csv")
PACED = "Z95.0"
HEAD = """# How likely it is that cardiologists write a statement (SCP-ECG codes of PTB-XL, any of labels) where the ECG assistant
# says the finding of that code, and where it does not. Written by training/ecg/statement_probabilities.py.
# said: in how many ECGs it says so; if_said is empty where they are fewer than 5.
code,labels,said,if_said,if_not,en,zh
"""
LEAST_SAID = 5
ANTERIOR, INFERIOR, LATERAL = "ASMI AMI ALMI INJAS INJAL", "IMI ILMI IPMI IPLMI INJIN INJIL", "ALMI LMI ILMI IPLMI INJAL INJLA"
ST_T = "STD_ NST_ ISC_"
INVERTED = "INVT NT_ NDT ISC_"

# Code of the finding: labels, and names where knowledge/ecg_statements.csv has none.
LABELS = {
    "lbbb": ("CLBBB",), "rbbb": ("CRBBB",), "incomplete-rbbb": ("IRBBB",), "lafb": ("LAFB",), "lpfb": ("LPFB",),
    "pre-excitation": ("WPW",), "wide-qrs": ("IVCD",), "av-block-1": ("1AVB LPR",), "lvh": ("LVH VCLVH",),
    "rvh": ("RVH",), "st-elevation-anterior": (ANTERIOR,), "st-elevation-inferior": (INFERIOR,),
    "st-elevation-lateral": (LATERAL,), "st-depression-anterior": (ST_T + " ISCAN ISCAS ISCAL",),
    "st-depression-inferior": (ST_T + " ISCIN ISCIL",), "st-depression-lateral": (ST_T + " ISCLA ISCAL ISCIL",),
    "t-inversion-anterior": (INVERTED + " ISCAN ISCAS ISCAL",), "t-inversion-inferior": (INVERTED + " ISCIN ISCIL",),
    "t-inversion-lateral": (INVERTED + " ISCLA ISCAL ISCIL",), "q-anterior": (ANTERIOR,), "q-inferior": (INFERIOR,),
    "q-lateral": (LATERAL,), "long-qt": ("LNGQT",),
    "atrial-flutter": ("AFLT", "Atrial flutter", "心房扑动"),
    "R00.1": ("SBRAD", "Bradycardia", "心动过缓"),
    "R00.0": ("STACH SVTAC PSVT", "Tachycardia", "心动过速"),
    "I47.1": ("SVTAC PSVT", "Supraventricular tachycardia", "室上性心动过速"),
    "I49.3": ("PVC BIGU TRIGU", "Ventricular ectopic beats", "室性异位搏动"),
    "I49.1": ("PAC", "Supraventricular ectopic beats", "室上性异位搏动"),
    "I44.1": ("2AVB", "Second degree AV block", "二度房室传导阻滞"),
    "I44.2": ("3AVB", "Complete AV block", "三度（完全性）房室传导阻滞"),
}


def statement_names():
    lines = [line for line in STATEMENTS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {row["statement"]: (row["en"], row["zh"]) for row in csv.DictReader(lines)}


def labelled(path):
    """Codes of cardiologists by the number of the record."""
    with open(path, encoding="utf-8") as table:
        return {int(row["ecg_id"]): set(ast.literal_eval(row["scp_codes"])) for row in csv.DictReader(table)}


def said_codes(reading):
    return {finding["code"].split("|")[-1] for finding in reading["findings"] if finding["positive"]}


def share(part):
    return (sum(part) + 0.5) / (len(part) + 1)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("readings", type=pathlib.Path)
    arguments.add_argument("labels", type=pathlib.Path)
    options = arguments.parse_args()
    truth = labelled(options.labels)
    ecgs = []
    for line in options.readings.read_text(encoding="utf-8").splitlines():
        reading = json.loads(line)
        name = pathlib.Path(reading["input"]).stem
        codes = said_codes(reading)
        if name.endswith("_hr") and reading["findings"] and PACED not in codes:
            ecgs.append((truth[int(name[:5])], codes))
    names = statement_names()
    with open(TABLE, "w", encoding="utf-8") as table:
        table.write(HEAD)
        for code, (labels, *own_names) in LABELS.items():
            wanted = set(labels.split())
            written = {said: [bool(wanted & codes) for codes, found in ecgs if (code in found) == said]
                       for said in (True, False)}
            en, zh = own_names or names[code]
            said = len(written[True])
            if_said = f"{share(written[True]):.3f}" if said >= LEAST_SAID else ""
            table.write(f"{code},{labels},{said},{if_said},{share(written[False]):.3f},{en},{zh}\n")
    print(f"{len(ecgs)} ECGs")


if __name__ == "__main__":
    main()
