"""Articles, captures and readings made by hand, and an archive to file them in."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from diffing.detect import changes as detect
from diffing.states import states as states_of
from storage import capture_rows, captures, cdxj, changes, filing, index_check, runs, versions
from storage import states as stored_states
from storage.archive import Archive
from storage.errors import WarcError
from storage.records import (
    Article,
    Attachment,
    Block,
    Capture,
    Change,
    Check,
    Evidence,
    Outcome,
    Reading,
    Run,
    Version,
)

START = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)
PORTAL = "https://www.example.kr"
RUN = Run("20260915T090000Z-made", START, PORTAL, "gochim/0.1", removal_checks=3, removal_days=2.0)
READ = "이 문단은 시험을 위해 지은 글이다."


def at(hours: float) -> datetime:
    """Give the instant so many hours after the first."""
    return START + timedelta(hours=hours)


def archive_at(root: Path) -> tuple[Archive, sqlite3.Connection]:
    """Make an archive with an empty database and one run in it."""
    archive = Archive(root)
    archive.create()
    if not archive.database_path.exists():
        archive.database_path.write_bytes(_empty())
    db = archive.database()
    with db:
        runs.add(db, RUN)
    return archive, db


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Give the database of such an archive."""
    with closing(archive_at(tmp_path / "archive")[1]) as opened:
        yield opened


@cache
def _empty() -> bytes:
    """Make an empty database, once for all tests of a process: its tables cost more than most tests."""
    with tempfile.TemporaryDirectory() as directory:
        archive = Archive(Path(directory))
        archive.create()
        archive.database().close()
        return archive.database_path.read_bytes()


def index_faults(archive: Archive) -> list[str]:
    """Hold every index of an archive against its WARC file."""
    said = []
    for path in cdxj.finished_warcs(archive):
        try:
            said += index_check.check_index(path, archive, cdxj.cdxj_of(path, archive.root))
        except WarcError as error:
            said += [*index_check.check_index(path, archive, None), str(error)]
    return [*said, *index_check.stray_indexes(archive)]


def article(text: str = READ, name: str = "148930267", **changed: Any) -> Article:
    """Make an article whose body is one paragraph."""
    given: dict[str, Any] = {
        "article": name,
        "url": f"{PORTAL}/news/policyNewsView.do?newsId={name}",
        "section": "policy-news",
        "title": "마을 도서관 열두 곳이 새로 문을 연다",
        "subtitles": ("올해 안에", "읍면마다 하나씩"),
        "published": "2026-09-15T18:00:00+09:00",
        "source": "문화체육관광부",
        "source_code": "A00012",
        "body": (Block("paragraph", text),),
        "licence": "KOGL-1",
    }
    return Article(**(given | changed))


def attachment(file_id: str = "197000001", sha256: str | None = None, name: str = "보도자료.hwpx") -> Attachment:
    """Make an attachment, read when a digest is given."""
    return Attachment(file_id, name, "application/hwp+zip" if sha256 else None, sha256)


def evidence(moment: datetime, name: str = "148930267") -> Evidence:
    """Say where the capture of an article at a moment stands; equal arguments give equal evidence."""
    seconds = int((moment - START) / timedelta(microseconds=1))
    return Evidence(
        "warc/made-20260915.warc.gz", seconds % 10**9, 1_000, f"urn:uuid:{name}-{seconds}", "sha1:MADE", moment
    )


def capture(moment: datetime, name: str = "148930267", **changed: Any) -> Capture:
    """Make the capture of an article's page."""
    given: dict[str, Any] = {
        "evidence": evidence(moment, name),
        "run": RUN.run,
        "url": f"{PORTAL}/news/policyNewsView.do?newsId={name}",
        "method": "GET",
        "kind": "response",
        "status": 200,
        "media_type": "text/html",
        "payload_sha256": "ab" * 32,
        "payload_length": 900,
        "role": "article",
        "article": name,
    }
    return Capture(**(given | changed))


def filed(db: sqlite3.Connection, one: Capture) -> Capture:
    """File a capture and give it with its id."""
    capture_rows.add(db, [one])
    return captures.by_id(db, captures.number_of(db, one.evidence))


def alter(db: sqlite3.Connection, evidence: Evidence, **changes: Any) -> None:
    """Let a capture's row say something else of it than its record does: fields of Capture or of Evidence."""
    number = captures.number_of(db, evidence)
    one = captures.by_id(db, number)
    where = {name: changes.pop(name) for name in list(changes) if name in Evidence._fields}
    db.commit()
    db.execute("PRAGMA foreign_keys = OFF")
    with db:
        db.execute("DELETE FROM capture_rows WHERE id = ?", (number,))
        capture_rows.add(db, [one._replace(evidence=one.evidence._replace(**where), **changes)])
    db.execute("PRAGMA foreign_keys = ON")


def reading(db: sqlite3.Connection, hours: float, state: Article | Outcome, name: str = "148930267") -> Reading:
    """Make the reading of one look: an article that was read, or the outcome of a look that read none."""
    found = filed(db, capture(at(hours), name))
    if isinstance(state, Article):
        return Reading(found, "read", state, "MadeLayout", "made:1")
    return Reading(found, state)


def readings(db: sqlite3.Connection, states: Iterable[Article | Outcome], name: str = "148930267") -> list[Reading]:
    """Make readings a day apart."""
    return [reading(db, 24 * day, state, name) for day, state in enumerate(states)]


def file_readings(db: sqlite3.Connection, name: str, readings: Sequence[Reading]) -> None:
    """File the readings of one article, oldest first, after all that is filed of it already."""
    filing.put(db, filing.fold(db, name, readings))


def look(hours: float, state: int | Outcome, *, removal_checks: int = 3, removal_days: float = 2.0) -> Check:
    """Make a check: the number of the version that was read, or the outcome of a look that read none."""
    outcome: Outcome = "read" if isinstance(state, int) else state
    version = state if isinstance(state, int) else None
    return Check("148930267", at(hours), outcome, version, evidence(at(hours)), removal_checks, removal_days)


def looks(*states: int | Outcome) -> list[Check]:
    """Make checks a day apart."""
    return [look(24 * day, state) for day, state in enumerate(states)]


def numbered(*articles: Article) -> dict[int, Version]:
    """Number articles as versions, from 1."""
    return {
        number: Version(one, number, at(number), at(number), evidence(at(number)), "made:1", "MadeLayout")
        for number, one in enumerate(articles, start=1)
    }


def found_and_filed(db: sqlite3.Connection, name: str = "148930267") -> list[Change]:
    """Detect the changes of an article that are not filed yet, file them, and give them."""
    known = changes.count_of(db, name)
    states = {version.version: version for version in versions.versions(db, name)}
    checks = versions.checks(db, name, turning=True)
    new = list(detect(checks, states, known))
    for one in new:
        changes.put(db, changes.rows_of(db, one))
    stored_states.put(db, name, stored_states.rows_of(db, states_of(checks, states)))
    return new
