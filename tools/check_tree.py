#!/usr/bin/env python3
"""Checks what is committed: no large file, no data set, no unfinished marks."""
import pathlib
import re
import subprocess
import sys

LARGEST = 5 << 20
LARGEST_MODEL = 12 << 20
DATA = {".dat", ".hea", ".atr", ".dcm", ".edf", ".nii", ".gz", ".xz", ".zst", ".tar", ".zip", ".npz", ".npy", ".svs", ".parquet"}
SEEDS = ("fuzz", "seeds")  # made by the project's own composer
SOURCE = {".h", ".cpp", ".ts", ".tsx", ".py", ".sh"}
MARKS = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX|HA" + r"CK)\b")


def problems(path):
    size = path.stat().st_size
    limit = LARGEST_MODEL if path.parts[0] == "models" else LARGEST
    if size > limit:
        yield f"{path}: {size} bytes, more than {limit}"
    if path.suffix.lower() in DATA and path.parts[:2] != SEEDS:
        yield f"{path}: looks like data; data sets are never committed"
    if path.suffix in SOURCE:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if MARKS.search(line):
                yield f"{path}:{number}: an unfinished mark"


def main():
    listed = subprocess.run(["git", "ls-files"], check=True, capture_output=True, text=True).stdout.splitlines()
    found = [problem for name in listed if pathlib.Path(name).is_file() for problem in problems(pathlib.Path(name))]
    print("\n".join(found) if found else "No large file, data set or unfinished mark is committed.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
