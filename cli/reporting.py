"""``gochim report``: the change report as a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import click

from cli import passes
from cli.options import MOMENT, Place, archive_option, format_option
from crawler.watch import software
from diffing.reports import as_atom, as_html, as_json, as_markdown
from diffing.reports.report import Report
from storage import changes
from storage.changes import Query
from storage.errors import RunEndedEarly

RENDERERS: dict[str, tuple[str, Callable[[Report], str]]] = {
    "html": ("html", as_html.render),
    "markdown": ("md", as_markdown.render),
    "atom": ("atom", as_atom.render),
    "json": ("json", as_json.render),
}


def report_of(
    place: Place, db: sqlite3.Connection, query: Query, made_at: datetime, lang: Literal["ko", "en"]
) -> Report:
    """Gather what a report says."""
    return Report(
        changes=changes.find(db, query),
        since=query.since,
        until=query.until,
        made_at=made_at,
        portal=place.portal().base,
        counts=changes.counts(db),
        content_digest=changes.content_digest(db),
        software=software(),
        lang=lang,
    )


@click.command()
@click.option("--since", type=MOMENT, help="Changes first seen at or after this time.")
@click.option("--until", type=MOMENT, help="Changes first seen before this time.")
@click.option(
    "--lang", type=click.Choice(["ko", "en"]), default="ko", show_default=True, help="Language of the report."
)
@click.option(
    "-o", "--output", metavar="PATH", type=click.Path(dir_okay=False, allow_dash=True), help="Where to; - is stdout."
)
@format_option("html", "markdown", "atom", "json")
@archive_option
def report(  # noqa: PLR0913  # one argument an option
    place: Place,
    since: datetime | None,
    until: datetime | None,
    lang: Literal["ko", "en"],
    output: str | None,
    style: str,
) -> None:
    """Write the change report to a file.

    \b
    Example: gochim report --since 2026-11-01 -o report.html
    """
    ending, render = RENDERERS[style]
    with closing(passes.opened(place.archive, place.portal())) as db:
        text = render(report_of(place, db, Query(since=since, until=until), datetime.now(UTC), lang))
    if output == "-":
        click.echo(text, nl=False)
        return
    path = Path(output) if output else place.archive.reports / f"changes.{ending}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise RunEndedEarly(f"{path} cannot be written ({error.strerror}). Choose another place with -o.") from error
    if not place.quiet:
        click.echo(str(path))
