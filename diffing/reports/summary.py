"""One line that says what a change is, made from its kind, labels, facts and steps alone.

No sentence here guesses at a reason; a reader who knows the labels could have written it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from diffing.campaigns import Campaign
from diffing.reports.phrases import FIELDS, LABELS, Words, capitalised
from diffing.reports.visible import shortened
from diffing.tables import whole_rows
from storage.records import Change, Fact, FieldChange

FACTS_NAMED = 3
"""Facts spelt out in a summary; the rest are counted."""

_UNIT = re.compile(r"(?P<points>[%％](?:[pP]|포인트))|(?P<percent>[%％])|(?P<times>배)")
"""How a share is printed: ``3.2%``, ``0.3%p``, ``0.3%포인트``, ``2배``; the lower end of ``3~5%`` has none."""
_DEGREES = re.compile(r"℃|°C|\d도")
"""``5℃``, ``영하 7도``: a scale whose nought is not nothing, so that 10 are not twice 5."""
# 2026-08-21T10:00:04+09:00
_RECORDED = re.compile(r"\b(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)\+09:00")

_PUBLISHED = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)(?:T(?P<time>\d\d:\d\d)(?::\d\d)?(?:[+-]\d\d:\d\d)?)?")
"""An article's own date: ``2026-09-15T18:16:48+09:00``, ``2024-06-12``."""

_HEAD_LABELS = ("title", "subtitle", "byline", "date", "source", "licence", "attachment", "image", "caption", "link")
_STEP_LABELS = {"paragraph-added": "insert", "paragraph-removed": "delete", "paragraph-moved": "move"}
_ROWS_SAID = (
    ("표의 행 {n}개 추가", "{n} table row{s} added"),
    ("표의 행 {n}개 삭제", "{n} table row{s} removed"),
    ("표의 행 {n}개 이동", "{n} table row{s} moved"),
)
_FACT_LABELS = ("number", "money", "percent", "quantity", "date-value", "name", "negation", "hedge")
_OTHER_LABELS = ("quote", "wording", "particle", "spacing", "punctuation", "unicode-form")


def summary(change: Change, words: Words) -> str:
    """Say in one line what changed, ``제목 변경; 금액 1조 5,000억 원→1조 2,000억 원(20% 감소); 문단 1개 삭제``."""
    parts = _opening(change, words) + _heads(change, words) + _facts(change, words) + _text(change, words)
    said = "; ".join(parts) or words.pick(("변경", "changed"))
    return capitalised(said)


def campaign_line(campaign: Campaign, words: Words) -> str:
    """Say in one line what several articles have in common, ``글 4건에서 같은 고침: 기획재정부→재정경제부``."""
    told = campaign.substitution
    subject = f"{shortened(told.subject, 20)} " if told.subject else ""
    old, new = shortened(told.old, 60), shortened(told.new, 60) or words.pick(("삭제", "deleted"))
    count = len(campaign.members)
    return (
        words.pick(("글 {n}건에서 같은 고침: ", "The same edit in {n} articles: ")).format(n=count)
        + f"{subject}{old}→{new}"
    )


def difference(fact: Fact, words: Words) -> str:
    """Say how far a fact's values lie apart, ``20% 감소`` or ``0.3%p 하락``; empty where that has no meaning.

    Percentages differ by percentage points, temperatures by degrees. Values of opposite sign have no ratio, nor has a
    value that was nought or less (is △3 after △5 more or less?), nor a fact whose ``ratio`` is None: the units differ
    or the sign is not fixed.
    """
    old, new = _figure(fact.old_value), _figure(fact.new_value)
    if fact.kind == "money" and old is None and new is None and fact.ratio:
        # other money than 원 has its code beside the value; the ratio needs none
        old, new = 1.0, 1.0 + fact.ratio
    if old is None or new is None or old == new:
        return ""
    units = [unit.lastgroup if unit else "" for unit in map(_UNIT.search, (fact.old, fact.new))]
    if fact.kind == "percent" and units != ["times", "times"]:
        return _points(new - old, words) if units[0] and units[0] == units[1] else ""
    if fact.kind == "quantity" and all(map(_DEGREES.search, (fact.old, fact.new))):
        apart = abs(round(new - old, 6))
        pair = ("{n}도 상승", "{n} degree{s} up") if new > old else ("{n}도 하락", "{n} degree{s} down")
        return words.counted(pair, apart, f"{apart:,g}")
    if old * new < 0:
        return words.pick(("부호 바뀜", "sign turned"))
    if fact.ratio is None or fact.kind == "date-value" or old <= 0:
        return ""
    if abs(new) >= abs(old) * 10:
        return words.pick(("{n}배", "{n} times")).format(n=_in_full(new / old, 1))
    share = abs(new - old) / abs(old) * 100
    direction = words.pick(("증가", "more")) if new > old else words.pick(("감소", "less"))
    return f"{_share(share)}% {direction}"


def _points(apart: float, words: Words) -> str:
    direction = words.pick(("상승", "up")) if apart > 0 else words.pick(("하락", "down"))
    return f"{_in_full(abs(apart), 6)}%p {direction}"


def _in_full(figure: float, places: int) -> str:
    """Write a figure without an exponent, however large, rounded to ``places`` and without noughts at its end."""
    return f"{figure:,.{places}f}".rstrip("0").rstrip(".")


def _share(percent: float) -> str:
    """Round to one decimal, and never to a nought or a hundred that it is not."""
    rounded = round(percent, 1)
    if rounded in (0, 100) and rounded != percent:
        return f"{percent:.2g}" if percent < 1 else f"{percent:.5g}"
    return f"{rounded:g}"


