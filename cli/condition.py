"""What ``status`` says of the portal and of the crawl: outages, blind sections, unknown pages, waits, unread files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import click

from cli.options import Place
from cli.printing import counted
from crawler.pace import MEMORY, not_before, slowdown
from crawler.sections import SECTIONS
from storage import judgements, looks, runs, site_changes, versions
from storage.command_line import gochim
from storage.judgements import WHOLE
from storage.records import kst
from storage.runs import SLIP
from storage.state import State

_KINDS = {"outage": "Outage", "site-change": "Site change"}


def condition(place: Place, db: sqlite3.Connection) -> dict[str, Any]:
    """Gather what is out of the ordinary, in the shape in which ``status --format json`` gives it."""
    memory = State.load(place.archive.state_path).part(MEMORY)
    now = datetime.now(UTC)
    until = not_before(memory, now)
    return {
        "outages": list(judgements.episodes(db)),
        "blind_sections": [one for one in judgements.blind(db) if _should_give_rows(one)],
        "site_changes": site_changes.summed(db),
        "shrunken": site_changes.shrunken(db),
        "unrecognised": looks.unrecognised(db),
        "unread_attachments": versions.unread_attachments(db),
        "clock_behind": _clock_behind(db, now),
        "politeness": {
            "waiting_until": until.isoformat(timespec="seconds") if until else None,
            "slowdown": slowdown(memory),
            "last_trouble": memory.get("last_trouble"),
        },
    }


def _clock_behind(db: sqlite3.Connection, now: datetime) -> dict[str, str] | None:
    """Give the newest capture and its run where the clock has not come so far yet: no run fetches anything then."""
    newest = runs.newest_capture(db)
    if newest is None or newest[0] - now <= SLIP:
        return None
    return {"newest": newest[0].isoformat(timespec="seconds"), "run": newest[1]}


def _should_give_rows(listing: dict[str, Any]) -> bool:
    """Whether a silent list is worth a word: it gave rows once, or it is known to be there."""
    section = SECTIONS.get(listing["section"])
    return bool(listing["gave"]) or (section is not None and any(one.confirmed for one in section.entries()))


def sentences(told: dict[str, Any]) -> Iterator[str]:
    """Say in sentences what a keeper of this archive should know of it."""
    yield from at_once(told["outages"], told["site_changes"], told["shrunken"]).values()
    for one in told["blind_sections"]:
        how = "gives no article since" if one["gave"] else "has given no article, first asked for at"
        yield f"The list of {one['section']} {how} {kst(one['since'])}; new ones of it are missed."
    for one in told["unrecognised"]:
        yield (
            f"{one['articles']} article{'s' if one['articles'] > 1 else ''} of {one['section']} had a page that no "
            f"layout recognises, in capture{'s' if len(one['captures']) > 1 else ''} "
            f"{', '.join(map(str, one['captures']))}.{_next(one['captures'][0])}"
        )
    if behind := told["clock_behind"]:
        yield (
            f"The clock of this machine is behind the newest capture, of {kst(behind['newest'])} in run "
            f"{behind['run']}: no run fetches anything before it. One of both was wrong: set the clock, or do what "
            f"{gochim('crawl')} says."
        )
    if until := told["politeness"]["waiting_until"]:
        yield f"The portal asked to be left alone until {kst(until)}; a run before that fetches nothing."


def troubles(db: sqlite3.Connection) -> dict[tuple[str, ...], str]:
    """Say what is out of the ordinary with many articles at once now, by what it is, where and since when."""
    return at_once(judgements.episodes(db), site_changes.summed(db), site_changes.shrunken(db))


def at_once(
    outages: Iterable[dict[str, Any]], changed: Iterable[dict[str, Any]], shrunken: Iterable[dict[str, Any]]
) -> dict[tuple[str, ...], str]:
    """Say of each outage, site change and shrinking of articles what a keeper should know, as :func:`troubles` does."""
    said: dict[tuple[str, ...], str] = {}
    for one in outages:
        if one["over_since"] is None:
            said[one["kind"], one["section"], one["since"]] = (
                f"{_episode(one)}; what is absent meanwhile is no removal."
            )
    for one in changed:
        if one["verdict"] == "held" and one["because"] != "person":
            said["held", one["id"]] = (
                f"{one['articles']} articles of {one['section']} changed in the same way at {kst(one['since'])}, as a "
                f"new template makes it: held, not told as edits. See: {gochim('site-changes', one['id'])}"
            )
    for one in shrunken:
        said[one["kind"], one["section"], one["run"]] = _shrunken(one)
    return said


def _shrunken(one: dict[str, Any]) -> str:
    first, number = one["articles"][0], len(one["articles"])
    what = (
        f"{number} article{'s' if number > 1 else ''} of {one['section']}, of {one['read']} read in run {one['run']}, "
    )
    if one["kind"] == "empty":
        return f"{what}said nothing from the first, such as {first['article']}: is the page read wrongly?"
    return (
        f"{what}lost nearly all text, such as {first['article']} ({counted(first['blocks_before'], 'paragraph')}, now "
        f"{first['blocks']}): is the page read wrongly? See: {gochim('diff', first['article'])}"
    )


def past(told: dict[str, Any]) -> Iterator[str]:
    """Say which outages are over, and how slowly the portal is asked for now."""
    for one in told["outages"]:
        if one["over_since"] is not None:
            yield f"{_episode(one)}; over since {kst(one['over_since'])}"
    if told["politeness"]["slowdown"] > 1:
        yield f"slowed down {told['politeness']['slowdown']:.1f} times after trouble; good answers bring it back"
    if unread := told["unread_attachments"]:
        yield f"{counted(unread, 'attachment')} {'is' if unread == 1 else 'are'} unread"


def _episode(one: dict[str, Any]) -> str:
    part = "the whole portal" if one["section"] == WHOLE else f"section {one['section']}"
    well = f", last seen well at {kst(one['well_until'])}" if one["well_until"] else ""
    outcomes = ", ".join(f"{count} {name}" for name, count in sorted(one["outcomes"].items()))
    return (
        f"{_KINDS[one['kind']]} since {kst(one['since'])}: {part}{well}; {one['runs']} "
        f"run{'s' if one['runs'] > 1 else ''} saw {outcomes}"
    )


def _next(capture: int) -> str:
    """Say how a golden case is cut from a capture, where that command is there."""
    context = click.get_current_context().find_root()
    known = isinstance(context.command, click.Group) and "new-case" in context.command.list_commands(context)
    return f" Cut a golden case from it with: {gochim('new-case', str(capture))}" if known else ""
