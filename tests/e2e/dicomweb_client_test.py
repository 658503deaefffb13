#!/usr/bin/env python3
"""The web client that OHIF is built on (npm's dicomweb-client), and reports as its measurements are written
(npm's dcmjs), against a running node.

Usage: dicomweb_client_test.py MERIDIAN_PROGRAM
"""
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))
from demo_node import Client, DemoNode  # noqa: E402


def film_of(clinic):
    """(case's id, recording) of a film that waits for its reader."""
    for row in clinic.get("/care/worklist?queue=waiting&limit=200")["rows"]:
        for recording in clinic.get(f"/care/cases/{row['case']}")["recordings"]:
            if recording["kind"] == "image":
                return row["case"], recording
    raise AssertionError("the demonstration has no film")


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else "build/release/bin/meridian"
    with DemoNode(program) as node:
        clinic = Client(node, "chen")
        case, film = film_of(clinic)
        environment = dict(os.environ, NODE_URL=node.url, NODE_TOKEN=clinic.token, OTHER_TOKEN=Client(node, "zhao").token,
                           CASE=case, STUDY=film["study"], SERIES=film["series"], INSTANCE=film["instance"])
        return subprocess.run(["node", "--test", str(HERE / "dicomweb_client.test.mjs")], env=environment, timeout=300).returncode


if __name__ == "__main__":
    sys.exit(main())
