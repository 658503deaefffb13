#!/usr/bin/env bash
# Builds what is missing and runs every test: ctest, the console's unit tests, its screens in a browser,
# and the way of a case through a running node in a browser.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/install_packages.sh --tests
tools/build.sh release
tools/build_console.sh
tools/build_viewer.sh
ctest --test-dir build/release --output-on-failure -j2 --no-tests=error
npm --prefix web run --silent test
npm --prefix web run --silent test:browser
npm --prefix web run --silent test:e2e
