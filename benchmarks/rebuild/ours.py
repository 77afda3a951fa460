"""Make an archive's database anew with gochim: ``python -m benchmarks.rebuild.ours WORKERS ARCHIVE``."""

from __future__ import annotations

import resource
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlite_utils

from benchmarks.corpus import BASE
from benchmarks.paired import report
from cli import comparing, database, drift
from cli.loading import loading
from crawler.portal import Portal
from diffing import labels
from storage import contents
from storage.archive import Archive

LOADED = (comparing, drift, labels, sqlite_utils)
"""What a rebuild loads when it comes to compare: loaded before, as the plain pipelines load their parts."""


def rebuild(workers: int, root: Path) -> dict[str, Any]:
    """Rebuild and count; the CPU time is that of all processes, the peak that of the largest."""
    with loading():  # As each command does; it decides how often garbage is looked for.
        archive = Archive(root)
    before = _cpu()
    database.rebuild(archive, Portal(BASE), workers)
    cpu = _cpu() - before
    with closing(archive.database()) as db:
        counted = contents.counts(db)
        digest = contents.content_digest(db)
    told = {"count": counted["captures"], "digest": digest, "cpu": cpu}
    if workers > 1:
        told["worker_peak"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return told | {name: counted[name] for name in ("articles", "versions", "changes")}


def _cpu() -> float:
    """Give the CPU seconds of this process and of those that it started and that ended."""
    used = [resource.getrusage(one) for one in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    report(lambda: rebuild(int(sys.argv[1]), Path(sys.argv[2])))
