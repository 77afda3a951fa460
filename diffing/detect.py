"""Walk an article's checks and versions and yield its changes, each stated as seen.

A change is never said to have happened *at* a time. The old state was last seen then, the new one first seen then,
and so many looks between could not tell. A disappearance becomes a removal only after as many looks over as many
days as the rule of the run asks for; a firewall page, an error or a page that no layout recognises is never one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice

from diffing.labels import compare
from storage.records import ABSENT, LABELS, Article, Change, ChangeKind, Check, Comparison, Version, completed


@dataclass(frozen=True, slots=True)
class Transition:
    """One step in an article's history: from what was last seen to what was first seen instead."""

    what: str
    from_version: int
    to_version: int | None
    old: Check
    new: Check
    between: int


@dataclass(slots=True)
class _State:
    """What the walk knows so far: the version that stands, and the looks since that did not read it."""

    version: int
    read: Check
    absent: list[Check] = field(default_factory=list)
    removed: bool = False
    since_read: int = 0
    undecided_before_absence: int = 0
    since_absent: int = 0


def transitions(checks: Sequence[Check]) -> Iterator[Transition]:
    """Yield the steps in an article's history from its checks, oldest first.

    The first sight of an article is no step. ``between`` counts the looks between old and new that could not tell.
    """
    state: _State | None = None
    for check in checks:
        if check.outcome == "read" and check.version is not None:
            if state is not None:
                yield from _on_read(state, check)
            state = _State(check.version, check)
        elif state is not None:
            yield from _on_miss(state, check)


def _on_read(state: _State, check: Check) -> Iterator[Transition]:
    assert check.version is not None  # noqa: S101
    if state.removed:
        yield Transition("restored", state.version, check.version, state.absent[-1], check, state.since_absent)
    elif check.version != state.version:
        yield Transition("changed", state.version, check.version, state.read, check, state.since_read)


def _on_miss(state: _State, check: Check) -> Iterator[Transition]:
    state.since_read += 1
    if check.outcome not in ABSENT:
        state.since_absent += 1
        if not state.absent:
            state.undecided_before_absence += 1
        return
    state.absent.append(check)
    state.since_absent = 0
    long_enough = check.checked_at - state.absent[0].checked_at >= timedelta(days=check.removal_days)
    if not state.removed and len(state.absent) >= check.removal_checks and long_enough:
        state.removed = True
        yield Transition("removed", state.version, None, state.read, state.absent[0], state.undecided_before_absence)


def changes(checks: Sequence[Check], versions: Mapping[int, Version], known: int = 0) -> Iterator[Change]:
    """Yield an article's changes, leaving out the first ``known``, which are filed already.

    Args:
        checks: Every check of the article, oldest first.
        versions: Its versions by number.
        known: How many changes, counted from the first, need not be compared again.
    """
    for number, step in islice(enumerate(transitions(checks), start=1), known, None):
        yield _change(number, step, versions)


def _change(number: int, step: Transition, versions: Mapping[int, Version]) -> Change:
    old = versions[step.from_version].article
    new = versions[step.to_version].article if step.to_version is not None else None
    comparison = compare(old, new) if new is not None else Comparison(weight="substance")
    if step.what == "restored":
        comparison = replace(comparison, weight="substance")
    if new is not None and _returns(step, versions):
        labels = {*comparison.labels, "revert"}
        comparison = replace(comparison, labels=tuple(label for label in LABELS if label in labels))
    says = new or old
    return Change(
        id=f"{says.article}.{number}",
        article=says.article,
        url=says.url,
        section=says.section,
        title=says.title,
        source=says.source,
        kind=_kind(step, old, new, comparison),
        from_version=step.from_version,
        to_version=step.to_version,
        old_last_seen=step.old.checked_at,
        new_first_seen=step.new.checked_at,
        checks_between=step.between,
        comparison=comparison,
        evidence_old=step.old.evidence,
        evidence_new=step.new.evidence,
    )


def _kind(step: Transition, old: Article, new: Article | None, comparison: Comparison) -> ChangeKind:
    if new is None:
        return "removed"
    if step.what == "restored":
        return "restored"
    if (old.url, old.section) != (new.url, new.section):
        return "moved"
    if {one.field for one in comparison.fields} == {"attachments"}:
        steps = {op.op for op in comparison.fields[0].ops} - {"keep"}
        # A file merely added or merely taken away replaces nothing.
        return "edited" if steps in ({"insert"}, {"delete"}) else "attachment-replaced"
    return "edited"


def _returns(step: Transition, versions: Mapping[int, Version]) -> bool:
    """Whether the new state is one that stood before the old one (A, B, A)."""
    if step.to_version is None or step.to_version == step.from_version:
        return False
    new = versions[step.to_version].article
    return any(
        _says_the_same(version.article, new) for number, version in versions.items() if number < step.from_version
    )


def _says_the_same(old: Article, new: Article) -> bool:
    """Whether two states agree, a file that one of them did not read taken as it was read in the other."""
    if old.title != new.title or old.body != new.body:
        return False
    return completed(old, new).content_digest == completed(new, old).content_digest
