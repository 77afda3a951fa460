"""What a request asks for: filters, times, pages and language, read from its query or refused in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from crawler.sections import SECTIONS
from crawler.spans import Span, span
from diffing.reports.report import HEAVIEST_FIRST, Lang
from storage.change_query import Query
from storage.records import CHANGE_KINDS, DISCLOSURES, LABELS

_CLOSED: Mapping[str, Sequence[str]] = {
    "kind": CHANGE_KINDS,
    "label": LABELS,
    "disclosure": DISCLOSURES,
    "weight": HEAVIEST_FIRST,
    "section": tuple(SECTIONS),
}
_LONGEST, _LONGEST_ADDRESS = 200, 4096
"""Characters of one value in a query, and of an address of an article: the portal's carry the search that led there."""


class Refused(Exception):
    """A request that cannot be answered: its HTTP status, and the key of the sentence that says why."""

    def __init__(self, status: int, key: str, **fill: object) -> None:
        super().__init__(key)
        self.status = status
        self.key = key
        self.fill = fill


@dataclass(frozen=True, slots=True)
class Ask:
    """A request: its path, the parts that the route found in it, its query, and the language of the answer."""

    path: str
    parts: Mapping[str, str]
    query: Mapping[str, Sequence[str]]

    @property
    def lang(self) -> Lang:
        """Korean unless ``lang=en`` is asked for."""
        # Not refused, whatever it is: the page that says why something is refused needs a language, too.
        return "en" if "en" in self.query.get("lang", ())[-1:] else "ko"

    def many(self, name: str) -> list[str]:
        """Give the values of a name, empty ones left out.

        Raises:
            Refused: A value is too long, or none of a closed list.
        """
        found = [one.strip() for one in self.query.get(name, ()) if one.strip()]
        longest = _LONGEST_ADDRESS if name == "article" else _LONGEST
        for one in found:
            if len(one) > longest or (name in _CLOSED and one not in _CLOSED[name]):
                raise Refused(400, "bad-value", name=name, value=one[:_LONGEST])
        return found

    def one(self, name: str) -> str | None:
        """Give the last value of a name, None when there is none."""
        found = self.many(name)
        return found[-1] if found else None

    def number(self, name: str, otherwise: int, most: int = 1_000_000) -> int:
        """Give a whole number from 1 to ``most``."""
        value = self.one(name)
        if value is None:
            return otherwise
        if not (value.isascii() and value.isdigit() and 1 <= int(value) <= most):
            raise Refused(400, "bad-value", name=name, value=value)
        return int(value)

    def page(self, total: int, each: int, most: int = 1_000_000) -> tuple[int, int]:
        """Give which page is asked for, the last one for those past it, and how many there are."""
        pages = min(most, max(1, -(-total // each)))
        return min(self.number("page", 1), pages), pages

    def period(self) -> tuple[datetime | None, datetime | None]:
        """Give the times ``since`` and ``until``; a day alone as ``until`` is included, for its end is given.

        Raises:
            Refused: It ends before it begins.
        """
        since, until = self._span("since"), self._span("until")
        if since and until and since.begin >= until.end:
            raise Refused(400, "bad-period")
        return since.begin if since else None, until.end if until else None

    def at(self) -> datetime | None:
        """Give the time ``at``; for a day alone its last instant, by which all that came on that day was there."""
        return found.last if (found := self._span("at")) else None

    def _span(self, name: str) -> Span | None:
        value = self.one(name)
        if value is None:
            return None
        try:
            return span(value)
        except ValueError as error:
            raise Refused(400, "bad-time", value=value) from error

    def changes(self) -> Query:
        """Read the filters of a list of changes."""
        since, until = self.period()
        return Query(
            since=since,
            until=until,
            sections=self.many("section"),
            ministries=self.many("ministry"),
            kinds=self.many("kind"),
            labels=self.many("label"),
            weights=self.many("weight"),
            disclosures=self.many("disclosure"),
            keyword=self.one("q"),
        )

    def link(self, path: str, **query: object) -> str:
        """Write the address of a page in the language of this one; values of None are left out."""
        given = {name: value for name, value in query.items() if value is not None}
        if self.lang == "en":
            given.setdefault("lang", "en")
        return quote(path, safe="/:~-._") + (f"?{urlencode(given, doseq=True)}" if given else "")

    def here(self, **changed: object) -> str:
        """Write the address of this page with some of its query changed; None takes a name away."""
        query: dict[str, object] = {name: list(values) for name, values in self.query.items()}
        query |= changed
        return (
            quote(self.path, safe="/:~-._")
            + "?"
            + urlencode({name: value for name, value in query.items() if value is not None}, doseq=True)
        )
