"""Keeps the index sorted while a run writes WARC files.

Captures are put in order in small batches. A batch is merged with the files before it that are not larger, so each
line is written again only when it comes into a file at least twice as long: n lines cost n log n, not n squared. At
any time an index of all but the newest captures stands in ``index/``, in a main file and few parts beside it; when
the WARC file is full, they become the one main file.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from storage.cdxj import index_path, line_of, merge_files, parts_of, write_lines
from storage.errors import RunEndedEarly
from storage.records import Capture


@dataclass(slots=True)
class _Part:
    path: Path
    lines: int


class CdxjKeeper:
    """Keeps the index of the WARC file that is being written; not for use from several threads.

    A part that a kill left behind holds nothing wrong: :func:`storage.cdxj.write_index` makes one file of all.

    Args:
        directory: Where index files go, ``index`` in the archive; made when missing.
        every: Captures that may wait at most.
        seconds: Time after which the next capture, or :meth:`tick`, brings the waiting ones into the index.
        clock: Gives seconds that only grow.
    """

    def __init__(
        self, directory: Path, *, every: int = 200, seconds: float = 2.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._directory = directory
        self._every = every
        self._seconds = seconds
        self._clock = clock
        self._warc = ""
        self._waiting: list[str] = []
        self._parts: list[_Part] = []
        self._flushed_at = clock()

    def add(self, capture: Capture, request: bytes = b"") -> None:
        """Index a capture; one that stands in another WARC file than those before finishes their index.

        Args:
            capture: What was captured; a failure is left out.
            request: The request message as sent, for the body of a POST.

        Raises:
            RunEndedEarly: The disk is full or failing; the index before stays, and the lines keep waiting.
        """
        line = line_of(capture, request)
        warc = capture.evidence.warc.rpartition("/")[2]
        if warc != self._warc:
            self.roll()
            self._begin(warc)
        if line is not None:
            self._waiting.append(line)
        if len(self._waiting) >= self._every:
            self.flush()
        else:
            self.tick()

    def tick(self) -> None:
        """Bring waiting captures into the index if the last time was long enough ago; call it now and then.

        Raises:
            RunEndedEarly: The disk is full or failing.
        """
        if self._waiting and self._clock() - self._flushed_at >= self._seconds:
            self.flush()

    def flush(self) -> None:
        """Bring all waiting captures into the index.

        Raises:
            RunEndedEarly: The disk is full or failing.
        """
        if self._waiting:
            keep = len(self._parts)
            lines = len(self._waiting)
            while keep and self._parts[keep - 1].lines <= lines:
                keep -= 1
                lines += self._parts[keep].lines
            self._merge(keep)
        self._flushed_at = self._clock()

    def roll(self) -> None:
        """Finish the index of the current WARC file: one sorted file, forced to the disk. Call it at a run's end.

        Raises:
            RunEndedEarly: The disk is full or failing.
        """
        if self._warc:
            self._merge(0, fsync=True)
        self._warc, self._parts = "", []

    def _begin(self, warc: str) -> None:
        """Take over what is there of a file's index, as after a kill: all of it becomes the main part."""
        self._warc = warc
        self._parts = [_Part(path, 0) for path in parts_of(self._directory, warc)]
        if self._parts:
            self._merge(0)

    def _merge(self, keep: int, *, fsync: bool = False) -> None:
        """Make one part of the waiting lines and every part from number ``keep`` on."""
        old = self._parts[keep:]
        target = index_path(self._directory, self._warc, keep)
        try:
            lines = merge_files([part.path for part in old], sorted(self._waiting))
            count = write_lines(target, lines, fsync=fsync)
            # Only now: a reader that comes in between finds lines twice, never not at all.
            for part in old:
                if part.path != target:
                    part.path.unlink()
        except OSError as error:
            raise RunEndedEarly(
                f"{error.strerror or error} while indexing {self._warc} in {self._directory}. The WARC files hold all "
                "that was captured; make room or mend the disk, then run the same command again."
            ) from error
        self._parts[keep:] = [_Part(target, count)]
        self._waiting.clear()
