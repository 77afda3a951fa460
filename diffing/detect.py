"""Walk an article's checks and versions and yield its changes, each stated as seen.

A change is never said to have happened *at* a time. The old state was last seen then, the new one first seen then,
and so many looks between could not tell. A disappearance becomes a removal only after as many looks over as many
days as the rule of the run asks for; a firewall page, an error, a page that no layout recognises, or an absence
while most of the portal is absent, is never one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice, pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from diffing import told
from storage.records import (
    ABSENT,
    BODY,
    LABELS,
    Article,
    Change,
    ChangeKind,
    Check,
    Comparison,
    Told,
    Version,
    completed,
    to_the_time,
)

if TYPE_CHECKING:
    from diffing.labels import Texts


@dataclass(frozen=True, slots=True)
class Transition:
    """One step in an article's history: from what was last seen to what was first seen instead."""

    what: Literal["changed", "removed", "restored"]
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
    return (step for _, step in walk(checks) if step is not None)


def walk(checks: Sequence[Check]) -> Iterator[tuple[Check, Transition | None]]:
    """Yield each check with the step that it completes, None when it completes none."""
    state: _State | None = None
    for check in checks:
        step = None
        if check.version is not None:
            if state is not None:
                step = _on_read(state, check, check.version)
            state = _State(check.version, check)
        elif state is not None:
            step = _on_miss(state, check)
        yield check, step


def tells_absence(check: Check) -> bool:
    """Say whether a look shows that the article is absent: it does not while most looks fail at once."""
    return check.outcome in ABSENT and not check.held


def _on_read(state: _State, check: Check, version: int) -> Transition | None:
    if state.removed:
        return Transition("restored", state.version, version, state.absent[-1], check, state.since_absent)
    if version != state.version:
        return Transition("changed", state.version, version, state.read, check, state.since_read)
    return None


def _on_miss(state: _State, check: Check) -> Transition | None:
    state.since_read += 1
    if not tells_absence(check):
        state.since_absent += 1
        if not state.absent:
            state.undecided_before_absence += 1
        return None
    state.absent.append(check)
    state.since_absent = 0
    long_enough = check.checked_at - state.absent[0].checked_at >= timedelta(days=check.removal_days)
    if state.removed or len(state.absent) < check.removal_checks or not long_enough:
        return None
    state.removed = True
    return Transition("removed", state.version, None, state.read, state.absent[0], state.undecided_before_absence)


def changes(  # noqa: PLR0913  # all that is known of an article
    checks: Sequence[Check],
    versions: Mapping[int, Version],
    known: int = 0,
    texts: Texts | None = None,
    answers: Sequence[Told] = (),
    shared: Mapping[int, Article] = MappingProxyType({}),
) -> Iterator[Change]:
    """Yield an article's changes, leaving out the first ``known``, which are filed already.

    Args:
        checks: Every check of the article, oldest first.
        versions: Its versions by number.
        known: How many changes, counted from the first, need not be compared again.
        texts: What the attachments say; None where it is not known of any.
        answers: What the open API ever told of its edits, in order of time.
        shared: Where a change of the whole site touched a version: by the version's number, the article as the version
            before it would read after that change alone. Only what differs from this is the article's own change.
    """
    for number, told_step in islice(enumerate(transitions(checks), start=1), known, None):
        step = _without_clock(_from_where_it_was_seen(told_step, checks, versions), checks)
        common = shared.get(step.to_version or 0) if step.to_version == step.from_version + 1 else None
        change = _change(number, step, versions, texts, answers, common)
        differs = bool(change.comparison.fields or change.comparison.documents)
        if differs or change.kind == "restored" or (common is None and not _only_tells_its_time(step, versions)):
            yield change


def _from_where_it_was_seen(step: Transition, checks: Sequence[Check], versions: Mapping[int, Version]) -> Transition:
    """Begin a step at the last look that read what was replaced: the look before it may not have read that part."""
    if step.what != "changed" or not step.old.unread or step.to_version is None:
        return step
    swapped = replaced(versions[step.from_version].article, versions[step.to_version].article)
    missing, old = swapped & step.old.unread, step.old
    end = next(place for place, one in enumerate(checks) if one is step.new)
    start = next(place for place, one in enumerate(checks) if one is step.old)
    while missing and start > 0:
        start -= 1
        old = checks[start]
        if old.version is not None:
            missing &= old.unread
    return replace(step, old=old, between=end - start - 1)


