"""The same substitution in many articles, seen as one campaign: a renamed ministry, a changed figure, a deleted name.

What stands for what is read from the marked words of each change, whole 어절 without their 조사. Only what tells
something counts: endings, spaces, marks and short figures without a subject are edits that happen everywhere.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from diffing import dates, figures, names, persons
from diffing.endings import same_particle, same_stem
from diffing.forms import plain
from storage.records import Change, Op, iso

Kind = Literal["name", "figure", "date", "wording"]

FEWEST = 3
"""Articles that make a campaign."""

LONGEST = 6
"""어절 on either side beyond which a substitution is a rewriting and no term."""

_TEXT_FIELDS = ("title", "subtitles", "body", "source")
_PARTICLES = sorted(
    (
        "은 는 이 가 을 를 의 에 에서 에게 과 와 도 로 으로 만 부터 까지 라고 이라고 보다 측은 측이 이다 다 입니다 인"
    ).split(),
    key=len,
    reverse=True,
)
_EDGE = re.compile(r"^[^\w%△▲$+-]+|[^\w%)]+$")
"""Marks around what was replaced: the brackets of ``「산림청」``, the comma of ``산림청,``; ``△3.1%`` keeps its own."""
_BRACKETED = re.compile(r"[^()\[\]「」]*[(\[「](?=[^()\[\]「」]*[)\]」]?$)")
"""The ``홍보팀(`` of ``홍보팀(044-200-0000)``."""
_SPECIFIC_DIGITS = 3
"""Digits of a figure that is told apart by itself; a shorter one needs the same word before it."""


@dataclass(frozen=True, slots=True)
class Substitution:
    """One text for another; ``new`` is empty where it was only taken out. ``subject`` is what a short figure is of."""

    kind: Kind
    old: str
    new: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A change that made a substitution, without its text: a campaign may have as many as the archive has articles."""

    id: str
    article: str
    url: str
    title: str
    source: str | None
    old_last_seen: datetime
    new_first_seen: datetime

    @classmethod
    def of(cls, change: Change) -> Member:
        """Take from a change what a campaign tells of it."""
        return cls(
            change.id, change.article, change.url, change.title, change.source, change.old_last_seen,
            change.new_first_seen,
        )  # fmt: skip

    @property
    def order(self) -> tuple[datetime, str]:
        """What members are sorted by: when seen, then which."""
        return self.new_first_seen, self.id


@dataclass(frozen=True, slots=True)
class Campaign:
    """A substitution with the changes that made it, one per article, in the order in which they were seen."""

    substitution: Substitution
    members: tuple[Member, ...]

    @property
    def first_seen(self) -> datetime:
        """When the first of its changes was first seen."""
        return self.members[0].new_first_seen

    @property
    def last_seen(self) -> datetime:
        """When the last of its changes was first seen."""
        return self.members[-1].new_first_seen

    def as_json(self) -> dict[str, Any]:
        """Give the campaign as plain data."""
        return {
            "kind": self.substitution.kind,
            "old": self.substitution.old,
            "new": self.substitution.new or None,
            "subject": self.substitution.subject or None,
            "articles": len(self.members),
            "first_seen": iso(self.first_seen),
            "last_seen": iso(self.last_seen),
            "members": [
                {
                    "change": one.id,
                    "article": one.article,
                    "url": one.url,
                    "title": one.title,
                    "source": one.source,
                    "old_last_seen": iso(one.old_last_seen),
                    "new_first_seen": iso(one.new_first_seen),
                }
                for one in self.members
            ],
        }


def campaigns(changes: Iterable[Change]) -> list[Campaign]:
    """Find the substitutions that at least :data:`FEWEST` articles share.

    Args:
        changes: any changes, in any order; none is kept, so that a long period can be read one after the other.

    Returns:
        The campaigns, those with the most articles first, then by first sight. A substitution that is only part of a
        longer one in the same articles is left out.
    """
    seen: dict[Substitution, dict[str, Member]] = defaultdict(dict)
    for change in changes:
        member = Member.of(change)
        for substitution in substitutions(change):
            first = seen[substitution].setdefault(change.article, member)
            seen[substitution][change.article] = min(first, member, key=lambda one: one.order)
    found = [
        Campaign(one, tuple(sorted(members.values(), key=lambda member: member.order)))
        for one, members in seen.items()
        if len(members) >= FEWEST
    ]
    together: dict[tuple[Member, ...], list[Substitution]] = defaultdict(list)
    for one in found:
        together[one.members].append(one.substitution)
    found = [one for one in found if not any(_is_part(one.substitution, other) for other in together[one.members])]
    gone = [one for one in found if not one.substitution.new]
    found = [one for one in found if one.substitution.new or not any(_is_among(one, other) for other in gone)]
    return sorted(found, key=lambda one: (-len(one.members), one.first_seen, one.substitution.old))


def _is_part(small: Substitution, large: Substitution) -> bool:
    if small.subject != large.subject:
        return False
    return small != large and small.old in large.old and small.new in large.new


def _is_among(small: Campaign, large: Campaign) -> bool:
    """Tell whether a name that was taken out with its post was taken out without it by the same and more articles."""
    if small is large or large.substitution.old not in small.substitution.old:
        return False
    return {one.id for one in small.members} < {one.id for one in large.members}


def substitutions(change: Change) -> set[Substitution]:
    """Give what stands for what in one change."""
    steps = (op for field in change.comparison.fields if field.field in _TEXT_FIELDS for op in field.ops)
    return {one for step in steps if step.op in {"replace", "move"} for one in _of_step(step)}


def _of_step(op: Op) -> Iterator[Substitution]:
    for before, old, new in _dated(_regions(op.words)):
        one, other = _bare(plain(old), plain(new))
        if one and one != other and max(len(one.split()), len(other.split())) <= LONGEST:
            gone = _gone(one, other)
            if gone is not None:
                yield from (Substitution("name", name, "") for name in _named(gone))
            elif told := _told(one, other, _subject(_EDGE.sub("", plain(before)))):
                yield told


def _regions(words: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Give the kept 어절 before, the old and the new text of every changed stretch, widened to whole 어절."""
    old = new = before = ""
    changed = False
    for tag, text in words:
        if tag == "delete":
            old, changed = old + text, True
        elif tag == "insert":
            new, changed = new + text, True
        else:
            head, *rest = re.split(r"(\s)", text, maxsplit=1)
            # what was taken out or put in with its space leaves the next 어절 as it was
            if not changed or any(one and not one[-1].isspace() for one in (old, new)):
                old, new = old + head, new + head
            if rest:
                if changed:
                    yield before, old.strip(), new.strip()
                last = re.split(r"\s", rest[-1])
                # the 어절 before a new stretch, and the beginning of the 어절 in which it starts
                kept = [one for one in re.split(r"\s", (old if not changed else "") + rest[0] + rest[-1]) if one]
                old = new = last[-1]
                before = kept[-2] if last[-1] and len(kept) > 1 else kept[-1] if not last[-1] and kept else ""
                changed = False
    if changed:
        yield before, old.strip(), new.strip()


def _dated(regions: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    """Join stretches that stand side by side and say a day together: ``11월`` and ``30일까지``."""
    held: tuple[str, str, str] | None = None
    for before, old, new in regions:
        if held is not None:
            joined = held[0], f"{held[1]} {old}", f"{held[2]} {new}"
            days = all(dates.scan(plain(text)) for text in (*held[1:], old, new))
            if not before and days and all(any(map(_is_exact, dates.scan(plain(text)))) for text in joined[1:]):
                held = joined
                continue
            yield held
        held = before, old, new
    if held is not None:
        yield held


def _bare(old: str, new: str) -> tuple[str, str]:
    """Give what was replaced without the marks, the 조사 and the words before a bracket that both sides have."""
    one, other = _EDGE.sub("", old), _EDGE.sub("", new)
    hit = _BRACKETED.match(one)
    if hit and other.startswith(hit.group()) and len(hit.group()) < min(len(one), len(other)):
        one, other = one[hit.end() :], other[hit.end() :]
    one, other = _without_particle(one, other)
    return _EDGE.sub("", one), _EDGE.sub("", other)


def _without_particle(old: str, new: str) -> tuple[str, str]:
    """Take the 조사 that both bear from either: 기획재정부는 and 재정경제부는 are 기획재정부 and 재정경제부."""
    ours, theirs = ([one for one in _PARTICLES if text.endswith(one)] for text in (old, new))
    for one in ours:
        for other in theirs:
            if same_particle(one, other) and len(old) - len(one) >= 2 and len(new) - len(other) >= 2:
                return old[: -len(one)], new[: -len(other)]
    return old, new


def _subject(before: str) -> str:
    """Give an 어절 without its 조사, as it is printed: of 예산으로 and 예산 it is 예산."""
    return next(
        (before[: -len(one)] for one in _PARTICLES if before.endswith(one) and len(before) > len(one) + 1), before
    )


def _told(old: str, new: str, before: str) -> Substitution | None:
    """Call a substitution by what it replaces; None where it tells nothing."""
    days = dates.scan(old), dates.scan(new)
    if days[0] or days[1]:
        # a bare 12일 or 3시 changes everywhere; 2027년 of one thing does not
        exact = days[0] and days[1] and all(map(_is_exact, (*days[0], *days[1])))
        if not exact or not before or [one.key for one in days[0]] == [one.key for one in days[1]]:
            return None
        return Substitution("date", *_cut(old, new, days[0][-1].end, days[1][-1].end), before)
    values = figures.scan(old), figures.scan(new)
    if values[0] and values[1]:
        if [one.key for one in values[0]] == [one.key for one in values[1]]:
            return None
        old, new = _cut(old, new, values[0][-1].end, values[1][-1].end)
        specific = all(len(re.sub(r"\D", "", text)) >= _SPECIFIC_DIGITS for text in (old, new))
        return Substitution("figure", old, new, "" if specific else before) if specific or before else None
    named = names.scan(old), names.scan(new)
    if named[0] and named[1]:
        same = [one.value for one in named[0]] == [one.value for one in named[1]]
        return None if same else Substitution("name", *_cut(old, new, named[0][-1].end, named[1][-1].end))
    if min(len(old), len(new)) < 2 or not all(re.search(r"[가-힣A-Za-z]", one) for one in (old, new)):
        return None
    ours, theirs = old.split(), new.split()
    if len(ours) == len(theirs) and all(map(same_stem, ours, theirs)):
        return None
    if re.sub(r"\W", "", old) == re.sub(r"\W", "", new):
        return None
    return Substitution("wording", old, new)


def _cut(old: str, new: str, old_end: int, new_end: int) -> tuple[str, str]:
    """Leave out what both say behind what was replaced: the 이었다 of ``2,735명이었다`` and ``2,753명이었다``."""
    return (old[:old_end], new[:new_end]) if old[old_end:] == new[new_end:] else (old, new)


def _gone(old: str, new: str) -> str | None:
    """Give what was taken out where that is all: of ``배우 한도담 씨`` that is ``배우`` now the rest, else None."""
    if new and not (old.startswith(new) or old.endswith(new)):
        return None
    rest = _EDGE.sub("", old.removeprefix(new) if old.startswith(new) else old.removesuffix(new))
    # 2027년 that is 7년 now, 국립공원 that is 공원
    return rest if not new or names.scan(rest) else None


def _named(gone: str) -> set[str]:
    """Give who or what was taken out, as printed and without the post: ``홍길동 위원장`` and 홍길동."""
    found = names.scan(gone)
    if not found:
        person = persons.person(gone)
        return {person} if person else set()
    bare = [one for one in found if not names.is_post(one.text)] or found
    return {gone[found[0].start : found[-1].end], gone[bare[0].start : bare[-1].end]}


def _is_exact(date: dates.Date) -> bool:
    return "-" in date.key.strip("-") or date.key.isdigit()
