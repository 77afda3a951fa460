"""``gochim site-changes``: what happened to nearly all articles of a section at once, and whether these are edits."""

from __future__ import annotations

from contextlib import closing

import click

from cli import database, holdings, passes, printing, telling
from cli.options import RECORDS, Place, archive_option, format_option
from diffing.reports.phrases import Words
from diffing.reports.site import site_line
from storage import changes
from storage import site_changes as stored
from storage.change_query import Query
from storage.command_line import gochim
from storage.site_changes import Verdict

_COLUMNS = (
    "id", "section", "field", "what", "text", "since", "showed", "could_show", "articles", "verdict", "because",
    "members",
)  # fmt: skip


@click.command("site-changes", short_help="Tell what nearly all articles of a section showed at once.")
@click.argument("wanted", metavar="[ID]", required=False)
@click.option("--release", "verdict", flag_value="edits", help="State that these are edits: told article by article.")
@click.option("--hold", "verdict", flag_value="held", help="State that the site did it: no edits of the articles.")
@format_option(*RECORDS)
@archive_option
def site_changes(place: Place, wanted: str | None, verdict: Verdict | None, style: str) -> None:
    """Tell what nearly all articles of a section showed at once, as a new template makes it.

    What is held is no change of any article. With an ID and --release or --hold it is stated what it is; that is
    written into the archive, so that a rebuild knows it.

    \b
    Example: gochim site-changes
    """
    # The differ takes a quarter of a second to load, which only what compares needs.
    from cli.drift import named, write_word

    if verdict and not wanted:
        raise click.UsageError(f"Say which one is meant; list them with: {gochim('site-changes')}")
    with closing(database.opened(place.archive, place.portal())) as db:
        found = [named(db, wanted)] if wanted else stored.all_of(db)
        told: list[str] = []
        if verdict:
            with place.archive.locked():
                path = write_word(place.archive, found[0], verdict)
                holdings.index(db, path, place.archive, place.portal())
                database.vouch(place.archive, db)
                told = passes.catch_up(place.archive, db, place.portal())
            found = [named(db, found[0].id)]
        edits = changes.find(db, Query(ids=told)) if told else []
    if printing.records(style, _COLUMNS, (one.as_json() for one in found)):
        return
    if not found and not place.quiet:
        printing.tell("No site changes.")
    for one in found:
        printing.tell(f"{one.id}  {one.verdict}")
        printing.tell(f"  {site_line(one, Words('ko'))}")
        if wanted:
            for member in one.members:
                printing.tell(f"  {member.article}  version {member.from_version} -> {member.to_version}")
    if edits:
        printing.tell(printing.counted(len(edits), "change"))
        telling.tell_changes(edits)
