"""Judges each run as a whole: was the portal or a section out, did all pages change their shape, is a list silent?

When most looks at known articles fail at once, it is the portal that is missing and not the articles: on 26 September
2025 a fire took it down for weeks, a notice stood in its place, and it came back with whole parts missing. Such a look
can tell of no removal. Runs are judged one after the other from their captures alone, in order of time, so that any
order of filing ends in the same judgements.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawler.cleaning import fold
from crawler.markup import MOST_BYTES
from crawler.payloads import Payloads, readable
from crawler.portal import Portal
from crawler.robots import NOT_HAD
from crawler.sections import SECTIONS
from storage import captures, judgements
from storage import looks as filed_looks
from storage.archive import Archive
from storage.content_coding import ContentError
from storage.judgements import WHOLE, Absence, Judgement, Listing, Verdict
from storage.looks import KnownLook
from storage.records import ABSENT, Capture, Held, iso

LEAST = 5
"""Looks without which a share says nothing: two of three articles may well be removed on one day."""
HALF, NEARLY_ALL = 1 / 2, 4 / 5
"""The share of failed looks above which the portal is down, and above which a section of it is."""
WINDOW = timedelta(days=1)
"""A run of fewer looks is judged together with those of the day before it: every article of the last month had its look
in it (:mod:`crawler.revisits`), and the two days that a removal takes by default are longer."""
SAMPLE = 10
"""Pages that no layout recognises which are read again for their article's title."""


@dataclass(slots=True)
class _Lists:
    """What a run's list pages say: pages and articles by section, and the oldest day that each list reaches."""

    pages: Counter[str] = field(default_factory=Counter)
    rows: dict[str, set[str]] = field(default_factory=dict)
    oldest: dict[str, str] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    further: dict[str, set[str]] = field(default_factory=dict)

    def leave_out_what_was_not_asked(self) -> None:
        """Forget the pages that lead to a section's lists where the run ended before it asked for those lists."""
        for section, urls in self.further.items():
            if not self.rows.get(section) and not urls <= self.asked:
                del self.pages[section]


_Failed = dict[str, dict[str, bool]]
"""By section and article, whether the last look of a run failed."""


