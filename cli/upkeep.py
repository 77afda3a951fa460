"""``status``, ``verify`` and ``rebuild``: is the archive well, does it agree with itself, make it anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from cli import condition, database, holdings, missed, passes, printing, progress
from cli.options import DOCUMENT, Place, archive_option, cluster_options, format_option, local
from crawler.outlook import law_of
from crawler.revisits import Due, addressed, ranked, upcoming
from crawler.sections import SECTIONS
from storage import captures, chain_check, checks, contents, findings, looks, losses, manifests, strays, troubles
from storage.archive import Archive
from storage.cdxj import finished_warcs
from storage.elsewhere import from_anywhere
from storage.errors import ArchiveDisagrees, SettingsError
from storage.inspected import Inspected
from storage.missed import missed as what_was_missed
from storage.outbox import Outbox
from storage.warc_check import check_files

NEXT = 3
"""How many of those that are due are named, the most urgent."""

_WHY = {
    "edits": "an edit is likely enough",
    "suspect": "it was absent",
    "told": "the publisher says that it was edited",
    "idle": "nobody looked for as long as the settings allow",
    "unread": "it was never read",
}


@click.command()
@format_option(*DOCUMENT)
@archive_option
def status(place: Place, style: str) -> None:
    """Tell counts, last runs, what is due, what is wrong.

    \b
    Example: gochim status --format json
    """
    now = datetime.now(UTC)
    with closing(database.opened(place.archive, place.portal())) as db:
        unseen = what_was_missed(db, now)
        law = law_of(db)
        waiting = list(ranked(db, now, "due", tuple(SECTIONS), place.rules(), law))
        later = None if waiting else upcoming(db, now, place.rules(), law)
        told: dict[str, Any] = {
            "archive": str(place.archive.root),
            "portal": place.portal().base,
            "counts": contents.counts(db),
            "content_digest": contents.content_digest(db),
            "runs": [_run(db, row) for row in db.execute("SELECT * FROM runs ORDER BY started_at DESC LIMIT 5")],
            "run_log": _run_log(place.archive),
            "due": len(waiting),
            "next_looks": [_look(addressed(db, one), now) for one in waiting[:NEXT]]
            or ([_look(later[1], later[0])] if later else []),
            "states": dict(tuple(row) for row in db.execute("SELECT state, count(*) FROM articles GROUP BY state")),
            "outcomes": looks.outcomes(db),
            **condition.condition(place, db),
            "missed": unseen.as_json(),
            "findings": findings.count(db),
            "wrong": troubles.wrong(db),
        }
        told["wrong"] += [*strays.sentences(place.archive, db), *strays.others(place.archive), *_lost(place, db)]
        told["wrong"] += condition.sentences(told)
        told["alerts"], undelivered = _alerts(place)
        told["wrong"] += undelivered
    if not printing.document(style, told) and (told["wrong"] or not place.quiet):
        _tell(told, list(missed.sentences(unseen, "en")))


def _run(db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    """Tell of a run; one that was killed or is known from its files alone has as many requests as captures."""
    return {**dict(row), "requests": row["requests"] or captures.count_of_run(db, row["run"])}


def _look(one: Due, at: datetime) -> dict[str, Any]:
    """Tell of a look when it is due and why."""
    return {
        "article": one.article,
        "url": one.url,
        "due_at": at.isoformat(timespec="seconds"),
        "why": one.why,
        "gain": one.gain,
        "chance": one.chance,
        "idle_hours": one.idle,
        "age_hours": one.age,
        "edits": one.edits,
    }


def _run_log(archive: Archive) -> dict[str, Any] | None:
    """Tell the head of the run log, to be noted where nobody can alter it; None where there is none yet."""
    newest = manifests.head(archive)
    if newest is None:
        return None
    return {"manifests": newest.number, "head": newest.digest, "written_at": newest.content["written_at"]}


def _alerts(place: Place) -> tuple[dict[str, Any], list[str]]:
    """Give what waits to be told and which alarms of the watch last, and say of which targets none took it."""
    if not place.archive.alerts_path.exists():
        return {"waiting": 0, "alarms": []}, []
    try:
        with closing(Outbox(place.archive.alerts_path, write=not place.archive.unwritable())) as outbox:
            waiting = outbox.waiting()
            told = {"waiting": len(waiting), "alarms": [name for name, _ in outbox.lasting()]}
    except SettingsError as error:
        return {"waiting": None, "alarms": []}, [str(error)]
    refused = {one.target: one for one in reversed(waiting) if one.failures}  # the oldest of each target
    return told, [
        f"Alerts to {target} wait since {local(datetime.fromisoformat(one.queued_at))} (KST), sent "
        f"{one.failures} time{'s' if one.failures > 1 else ''} in vain: {one.error} See: gochim alerts"
        for target, one in refused.items()
    ]


def _tell(told: dict[str, Any], unseen: list[str]) -> None:
    click.echo(f"{told['archive']}  ({told['portal']})")
    click.echo(f"  {printing.counts(told['counts'])}")
    click.echo(f"  {told['content_digest']}")
    if log := told["run_log"]:
        click.echo(f"  run log: {printing.counted(log['manifests'], 'manifest')}, head {log['head']}")
    click.echo("  articles: " + (", ".join(f"{count} {name}" for name, count in told["states"].items()) or "none yet"))
    click.echo("  checks: " + (", ".join(f"{count} {name}" for name, count in told["outcomes"].items()) or "none yet"))
    if told["findings"]:
        click.echo(f"  articles whose body and files disagree: {told['findings']}; see: gochim changes --findings")
    click.echo(f"  due for another look: {told['due']}")
    for one in told["next_looks"]:
        when = "now" if told["due"] else f"{local(datetime.fromisoformat(one['due_at']))} (KST)"
        click.echo(
            f"    {one['article']} {when}: {_WHY[one['why']]}; last look {one['idle_hours']:.1f} h before, edited since"
            f" with a chance of {100 * one['chance']:.1f}%, gain {one['gain']:.2g}"
        )
    if told["alerts"]["waiting"]:
        click.echo(f"  alerts that wait: {told['alerts']['waiting']}; see: gochim alerts")
    for run in told["runs"]:
        # A rebuild knows of a run what its files tell: not how it ended.
        ended = run["finish"] or ("not ended" if run["ended_at"] is None else "read from its WARC files")
        at = local(datetime.fromisoformat(run["started_at"]))
        click.echo(f"  run {run['run']}  {at} (KST)  {printing.counted(run['requests'], 'request')}  {ended}")
    for line in (*condition.past(told), *unseen):
        click.echo(f"  {line}")
    for line in told["wrong"]:
        click.echo(click.style(f"  ! {line}", fg="red"))


@click.command(short_help="Prove that WARC files, run log and database agree.")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--repair", is_flag=True, help="Mend what a killed run left behind and say what was done.")
@click.option("--head", metavar="DIGEST", help="The head of the run log as status showed it earlier.")
@cluster_options
@format_option(*DOCUMENT)
@archive_option
def verify(  # noqa: PLR0913  # one argument an option
    place: Place,
    files: tuple[Path, ...],
    repair: bool,  # noqa: FBT001
    head: str | None,
    cluster: str | None,
    style: str,
) -> None:
    """Prove that WARC files, run log and database agree, or judge any WARC FILES.

    \b
    Example: gochim verify --repair
    """
    told = _judged(files) if files else _verified(place, repair=repair, head=head, cluster=cluster)
    if not printing.document(style, told):
        for line in told["repaired"]:
            click.echo(f"repaired: {line}")
        for one in (*told["errors"], *told["warnings"]):
            click.echo(one)
        if not told["errors"] and not place.quiet:
            read = printing.counted(told["files"], "WARC file")
            if files:
                click.echo(f"{read}: no error." if told["warnings"] else f"{read}: no fault.")
                return
            log = f", {printing.counted(told['manifests'], 'manifest')}" if told["manifests"] else ""
            held = printing.counted(told["captures"], "capture")
            click.echo(f"{read}, {held}{log}: all agree.")
    if told["errors"] and files:
        faults = printing.counted(len(told["errors"]), "fault")
        raise ArchiveDisagrees(f"{faults}; each line names the clause that is broken.")
    if told["errors"]:
        raise ArchiveDisagrees(
            f"{len(told['errors'])} disagreement{'s' if len(told['errors']) > 1 else ''}; each line says what to do. "
            "Most are mended with: gochim verify --repair, or gochim rebuild. What the run log names never is, unseen."
        )


def _judged(files: tuple[Path, ...]) -> dict[str, Any]:
    told: dict[str, Any] = {"files": len(files), "captures": 0, "manifests": 0}
    told |= {"errors": [], "warnings": [], "repaired": []}
    for path, findings_of_file in check_files(dict.fromkeys(files), whole=False).items():
        for finding in findings_of_file:
            told["errors" if finding.severity == "error" else "warnings"].append(f"{path}: {finding}")
    return told


def _verified(place: Place, *, repair: bool, head: str | None, cluster: str | None) -> dict[str, Any]:
    repaired: list[str] = []
    portal = place.portal()
    if repair and place.archive.read_only:
        raise SettingsError(f"{place.archive.root} is only read. Repair it where it is written.")
    if place.archive.read_only and not place.archive.database_path.exists():
        raise SettingsError(
            f"There is no database in {place.archive.work} to hold {place.archive.root} against. Make one with: "
            f"gochim rebuild --archive {place.archive.root} --work {place.archive.work}"
        )
    if repair and (why := place.archive.unwritable()):
        raise SettingsError(f"{place.archive.root} cannot be repaired: {why}. Repair it where it can be written.")
    with closing(database.opened_as_it_is(place.archive)) as db, _held(place, db, repair=repair):
        if repair:
            repaired = [str(one) for one in database.recover(place.archive, db, portal)]
            missing = checks.captures_missing(place.archive, db)
            for path in missing:
                holdings.index(db, path, place.archive, portal)
                repaired.append(f"filed the captures of {path.name} that the database had lost")
            for made in database.vouch(place.archive, db, admit=True):
                repaired.append(f"{made.path}: vouches for {len(made.files)} files from now on ({made.kind})")
            passes.catch_up(place.archive, db, portal)
        files = len(finished_warcs(place.archive))
        with progress.shown(quiet=place.quiet) as step, _inspectors(cluster) as each:
            judged = checks.verify(place.archive, db, lambda name: step("verify", name, files), head, each)
    return {
        "files": judged.files,
        "captures": judged.captures,
        "manifests": judged.manifests,
        "errors": judged.errors,
        "warnings": judged.warnings,
        "repaired": repaired,
    }


def _lost(place: Place, db: sqlite3.Connection) -> list[str]:
    """Say what the database was made without because it is damaged."""
    portal = place.portal()

    def articles(loss: losses.Loss) -> list[str]:
        addresses = [portal.address(one.url) for one in loss.missing]
        return sorted({one.article for one in addresses if one is not None and one.article})

    return [one.sentence(place.archive.root, articles(one)) for one in losses.remembered(db)]


def _held(place: Place, db: sqlite3.Connection, *, repair: bool) -> AbstractContextManager[None]:
    return place.archive.locked() if repair else database.kept_still(place.archive, db)


@contextmanager
def _inspectors(cluster: str | None) -> Iterator[checks.Each]:
    """Give what inspects WARC files: this process, or the workers of a cluster."""
    if cluster is None:
        yield checks.here
        return
    from cli.cluster import Cluster  # Dask takes a second to load, and few have it.

    with Cluster(cluster) as workers:
        yield lambda inspect, paths, root: workers.each(
            partial(_under, inspect, from_anywhere(root)), map(from_anywhere, paths)
        )


def _under(inspect: Callable[[Path, Path], Inspected], root: Path, path: Path) -> Inspected:
    return inspect(path, root)


@click.command()
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, show_default=True, metavar="N", help="Processes that read."
)
@click.option("--salvage", is_flag=True, help="Go on without what is damaged in WARC files, and name what is lost.")
@cluster_options
@archive_option
def rebuild(place: Place, workers: int, cluster: str | None, *, salvage: bool) -> None:
    """Make the database anew from the WARC files.

    \b
    Example: gochim rebuild --workers 2
    """
    with place.archive.locked():
        with progress.shown(quiet=place.quiet) as step:
            database.rebuild(place.archive, place.portal(), workers, step, cluster, salvage=salvage)
        with closing(place.archive.database()) as db:
            digest, counted = contents.content_digest(db), contents.counts(db)
            left_out = list(strays.sentences(place.archive, db))
            lost = _lost(place, db)
        gone = chain_check.files_gone(place.archive)
    if not place.quiet:
        click.echo(f"{printing.counts(counted)}; {digest}")
    for line in [*left_out, *lost]:
        click.echo(f"gochim: {line}", err=True)
    if lost:
        raise ArchiveDisagrees(
            "The database is made anew without what is damaged, as named above. Its content digest is that of what is "
            "left."
        )
    if gone:
        raise ArchiveDisagrees(
            f"The database is made anew without what {printing.counted(len(gone), 'file')} held that the run log names "
            f"and that {'are' if len(gone) > 1 else 'is'} gone, such as {gone[0]}. Put back what you have a copy of, "
            "and run this again."
        )
