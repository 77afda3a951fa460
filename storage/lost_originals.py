"""Revisits whose original cannot be read: told in one line for each file that held it, however many refer to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from storage.archive import Archive
from storage.captures import by_record
from storage.warc_rules import Finding


def alone(findings: Sequence[tuple[Path, Finding]]) -> str:
    """Tell the first of some revisits, and count the others: nobody knows where their originals stood."""
    path, first = findings[0]
    return f"{path}: {first}" + (f" (and {len(findings) - 1:,} more such)" if len(findings) > 1 else "")


def lost(archive: Archive, db: sqlite3.Connection, findings: Sequence[tuple[Path, Finding]]) -> list[str]:
    """Tell of revisits by the files in which their originals stood, as the database has it."""
    held: dict[str, list[tuple[Path, Finding]]] = {}
    for path, finding in findings:
        original = by_record(db, finding.refers_to) if finding.refers_to else None
        held.setdefault(original.warc if original else "", []).append((path, finding))
    return [_of_file(archive.root / name, such) if name else alone(such) for name, such in held.items()]


def _of_file(held: Path, findings: Sequence[tuple[Path, Finding]]) -> str:
    path, first = findings[0]
    return (
        f"{held}: revisits that repeat what can no longer be read of it: {len(findings):,}, the first at byte "
        f"{first.offset:,} of {path.name}. Put the file back from a copy. "
        f"[{first.rule}, WARC/1.1 clause {first.clause}]"
    )
