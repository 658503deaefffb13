#!/usr/bin/env python3
"""Checks that a room includes only rooms below it, and prints each breach as file:line."""
import pathlib
import re
import sys

# From the ground up. A room may include itself and those before it; rooms of one line stand side by side.
HOUSE = [["base"], ["storage"], ["trust"], ["signal", "vision"], ["archive"], ["record"], ["network"], ["engine"],
         ["assistants"], ["care"], ["doors"], ["app"]]
LEVEL = {room: level for level, rooms in enumerate(HOUSE) for room in rooms}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([a-z_]+)/')


def is_other_assistant(root, folder, own):
    """A folder without assistant.h is no assistant but what several of them share."""
    return folder != own and (root / "assistants" / folder / "assistant.h").exists()


def breaches(root):
    for path in sorted(root.rglob("*")):
        if path.suffix not in (".h", ".cpp"):
            continue
        parts = path.relative_to(root).parts
        room = parts[0]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            target = match[1]
            where = f"{path}:{number}"
            if target not in LEVEL:
                yield f'{where}: "{target}" is not a room; include by the path below src/'
            elif target != room and LEVEL[target] >= LEVEL[room]:
                yield f"{where}: {room}/ must not include {target}/, which is not below it"
            elif room == target == "assistants" and is_other_assistant(root, line.split("/")[1], parts[1]):
                yield f"{where}: an assistant must not know another"


def main():
    found = list(breaches(pathlib.Path(__file__).parent.parent / "src"))
    print("\n".join(found) if found else "Each room includes only rooms below it.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
