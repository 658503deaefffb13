#!/usr/bin/env python3
"""Makes docs/benchmarks.md from the JSON lines of `meridian bench all --json` on standard input."""
import json
import os
import subprocess
import sys


def machine():
    cpu = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown processor")
    memory = next(int(line.split()[1]) for line in open("/proc/meminfo") if line.startswith("MemTotal")) / (1 << 20)
    return f"{cpu}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {os.uname().release}"


def commit():
    return subprocess.run(["git", "log", "-1", "--format=%h of %cs"], capture_output=True, text=True).stdout.strip()


def main():
    print("# Benchmarks\n")
    print(f"Measured by `make bench` at {commit()} on {machine()}; load generator and node on the same machine, SQLite or "
          "PostgreSQL on its local disk, fsync on.\n")
    print("| bench | what | value | unit | 95 % interval | n |\n|---|---|---:|---|---|---:|")
    for line in sys.stdin:
        bench = json.loads(line)
        for figure in bench["figures"]:
            low_high = " to ".join(str(bound) for bound in figure.get("interval", []))
            print(f"| {bench['bench']} | {figure['what']} | {figure['value']} | {figure['unit']} | {low_high} | {figure.get('n', '')} |")


if __name__ == "__main__":
    sys.exit(main())
