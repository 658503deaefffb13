#!/usr/bin/env python3
"""Writes a compile_commands.json that clang's tools understand: without GCC's precompiled headers and launcher.

Usage: clang_compile_commands.py BUILD_FOLDER OUTPUT_FOLDER
"""
import json
import pathlib
import re
import sys

NOT_FOR_CLANG = [r"-fpch-preprocess", r"-Winvalid-pch", r"-include \S*cmake_pch\.hxx", r"-fno-sanitize-recover=\S+"]
LAUNCHER = re.compile(r"^.*?(?=/\S*(?:c\+\+|g\+\+)\s)")


def main():
    build, output = map(pathlib.Path, sys.argv[1:3])
    header = pathlib.Path(__file__).resolve().parent.parent / "cmake" / "precompiled.h"
    entries = json.loads((build / "compile_commands.json").read_text())
    for entry in entries:
        command = LAUNCHER.sub("", entry["command"])
        for pattern in NOT_FOR_CLANG:
            command = re.sub(pattern, "", command)
        entry["command"] = f"{command} -include {header}"
    output.mkdir(parents=True, exist_ok=True)
    (output / "compile_commands.json").write_text(json.dumps(entries, indent=1))


if __name__ == "__main__":
    main()
