"""``changes``, ``history``, ``show`` and ``diff``: ask the archive."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import click

from cli import database, printing, telling
from cli.narrowing import AT, check_narrowing, which_changes
from cli.options import DOCUMENT, RECORDS, Place, archive_option, format_option, require_version
from diffing.campaigns import campaigns
from diffing.reports import as_csv, as_json
from diffing.reports.phrases import Words
from storage import changes as stored
from storage import documents, findings, looks, versions
from storage import site_changes as stored_site_changes
from storage import states as stored_states
from storage import stood as standing
from storage.change_query import Query
from storage.command_line import gochim
from storage.errors import SettingsError
from storage.records import CHANGE_KINDS, Change, Check, Version, iso, local
from storage.stood import Stretch

_CHECK_COLUMNS = (
    "article", "checked_at", "outcome", "version", "status", "failure", "url", "warc", "offset", "unread",
    "held",
)  # fmt: skip


@click.command(short_help="List changes, or substitutions that several articles share.")
@which_changes
@click.option("--article", "named", metavar="A", multiple=True, help="Of this article, by id or address.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(CHANGE_KINDS), help="Of this kind.")
@click.option("--campaigns", "together", is_flag=True, help="Only substitutions that several articles share.")
@click.option("--findings", "disagreeing", is_flag=True, help="Only where an article's body and its files disagree.")
@click.option("--fail-on-change", is_flag=True, help="End with exit code 1 when there are any.")
@format_option(*RECORDS)
@archive_option
def changes(  # noqa: PLR0913  # what can be asked
    place: Place,
    *,
    named: tuple[str, ...],
    together: bool,
    disagreeing: bool,
    fail_on_change: bool,
    style: str,
    **wanted: Any,
) -> None:
    """List changes, or with --campaigns the same substitution made in several articles.

    With --findings it lists no changes but where the newest version of an article and a file of it disagree: figures
    that contradict, and running text of which one of them lacks a large part.

    \b
    Example: gochim changes --since 2026-11-01 --min-weight substance
    """
    with closing(database.opened(place.archive, place.portal())) as db:
        query = Query(articles=[place.article(db, one) for one in named], **wanted)
        check_narrowing(place, db, query.since, query.until, query.ministries)
        if disagreeing:
            _tell_findings(place, db, query, style, together=together, fail=fail_on_change)
            return
        number = stored.total(db, query)
        # One after the other: a whole archive may have more changes than fit into the memory.
        found = stored.each(db, query)
        if together:
            shared = campaigns(found)
            number = len(shared)
            if shared or style != "text" or not place.quiet:
                telling.tell_campaigns(shared, style)
        elif not printing.records(style, as_csv.COLUMNS, (_shape(one, style) for one in found)):
            site = stored_site_changes.all_of(db, since=query.since, until=query.until, sections=query.sections)
            telling.tell_site_changes([] if named or query.kinds or query.labels else site)
            if number or not place.quiet:
                printing.tell(printing.counted(number, "change"))
            telling.tell_changes(found)
            if not (number or place.quiet or looks.were_between(db, query.since, query.until)):
                printing.aside("Nobody looked at any article in this period, so that nothing can be said of it.")
    if number and fail_on_change:
        raise SystemExit(1)


def _shape(change: Change, style: str) -> dict[str, Any]:
    return as_csv.cells(change, Words("ko")) if style == "csv" else as_json.told(change)


def _tell_findings(  # noqa: PLR0913  # what was asked
    place: Place, db: sqlite3.Connection, query: Query, style: str, *, together: bool, fail: bool
) -> None:
    """Print what was found of the newest versions that a query wants.

    Raises:
        SettingsError: It asks for what only changes have.
    """
    if together or query.kinds or query.labels or query.min_weight:
        raise SettingsError("--findings lists no changes: leave out --campaigns, --kind, --label and --min-weight.")
    found = findings.of_period(db, query.since, query.until, query.sections, query.ministries, query.articles)
    if found or style != "text" or not place.quiet:
        telling.tell_findings(found, style)
    if found and fail:
        raise SystemExit(1)


@click.command(short_help="Give the versions and checks of one article.")
@click.argument("article")
@format_option(*RECORDS)
@archive_option
def history(place: Place, article: str, style: str) -> None:
    """Give the versions and checks of one article; as jsonl and csv the checks alone.

    As text, checks in a row that came to the same are one line, however many there are; the other formats have each.

    \b
    Example: gochim history 148930267
    """
    with closing(database.opened(place.archive, place.portal())) as db:
        named = place.article(db, article)
        state = db.execute("SELECT state FROM articles WHERE article = ?", (named,)).fetchone()["state"]
        states = versions.versions(db, named)
        stood = standing.stretches(db, named)
        steps = stored_states.told(db, named)
        disagreeing = findings.of_article(db, named)
        checks = versions.checks(db, named)
    looks = [_look(one) for one in checks]
    stretches = intervals(states, stood)
    lacking = versions.not_read_since(checks)
    whole = {
        "article": named,
        "state": state,
        "states": steps,
        "versions": [
            version.as_json() | interval | _unread(lacking, version)
            for version, interval in zip(states, stretches, strict=True)
        ],
        "checks": looks,
        "findings": disagreeing,
    }
    if not printing.records(style, _CHECK_COLUMNS, looks, whole):
        printing.tell(
            f"{named} is {state}: {printing.counted(len(states), 'version')}, {printing.counted(len(looks), 'check')}"
        )
        for step in stored_states.shortened(steps):
            printing.tell(f"  {telling.state(step)}")
        for version, interval in zip(states, stretches, strict=True):
            same = f"  (what version {interval['same_as']} said)" if interval["same_as"] else ""
            printing.tell(
                f"  version {version.version}  {local(version.first_seen)} to {local(version.last_seen)} (KST)  "
                f"{version.article.title}{same}"
            )
            telling.tell_unread(version, lacking.get(version.version, {}), "    ")
            for one in (one for one in disagreeing if one["version"] == version.version):
                printing.tell(f"    {telling.finding(one)}")
        telling.tell_looks(looks)


def _look(one: Check) -> dict[str, Any]:
    """Tell of a look with the columns of ``article_timeline``, what it did not read, and why an absence counts not."""
    return {
        "article": one.article,
        "checked_at": iso(one.checked_at),
        "outcome": one.outcome,
        "version": one.version,
        "status": one.status,
        "failure": one.failure,
        "url": one.url,
        "warc": one.evidence.warc,
        "offset": one.evidence.offset,
        "unread": sorted(one.unread),
        "held": one.held or None,
    }


def _unread(lacking: dict[int, dict[str, datetime]], version: Version) -> dict[str, list[dict[str, str]]]:
    """Give the files and pictures that a version's last look did not read itself, and when one last did."""
    parts = lacking.get(version.version, {})
    return {"unread": [{"part": part, "last_read": iso(last)} for part, last in parts.items()]}


