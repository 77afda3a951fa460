"""Change, Comparison: what differs between two versions, stated as seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from storage.records.captured import Evidence
from storage.records.kinds import (
    BlockKind,
    ChangeKind,
    Disclosure,
    ReasonSignal,
    Weight,
)
from storage.records.notation import iso


class Op(NamedTuple):
    """One step from the old sequence to the new one; ``words`` are (tag, text) with tags keep, insert, delete.

    Joining the kept and deleted texts gives ``old``, the kept and inserted ones ``new``. The kinds are those of a block
    that was of another kind before, None of all others. A long text has hundreds of
    steps, and a tuple is made in a seventh of the time of a frozen dataclass.
    """

    op: Literal["keep", "insert", "delete", "replace", "move"]
    old: str | None
    new: str | None
    words: tuple[tuple[Literal["keep", "insert", "delete"], str], ...] = ()
    old_index: int | None = None
    new_index: int | None = None
    old_kind: BlockKind | None = None
    new_kind: BlockKind | None = None

    def as_json(self) -> dict[str, Any]:
        """Give the op object of the Change shape; it names kinds only where they differ."""
        kinds = {"old_kind": self.old_kind, "new_kind": self.new_kind} if self.old_kind != self.new_kind else {}
        return {
            "op": self.op,
            "old": self.old,
            "new": self.new,
            "words": [list(word) for word in self.words],
            "old_index": self.old_index,
            "new_index": self.new_index,
            **kinds,
        }


@dataclass(frozen=True, slots=True)
class FieldChange:
    """The steps that turn one field's old value into its new one, kept parts included."""

    field: str
    ops: tuple[Op, ...]

    def as_json(self) -> dict[str, Any]:
        """Give the field object of the Change shape."""
        return {"field": self.field, "ops": [op.as_json() for op in self.ops]}


@dataclass(frozen=True, slots=True)
class Fact:
    """A value replaced by a value; money in 원, percent as printed; None where the sign or size is not fixed."""

    kind: str
    old: str
    new: str
    old_value: float | int | str | None = None
    new_value: float | int | str | None = None
    ratio: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Give the fact object of the Change shape."""
        return {
            "kind": self.kind,
            "old": self.old,
            "new": self.new,
            "old_value": self.old_value,
            "new_value": self.new_value,
            "ratio": self.ratio,
        }


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a change is called disclosed or silent: the signal, and its text as found."""

    signal: ReasonSignal
    text: str

    def as_json(self) -> dict[str, str]:
        """Give the reason object of the Change shape."""
        return {"signal": self.signal, "text": self.text}


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """The steps that turn one attachment's text into that of the file in its place; none when it says the same.

    Kept parts are left out, for a document is long; each step's indices say which blocks it stands between.
    """

    file_id_old: str
    file_id_new: str
    name_old: str
    name_new: str
    ops: tuple[Op, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Give the document object of the Change shape."""
        return {
            "file_id_old": self.file_id_old,
            "file_id_new": self.file_id_new,
            "name_old": self.name_old,
            "name_new": self.name_new,
            "ops": [op.as_json() for op in self.ops],
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two articles, named and weighed. Empty fields mean nothing differs."""

    fields: tuple[FieldChange, ...] = ()
    facts: tuple[Fact, ...] = ()
    labels: tuple[str, ...] = ()
    weight: Weight = "cosmetic"
    disclosure: Disclosure = "unknown"
    reasons: tuple[Reason, ...] = ()
    documents: tuple[DocumentChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """From one version to the next, stated as seen and never as happened *at* a time.

    The old state was last seen at ``old_last_seen``, the new one first at ``new_first_seen``, with
    ``checks_between`` looks between that could not tell.
    """

    id: str
    article: str
    url: str
    section: str
    title: str
    source: str | None
    kind: ChangeKind
    from_version: int | None
    to_version: int | None
    old_last_seen: datetime
    new_first_seen: datetime
    checks_between: int
    comparison: Comparison
    evidence_old: Evidence
    evidence_new: Evidence

    def as_json(self) -> dict[str, Any]:
        """Give the Change shape of the contract."""
        return {
            "id": self.id,
            "article": self.article,
            "url": self.url,
            "section": self.section,
            "title": self.title,
            "source": self.source,
            "kind": self.kind,
            "from_version": self.from_version,
            "to_version": self.to_version,
            "old_last_seen": iso(self.old_last_seen),
            "new_first_seen": iso(self.new_first_seen),
            "checks_between": self.checks_between,
            "weight": self.comparison.weight,
            "labels": list(self.comparison.labels),
            "disclosure": self.comparison.disclosure,
            "disclosure_reasons": [one.as_json() for one in self.comparison.reasons],
            "fields": [one.as_json() for one in self.comparison.fields],
            "facts": [one.as_json() for one in self.comparison.facts],
            "documents": [one.as_json() for one in self.comparison.documents],
            "evidence": {"old": self.evidence_old.as_json(), "new": self.evidence_new.as_json()},
        }


@dataclass(frozen=True, slots=True)
class Outline:
    """A change without its text: as much of it as counting many changes takes.

    ``published`` is what the changed version printed (``2024-06-12``, with time and ``+09:00`` or without);
    ``began`` is when that version was first seen.
    """

    id: str
    article: str
    section: str
    source: str | None
    kind: ChangeKind
    weight: Weight
    old_last_seen: datetime
    new_first_seen: datetime
    published: str | None = None
    began: datetime | None = None

    @classmethod
    def of(cls, change: Change) -> Outline:
        """Outline a change of whose old version nothing is known but what the change says."""
        return cls(
            change.id, change.article, change.section, change.source, change.kind, change.comparison.weight,
            change.old_last_seen, change.new_first_seen,
        )  # fmt: skip
