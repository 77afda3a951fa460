"""``gochim init`` and ``gochim crawl``: say what to watch, then watch it."""

from __future__ import annotations

import math
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, TextIO

import click

from cli import announcing, condition, database, journal, metrics, passes, progress, unanswered
from cli.journal import say
from cli.metrics import Figures
from cli.options import Place, archive_option
from cli.printing import aside, counted, tell
from cli.printing import counts as told_counts
from cli.running import Outcome, beside, run
from cli.workers import Workers
from crawler import address_files
from crawler import watch as watching
from crawler.outlook import look_ahead
from crawler.pace import LONGEST_WAIT, MEMORY, not_before
from crawler.portal import Portal
from crawler.watch import Watch
from storage import changes, contents, runs, strays
from storage.change_query import Query
from storage.command_line import gochim
from storage.errors import ArchiveDisagrees, GochimError, RunEndedEarly, SettingsError, tells_of_damage
from storage.records import local
from storage.state import State

ENDED_WELL = frozenset({"finished", "budget"})
UNANSWERED = frozenset({"unreachable", "robots-unreachable"})
REASONS = {
    "shutdown": "The run was interrupted.",
    "unreachable": "The portal did not answer.",
    "blocked": "The portal refused several requests in a row.",
    "told-to-wait": "The portal asked to come back later.",
    "robots-unreachable": "The portal's robots.txt could not be had; until it can, nothing may be fetched (RFC 9309).",
}


@click.command()
@click.option("--contact", metavar="TEXT", help="Mail address or page where the portal's operators can reach you.")
@click.option("--url", metavar="URL", help="The portal to watch (default: the real one).")
@archive_option
def init(place: Place, contact: str | None, url: str | None) -> None:
    """Write a commented gochim.toml.

    \b
    Example: gochim init --archive ./archive --contact desk@example.org
    """
    path = place.archive.settings_path
    if path.exists():
        raise SettingsError(f"{path} is there already. Edit it, or name another archive with --archive.")
    if contact is None and sys.stdin is not None and sys.stdin.isatty():
        contact = click.prompt("Contact for the portal's operators (mail address or page)", default="", err=True)
    given = {"contact": contact or ""} | ({"url": url} if url else {})
    for name, value in given.items():
        watching.check_option(name, value)
    text = watching.written(**given)
    watch = watching.read(text, path)
    place.archive.create()
    path.write_text(text, encoding="utf-8")
    if not place.quiet:
        first = "" if watch.contact or watch.on_loopback else "write your contact into it, then "
        tell(f"Wrote {path}. Next: {first}{gochim('crawl', '--archive', str(place.archive.root))}")


def _number(ctx: click.Context, param: click.Parameter, value: float | None) -> float | None:  # noqa: ARG001  # click's
    """Refuse ``nan``, which is in every range: a run would take all the time it likes."""
    if value is not None and math.isnan(value):
        raise click.BadParameter("nan is no number. Write how many minutes.")
    return value


@click.command()
@click.option(
    "--section",
    metavar="S",
    multiple=True,
    callback=lambda _context, _option, given: ",".join(given),
    help="Only this section (several parted by commas); may be repeated.",
)
@click.option("--since", metavar="D", default="", help="First day of publication, YYYY-MM-DD.")
@click.option("--until", metavar="D", default="", help="Last day of publication.")
@click.option(
    "--ministry", "ministries", metavar="M", multiple=True, help="Only this ministry, by code or name; may be repeated."
)
@click.option(
    "--query", metavar="WORD", default="", help="Only what the portal's own search finds for WORD, in titles or texts."
)
@click.option("--url", "urls", metavar="U", multiple=True, help="Only this article; may be repeated.")
@click.option(
    "--urls",
    "file",
    metavar="FILE",
    type=click.File(encoding="utf-8-sig"),
    help="Only the articles whose addresses stand in FILE, one a line (- for standard input).",
)
@click.option("--sitemap", is_flag=True, help="Find articles through the portal's sitemaps too (at most once a day).")
@click.option("--max-requests", metavar="N", type=click.IntRange(min=1), help="The most requests to make.")
@click.option(
    "--max-minutes", metavar="N", type=click.FloatRange(min=0.01), callback=_number, help="The most minutes to take."
)
@click.option("--recheck", type=click.Choice(["due", "all", "none"]), help="Which known articles to look at again.")
@click.option("--fail-on-change", is_flag=True, help="End with exit code 1 when something changed.")
@archive_option
def crawl(place: Place, fail_on_change: bool, **asked: Any) -> None:  # noqa: FBT001  # click's flag
    """Run once: discover, capture, look again, say what changed.

    \b
    Example: gochim crawl --since 2026-11-01 --recheck due
    """
    require_contact(place)
    _check(asked, place.watch())
    asked["urls"] = _named(asked["urls"], place.portal())
    if (file := asked.pop("file")) is not None:
        asked["urls"] += _addresses(file, place.portal())
    with place.archive.locked(), journal.kept(place), beside(place) as workers:
        _run_on_sound_database(place, asked, workers, fail_on_change=fail_on_change)


