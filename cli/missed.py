"""Sentences on what may have been missed, for ``status`` and for the foot of reports."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor
from typing import Literal

from storage.missed import EditRate, Missed
from storage.records import local

Lang = Literal["ko", "en"]

MINISTRIES = 3
"""How many ministries are named, those with the most edits."""
LEAST_DAYS = 1000
"""Rates are told for a thousand articles and a day: from less than was watched so far nothing is said."""

_AGES: tuple[tuple[float, float | None, str, str], ...] = (
    (0, 24, "나온 지 하루가 안 된", "younger than a day"),
    (24, 720, "나온 지 하루에서 한 달 된", "a day to a month old"),
    (720, None, "나온 지 한 달이 넘은", "older than a month"),
)


def lasting(hours: float, lang: Lang) -> str:
    """Say how long something lasts: in minutes below an hour, in days from two days on."""
    number, korean, english = (60 * hours, "분", "min") if hours < 1 else (hours, "시간", "h")
    if hours >= 2 * 24:
        number, korean, english = hours / 24, "일", "days"
    told = f"{number:.0f}" if english == "min" else f"{number:.1f}".removesuffix(".0")
    return f"{told}{korean}" if lang == "ko" else f"{told} {english}"


def sentences(missed: Missed, lang: Lang) -> Iterator[str]:
    """Say how likely edits were seen, when nobody looked, and how often edits are seen."""
    yield from _chances(missed, lang)
    yield from _gaps(missed, lang)
    yield from _rates(missed, lang)


def _chances(missed: Missed, lang: Lang) -> Iterator[str]:
    for start, end, korean, english in _AGES:
        # Rounded down: no edit is called surely seen that was not.
        found = [
            (lasting(one.lived, lang), f"{floor(100 * one.chance)}%")
            for one in missed.of_ages(start, end)
            if one.chance is not None
        ]
        if found and lang == "ko":
            told = ", ".join(f"{lived}이면 {chance}" for lived, chance in found)
            yield f"{korean} 글의 수정을 놓치지 않았을 확률은, 고친 내용이 그대로 있던 시간이 {told}입니다."
        elif found:
            told = ", ".join(f"{lived} {chance}" for lived, chance in found)
            yield f"Chance that an edit of an article {english} was seen, by how long it stood: {told}."


def _gaps(missed: Missed, lang: Lang) -> Iterator[str]:
    if not missed.gaps:
        return
    newest, number = missed.gaps[-1], len(missed.gaps)
    since, usual = local(newest.since), lasting(newest.usual_hours, lang)
    whole = lasting(sum(one.hours for one in missed.gaps), lang)
    if lang == "ko":
        until = f"{local(newest.until)}까지" if newest.until else "지금까지"
        yield (
            f"평소 간격({usual})보다 훨씬 오래 살피지 못한 때가 {number}번, 모두 {whole} 있었습니다. "
            f"마지막은 {since}부터 {until}입니다(한국 시각)."
        )
        return
    until = f"until {local(newest.until)}" if newest.until else "until now"
    times = "once" if number == 1 else f"{number} times"
    yield (
        f"The watch paused much longer than its usual {usual} {times}, {whole} in all; "
        f"the last time from {since} {until} (KST)."
    )


def _rates(missed: Missed, lang: Lang) -> Iterator[str]:
    if (overall := _rate(missed.overall, lang)) is None:
        return
    named = [one for one in missed.rates if one.source and one.edits][:MINISTRIES]
    each = "; ".join(f"{one.source} {rate}" for one in named if (rate := _rate(one, lang)))
    if lang == "ko":
        yield (
            f"글 1,000건을 하루 지켜볼 때 보인 수정의 평균 건수(괄호는 95% 신뢰구간): {overall}"
            + (f"; {each}." if each else ".")
        )
    else:
        yield (
            f"Edits seen for each 1,000 articles watched for a day, with 95% intervals: {overall}"
            + (f"; {each}." if each else ".")
        )


def _rate(one: EditRate, lang: Lang) -> str | None:
    rate, low, high = (one.of_thousand(edits) for edits in (one.edits, one.low, one.high))
    if one.days_watched < LEAST_DAYS or rate is None or low is None or high is None:
        return None
    dash = "~" if lang == "ko" else " to "
    return f"{rate:.2f} ({low:.2f}{dash}{high:.2f})"