def _without_clock(step: Transition, checks: Sequence[Check]) -> Transition:
    """Take Last-Modified from a step where it had moved at every look that found nothing else: it dates the answer."""
    if step.old.last_modified == step.new.last_modified:
        return step
    dated = [one for one in checks if one.version and one.last_modified and one.checked_at <= step.old.checked_at]
    same = [(one, other) for one, other in pairwise(dated) if one.version == other.version]
    if not same or any(one.last_modified == other.last_modified for one, other in same):
        return step
    return replace(step, old=replace(step.old, last_modified=None), new=replace(step.new, last_modified=None))


def replaced(old: Article, new: Article) -> frozenset[str]:
    """Name the files and pictures that hold other bytes where they stood, and the body of which this may be so."""
    was = {one.file_id: one.sha256 for one in old.attachments} | {one.src: one.sha256 for one in old.images}
    now = {one.file_id: one.sha256 for one in new.attachments} | {one.src: one.sha256 for one in new.images}
    body = {BODY} if _document(old) != _document(new) else set()
    return frozenset({name for name, digest in was.items() if digest and now.get(name) not in {None, digest}} | body)


def _document(article: Article) -> tuple[object, ...]:
    """Give what of an article a look that could not have its document does not read."""
    if article.body_from == "viewer":
        return article.body[: article.document_blocks], article.images[: article.document_images]
    return article.body, article.images, article.body_file


def _only_tells_its_time(step: Transition, versions: Mapping[int, Version]) -> bool:
    """Whether all that a new version has beside the one before is the time of day at which it was published."""
    if step.to_version is None:
        return False
    old, new = versions[step.from_version].article, versions[step.to_version].article
    return replace(old, published=new.published) == new and to_the_time(old.published, new.published) == new.published


def _change(  # noqa: PLR0913  # all that is known of a step
    number: int,
    step: Transition,
    versions: Mapping[int, Version],
    texts: Texts | None,
    answers: Sequence[Told],
    common: Article | None,
) -> Change:
    old = versions[step.from_version].article
    new = versions[step.to_version].article if step.to_version is not None else None
    comparison = Comparison(weight="substance")
    if new is not None:
        # A quarter of a second to load, which articles of one version do without.
        from diffing.labels import compare, unread

        signals = told.signals(answers, step.old, step.new)
        comparison = compare(common or old, new, signals=signals, texts=texts or unread)
    if step.what == "restored":
        comparison = replace(comparison, weight="substance")
    if _returns(step, versions):
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
    if moves(old, new):
        return "moved"
    if {one.field for one in comparison.fields} == {"attachments"}:
        steps = {op.op for op in comparison.fields[0].ops} - {"keep", "move"}
        # A file merely added, taken away, listed elsewhere or named otherwise replaces nothing.
        same = steps in ({"insert"}, {"delete"}, set()) or _hold_the_same(old, new)
        return "edited" if same else "attachment-replaced"
    return "edited"


def _hold_the_same(old: Article, new: Article) -> bool:
    """Whether both have files of the same numbers and bytes, all of which were read."""
    held = [{(one.file_id, one.sha256) for one in side.attachments} for side in (old, new)]
    return held[0] == held[1] and all(digest for _, digest in held[0])


def moves(old: Article, new: Article) -> bool:
    """Say whether the article stands at another address or in another section than before."""
    return (old.url, old.section) != (new.url, new.section)


def _returns(step: Transition, versions: Mapping[int, Version]) -> bool:
    """Whether the new state is one that stood before the old one (A, B, A)."""
    if step.to_version is None:
        return False
    new = versions[step.to_version].article
    if _says_the_same(versions[step.from_version].article, new):
        return False
    return any(
        _says_the_same(version.article, new) for number, version in versions.items() if number < step.from_version
    )


def _says_the_same(old: Article, new: Article) -> bool:
    """Whether two states agree, a file that one of them did not read taken as it was read in the other.

    The portal gives a file that is put up again a new number: the bytes decide, where they are known.
    """
    if old.title != new.title or (old.body != new.body and "unread" not in {old.body_from, new.body_from}):
        return False
    one, other = (_by_bytes(completed(side, beside)) for side, beside in ((old, new), (new, old)))
    return one.content_digest == other.content_digest


def _by_bytes(article: Article) -> Article:
    """Number the files of an article by what they hold."""
    return replace(
        article,
        attachments=tuple(
            replace(one, file_id=one.sha256, media_type=None) if one.sha256 else one for one in article.attachments
        ),
    )
