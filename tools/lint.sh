#!/usr/bin/env bash
# Formatting, layering, sizes, no data in the repository, the console, clang-tidy on the files that changed.
# LINT_BASE names the commit to compare with; by default the one before the last.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=0
report() { echo "lint: $1"; failed=1; }

python3 tools/check_rooms.py || failed=1
python3 tools/check_tree.py || failed=1
git ls-files '*.h' '*.cpp' | xargs -r clang-format --dry-run -Werror || report "run make format"

npm --prefix web run --silent lint || report "the console"

base=${LINT_BASE:-HEAD~1}
if git rev-parse -q --verify "$base" >/dev/null; then
  mapfile -t changed < <(git diff --name-only --diff-filter=d "$base" -- 'src/*.cpp')
  if [ ${#changed[@]} -gt 0 ]; then
    [ -f build/release/compile_commands.json ] || tools/build.sh release
    # GCC's precompiled headers and flags mean nothing to clang: a database without them.
    python3 tools/clang_compile_commands.py build/release build/tidy
    printf '%s\n' "${changed[@]}" | xargs -P 2 -n 4 clang-tidy -p build/tidy --quiet || report "clang-tidy"
  fi
fi
exit $failed
