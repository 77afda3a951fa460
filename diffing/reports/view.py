"""What a page says about a change, worked out once for every format that is read by people.

Unchanged paragraphs fold to one line of context, facts get their difference, evidence its commands. Nothing here is
escaped yet: each format does that in its own way.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import Literal

from diffing.reports import items
from diffing.reports.items import WordRun
from diffing.reports.phrases import FIELDS, KINDS, LABELS, LICENCES, SECTIONS, WEIGHT_WORDS, Words
from diffing.reports.report import Album
from diffing.reports.sentences import say
from diffing.reports.summary import as_recorded, difference, summary
from diffing.reports.visible import shortened
from storage.records import Change, DocumentChange, Evidence, FieldChange, Op, Picture

StepKind = Literal["same", "context", "insert", "delete", "replace", "move"]

FACTS_UNFOLDED = 12
"""Of more values a page folds the table: it would stand between a reader and the text that says the same."""

_CODES = {"section": SECTIONS, "licence": LICENCES}
"""Fields whose values are codes, with the words for them."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a shown difference: ``note`` for folded units, moves and other kinds, ``runs`` for text.

    ``old`` and ``new`` are the pictures of an image that came, went or was replaced, where the format can show them.
    """

    kind: StepKind
    runs: tuple[WordRun, ...] = ()
    note: str = ""
    old: Picture | None = None
    new: Picture | None = None

    @property
    def before(self) -> tuple[WordRun, ...]:
        """The runs of the old text."""
        return tuple(run for run in self.runs if run[0] != "insert")

    @property
    def after(self) -> tuple[WordRun, ...]:
        """The runs of the new text."""
        return tuple(run for run in self.runs if run[0] != "delete")


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field that differs, in steps."""

    name: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class FactView:
    """A value replaced by a value, and how far apart they are."""

    kind: str
    old: str
    new: str
    difference: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change in words.

    ``labels`` pairs each code with its words, ``without`` says why no field is shown, ``interval`` has the
    placeholders ``{old} {new} {span}``.
    """

    change: Change
    summary: str
    kind: str
    section: str
    source: str
    weight: str
    disclosure: str
    reasons: tuple[str, ...]
    labels: tuple[tuple[str, str], ...]
    facts: tuple[FactView, ...]
    fields: tuple[FieldView, ...]
    without: str
    interval: str
    span: str
    checks: str
    commands: tuple[str, ...]
    evidence: tuple[tuple[str, Evidence], ...]

    @property
    def many_facts(self) -> bool:
        """Whether the table of values is long."""
        return len(self.facts) > FACTS_UNFOLDED


def change_view(change: Change, words: Words, album: Album | None = None) -> ChangeView:
    """Put a change into words, and beside them the pictures that came and went, where an album is given."""
    found = change.comparison
    interval = f"interval-{change.kind}" if change.kind in ("removed", "restored") else "interval"
    return ChangeView(
        change=change,
        summary=summary(change, words),
        kind=words.word(KINDS, change.kind),
        section=words.word(SECTIONS, change.section),
        source=change.source or say(words, "no-source"),
        weight=words.word(WEIGHT_WORDS, found.weight),
        disclosure=words.disclosure(found.disclosure, change.kind),
        reasons=words.reasons(found.reasons),
        labels=tuple((one, words.word(LABELS, one)) for one in found.labels),
        facts=tuple(
            FactView(words.word(LABELS, one.kind), as_recorded(one.old), as_recorded(one.new), difference(one, words))
            for one in found.facts
        ),
        fields=(
            *(
                FieldView(words.word(FIELDS, one.field), tuple(_steps(_worded(one, words), words, change, album)))
                for one in found.fields
            ),
            *(_document(one, words) for one in found.documents),
        ),
        without="" if found.fields else say(words, "no-diff" if change.kind == "removed" else "no-difference"),
        interval=say(words, interval),
        span=words.span(change.new_first_seen - change.old_last_seen),
        checks=say(words, "checks" if change.checks_between else "no-checks").format(n=change.checks_between),
        commands=_commands(change),
        evidence=(
            (say(words, "evidence-old"), change.evidence_old),
            (say(words, "evidence-new"), change.evidence_new),
        ),
    )


def _worded(field: FieldChange, words: Words) -> FieldChange:
    """Name what stands there as a code: to a reader ``fact-check`` is 사실은 이렇습니다, ``KOGL-4`` what it forbids."""
    if field.field not in _CODES:
        return field
    table = _CODES[field.field]
    named = (
        op._replace(old=op.old and words.word(table, op.old), new=op.new and words.word(table, op.new), words=())
        for op in field.ops
    )
    return FieldChange(field.field, tuple(named))


def versions(change: Change, words: Words) -> str:
    """Say from which version to which, ``1 → 2``; a removed article has no new one."""
    none = say(words, "gone-version")
    return f"{change.from_version or none} → {change.to_version or none}"


def _commands(change: Change) -> tuple[str, ...]:
    """Give the commands that show a change, quoted for a shell."""
    article = shlex.quote(change.article)
    known = [one for one in (change.from_version, change.to_version) if one is not None]
    both = len(set(known)) == 2
    compare = (f"gochim diff {article} {known[0]} {known[1]}",) if both else (f"gochim history {article}",)
    return compare + tuple(f"gochim show {article} --version {one}" for one in dict.fromkeys(known))


def _document(document: DocumentChange, words: Words) -> FieldView:
    """Show what differs in the text of a file; a file that says the same is said to."""
    steps = tuple(_step(op, "body", words) for op in document.ops)
    return FieldView(
        say(words, "document").format(name=document.name_new),
        steps or (Step("same", note=say(words, "document-same")),),
    )


def _steps(field: FieldChange, words: Words, change: Change, album: Album | None) -> Iterator[Step]:
    """Turn ops into steps, a run of kept units into its ends and a count of those between."""
    runs = [(kept, list(group)) for kept, group in groupby(field.ops, key=lambda op: op.op == "keep")]
    for place, (kept, ops) in enumerate(runs):
        if kept:
            yield from _folded(ops, field.field, words, opening=place == 0, closing=place == len(runs) - 1)
        else:
            steps = (_step(op, field.field, words) for op in ops)
            yield from (
                map(partial(_pictured, change, album), steps, ops) if album and field.field == "images" else steps
            )


def _pictured(change: Change, album: Album, step: Step, op: Op) -> Step:
    """Give a step with its pictures, unless the image itself is the same."""
    (old, was), (new, now) = map(items.image, (op.old, op.new))
    if (old, was) == (new, now):
        return step
    sides = ((old, change.from_version), (new, change.to_version))
    shown = [album(change.article, version, src) if src and version else None for src, version in sides]
    return replace(step, old=shown[0], new=shown[1])


def _folded(ops: Sequence[Op], field: str, words: Words, *, opening: bool, closing: bool) -> Iterator[Step]:
    """Show the kept units that touch a change, each cut to one line, and count the others."""
    head = 0 if opening else 1
    tail = 0 if closing else 1
    hidden = len(ops) - head - tail
    lines = [Step("context", (("keep", shortened(_said(op, field, words))),)) for op in ops]
    if hidden <= 1:  # a note in place of a single line saves nothing
        yield from lines
        return
    yield from lines[:head]
    yield Step("same", note=words.same(field, hidden))
    yield from lines[len(lines) - tail :]


def _said(op: Op, field: str, words: Words) -> str:
    """Say of a kept unit what it says, of an item what it is called."""
    if field in items.PARTS:
        return items.name(field, op.new or op.old or "")
    return "".join(text for _, text in _runs(op, field, words))


def _step(op: Op, field: str, words: Words) -> Step:
    if op.op == "move":
        return Step("move", _runs(op, field, words), words.position(op.old_index, op.new_index))
    recast = op.op == "replace" and op.old == op.new
    return Step(
        "context" if op.op == "keep" else op.op, _runs(op, field, words), say(words, "recast") if recast else ""
    )


def _runs(op: Op, field: str, words: Words) -> tuple[WordRun, ...]:
    """Give the words of an op; without words, the whole old text and the whole new one."""
    if field in items.PARTS:
        return items.runs(field, op, words)
    if op.words:
        return op.words
    old, new = op.old or "", op.new or ""
    if op.op in {"keep", "move"} and old == new:
        return (("keep", new),)
    whole: list[WordRun] = [("delete", old)] if old else []
    return (*whole, ("insert", new)) if new else tuple(whole)
