"""What an export to Parquet costs as the archive grows: seconds, bytes, and memory, which must not grow with it.

Run with ``make bench-lake``, which puts the table into ``docs/performance.md``, or with
``python -m benchmarks.lake [LOOKS]...``, which prints it.
"""

from __future__ import annotations

import json
import os
import platform
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.database import ARTICLES, look_at_all
from benchmarks.paired import keep, parser, peak
from storage.archive import Archive
from storage.records import Capture

LOOKS = (100_000, 1_000_000)


def fill(archive: Archive, looks: int) -> None:
    """File so many looks at articles, each found as it was."""
    rng = random.Random(1)
    with closing(archive.database()) as db:
        firsts: dict[str, Capture] = {}
        for number in range(looks // ARTICLES):
            with db:
                look_at_all(db, rng, firsts, number, "revisit")


def export(root: Path, lake: Path) -> dict[str, float]:
    """Export in this process; give the seconds on the clock and of the processor, the peak of memory, files, rows."""
    from storage.parquet_lake import write_lake

    before = peak()
    with closing(Archive(root).database()) as db:
        start, used = time.perf_counter(), time.process_time()
        done = write_lake(db, lake)
        took, used = time.perf_counter() - start, time.process_time() - used
    return {
        "seconds": took,
        "processor": used,
        "before": before,
        "peak": peak(),
        "written": done.written,
        "rows": done.rows,
        "bytes": sum(one.stat().st_size for one in lake.rglob("*.parquet")),
    }


def rows(looks: int) -> list[str]:
    """Fill an archive, export it twice, each time in a new process, and give the table's rows."""
    told = []
    with tempfile.TemporaryDirectory() as directory:
        archive = Archive(Path(directory) / "archive")
        archive.create()
        fill(archive, looks)
        for which in ("first", "again, nothing new"):
            command = [sys.executable, "-m", "benchmarks.lake", "--export", str(archive.root), f"{directory}/lake"]
            one = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            told.append(
                f"| {looks:,} | {which} | {one['written']:,} | {one['seconds']:.1f} | {one['processor']:.1f}"
                f" | {looks / one['processor']:,.0f} | {one['bytes'] / looks:.1f} | {one['peak']:.0f}"
                f" | {one['peak'] - one['before']:.0f} |"
            )
    return told


def main() -> None:
    """Measure and print, or do the part of it that needs a process of its own."""
    reader = parser(__doc__)
    reader.add_argument("looks", type=int, nargs="*", default=LOOKS)
    reader.add_argument(
        "--export", type=Path, nargs=2, metavar=("ARCHIVE", "LAKE"), help="export once and say the cost"
    )
    asked = reader.parse_args()
    if asked.export:
        sys.stdout.write(json.dumps(export(*asked.export)))
        return
    lines = [
        f"Machine: {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, SQLite "
        f"{sqlite3.sqlite_version}, pyarrow {version('pyarrow')}; {datetime.now(UTC):%Y-%m-%d}.",
        "",
        "| looks filed | export | files written | s | CPU s | looks a CPU s | bytes a look | peak MiB"
        " | of it for the export |",
        "|---|---|---|---|---|---|---|---|---|",
        *(line for looks in asked.looks for line in rows(looks)),
    ]
    keep("lake", lines)


if __name__ == "__main__":
    main()
