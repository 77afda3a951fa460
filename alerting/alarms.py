"""When the watch itself is wrong: no run, a portal or section that is out, a list that is silent, a blind extractor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from diffing.reports.phrases import SECTIONS, Pair, Words

_RUN: tuple[Pair, Pair] = (
    ("{at}부터 제대로 끝난 수집이 없습니다.", "No run has ended well since {at}."),
    ("수집이 다시 제대로 끝났습니다({at}부터 없었음).", "A run has ended well again; there had been none since {at}."),
)
_CLOCK: tuple[Pair, Pair] = (
    (
        "이 컴퓨터의 시계가 마지막 수집({at})보다 늦어 아무것도 수집하지 않습니다.",
        "The clock of this machine is behind the newest capture, of {at}: nothing is fetched.",
    ),
    ("시계가 다시 맞습니다.", "The clock is ahead of the newest capture again."),
)
_OUTAGE: tuple[Pair, Pair] = (
    ("{what}: {at}부터 글이 열리지 않습니다.", "{what}: articles do not open since {at}."),
    ("{what}: 글이 다시 열립니다({at}부터 열리지 않았음).", "{what}: articles open again; they did not since {at}."),
)
_CHANGE: tuple[Pair, Pair] = (
    ("{what}: {at}부터 글의 화면 구성이 달라졌습니다.", "{what}: pages are of another shape since {at}."),
    ("{what}: 글의 화면을 다시 알아봅니다.", "{what}: pages are recognised again."),
)
_SILENT: tuple[Pair, Pair] = (
    ("{what}: {at}부터 목록에 글이 없습니다.", "{what}: the list gives no article since {at}."),
    ("{what}: 목록에 다시 글이 있습니다.", "{what}: the list gives articles again."),
)
_BLIND: tuple[Pair, Pair] = (
    ("{what}: 글 {n}건의 화면을 알아보지 못합니다.", "{what}: articles whose pages are not recognised: {n}."),
    ("{what}: 알아보지 못하는 글이 다시 드뭅니다.", "{what}: hardly any page is unrecognised any more."),
)
_SHRUNKEN: tuple[Pair, Pair] = (
    (
        "{what}: 한 번에 읽은 글 {read}건 가운데 {n}건에 글이 거의 없습니다. 잘못 읽은 듯합니다.",
        "{what}: of {read} articles read in one run, {n} say next to nothing. The pages seem to be read wrongly.",
    ),
    ("{what}: 글이 다시 제대로 읽힙니다.", "{what}: articles say something again."),
)
_WHOLE: Pair = ("포털 전체", "The whole portal")


_SEVERAL = 2
"""A single article that shrinks may well have been emptied; several in one run are read wrongly."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When something is an alarm: hours without a run (0 never), the share of pages that are not recognised."""

    silent_hours: float
    blind_share: float


def alarms(  # noqa: PLR0913  # each is another part of what is known
    told: Mapping[str, Any],
    articles: Mapping[str, int],
    last_run: datetime | None,
    now: datetime,
    thresholds: Thresholds,
    words: Words,
) -> dict[str, tuple[str, str]]:
    """Give the alarms there are: for each name, what is said as it begins and as it ends.

    Args:
        told: What ``status --format json`` tells of the clock, of outages, blind sections, pages that are not
            recognised, and articles that shrank.
        articles: How many articles each section has.
        last_run: When the last run that went well ended, or the watch began; None asks for no run.
        now: The time.
        thresholds: What the settings say.
        words: The language.
    """
    return dict(_alarms(told, articles, last_run, now, thresholds, words))


def _alarms(  # noqa: PLR0913  # the same arguments
    told: Mapping[str, Any],
    articles: Mapping[str, int],
    last_run: datetime | None,
    now: datetime,
    thresholds: Thresholds,
    words: Words,
) -> Iterator[tuple[str, tuple[str, str]]]:
    def said(
        pairs: tuple[Pair, Pair], section: str = "", since: str | None = None, n: int = 0, read: int = 0
    ) -> tuple[str, str]:
        what = words.pick(_WHOLE) if section == "*" else words.word(SECTIONS, section)
        at = words.moment(datetime.fromisoformat(since)) if since else ""
        begins, ends = (words.pick(pair).format(what=what, at=at, n=n, read=read) for pair in pairs)
        return begins, ends

    silent = timedelta(hours=thresholds.silent_hours)
    still = {
        "no-run": (_RUN, last_run.isoformat() if last_run and silent and now - last_run > silent else None),
        "clock": (_CLOCK, told["clock_behind"] and told["clock_behind"]["newest"]),
    }
    yield from ((name, said(pairs, since=since)) for name, (pairs, since) in still.items() if since)
    for one in told["outages"]:
        if one["over_since"] is None:
            pairs = _OUTAGE if one["kind"] == "outage" else _CHANGE
            yield f"{one['kind']} {one['section']}", said(pairs, one["section"], one["since"])
    for one in told["blind_sections"]:
        yield f"silent {one['section']}", said(_SILENT, one["section"], one["since"])
    for one in told["unrecognised"]:
        known = articles.get(one["section"]) or sum(articles.values()) + one["articles"]
        if one["articles"] / known >= thresholds.blind_share:
            yield f"blind {one['section']}", said(_BLIND, one["section"], n=one["articles"])
    for section, (n, read) in sorted(_shrunken(told["shrunken"]).items()):
        if n / read >= thresholds.blind_share:
            yield f"shrunken {section}", said(_SHRUNKEN, section, n=n, read=read)


def _shrunken(found: Iterable[Mapping[str, Any]]) -> dict[str, tuple[int, int]]:
    """Give by section how many articles of the run that is worst say next to nothing, and how many it read.

    Runs in which fewer than several do are left out: such a run would hide one in which half of many do.
    """
    worst: dict[str, tuple[int, int]] = {}
    for one in found:
        if (n := len(one["articles"])) >= _SEVERAL:
            pairs = worst.get(one["section"], (0, 1)), (n, max(one["read"], n))
            worst[one["section"]] = max(pairs, key=lambda pair: pair[0] / pair[1])
    return worst
