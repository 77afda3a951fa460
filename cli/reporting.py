"""``gochim report``, and the reports that each run leaves: change reports as files."""

from __future__ import annotations

import re
import sqlite3
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from cli import database
from cli.missed import sentences
from cli.narrowing import check_narrowing, which_changes
from cli.options import MadePath, Place, archive_option
from cli.printing import aside, data
from cli.progress import Step, counting, shown
from cli.streams import while_read
from crawler.watch import Watch, software
from diffing.campaigns import campaigns
from diffing.reports import FORMATS, PIECEWISE, pieces
from diffing.reports.report import HEAVIEST_FIRST, LANGUAGES, Finding, Lang, Report
from storage import changes, contents, findings, looks, site_changes
from storage.album import Album
from storage.change_query import Query
from storage.missed import Missed, missed
from storage.records import Change, Outline, Weight, canonical_json
from storage.site_changes import SiteChange
from storage.whole_files import written_for_user

ENDINGS = {"html": "html", "markdown": "md", "atom": "atom", "json": "json", "csv": "csv"}

_STYLES = {ending: style for style, ending in ENDINGS.items()} | {"htm": "html", "markdown": "markdown", "xml": "atom"}
"""The formats by what a file's name ends in."""

_OF_A_RUN = re.compile(rf"[0-9]{{8}}T[0-9]{{6}}Z?-[0-9a-z]+\.(?:{'|'.join(ENDINGS.values())})")
"""What a run leaves: ``20261128T171902-787a71b3.html``."""

LIMITS = {"html": 500, "markdown": 500, "atom": 200, "json": None, "csv": None}
"""How many changes each format tells unless ``--limit`` says so; the others are counted, with the command for them."""


def report_of(  # noqa: PLR0913  # what a report is made of
    place: Place,
    db: sqlite3.Connection,
    query: Query,
    made_at: datetime,
    lang: Lang,
    *,
    limit: int | None = None,
    style: str = "html",
    unseen: Missed | None = None,
    step: Step = lambda *_: None,
) -> Report:
    """Gather what a report says; of more than ``limit`` changes it tells the heaviest, a feed the newest.

    ``unseen`` is what may have been missed, for those who write several reports at once. A report of every change as
    data reads them from the database while it is written.
    """
    outlines = changes.outlines(db, query)
    newest = style == "atom"
    streamed = style in PIECEWISE and (limit is None or len(outlines) <= limit)
    told = [] if streamed else _told(db, query, outlines, limit, newest=newest)
    # a feed tells no campaigns; a report tells those of the whole period, however many changes it tells
    whole = newest or style == "csv" or len(told) == len(outlines)

    def stored(weight: Weight) -> Iterator[Change]:
        # Those of one weight; a report that is narrowed by weight asks for no other.
        found = changes.each(db, replace(query, weights=[weight]), newest=True)
        return counting(found, "changes", len(outlines), step, lambda one: one.id)

    return Report(
        changes=told,
        since=query.since,
        until=query.until,
        made_at=made_at,
        portal=place.portal().base,
        counts=contents.counts(db),
        content_digest=contents.content_digest(db),
        software=software(),
        lang=lang,
        footnotes=tuple(sentences(unseen or missed(db, made_at), lang)),
        outlines=outlines,
        filters={name: wanted for name, wanted in _filters(query) if wanted},
        findings=[] if query.labels or query.ids else list(_findings(db, query)),
        home=place.watch().report_url if place.archive.settings_path.exists() else "",
        site_changes=_site_changes(db, query),
        shared=[] if streamed and whole else None if whole else campaigns(changes.each(db, query)),
        stored=stored if streamed else None,
        album=Album(place.archive, db) if style == "html" else None,
        looked=looks.were_between(db, query.since, query.until),
    )


def _told(
    db: sqlite3.Connection, query: Query, outlines: Sequence[Outline], limit: int | None, *, newest: bool
) -> list[Change]:
    if limit is None or len(outlines) <= limit:
        return changes.find(db, query)
    order = sorted(outlines, key=lambda one: (one.new_first_seen, one.id), reverse=True)
    if not newest:
        order.sort(key=lambda one: HEAVIEST_FIRST.index(one.weight))
    return changes.find(db, Query(ids=[one.id for one in order[:limit]]))


def _filters(query: Query) -> Iterator[tuple[str, Sequence[str]]]:
    yield "section", query.sections
    yield "ministry", query.ministries
    yield "label", query.labels
    if query.min_weight and query.min_weight != HEAVIEST_FIRST[-1]:
        yield "weight", HEAVIEST_FIRST[: HEAVIEST_FIRST.index(query.min_weight) + 1]


def _site_changes(db: sqlite3.Connection, query: Query) -> list[SiteChange]:
    """Give the site changes of the period, none where single changes, labels or ministries are asked for."""
    if query.ids or query.labels or query.ministries:
        return []
    return site_changes.all_of(db, since=query.since, until=query.until, sections=query.sections)


