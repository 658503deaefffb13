# Two commands on a fresh Debian 12: `make demo` and `make test`. `make help` lists the rest.
BUILD := build/release
PORT ?= 8080

.PHONY: help demo build console packages test-packages test lint bench format asan tsan fuzz clean
help: ## what can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

packages: ## install the Debian and npm packages that building and running need
	@tools/install_packages.sh

test-packages: ## install those that tests, lints and benches need too
	@tools/install_packages.sh --tests

build: packages ## build the program (release)
	@tools/build.sh release

console: packages ## build the console and the viewer
	@tools/build_console.sh && tools/build_viewer.sh

demo: build console ## start a node with a demonstration region on 127.0.0.1:8080
	@exec $(BUILD)/bin/meridian demo --port $(PORT)

test: ## build what is missing and run all tests
	@tools/run_tests.sh

lint: test-packages ## formatting, layering, sizes, clang-tidy on changed files
	@tools/lint.sh

format: test-packages ## format the C++ files
	@git ls-files '*.h' '*.cpp' | xargs clang-format -i

bench: test-packages build ## measure, and write docs/benchmarks.md
	@tools/run_benchmarks.sh

asan: test-packages ## build and test with the address and undefined-behaviour sanitizers
	@tools/build.sh asan && LSAN_OPTIONS=suppressions=$(CURDIR)/cmake/leaks-of-libraries.txt ctest --test-dir build/asan --output-on-failure -j2

tsan: test-packages ## build and test with the thread sanitizer
	@tools/build.sh tsan && TSAN_OPTIONS=suppressions=$(CURDIR)/cmake/races-of-libraries.txt ctest --test-dir build/tsan --output-on-failure -j2

fuzz: test-packages ## build the fuzz targets and run each for a short while
	@tools/run_fuzzers.sh

clean: ## remove what was built
	@rm -rf build web/dist web/viewer/dist web/node_modules node_modules