def intervals(states: Sequence[Version], stood: Sequence[Stretch]) -> list[dict[str, Any]]:
    """Tell of each version how long it stood as far as anyone looked, and which earlier one said the same.

    It began somewhere after ``began_after`` and ended before ``ended_before``, None where nothing bounds it; absences
    between the two are no days on which it was seen.
    """
    first: dict[str, int] = {}
    told: list[dict[str, Any]] = []
    for version in states:
        known = first.setdefault(version.article.content_digest, version.version)
        own = [one for one in stood if one.version == version.version]
        began, ended = own[0].began_after, own[-1].ended_before
        seen = sum((one.last_seen - one.first_seen for one in own), timedelta())
        told.append(
            {
                "began_after": iso(began) if began else None,
                "ended_before": iso(ended) if ended else None,
                "days_seen": round(seen.total_seconds() / 86_400, 3),
                "same_as": known if known != version.version else None,
            }
        )
    return told


@click.command()
@click.argument("article")
@click.option("--version", "number", type=click.IntRange(min=1), metavar="N", help="This version (default: newest).")
@click.option("--at", "moment", type=AT, metavar="TIME", help="As it stood at this time; a day alone: at its end.")
@format_option(*DOCUMENT)
@archive_option
def show(place: Place, article: str, number: int | None, moment: datetime | None, style: str) -> None:
    """Show an article as it stood.

    \b
    Example: gochim show 148930267 --at 2026-09-16T09:00
    """
    if number and moment:
        raise SettingsError("--version and --at exclude one another; give one of them.")
    with closing(database.opened(place.archive, place.portal())) as db:
        named = place.article(db, article)
        numbered = {version.version: version for version in versions.versions(db, named)}
        if number:
            require_version(number, numbered, named)
        chosen = numbered[number or max(numbered)] if moment is None else versions.version_at(db, named, moment)
        state = stored_states.at(db, named, moment)
        stood = standing.stretches(db, named)
        last = stored_states.last_checked(db, named)
        lacking = versions.not_read_since(versions.checks(db, named))
    if chosen is None:
        first = numbered[min(numbered)].first_seen
        raise SettingsError(
            f"Article {named} was first seen at {local(first)}, after {local(moment or first)} (KST)."
            f" See: {gochim('history', named)}"
        )
    states = [numbered[one] for one in sorted(numbered)]
    interval = intervals(states, stood)[states.index(numbered[chosen.version])]
    told = chosen.as_json() | interval | {"state": stored_states.summed(state)} | _unread(lacking, chosen)
    if printing.document(style, told):
        return
    telling.tell_version(chosen, lacking.get(chosen.version, {}))
    if state is not None and stored_states.absent(state) and not number:
        when = f"{local(moment)} (KST)" if moment and moment <= last else f"the last look, {local(last)} (KST)"
        printing.aside(f"It was not there at {when}, {telling.state(state)}; this is what it said before.")
    elif moment is not None and (stretch := standing.at(stood, moment)) and not stretch.was_seen(moment):
        _tell_unseen(moment, stretch, numbered.get(chosen.version + 1))