def _findings(db: sqlite3.Connection, query: Query) -> Iterator[Finding]:
    """Give each disagreement once, with all the files of which it is so."""
    rows = findings.of_period(db, query.since, query.until, query.sections, query.ministries)

    def without_member(detail: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in detail.items() if name != "member"}

    def name_of(row: dict[str, Any]) -> str:
        parts = (row["file_name"] or row["file_id"], row["detail"].get("member"))
        return "/".join(filter(None, parts))

    def same(row: dict[str, Any]) -> tuple[str, str, bytes]:
        return row["article"], row["kind"], canonical_json(without_member(row["detail"]))

    for _, group in groupby(sorted(rows, key=same), key=same):
        alike = list(group)
        one = alike[0]
        files = list(dict.fromkeys((row["file_id"], name_of(row)) for row in alike))
        yield Finding(
            one["article"], one["url"], one["title"], one["source"], one["kind"],
            tuple(file for file, _ in files), tuple(name for _, name in files), without_member(one["detail"]),
            one["version"], datetime.fromisoformat(one["first_seen"]),
        )  # fmt: skip


@click.command()
@which_changes
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of the report (default: [report] language).")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    metavar="N",
    help="Tell the N heaviest changes, of a feed the newest, and count the others; 0 tells all "
    "(default: 500, of a feed 200, of json and csv all).",
)
@click.option("--bom", is_flag=True, help="Begin a CSV file with a byte order mark, as a Korean Excel needs it.")
@click.option(
    "-o", "--output", metavar="PATH", type=MadePath(dir_okay=False, allow_dash=True), help="Where to; - is stdout."
)
@click.option(
    "--format",
    "style",
    type=click.Choice(FORMATS),
    help="How to write it (default: as the name of PATH says, else html).",
)
@archive_option
def report(  # noqa: PLR0913  # one argument an option
    place: Place,
    *,
    lang: Lang | None,
    limit: int | None,
    bom: bool,
    output: str | None,
    style: str | None,
    **wanted: Any,
) -> None:
    """Write the change report to a file.

    \b
    Example: gochim report --since 2026-11-01 --min-weight wording -o report.html
    """
    if lang is None:
        lang = place.watch().report_language if place.archive.settings_path.exists() else "ko"
    if style is None:
        style = _style_of(output or "", quiet=place.quiet)
    most = LIMITS[style] if limit is None else limit or None
    path = Path(output) if output else place.archive.reports / f"changes.{ENDINGS[style]}"
    with (
        closing(database.opened(place.archive, place.portal())) as db,
        shown(quiet=place.quiet or output == "-") as step,
    ):
        query = Query(**wanted)
        check_narrowing(place, db, query.since, query.until, query.ministries)
        made = report_of(place, db, query, datetime.now(UTC), lang, limit=most, style=style, step=step)
        if output == "-":
            for piece in while_read(_bytes(made, style, bom=bom)):
                data(piece, line=False)
            return
        _write(path, _bytes(made, style, bom=bom))
    if not place.quiet:
        data(str(path))


def _style_of(output: str, *, quiet: bool) -> str:
    """Give the format that a file's name says; of an ending that is no format's, such as ``.pdf``, say what comes."""
    ending = Path(output).suffix.lower().removeprefix(".")
    if ending and ending not in _STYLES and not quiet:
        aside(f"{output} will be HTML: no format of reports ends in .{ending}. Choose one with --format.")
    return _STYLES.get(ending, "html")


def write_after_run(place: Place, db: sqlite3.Connection, found: Sequence[str]) -> None:
    """Write the reports that the settings ask for: of the last days, and of what this run found.

    Raises:
        RunEndedEarly: One cannot be written; everything captured is kept.
    """
    watch = place.watch()
    if not watch.report_formats:
        return
    now = datetime.now(UTC)
    recent = Query(since=now - timedelta(days=watch.report_days))
    unseen = missed(db, now)
    for style in watch.report_formats:
        made = report_of(place, db, recent, now, watch.report_language, limit=LIMITS[style], style=style, unseen=unseen)
        _write(place.archive.reports / f"changes.{ENDINGS[style]}", _bytes(made, style, bom=watch.report_csv_bom))
    if found:
        _write_run(place, db, watch, found, now, unseen)


def _write_run(  # noqa: PLR0913  # what a run leaves
    place: Place, db: sqlite3.Connection, watch: Watch, found: Sequence[str], now: datetime, unseen: Missed
) -> None:
    """Write what a run found under its name, and remove what the oldest runs left; a feed has no use for one run."""
    (run,) = db.execute("SELECT run FROM runs ORDER BY started_at DESC, run DESC LIMIT 1").fetchone()
    directory = place.archive.reports / "runs"
    for style in (one for one in watch.report_formats if one != "atom"):
        made = report_of(
            place, db, Query(ids=found), now, watch.report_language, limit=LIMITS[style], style=style, unseen=unseen
        )
        _write(directory / f"{run}.{ENDINGS[style]}", _bytes(made, style, bom=watch.report_csv_bom))
    # What somebody else put there stays.
    names = [path for path in directory.glob("*") if _OF_A_RUN.fullmatch(path.name)]
    kept = sorted({path.stem for path in names})[-watch.report_keep :]
    for path in names:
        if path.stem not in kept:
            path.unlink(missing_ok=True)


def _bytes(made: Report, style: str, *, bom: bool) -> Iterator[bytes]:
    if bom and style == "csv":
        yield BOM_UTF8
    for piece in pieces(made, style):
        yield piece.encode("utf-8")


def _write(path: Path, content: Iterator[bytes]) -> None:
    """Write a report as a whole: who reads it meanwhile reads the one before.

    Raises:
        RunEndedEarly: It cannot be written.
    """
    with written_for_user(path) as file:
        file.writelines(content)