def _figure(value: float | str | None) -> float | None:
    return None if value is None or isinstance(value, str | bool) else float(value)


def _opening(change: Change, words: Words) -> list[str]:
    said = {
        "removed": ("글을 더는 볼 수 없음", "the article is gone"),
        "restored": ("사라졌던 글을 다시 볼 수 있음", "the article is back"),
        "moved": ("주소나 갈래가 바뀜", "moved to another address or section"),
        "attachment-replaced": ("첨부파일 교체", "attachment replaced"),
    }
    parts = [words.pick(said[change.kind])] if change.kind in said else []
    if "revert" in change.comparison.labels:
        parts.append(words.word(LABELS, "revert"))
    return parts


def _heads(change: Change, words: Words) -> list[str]:
    """Name the fields outside the body, ``제목·부제 변경``; what the kind says already is left out."""
    labels = [one for one in _HEAD_LABELS if one in change.comparison.labels]
    told = {"attachment-replaced": "attachment", "moved": "link"}.get(change.kind)
    labels = [one for one in labels if one != told]
    if any(
        fact.kind == "date-value" and as_published(fact.old) and as_published(fact.new)
        for fact in change.comparison.facts
    ):
        labels = [one for one in labels if one != "date"]
    if not labels:
        return []
    named = _joined([words.word(LABELS, one) for one in labels], words)
    return [words.pick(("{named} 변경", "{named} changed")).format(named=named)]


def _joined(names: Sequence[str], words: Words) -> str:
    """Write names one after the other, ``제목·부제``, ``title, subtitle and image``."""
    if words.lang == "ko" or len(names) < 2:
        return "·".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _facts(change: Change, words: Words) -> list[str]:
    facts = list(dict.fromkeys(change.comparison.facts))
    parts = [_fact(fact, words) for fact in facts[:FACTS_NAMED]]
    if len(facts) > FACTS_NAMED:
        parts.append(words.counted(("값 {n}개 더 바뀜", "{n} more value{s}"), len(facts) - FACTS_NAMED))
    return parts


def _fact(fact: Fact, words: Words) -> str:
    if fact.kind == "date-value" and (old := as_published(fact.old)) and (new := as_published(fact.new)):
        return f"{words.word(LABELS, 'date')} {old}→{new}"
    kind = words.word(LABELS, fact.kind)
    apart = difference(fact, words)
    old, new = (shortened(as_recorded(one), 40) for one in (fact.old, fact.new))
    return f"{kind} {old}→{new}" + (f"{words.pick(('', ' '))}({apart})" if apart else "")


def as_recorded(value: str) -> str:
    """Write a record's time as a reader would, ``2026-08-21 10:00:04``; the portal's times are all Korean."""
    return _RECORDED.sub(r"\1 \2", value)


def as_published(printed: str) -> str:
    """Write an article's own date for a reader, ``2026-09-15 18:16``; empty of what is no such date."""
    hit = _PUBLISHED.fullmatch(printed)
    return f"{hit['day']} {hit['time'] or ''}".strip() if hit else ""


def _text(change: Change, words: Words) -> list[str]:
    """Count whole paragraphs and rows, then name what is left: labels no fact has spoken for, wording, cosmetics."""
    labels = change.comparison.labels
    ops = [op for one in change.comparison.fields if one.field == "body" for op in one.ops]
    steps: Counter[str] = Counter(op.op for op in ops)
    parts = []
    for label, step in _STEP_LABELS.items():
        if label in labels:
            count = max(1, steps[step])
            added = words.word(LABELS, label)
            parts.append(_counted(added, count, words))
    parts += [words.word(LABELS, one) for one in ("paragraph-split", "paragraph-merged") if one in labels]
    replaced = [whole_rows(op.old or "", op.new or "") for op in ops if op.op == "replace"]
    counted = [sum(one[at] for one in replaced) for at in range(len(_ROWS_SAID))]
    parts += [words.counted(said, n) for said, n in zip(_ROWS_SAID, counted, strict=True) if n]
    told = {fact.kind for fact in change.comparison.facts}
    elsewhere = change.comparison.documents or any(one.field != "body" for one in change.comparison.fields)
    if any(counted) and not elsewhere and all(one.alone for one in replaced):
        told.add("wording")  # the words of rows that came, went or moved
    left = [one for one in _FACT_LABELS if one in labels and one not in told]
    left += [one for one in _OTHER_LABELS if one in labels and one not in told]
    if left:
        named = ", ".join(words.word(LABELS, one) for one in left)
        parts.append(words.pick(("{named} 바뀜", "{named} changed")).format(named=named))
    return parts or _fields_only(change, words)


def _counted(label: str, count: int, words: Words) -> str:
    """Put the number into a label of whole paragraphs, ``문단 2개 삭제``, ``2 paragraphs removed``."""
    noun, _, verb = label.partition(" ")
    return words.counted((f"{noun} {{n}}개 {verb}", f"{{n}} {noun}{{s}} {verb}"), count)


def _fields_only(change: Change, words: Words) -> list[str]:
    """Name the fields that differ where no label but ``where`` ones is given and nothing else was said."""
    said = change.kind != "edited" or change.comparison.facts or set(_HEAD_LABELS) & set(change.comparison.labels)
    if said:
        return []
    fields: tuple[FieldChange, ...] = change.comparison.fields
    named = _joined([words.word(FIELDS, one.field) for one in fields], words)
    return [words.pick(("{named} 변경", "{named} changed")).format(named=named)] if named else []