class Judge:
    """Judges the runs that have not been judged since captures of them were filed.

    Args:
        archive: Where the WARC files stand.
        db: The version database.
        portal: Whose address rules hold.
    """

    def __init__(self, archive: Archive, db: sqlite3.Connection, portal: Portal) -> None:
        self._db = db
        self._portal = portal
        self._payloads = Payloads(archive, db, MOST_BYTES)
        self._recent: list[tuple[datetime, _Failed]] = []
        self._verdicts: dict[str, Verdict] = {}
        self._rows: dict[str, int] = {}
        self._gave: set[str] = set()

    def catch_up(self) -> None:
        """Judge every run that is to be judged, each in a transaction of its own."""
        runs = judgements.to_judge(self._db)
        if not runs:
            return
        first = runs[0]["started_at"]
        self._verdicts = judgements.verdicts(self._db, first)
        self._rows, self._gave = judgements.listed_rows(self._db, first)
        for row in judgements.before(self._db, first, iso(datetime.fromisoformat(first) - WINDOW)):
            self._remember(row)
        for row in runs:
            with self._db:
                self._judge(row["run"], self._remember(row))
                judgements.judged(self._db, row["started_at"])

    def _remember(self, row: sqlite3.Row) -> list[KnownLook]:
        """Keep what a run's looks came to for those that come within the window after it."""
        started, looks = datetime.fromisoformat(row["started_at"]), filed_looks.of_run(self._db, row["run"])
        self._recent = [(one, known) for one, known in self._recent if one >= started - WINDOW]
        failed: _Failed = {}
        for look in looks:
            failed.setdefault(look.section, {})[look.article] = look.failed
        self._recent.append((started, failed))
        return looks

    def _judge(self, run: str, looks: list[KnownLook]) -> None:
        lists = self._read_lists(run)
        silent = {name for name in lists.pages if not lists.rows.get(name) and name in self._gave}
        found = list(self._scopes(looks, silent, set(lists.pages)))
        out = {one.section: one.verdict for one in found if one.verdict != "well"}
        listings = list(self._listings(lists))
        judgements.put(self._db, run, found, listings, [_absence(one, out, lists) for one in looks if _absent(one)])
        self._verdicts.update((one.section, one.verdict) for one in found)
        self._rows.update((one.section, one.rows) for one in listings)
        self._gave.update(one.section for one in listings if one.rows)

    def _scopes(self, looks: list[KnownLook], silent: set[str], asked: set[str]) -> Iterable[Judgement]:
        """Judge the portal, and each section that is not well or was not when it was last judged."""
        if not looks:
            return
        looks = _one_each(looks)
        listing = asked & self._gave
        whole = self._judgement(WHOLE, looks, silent=bool(listing) and listing == silent)
        yield whole
        for name in sorted({look.section for look in looks}):
            own = [look for look in looks if look.section == name]
            one = self._judgement(name, own, silent=name in silent)
            if whole.verdict == "well" and (one.verdict != "well" or self._verdicts.get(name, "well") != "well"):
                yield one

    def _judgement(self, name: str, looks: list[KnownLook], *, silent: bool) -> Judgement:
        """Judge a run's looks, with those of the day before it when there are few of them."""
        own = {look.article: look.failed for look in looks}
        sample = own if len(own) >= LEAST else self._before(name) | own
        # Some articles of a section may be withdrawn together; a part of the portal that is down lacks nearly all.
        share = HALF if name == WHOLE or silent else NEARLY_ALL
        out = _share(own) > share and _share(sample) > share and (len(sample) >= LEAST or silent)
        failed = [look for look in looks if look.failed]
        return Judgement(
            section=name,
            verdict=self._kind(failed) if out else "well",
            looks=len(looks),
            failed=len(failed),
            outcomes=dict(Counter(look.outcome for look in looks)),
            first_look=looks[0].checked_at,
            last_look=looks[-1].checked_at,
        )

    def _before(self, name: str) -> dict[str, bool]:
        """Say of the articles that were looked at in the window before a run whether the last look at them failed."""
        newest: dict[str, bool] = {}
        for _, failed in self._recent[:-1]:
            for section, those in failed.items():
                if name in {WHOLE, section}:
                    newest.update(those)
        return newest

    def _kind(self, failed: list[KnownLook]) -> Verdict:
        """Tell pages of a new shape, which still bear their articles' titles, from a notice put in their place."""
        strange = [look for look in failed if look.outcome == "unrecognised"]
        if len(strange) * 2 <= len(failed):
            return "outage"
        titled = [self._bears_title(look) for look in strange[:SAMPLE]]
        return "site-change" if sum(titled) * 2 > len(titled) else "outage"

    def _bears_title(self, look: KnownLook) -> bool:
        text = self._text(captures.by_id(self._db, look.capture))
        return text is not None and fold(look.title) in fold(text)

    def _text(self, capture: Capture) -> str | None:
        """Give a capture's text, None when it cannot be read."""
        if not readable(capture):
            return None
        try:
            return self._payloads.text(capture)
        except ContentError:
            return None

    def _read_lists(self, run: str) -> _Lists:
        lists = _Lists()
        for capture in captures.lists(self._db, run):
            address = self._portal.address(capture.url)
            if address is None or address.section is None or capture.failure_detail == NOT_HAD:
                continue
            lists.pages[address.section] += 1
            lists.asked.add(capture.url)
            lists.first.setdefault(address.section, iso(capture.captured_at))
            if text := self._text(capture):
                self._read_list(address.section, text, capture.url, lists)
        lists.leave_out_what_was_not_asked()
        return lists

    def _read_list(self, section: str, text: str, url: str, lists: _Lists) -> None:
        page = SECTIONS[section].list_page(text)
        if further := SECTIONS[section].further_lists(page, url):
            lists.further.setdefault(section, set()).update(self._portal.base + link for link in further)
        for row in page.rows():
            address = self._portal.address(row.link, url)
            if address is None or address.article is None:
                continue
            lists.rows.setdefault(section, set()).add(address.article)
            if row.published:
                day = row.published[:10]
                lists.oldest[section] = min(day, lists.oldest.get(section, day))

    def _listings(self, lists: _Lists) -> Iterable[Listing]:
        """Give the lists that began to give rows in this run, or ceased to."""
        for name, pages in sorted(lists.pages.items()):
            rows = len(lists.rows.get(name, ()))
            if name not in self._rows or bool(self._rows[name]) != bool(rows):
                yield Listing(name, lists.first[name], pages, rows)


def _one_each(looks: Iterable[KnownLook]) -> list[KnownLook]:
    """Keep one look at each article: the one that read it, else the last; an article may have several addresses."""
    kept: dict[str, KnownLook] = {}
    for look in looks:
        if look.article not in kept or kept[look.article].outcome != "read":
            kept[look.article] = look
    return list(kept.values())


def _share(failed: Mapping[str, bool]) -> float:
    """Give the share of articles that were not read."""
    return sum(failed.values()) / len(failed)


def _absent(look: KnownLook) -> bool:
    return look.outcome in ABSENT


def _absence(look: KnownLook, out: Mapping[str, Verdict], lists: _Lists) -> Absence:
    """Say whether an absence counts, and whether the list that should hold the article still does."""
    held: Held = ""
    if verdict := out.get(WHOLE) or out.get(look.section):
        held = "site-change" if verdict == "site-change" else "outage" if WHOLE in out else "section-outage"
    listed: bool | None = None
    if any(look.article in rows for rows in lists.rows.values()):
        listed = True
    elif look.published and look.published[:10] > lists.oldest.get(look.section, "9999"):
        listed = False
    return Absence(look.article, look.checked_at, look.capture, held, listed)
