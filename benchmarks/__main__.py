"""Run the benchmarks that need nothing but gochim's own environment, one after another; each prints its own table."""

from __future__ import annotations

import subprocess
import sys

STAGES = ("crawlers", "search", "database", "scheduling", "bench_diff")
"""The differ's peers need an environment of their own: ``make bench-differs``."""

failed = []
for stage in STAGES:
    print(f"\n== {stage} ==", flush=True)
    if subprocess.run([sys.executable, "-m", f"benchmarks.{stage}"], check=False).returncode:
        failed.append(stage)
sys.exit(f"failed: {', '.join(failed)}" if failed else 0)
