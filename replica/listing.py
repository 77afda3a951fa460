"""Choose and cut what a list page shows: filters, order, pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from replica.article import Article
from replica.exchange import Request
from replica.noise import Noise, a_year_before
from replica.sections import Section
from replica.switches import Switches

PAGER = 10
"""How many page numbers the pager shows at once."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list: its rows, the number of all rows, and where in the list it stands."""

    rows: tuple[Article, ...]
    total: int
    page: int
    last: int
    query: Mapping[str, str]

    @property
    def numbers(self) -> range:
        """The page numbers of the pager's block of ten."""
        first = (self.page - 1) // PAGER * PAGER + 1
        return range(first, min(first + PAGER - 1, self.last) + 1)


def listing(articles: Sequence[Article], request: Request, place: Section, noise: Noise, switches: Switches) -> Listing:
    """Filter ``articles`` (newest first) by the request's fields and cut the page asked for.

    A page number is honoured only when it was posted, as on the portal, unless a switch says otherwise. The form's own
    default dates show everything: a client that posts the form back as it found it must reach old articles too.

    Args:
        articles: The list's visible articles, newest first.
        request: Its fields ``repCode`` (comma list), ``startDate``, ``endDate``, ``srchWord``, ``period``, ``pkgId``
            and ``pageIndex`` count.
        place: The section whose list it is.
        noise: The rendering, for the form's default dates.
        switches: How lists page and filter.
    """
    fields = request.fields
    found = list(articles)
    if switches.filters == "honoured":
        found = [one for one in found if _wanted(one, fields, _period(fields, place, noise))]
    size = switches.page_size or place.page_size
    honoured = switches.paging == "both" or (switches.paging == "post") == (request.method == "POST")
    page = _number(fields.get("pageIndex", "")) if honoured else 1
    last = max(1, -(-len(found) // size))
    return Listing(tuple(found[(page - 1) * size : page * size]), len(found), page, last, fields)


def _wanted(article: Article, fields: Mapping[str, str], period: tuple[date | None, date | None]) -> bool:
    codes = {one.strip() for one in fields.get("repCode", "").split(",") if one.strip()}
    word, package = fields.get("srchWord", "").strip(), fields.get("pkgId", "").strip()
    start, end = period
    return (
        (not codes or article.source_code in codes)
        and (not package or article.package == package)
        and (start is None or article.day >= start)
        and (end is None or article.day <= end)
        and (not word or _holds(article, word))
    )


def _period(fields: Mapping[str, str], place: Section, noise: Noise) -> tuple[date | None, date | None]:
    """Read the dates asked for; speeches know dates only where the form says ``period=direct``."""
    start, end = _day(fields.get("startDate", "")), _day(fields.get("endDate", ""))
    if fields.get("period") == "direct":
        return start, end
    # A form rendered yesterday carries yesterday's defaults; a year wide and up to about now means "as found".
    as_found = bool(start and end and start == a_year_before(end) and abs((noise.end - end).days) <= 31)
    return (None, None) if as_found or place.name == "speech" else (start, end)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip().replace(".", "-"))
    except ValueError:
        return None


def _number(text: str) -> int:
    return max(1, int(text)) if text.isdecimal() else 1


def _holds(article: Article, word: str) -> bool:
    return any(word in text for text in (article.title, *article.subtitles, *(one.plain for one in article.body)))
