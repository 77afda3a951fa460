"""Choose and cut what a list page shows: filters, order, pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from replica.article import Article
from replica.noise import Noise, a_year_before

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


def listing(
    articles: Sequence[Article], fields: Mapping[str, str], *, posted: bool, noise: Noise, size: int
) -> Listing:
    """Filter ``articles`` (newest first) by the form's ``fields`` and cut the page asked for.

    A page number is honoured only when it was posted, as on the portal. The form's own default dates show everything:
    a client that posts the form back as it found it must reach old articles too.

    Args:
        articles: The section's visible articles, newest first.
        fields: ``repCode`` (comma list), ``startDate``, ``endDate``, ``srchWord``, ``pageIndex``; others are ignored.
        posted: Whether the form was posted.
        noise: The rendering, for the form's default dates.
        size: Rows on a page.
    """
    codes = {one.strip() for one in fields.get("repCode", "").split(",") if one.strip()}
    word = fields.get("srchWord", "").strip()
    start, end = _period(fields, noise)
    found = [
        one
        for one in articles
        if (not codes or one.source_code in codes)
        and (start is None or one.day >= start)
        and (end is None or one.day <= end)
        and (not word or _holds(one, word))
    ]
    page = _number(fields.get("pageIndex", "")) if posted else 1
    last = max(1, -(-len(found) // size))
    return Listing(tuple(found[(page - 1) * size : page * size]), len(found), page, last, fields)


def _period(fields: Mapping[str, str], noise: Noise) -> tuple[date | None, date | None]:
    start, end = _day(fields.get("startDate", "")), _day(fields.get("endDate", ""))
    # A form rendered yesterday carries yesterday's defaults; a year wide and up to about now means "as found".
    if start and end and start == a_year_before(end) and abs((noise.end - end).days) <= 31:
        return None, None
    return start, end


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip().replace(".", "-"))
    except ValueError:
        return None


def _number(text: str) -> int:
    return max(1, int(text)) if text.isdecimal() else 1


def _holds(article: Article, word: str) -> bool:
    return any(word in text for text in (article.title, *article.subtitles, *(one.plain for one in article.body)))
