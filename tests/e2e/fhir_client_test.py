#!/usr/bin/env python3
"""A FHIR client library that others wrote (npm's fhir-kit-client) against a running node.

Usage: fhir_client_test.py MERIDIAN_PROGRAM
"""
import os
import pathlib
import socket
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))
from demo_node import Client, DemoNode  # noqa: E402


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else "build/release/bin/meridian"
    with DemoNode(program, free_port()) as node:  # the links to next pages name it
        environment = dict(os.environ, FHIR_URL=node.url + "/fhir", FHIR_TOKEN=Client(node, "chen").token,
                           FHIR_OTHER_TOKEN=Client(node, "zhao").token)
        return subprocess.run(["node", "--test", str(HERE / "fhir_client.test.mjs")], env=environment, timeout=300).returncode


if __name__ == "__main__":
    sys.exit(main())
