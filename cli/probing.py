"""``gochim probe``: hold every assumption about the portal against the live one, politely, and say which hold."""

from __future__ import annotations

import platform
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import database, printing, probe_table
from cli.crawling import ENDED_WELL, REASONS, require_contact
from cli.loading import loading
from cli.options import RECORDS, Place, archive_option, format_option
from cli.running import run_spider
from crawler.watch import software
from storage import command_line, runs
from storage.errors import RunEndedEarly, SettingsError
from storage.records import Run

if TYPE_CHECKING:
    from crawler.probe.assumption import Assumption, Gathered, Verdict


@click.command(short_help="Hold every assumption about the portal against it, politely.")
@click.option("--only", metavar="NAME", multiple=True, help="Only this assumption; may be repeated.")
@click.option(
    "--bundle",
    metavar="FILE.zip",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Pack what was fetched and the verdicts into one file, to be attached to a report.",
)
@click.option(
    "--max-requests",
    metavar="N",
    type=click.IntRange(min=1),
    default=600,
    show_default=True,
    help="The most requests to make.",
)
@format_option(*RECORDS)
@archive_option
def probe(place: Place, only: tuple[str, ...], bundle: Path | None, max_requests: int, style: str) -> None:
    """Hold every assumption about the portal against the live one, and say which hold.

    One polite run, archived like any other. The articles it looks at, one of each section, are looked at whole, and
    the next command files them. Ends with exit code 1 when something differs.

    \b
    Example: gochim probe --bundle probe.zip
    """
    require_contact(place)
    chosen = choose(only)
    if bundle is not None and bundle.exists():
        raise SettingsError(f"{bundle} is there already. Name another file with --bundle.")
    with place.archive.locked(), closing(place.archive.database()) as db:
        database.recover(place.archive, db, place.portal())
        probed = look(place, db, chosen, max_requests)
        if bundle is not None:
            with command_line.naming(""):  # Where the archive stands here is nothing for others to read.
                _pack(place, db, replace(probed, verdicts=_judged(chosen, probed.gathered)), bundle)
    tell(probed, style, quiet=place.quiet)
    if bundle is not None and not place.quiet:
        printing.aside(f"{bundle}: what was fetched and the verdicts; attach it to your report.")
    _end(place, probed)


@dataclass(frozen=True, slots=True)
class Probed:
    """How a probe went: its run, what it brought, and the verdicts."""

    run: Run
    finish: str
    gathered: Gathered
    verdicts: tuple[Verdict, ...]
    failed: RunEndedEarly | None

    def as_json(self) -> dict[str, Any]:
        """Give the probe as one JSON document."""
        count = {said: sum(one.said == said for one in self.verdicts) for said in ("holds", "differs", "cannot tell")}
        return {
            "portal": self.run.portal,
            "run": self.run.run,
            "started_at": self.run.started_at.isoformat(),
            "finish": self.finish,
            "software": software(),
            "python": platform.python_version(),
            "requests": len(self.gathered.exchanges),
            "counts": count,
            "verdicts": [one.as_json() for one in self.verdicts],
        }


def choose(only: tuple[str, ...]) -> list[Assumption]:
    """Give the assumptions to be held, all without names.

    Raises:
        SettingsError: There is no assumption of a name; the message lists those there are.
    """
    from crawler.probe import ASSUMPTIONS

    if unknown := [name for name in only if name not in ASSUMPTIONS]:
        raise SettingsError(f"There is no assumption {', '.join(unknown)}; there are {', '.join(ASSUMPTIONS)}.")
    return [one for name, one in ASSUMPTIONS.items() if not only or name in only]


