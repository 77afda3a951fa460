"""``gochim search``: full text over all versions, or over those that stand or stood."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

import click

from cli import database, printing
from cli.narrowing import AT, IN_SECTIONS, OF_MINISTRIES, SINCE, UNTIL, check_narrowing
from cli.options import RECORDS, Place, archive_option, format_option
from crawler.spans import days
from storage import search as stored
from storage.errors import SettingsError
from storage.records import local
from storage.search import Hit, SearchQuery, as_other_searches, terms_of

AS_WRITTEN = (
    "Words are looked for as they are written: OR, AND, NOT, - and * have no other meaning, and a phrase stands between"
    " two quotation marks."
)
_COLUMNS = (
    "article", "version", "published", "source", "section", "title", "field", "snippet", "first_seen", "last_seen",
    "current", "state", "url",
)  # fmt: skip


@click.command(short_help="Find text in all versions.")
@click.argument("query")
@click.option("--current", is_flag=True, help="Only the newest version of each article.")
@click.option(
    "--at",
    "moment",
    type=AT,
    metavar="TIME",
    help="Only what stood at this time; a day alone: at its end.",
)
@IN_SECTIONS
@OF_MINISTRIES
@click.option("--since", type=SINCE, help="Published on or after this day.")
@click.option("--until", type=UNTIL, help="Published on or before this day.")
@click.option("--limit", type=click.IntRange(min=0), default=20, show_default=True, help="Hits to show; 0 shows all.")
@format_option(*RECORDS)
@archive_option
def search(  # noqa: PLR0913  # one argument an option
    place: Place,
    query: str,
    current: bool,  # noqa: FBT001  # click's flag
    moment: datetime | None,
    sections: tuple[str, ...],
    ministries: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    limit: int,
    style: str,
) -> None:
    """Find text in all versions: titles, bodies, captions, names and texts of attachments.

    Any part of a word is found (예산 in 예산안을), and figures with or without
    their commas and the space before their unit (30만원 in 30만 원). Several words must all
    stand in one version; words in quotation marks must stand together. No hit means that it is nowhere.

    \b
    Example: gochim search '"탄소 중립" 예산' --ministry 환경부 --current
    """
    if current and moment:
        raise SettingsError("--current and --at exclude one another; give one of them.")
    wanted = SearchQuery(terms_of(query), current, moment, sections, ministries, *days(since, until))
    with closing(database.opened(place.archive, place.portal())) as db:
        check_narrowing(place, db, since, until, ministries)
        total = stored.count(db, wanted)
        hits = list(stored.find(db, wanted, min(limit or total, total))) if total else []
    if not total and not place.quiet and as_other_searches(query):
        printing.aside(AS_WRITTEN)
    if len(hits) < total and style != "text" and not place.quiet:
        printing.aside(f"The best {len(hits)} of {total} versions; all with --limit 0")
    shapes = [hit.as_json() for hit in hits]
    if not printing.records(style, _COLUMNS, shapes, {"total": total, "hits": shapes}) and (hits or not place.quiet):
        _tell(total, hits)


def _tell(total: int, hits: list[Hit]) -> None:
    shown = f", the best {len(hits)} shown (all with --limit 0)" if len(hits) < total else ""
    printing.tell(f"{total} version{'s' if total != 1 else ''}{shown}")
    for hit in hits:
        now = ("" if hit.current else ", not the newest") + ("" if hit.state == "live" else f", now {hit.state}")
        printing.tell()
        printing.tell(printing.styled(hit.title, bold=True))
        printing.tell(f"  {hit.article} version {hit.version}{now}  {hit.section}  {hit.source or ''}")
        begin, end = (local(one) for one in (hit.first_seen, hit.last_seen))
        printing.tell(f"  published {hit.published or 'on an unknown day'}, seen from {begin} to {end} (KST)")
        printing.tell(f"  {hit.field}: {hit.snippet}")