def _run_on_sound_database(place: Place, asked: dict[str, Any], workers: Workers, *, fail_on_change: bool) -> None:
    """Run once; a database found damaged is made anew from the WARC files, so that no person is needed for it."""
    try:
        db = place.archive.database()
    except GochimError as error:
        if not tells_of_damage(error):
            raise
        _make_anew(place, error)
        db = place.archive.database()
    try:
        with closing(db):
            _run(place, db, asked, workers, fail_on_change=fail_on_change)
    except (GochimError, sqlite3.Error) as error:
        if not tells_of_damage(error):
            raise
        _make_anew(place, error)
        raise RunEndedEarly("The run ended where the database was damaged. It has been made anew; run again.") from None


def _make_anew(place: Place, error: Exception) -> None:
    why = error.__cause__ or error
    say(f"gochim: {place.archive.database_path} is damaged ({why}); it is made anew from the WARC files.")
    database.rebuild(place.archive, place.portal(), 1)


def _run(
    place: Place, db: sqlite3.Connection, asked: dict[str, Any], workers: Workers, *, fail_on_change: bool
) -> None:
    with metrics.told(place, db) as figures:
        announcing.before_run(place, db)
        well = False
        try:
            _crawl_locked(place, db, asked, figures, workers)
            well = True
        finally:
            announcing.after_run(place, db, well=well)
        if figures.found and fail_on_change:
            raise SystemExit(1)


def require_contact(place: Place) -> None:
    """Refuse to ask a portal that is not on this machine without saying who asks.

    Raises:
        SettingsError: The settings name no contact.
    """
    watch = place.watch()
    if not watch.on_loopback and not watch.contact.strip():
        raise SettingsError(
            f"{place.archive.settings_path}: portal.contact is empty. Say how the portal's operators can reach you; "
            "it goes into the User-Agent."
        )


def _named(urls: Sequence[str], portal: Portal) -> list[str]:
    """Take the addresses that are named; those that are no article's beside others are said when the run ends.

    Raises:
        SettingsError: None of them is an article's. A run would do nothing, and count as one that ended well.
    """
    addresses = [portal.address(one) for one in urls]
    if urls and not any(one and one.article for one in addresses):
        raise SettingsError(f"No article of {portal.base} is at {', '.join(urls)}. Give addresses of articles.")
    return list(urls)


def _addresses(file: TextIO, portal: Portal) -> list[str]:
    """Read a file of addresses; what is none is said with its line.

    Raises:
        SettingsError: It is no text, or holds no address at all.
    """
    found: list[str] = []
    try:
        for one in address_files.read(file, portal):
            if isinstance(one, address_files.BadLine):
                aside(f"gochim: {file.name}, line {one.number} {one.why}")
            else:
                found.append(one.url)
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file.name} is no UTF-8 text ({error.reason}). Save it as such.") from error
    if not found:
        raise SettingsError(f"{file.name} holds no address of an article of {portal.base}. Write some, one a line.")
    return found


def _check(asked: dict[str, Any], watch: Watch) -> None:
    """Refuse words that are off before anything is fetched."""
    watching.check_sections(watching.parted(asked["section"], "--section"))
    for one in asked["ministries"]:
        watching.parted(one, "--ministry")
    watching.period(asked["since"], asked["until"], watch.since)


