#!/usr/bin/env bash
# Runs every bench and writes docs/benchmarks.md.
set -euo pipefail
cd "$(dirname "$0")/.."
results=$(mktemp)
trap 'rm -f "$results"' EXIT
build/release/bin/meridian bench all --json | tee "$results"
python3 tools/benchmarks_page.py <"$results" >docs/benchmarks.md
