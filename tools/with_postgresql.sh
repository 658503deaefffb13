#!/usr/bin/env bash
# Runs a command beside a PostgreSQL of its own, in a temporary folder that goes with it:
#   tools/with_postgresql.sh [--durable] COMMAND...
# The command finds its address in MERIDIAN_TEST_DATABASE. --durable: it waits for the disk, as one in use
# does; without it, as tests want it, it does not. Ends with 77 where there is no PostgreSQL.
set -euo pipefail

durable=off
[ "${1:-}" != --durable ] || { durable=on; shift; }
[ $# -gt 0 ] || { echo "usage: tools/with_postgresql.sh [--durable] COMMAND..." >&2; exit 64; }

programs=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1) || true
if [ ! -x "${programs:-}/initdb" ]; then
  echo "SKIPPED: PostgreSQL is not installed" >&2
  exit 77
fi

# It refuses to be root.
as_user=()
folder=$(mktemp -d)
if [ "$(id -u)" = 0 ]; then
  user=nobody
  id postgres >/dev/null 2>&1 && user=postgres
  touch "$folder/log"
  chown "$user" "$folder" "$folder/log"
  as_user=(setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups)
fi
server() { (cd / && "${as_user[@]}" "$@"); }
stop() {
  server "$programs/pg_ctl" --pgdata="$folder/data" --mode=immediate --silent stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT

server "$programs/initdb" --pgdata="$folder/data" --username=meridian --auth=trust --encoding=UTF8 --locale=C.UTF-8 \
  --no-sync >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
options="-k $folder -c listen_addresses= -c max_connections=300 -c shared_buffers=256MB -c max_wal_size=2GB"
options+=" -c fsync=$durable -c synchronous_commit=$durable -c full_page_writes=$durable"
server "$programs/pg_ctl" --pgdata="$folder/data" --log="$folder/log" --silent --wait --options="$options" start ||
  { cat "$folder/log" >&2; exit 1; }

MERIDIAN_TEST_DATABASE="postgresql:///postgres?host=$folder&user=meridian" "$@"