def look(place: Place, db: sqlite3.Connection, chosen: list[Assumption], max_requests: int) -> Probed:
    """Ask the portal what the chosen assumptions need, and judge the answers."""
    from crawler.probe.assumption import Gathered
    from crawler.probe.gathering import documents, exchanges
    from crawler.probe.handshake import shake_hands

    with loading():
        from crawler.ongoing import ongoing
        from crawler.probe.spider import ProbeSpider

    watch = place.watch()
    kinds = frozenset(kind for one in chosen for kind in one.needs)
    if not place.quiet:
        printing.aside(f"Asking {watch.url}, a request every {watch.delay:g} s or less often.")
    handshake = shake_hands(watch.url) if "handshake" in kinds else None
    crawler, keeper = run_spider(place, ProbeSpider, kinds=",".join(sorted(kinds)), max_requests=str(max_requests))
    spider = crawler.spider
    assert isinstance(spider, ProbeSpider)  # noqa: S101
    brought = exchanges(place.archive.root, db, keeper.run.run, spider.answered, spider.asked)
    gathered = Gathered(
        portal=place.portal(),
        exchanges=brought,
        files=watch.attachments,
        images=watch.images,
        handshake=handshake,
        api_key=bool(watch.api_key),
        kinds=kinds,
        documents=documents(brought) if "texts" in kinds else {},
    )
    return Probed(keeper.run, ongoing(crawler).finish, gathered, _judged(chosen, gathered), keeper.failed)


def _judged(chosen: list[Assumption], gathered: Gathered) -> tuple[Verdict, ...]:
    return tuple(verdict for one in chosen for verdict in one.verdicts(gathered))


def tell(probed: Probed, style: str, *, quiet: bool) -> None:
    """Print the verdicts: a table on a terminal, lines elsewhere; quietly only what differs."""
    whole = probed.as_json()
    if printing.records(style, list(whole["verdicts"][0]) if whole["verdicts"] else (), whole["verdicts"], whole):
        return
    verdicts = [one for one in probed.verdicts if one.said == "differs" or not quiet]
    if sys.stdout.isatty():
        probe_table.print_table(verdicts)
    else:
        for line in probe_table.plain(verdicts):
            printing.tell(line)
    if not quiet:
        counts = whole["counts"]
        printing.tell(
            f"{printing.counted(len(probed.gathered.exchanges), 'exchange')}: "
            + ", ".join(f"{n} {name}" for name, n in counts.items())
            + "."
        )


def _end(place: Place, probed: Probed) -> None:
    """End with the exit code that fits.

    Raises:
        RunEndedEarly: The portal did not answer, or refused; all that was captured is kept.
        SystemExit: Something differs.
    """
    if probed.failed is not None:
        raise probed.failed
    answered = [one for one in probed.gathered.exchanges if one.status is not None]
    if not answered:
        asked = [one.capture for one in probed.gathered.exchanges if one.capture.failure != "robots"]
        failures = [one.failure_detail for one in asked if one.failure_detail]
        why = failures[-1].rstrip(".") if failures else "nothing was asked"
        raise RunEndedEarly(f"{place.watch().url} did not answer: {why}. Try again later.")
    if all(one.said == "cannot tell" for one in probed.verdicts) and any(
        "firewall" in one.how for one in probed.verdicts
    ):
        raise RunEndedEarly(
            f"{place.watch().url} answers every request with a firewall's or maintenance page. "
            "Try again later, or from an address in Korea."
        )
    if probed.finish not in ENDED_WELL:
        reason = REASONS.get(probed.finish, f"The run ended early: {runs.ending(probed.finish)}.")
        raise RunEndedEarly(f"{reason} What could be told is above; try the rest again later.")
    if not any(one.said == "differs" for one in probed.verdicts):
        return
    lists = {one.said for one in probed.verdicts if one.assumption == "list"}
    if "differs" in lists and "holds" not in lists:
        printing.aside(
            "gochim: no list gave a row. The portal is out of order, or it was built anew: look at it in a browser; "
            "if it is well there, report this with the bundle."
        )
    raise SystemExit(1)


def _pack(place: Place, db: sqlite3.Connection, probed: Probed, path: Path) -> None:
    from crawler.probe.bundle import write_bundle

    write_bundle(path, place.archive, db, probed.as_json(), place.watch())