def _crawl_locked(
    place: Place, db: sqlite3.Connection, asked: dict[str, Any], figures: Figures, workers: Workers
) -> None:
    """Crawl with the lock held, catch up, tell; ``figures`` takes the ids of the changes found, however it ends."""
    portal = place.portal()
    for one in database.recover(place.archive, db, portal):
        say(f"repaired: {one}")
    for line in strays.sentences(place.archive, db):
        say(f"gochim: {line}")
    known = condition.troubles(db)
    waiting = passes.Waiting()
    found = passes.catch_up(place.archive, db, portal, waiting=waiting)
    until = _left_alone_until(place)
    if until is not None and (until - datetime.now(UTC)).total_seconds() > LONGEST_WAIT:
        raise RunEndedEarly(
            f"The portal asked to be left alone until {local(until)} (KST); nothing was fetched. Run again after that."
        )
    look_ahead(db, place.rules())
    outcome = run(place, asked, workers)
    figures.run, figures.finish, figures.received = outcome.run, outcome.finish, outcome.received
    with progress.shown(quiet=place.quiet) as step:
        found += passes.catch_up(place.archive, db, portal, step, workers, waiting)
    figures.found = tuple(found)
    told = changes.find(db, Query(ids=found)) if found else []
    _tell(place, outcome, contents.counts(db))
    if told:
        from cli.telling import tell_changes  # It has the words of all reports, which few runs need.

        tell(counted(len(told), "change"))
        tell_changes(told)
    for trouble, said in condition.troubles(db).items():
        if trouble not in known:
            say(f"gochim: {said}")
    for change in told:
        journal.note(f"{change.kind} ({change.comparison.weight}): {change.url} {change.title}; change {change.id}")
    _report(place, db, found)
    _end(place, db, outcome, asked, waiting)


def _end(
    place: Place, db: sqlite3.Connection, outcome: Outcome, asked: dict[str, Any], waiting: passes.Waiting
) -> None:
    """Say what was not well, and end the command accordingly.

    Raises:
        RunEndedEarly: The run did not come to its end, or found no list.
        ArchiveDisagrees: What is ``waiting`` stands in a damaged WARC file.
    """
    if outcome.failed is not None:
        raise outcome.failed
    for problem in outcome.problems:
        say(f"gochim: {problem}")
    if outcome.finish not in ENDED_WELL:
        reason = REASONS.get(outcome.finish, f"The run ended early: {runs.ending(outcome.finish)}.")
        why, then = unanswered.why(db, outcome.run, place.portal()) if outcome.finish in UNANSWERED else ("", "")
        until = _left_alone_until(place)
        later = f"It is not to be asked again before {local(until)} (KST)." if until else ""
        kept = f"All that this run captured is kept ({counted(outcome.kept, 'capture')}); the next run goes on."
        raise RunEndedEarly(" ".join(filter(None, (reason, why, later, kept, then))))
    if outcome.listed == 0 and outcome.problems and not asked["urls"]:
        raise RunEndedEarly("No list gave an article. See the lines above; nothing that was captured is lost.")
    if waiting:
        raise ArchiveDisagrees(waiting.told())


def _report(place: Place, db: sqlite3.Connection, found: Sequence[str]) -> None:
    """Write the reports that the settings ask for."""
    if place.watch().report_formats:
        from cli import reporting  # It loads every format.

        reporting.write_after_run(place, db, found)


def _left_alone_until(place: Place) -> datetime | None:
    """Give the time until which the portal asked to be left alone, None when it is over."""
    return not_before(State.load(place.archive.state_path).part(MEMORY), datetime.now(UTC))


def _tell(place: Place, outcome: Outcome, counts: dict[str, int]) -> None:
    ended = "" if outcome.finish == "finished" else f" (ended: {runs.ending(outcome.finish)})"
    journal.note(
        f"{counted(outcome.kept, 'capture')}, {counted(outcome.looked, 'article')} looked at{ended}. The archive holds "
        f"{told_counts(counts)}.",
        aloud=not place.quiet,
    )
    if outcome.standing:
        journal.note(f"{outcome.standing}. The next run goes on from here.", aloud=not place.quiet)
