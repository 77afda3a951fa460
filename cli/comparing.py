"""Compare an article's versions: what changed, which states it went through, where its text and files disagree."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from cli.drift import held_parts
from crawler.documents.text import ASIDES
from diffing.detect import changes as detect
from diffing.states import states as states_of
from storage import changes, documents, findings, judgements, signals, states, versions
from storage.records import ZIP_TYPE, Attachment, Block, Version


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison of an article's versions found, as rows to be filed.

    Attributes:
        article: The article's id.
        anew: Whether the changes filed before are to be taken back first.
        newest: The number of the newest version, 0 where there is none.
        changes: The changes found.
        steps: The steps of the article's state.
        findings: Where bodies and files of new versions disagree.
    """

    article: str
    anew: bool
    newest: int
    changes: list[changes.Rows]
    steps: list[states.Row]
    findings: list[findings.Rows]


class _Versions(Mapping[int, Version]):
    """An article's versions by number, read when one is asked for: of most articles there is nothing to compare."""

    def __init__(self, db: sqlite3.Connection, article: str) -> None:
        self._db = db
        self._article = article

    @cached_property
    def _read(self) -> dict[int, Version]:
        return {version.version: version for version in versions.versions(self._db, self._article)}

    def __getitem__(self, number: int) -> Version:
        return self._read[number]

    def __iter__(self) -> Iterator[int]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)


def compared(db: sqlite3.Connection, article: str, *, anew: bool) -> Compared:
    """Compare an article's versions, from the first on or only what is new of it; nothing is written."""
    numbered = _Versions(db, article)
    held = held_parts(db, article, numbered)
    # Steps that are held are no changes: how many are filed does not tell which are known.
    anew = anew or bool(held)
    checks = versions.checks(db, article, turning=True)
    known = 0 if anew else changes.count_of(db, article)
    texts, answers = partial(documents.blocks_of, db), signals.told(db, article)
    found = detect(checks, numbered, known, texts, answers, held)
    return Compared(
        article,
        anew,
        versions.newest(db, article),
        [changes.rows_of(db, one) for one in found],
        states.rows_of(db, states_of(checks, numbered)),
        judged(db, article, numbered),
    )


def file(db: sqlite3.Connection, one: Compared) -> list[str]:
    """File what a comparison found; give the ids of the changes filed."""
    if one.anew:
        changes.take_back(db, one.article)
    for change in one.changes:
        changes.put(db, change)
    states.put(db, one.article, one.steps)
    if one.newest:
        findings.forget(db, one.article, one.newest)
    for rows in one.findings:
        findings.put(db, rows)
    judgements.compared(db, one.article)
    return [change.id for change in one.changes]


def judged(db: sqlite3.Connection, article: str, numbered: Mapping[int, Version]) -> list[findings.Rows]:
    """Find where the body of each new version disagrees with what its files say."""
    new = []
    for number, digest, files in findings.unjudged(db, article):
        found = list(_disagreements(db, numbered[number])) if files else []
        new.append(findings.rows_of(article, number, digest, found))
    return new


def _disagreements(db: sqlite3.Connection, version: Version) -> Iterator[tuple[str, str, dict[str, Any]]]:
    from diffing.agreement import disagreements  # For articles with files alone.

    if version.article.body_from == "unread":
        return
    for one in version.article.attachments:
        if one.text_sha256 is None or one.file_id == version.article.body_file:
            continue
        blocks = documents.blocks_of(db, one.sha256 or "") or ()
        for member, text in _texts(one, blocks):
            for two in disagreements(version.article.body, text):
                yield two.kind, one.file_id, {**two.detail, **({"member": member} if member else {})}


def _texts(file: Attachment, blocks: Sequence[Block]) -> Iterator[tuple[str, list[Block]]]:
    """Give what a file says without what is beside its text; of a ZIP file each member by its name."""
    from diffing.members import members

    said = ((one.name, one.blocks) for one in members(blocks)) if file.media_type == ZIP_TYPE else [("", blocks)]
    for name, text in said:
        yield name, [block for block in text if not block.text.startswith(ASIDES)]
