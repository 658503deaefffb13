#!/usr/bin/env bash
# Installs the Debian packages of tools/debian-packages.txt and the npm packages of package.json and
# web/package.json that are missing: tools/install_packages.sh [--tests]. Without --tests it leaves out those that
# only tests, lints and benches need. Does nothing, quickly, when all are there.
set -euo pipefail
cd "$(dirname "$0")/.."

last='/^# test/'
[ "${1:-}" != --tests ] || last='$'
wanted() { sed -n "1,${last}p" tools/debian-packages.txt | grep -v '^#'; }

# Programs that a machine may have from elsewhere than Debian.
present() {
  case "$1" in
    nodejs) command -v node >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ] ;;
    npm) command -v npm >/dev/null ;;
    *) [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ] ;;
  esac
}

missing=()
while read -r package; do present "$package" || missing+=("$package"); done < <(wanted)
if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "Please run as root or install sudo: packages are missing." >&2; exit 1; }
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

# npm packages: again only when the lock file is newer than what is installed.
npm_install() {
  local folder=$1
  [ -f "$folder/package-lock.json" ] || return 0
  [ "$folder/node_modules/.installed" -nt "$folder/package-lock.json" ] && return 0
  echo "Installing the npm packages of $folder/package.json"
  npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error
  touch "$folder/node_modules/.installed"
}
npm_install .
npm_install web
