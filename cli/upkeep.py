"""``status`` and ``rebuild``: is the archive well, make its database anew."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import click

from cli import condition, database, missed, printing, progress
from cli.options import DOCUMENT, Place, archive_option, cluster_options, format_option, workers_option
from crawler.outlook import law_of
from crawler.revisits import Due, addressed, ranked, upcoming
from crawler.sections import SECTIONS
from storage import captures, chain_check, contents, findings, looks, losses, manifests, runs, strays, troubles
from storage.archive import Archive
from storage.command_line import gochim
from storage.errors import ArchiveDisagrees, SettingsError
from storage.missed import missed as what_was_missed
from storage.outbox import Outbox
from storage.records import kst, local

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
        told["wrong"] += [*strays.sentences(place.archive, db), *strays.others(place.archive)]
        told["wrong"] += (lacking := [*_lost(place, db), *_gone(place.archive, db)])
        disagree = bool(lacking) or strays.of_its_own(place.archive, db)
        told["wrong"] += condition.sentences(told)
        told["alerts"], undelivered = _alerts(place)
        told["wrong"] += undelivered
    if not printing.document(style, told) and (told["wrong"] or not place.quiet):
        _tell(told, list(missed.sentences(unseen, "en")))
    if disagree:
        raise ArchiveDisagrees(
            f"Archive and database disagree, as said above. Look at all of it with: {gochim('verify')}"
        )


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


def _gone(archive: Archive, db: sqlite3.Connection) -> list[str]:
    """Say that files are gone for which the run log vouches; all of it is read only where there are reasons to.

    They are that there are too few files, or one is not there that the database knows.
    """
    newest = manifests.head(archive)
    present = {path.relative_to(archive.root).as_posix() for path in manifests.kept_files(archive)}
    known = {row["warc"] for row in db.execute("SELECT warc FROM warc_files")}
    there = present | manifests.withdrawn_files(archive).keys()
    if newest is None or (len(there) >= newest.content["files_so_far"] and known <= present):
        return []
    gone = chain_check.files_gone(archive)
    which = f"{printing.counted(len(gone), 'file')} of the run log {'are' if len(gone) > 1 else 'is'} gone, such as"
    see = gochim("verify")
    return [f"{which} {archive.root / one}. Put back what you have a copy of. See: {see}" for one in gone[:1]]


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
    # Where one message fails, those behind it are not tried.
    tried = {target: max(one.failures for one in waiting if one.target == target) for target in refused}
    return told, [
        f"Alerts to {target} wait since {kst(one.queued_at)}, sent "
        f"{tried[target]} time{'s' if tried[target] > 1 else ''} in vain: {one.error} See: {gochim('alerts')}"
        for target, one in refused.items()
    ]


def _tell(told: dict[str, Any], unseen: list[str]) -> None:
    printing.tell(f"{told['archive']}  ({told['portal']})")
    printing.tell(f"  {printing.counts(told['counts'])}")
    printing.tell(f"  {told['content_digest']}")
    if log := told["run_log"]:
        printing.tell(f"  run log: {printing.counted(log['manifests'], 'manifest')}, head {log['head']}")
    for what, found in (("articles", told["states"]), ("checks", told["outcomes"])):
        printing.tell(f"  {what}: " + (", ".join(f"{count} {name}" for name, count in found.items()) or "none yet"))
    if told["findings"]:
        see = gochim("changes", "--findings")
        printing.tell(f"  articles whose body and files disagree: {told['findings']}; see: {see}")
    printing.tell(f"  due for another look: {told['due']}")
    for one in told["next_looks"]:
        when = "now" if told["due"] else kst(one["due_at"])
        idle = missed.lasting(one["idle_hours"], "en")
        printing.tell(
            f"    {one['article']} {when}: {_WHY[one['why']]}; last look {idle} before, edited since with a chance of "
            f"{100 * one['chance']:.1f}%, gain {one['gain']:.2g}"
        )
    if told["alerts"]["waiting"]:
        printing.tell(f"  alerts that wait: {told['alerts']['waiting']}; see: {gochim('alerts')}")
    for run in told["runs"]:
        # A rebuild knows of a run what its files tell: not how it ended.
        unknown = "not ended" if run["ended_at"] is None else "read from its WARC files"
        ended = runs.ending(run["finish"]) if run["finish"] else unknown
        at = local(run["started_at"])
        printing.tell(f"  run {run['run']}  {at} (KST)  {printing.counted(run['requests'], 'request')}  {ended}")
    for line in (*condition.past(told), *unseen):
        printing.tell(f"  {line}")
    for line in told["wrong"]:
        printing.tell(printing.styled(f"  ! {line}", fg="red"))


@click.command()
@workers_option
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
        gone, other = chain_check.files_gone(place.archive), chain_check.files_of_other_length(place.archive)
    if not place.quiet:
        printing.tell(f"{printing.counts(counted)}; {digest}")
    for line in [*left_out, *lost]:
        printing.aside(f"gochim: {line}")
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
    if other:
        raise ArchiveDisagrees(
            f"The database is made anew, but {printing.counted(len(other), 'file')} of it "
            f"{'have' if len(other) > 1 else 'has'} another length than the run log says, such as {other[0]}: what was "
            "cut off is in it no more, or another file stands in its place. Put back what you have a copy of, and run "
            "this again."
        )


def _lost(place: Place, db: sqlite3.Connection) -> list[str]:
    """Say what the database was made without because it is damaged."""
    portal = place.portal()

    def articles(loss: losses.Loss) -> list[str]:
        addresses = [portal.address(one.url) for one in loss.missing]
        return sorted({one.article for one in addresses if one is not None and one.article})

    return [one.sentence(place.archive.root, articles(one)) for one in losses.remembered(db)]
