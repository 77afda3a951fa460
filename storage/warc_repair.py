"""Mend the files that a dead run left open: keep every whole record, set the rest aside.

Nothing is deleted. What comes after the last whole record is saved beside the file as ``<name>.tail``.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from storage.errors import WarcError
from storage.warc_parser import Record
from storage.warc_record import BLOCK_END, parse_digest
from storage.warc_scan import DamagedWarcError, scan
from storage.warc_writer import publish

_STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class Repaired:
    """What became of one unfinished file.

    ``path`` is the finished file, None where not one record was whole; ``tail`` holds the ``cut`` bytes taken off,
    None where none were; ``reason`` says what was wrong with them.
    """

    path: Path | None
    records: int
    kept: int
    cut: int
    tail: Path | None
    reason: str

    def __str__(self) -> str:
        if self.path is None:
            return f"{self.tail}: {self.cut:,} bytes without one whole record were set aside ({self.reason})"
        told = f"{self.path}: finished with its {self.records} whole records"
        if self.tail is None:
            return told
        return (
            f"{told}; {self.cut:,} bytes from byte {self.kept:,} on were set aside as {self.tail.name} ({self.reason})"
        )


def repair_open_files(directory: Path) -> list[Repaired]:
    """Finish every ``.open`` file of a directory that no run is writing to; call it under the archive's lock.

    Raises:
        WarcError: A finished file of the same name exists already; that pair is left as it is.
        OSError: The disk refuses; running it again is safe.
    """
    return [_repair(path) for path in sorted(directory.glob("*.warc.gz.open"))]


def _repair(unfinished: Path) -> Repaired:
    final = unfinished.with_suffix("")
    if final.exists():
        raise WarcError(f"{final} and {unfinished.name} both exist. Move one of them away, then run the command again.")
    _force(unfinished)
    records, kept, reason = _whole_part(unfinished)
    cut = unfinished.stat().st_size - kept
    if not records:
        aside = _tail_name(unfinished, 0)
        unfinished.rename(aside)
        return Repaired(None, 0, 0, cut, aside, reason)
    tail = _cut_off(unfinished, kept, _tail_name(unfinished, kept)) if cut else None
    publish(unfinished, final, fsync=True)
    return Repaired(final, records, kept, cut, tail, reason)


def _whole_part(path: Path) -> tuple[int, int, str]:
    """Give how many records from the start are whole, where they end, and what is wrong there."""
    records, end = 0, 0
    try:
        for record in scan(path):
            with record:
                fault = _fault(record)
            if fault:
                return records, end, fault
            records, end = records + 1, record.offset + record.length
    except DamagedWarcError as damage:
        return records, end, damage.reason
    return records, end, "" if records else "the file is empty"


def _fault(record: Record) -> str:
    if record.nth or not record.length:
        return "several records in one gzip member"
    if record.trailer != BLOCK_END:
        return "a record that does not end in two empty lines"
    label = record.headers.get("WARC-Block-Digest")
    digest = parse_digest(label) if label else None
    if digest is None or digest[1] is None or not record.type or not record.record_id:
        return "a record without type, id or block digest"
    return "" if record.block_hash(digest[0]) == digest[1] else "a block that does not have its digest"


def _force(path: Path) -> None:
    """Force a file to the disk, and let what is read of it from now on come from there.

    After a write-back that failed, memory may still show bytes that never reached the disk.
    """
    file = os.open(path, os.O_RDWR)
    try:
        os.fsync(file)
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(file)


def _tail_name(unfinished: Path, kept: int) -> Path:
    """Give a name for the bytes after ``kept``: a free one, or that of a copy of them which was cut short by a kill."""
    final = unfinished.with_suffix("")
    tail, count = final.with_name(f"{final.name}.tail"), 1
    while tail.exists() and not _begins(unfinished, kept, tail):
        count += 1
        tail = final.with_name(f"{final.name}.{count}.tail")
    return tail


def _begins(unfinished: Path, kept: int, tail: Path) -> bool:
    """Whether ``tail`` says nothing that the file does not say after ``kept`` bytes."""
    with unfinished.open("rb") as source, tail.open("rb") as saved:
        source.seek(kept)
        while piece := saved.read(_STEP):
            if source.read(len(piece)) != piece:
                return False
    return True


def _cut_off(path: Path, kept: int, tail: Path) -> Path:
    """Save what comes after ``kept`` bytes, make sure it is on the disk, and only then cut it."""
    with path.open("r+b") as source:
        with tail.open("wb") as saved:
            source.seek(kept)
            shutil.copyfileobj(source, saved)
            saved.flush()
            os.fsync(saved.fileno())
        source.truncate(kept)
        os.fsync(source.fileno())
    return tail