def _tell_unseen(moment: datetime, stretch: Stretch, after: Version | None) -> None:
    """Say that nobody looked at a moment, between which looks it lies, and what the next one found."""
    until, ended = "nothing was seen since", stretch.ended_before
    if ended:
        came = after if after is not None and after.first_seen == ended else None
        what = f"version {came.version} was first seen" if came else "it was first found absent"
        until = f"{what} at {local(ended)}"
    printing.aside(
        f"Nobody looked at {local(moment)}: this version was last seen at {local(stretch.last_seen)}, {until} (KST)."
    )


@click.command()
@click.argument("article")
@click.argument("old", type=click.IntRange(min=1), required=False)
@click.argument("new", type=click.IntRange(min=1), required=False)
@format_option(*DOCUMENT)
@archive_option
def diff(place: Place, article: str, old: int | None, new: int | None, style: str) -> None:
    """Compare two versions, the newest two by default.

    \b
    Example: gochim diff 148930267 1 2
    """
    # The differ takes a quarter of a second to load, which only what compares needs.
    from diffing.labels import compare

    with closing(database.opened(place.archive, place.portal())) as db:
        named = place.article(db, article)
        numbered = {version.version: version for version in versions.versions(db, named)}
        newest = max(numbered)
        if old is None and newest == 1:
            raise SettingsError(
                f"Article {named} has only one version; there is nothing to compare. See: {gochim('show', named)}"
            )
        if old == newest and new is None:
            raise SettingsError(
                f"Version {old} is the newest; name an older one too: {gochim('diff', named, str(old - 1), str(old))}"
            )
        before, after = old or newest - 1, new or newest
        require_version(before, numbered, named)
        require_version(after, numbered, named)
        texts = partial(documents.blocks_of, db)
        comparison = compare(numbered[before].article, numbered[after].article, texts=texts)
        first, last = sorted((before, after))
        held = {one.id: one for number, one in stored_site_changes.borne(db, named) if first < number <= last}
    told = {
        "article": named,
        "from_version": before,
        "to_version": after,
        "weight": comparison.weight,
        "labels": list(comparison.labels),
        "disclosure": comparison.disclosure,
        "disclosure_reasons": [one.as_json() for one in comparison.reasons],
        "fields": [one.as_json() for one in comparison.fields],
        "facts": [one.as_json() for one in comparison.facts],
        "documents": [one.as_json() for one in comparison.documents],
        "site_changes": list(held),
    }
    if not printing.document(style, told):
        same = not (comparison.fields or comparison.documents)
        what = "both say the same" if same else f"{comparison.weight}; {' '.join(comparison.labels)}"
        printing.tell(f"{named}, version {before} -> {after}: {what}")
        telling.tell_site_changes(held.values())
        telling.tell_comparison(comparison)
