"""The figures of the last run and of the archive, for Prometheus: a file that node_exporter's textfile collector reads.

Written whole or not at all when a run ends, however it ended. A run that is killed leaves the file of the run before:
that it is old shows in its times.
"""

from __future__ import annotations

import resource
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from cli.endings import exit_code
from cli.journal import say
from cli.options import Place
from crawler.watch import software
from storage import changes, contents, runs
from storage.archive import Archive
from storage.change_query import Query
from storage.records import CaptureKind, ChangeKind, FailureKind, Truncation


@dataclass(slots=True)
class Figures:
    """What a run adds to the figures while it is under way.

    Attributes:
        run: Its id, empty until it asked anything.
        finish: How it ended, in the words of ``runs.finish``.
        received: Bytes of answers as they came over the wire.
        found: The ids of the changes it found.
    """

    run: str = ""
    finish: str = ""
    received: int = 0
    found: tuple[str, ...] = ()


@contextmanager
def told(place: Place, db: sqlite3.Connection) -> Iterator[Figures]:
    """Write the figures of what happens within, when the settings name a file for them."""
    figures = Figures()
    textfile = place.watch().metrics_textfile
    if not textfile:
        yield figures
        return
    before, began = contents.counts(db), time.time()
    error: BaseException | None = None
    try:
        yield figures
    except BaseException as ended:
        error = ended
        raise
    finally:
        path = place.file(textfile)
        try:
            _write(path, _Page(place.archive, db, figures, before, began, exit_code(error)))
        except (OSError, sqlite3.Error) as failed:
            say(f"gochim: the figures for Prometheus cannot be written to {path} ({failed}).")


def _write(path: Path, page: _Page) -> None:
    # Loaded where the settings ask for it alone: it brings a server of its own along.
    from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

    registry = CollectorRegistry()
    archive = str(page.archive.root.resolve())
    for name, meaning, label, values in page.metrics():
        labels = ["archive", label] if label else ["archive"]
        gauge = Gauge(f"gochim_{name}", meaning, labels, registry=registry)
        for of, value in values:
            (gauge.labels(archive, of) if label else gauge.labels(archive)).set(value)
    write_to_textfile(str(path), registry)


Metric = tuple[str, str, str, Iterable[tuple[str, float]]]
"""Name, meaning, the name of its label if it has one, and its values by label."""


def _peak() -> int:
    """Give the most bytes this process has held; ``ru_maxrss`` begins with what its parent held (getrusage(2))."""
    status = Path("/proc/self/status")
    if status.exists():
        # VmHWM:     75012 kB
        lines = status.read_text("utf-8", "replace").splitlines()
        held = next((line for line in lines if line.startswith("VmHWM:")), None)
        if held is not None:
            return int(held.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@dataclass(frozen=True, slots=True)
class _Page:
    archive: Archive
    db: sqlite3.Connection
    figures: Figures
    before: dict[str, int]
    began: float
    code: int

    def metrics(self) -> Iterator[Metric]:
        """Give every metric with its values."""
        yield from self._of_run()
        yield from self._of_asking()
        yield from self._of_archive()

    def _of_run(self) -> Iterator[Metric]:
        now, used = time.time(), resource.getrusage(resource.RUSAGE_SELF)
        yield _one("run_start_timestamp_seconds", "When the last run began.", self.began)
        yield _one("run_end_timestamp_seconds", "When the last run ended.", now)
        yield _one("run_duration_seconds", "How long the last run took.", now - self.began)
        yield _one("run_cpu_seconds", "Processor time of the last run.", used.ru_utime + used.ru_stime)
        yield _one("run_peak_memory_bytes", "The most memory the last run held.", _peak())
        yield _one("run_exit_code", "What the last run ended with; 0 is well, 5 is early.", self.code)
        yield "run_finish", "How the last run ended, in a word.", "finish", [(self.figures.finish or "not-begun", 1)]
        ended = runs.last_ended(self.db)
        at = ended.timestamp() if ended else 0
        yield _one("last_success_timestamp_seconds", "When a run last ended well; 0 where none did.", at)

    def _of_asking(self) -> Iterator[Metric]:
        asked = runs.asked(self.db, self.figures.run)
        kinds: Counter[str] = Counter(dict.fromkeys(get_args(CaptureKind), 0))
        statuses: Counter[str] = Counter()
        failures: Counter[str] = Counter(dict.fromkeys(get_args(FailureKind), 0))
        cut: Counter[str] = Counter(dict.fromkeys(get_args(Truncation), 0))
        for one in asked:
            kinds[one.kind] += one.number
            if one.status:
                statuses[str(one.status)] += one.number
            if one.failure:
                failures[one.failure] += one.number
            if one.truncated:
                cut[one.truncated] += one.number
        sent = sum(one.number for one in asked if one.failure not in runs.NEVER_SENT)
        yield _one("run_requests", "Requests of the last run that went out.", sent)
        yield "run_captures", "Captures of the last run.", "kind", kinds.items()
        yield "run_answers", "Answers of the last run by status.", "status", sorted(statuses.items())
        yield "run_failures", "What the last run did not get.", "failure", failures.items()
        yield "run_truncated", "Answers of the last run that did not come whole.", "truncated", cut.items()
        yield _one("run_received_bytes", "Bytes that came over the wire in the last run.", self.figures.received)
        written = sum(one.size for one in asked)
        yield _one("run_written_bytes", "Bytes of the last run's captures in WARC files.", written)

    def _of_archive(self) -> Iterator[Metric]:
        counts = contents.counts(self.db)
        filed = counts["versions"] - self.before["versions"]
        yield _one("run_versions", "Versions filed in the last run.", filed)
        found = changes.outlines(self.db, Query(ids=list(self.figures.found))) if self.figures.found else []
        kinds: Counter[str] = Counter(dict.fromkeys(get_args(ChangeKind), 0))
        kinds.update(one.kind for one in found)
        yield "run_changes", "Changes found in the last run.", "kind", kinds.items()
        for name, number in counts.items():
            yield _one(f"archive_{name}", f"How many {name} the archive holds.", number)
        parts = {"warc": self.archive.warcs, "manifests": self.archive.manifests, "reports": self.archive.reports}
        parts |= {"index": self.archive.root / "index"}
        sizes = {name: sum(one.stat().st_size for one in path.rglob("*")) for name, path in parts.items()}
        sizes["database"] = sum(one.stat().st_size for one in self.archive.root.glob("versions.db*"))
        yield "archive_bytes", "How large the archive is.", "part", sizes.items()
        yield "info", "The program that ran last.", "software", [(software(), 1)]


def _one(name: str, meaning: str, value: float) -> Metric:
    return name, meaning, "", [("", value)]
