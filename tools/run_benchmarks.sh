#!/usr/bin/env bash
# Runs every bench and writes docs/benchmarks.md.
set -euo pipefail
cd "$(dirname "$0")/.."
results=$(mktemp)
trap 'rm -f "$results"' EXIT
build/release/bin/meridian bench all --json | tee "$results"
status=0
# shellcheck disable=SC2016  # the address is known within
tools/with_postgresql.sh --durable bash -c 'build/release/bin/meridian bench record --json --database "$MERIDIAN_TEST_DATABASE"' |
  tee -a "$results" || status=$?
[ "$status" = 0 ] || [ "$status" = 77 ] || exit "$status"
python3 tools/benchmarks_page.py <"$results" >docs/benchmarks.md
