"""``verify``: does the archive agree with itself, and are WARC files as the standard has them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click

from cli import database, holdings, passes, printing, progress, proving
from cli.options import DOCUMENT, Place, archive_option, cluster_options, format_option, workers_option
from crawler.layouts import extractor
from crawler.portal import Portal
from storage import captures, chain_check, checks, lost_originals, strays
from storage.archive import Archive
from storage.cdxj import complete_index, finished_warcs
from storage.command_line import gochim
from storage.elsewhere import from_anywhere
from storage.errors import ArchiveDisagrees, SettingsError
from storage.inspected import Inspected
from storage.warc_check import check_files
from storage.warc_rules import REVISIT_TARGET


@click.command(short_help="Prove that WARC files, run log and database agree.")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--repair", is_flag=True, help="Mend what a killed run left behind and say what was done.")
@click.option("--head", metavar="DIGEST", help="The head of the run log as status showed it earlier.")
@workers_option
@cluster_options
@format_option(*DOCUMENT)
@archive_option
def verify(  # noqa: PLR0913  # one argument an option
    place: Place,
    files: tuple[Path, ...],
    repair: bool,  # noqa: FBT001
    head: str | None,
    workers: int,
    cluster: str | None,
    style: str,
) -> None:
    """Prove that WARC files, run log and database agree, or judge any WARC FILES.

    \b
    Example: gochim verify --repair
    """
    if files and (repair or head or cluster or workers > 1):
        raise SettingsError("--repair, --head, --workers and --cluster are about an archive; name no FILES with them.")
    told = _judged(files) if files else _verified(place, workers, repair=repair, head=head, cluster=cluster)
    known = told.pop("notes")
    if style != "text" or not place.quiet:
        told["warnings"] = [*known, *told["warnings"]]
    if not printing.document(style, told):
        for line in told["repaired"]:
            printing.tell(f"repaired: {line}")
        for one in (*told["errors"], *told["warnings"]):
            printing.tell(one)
        if not told["errors"] and not place.quiet:
            read = printing.counted(told["files"], "WARC file")
            if files:
                printing.tell(f"{read}: no error." if told["warnings"] else f"{read}: no fault.")
                return
            log = f", {printing.counted(told['manifests'], 'manifest')}" if told["manifests"] else ""
            held = printing.counted(told["captures"], "capture")
            printing.tell(f"{read}, {held}{log}: {'all agree' if told['compared'] else 'what was compared agrees'}.")
    if told["errors"] and files:
        faults = printing.counted(len(told["errors"]), "fault")
        raise ArchiveDisagrees(f"{faults}; each line names the clause that is broken.")
    if told["errors"]:
        found = printing.counted(len(told["errors"]), "disagreement")
        raise ArchiveDisagrees(f"{found}; each line says what to do. {_advice(place.archive, told)}")


def _advice(archive: Archive, told: dict[str, Any]) -> str:
    """Say what mends most of what was found: of a WARC file that is not what it was, only a copy of it does."""
    mend = "" if archive.read_only else f"{gochim('verify', '--repair')}, or "
    first, most = "", "Most are mended with"
    if told["damaged"]:
        first = "First put copies of the WARC files that are damaged or gone in their places; what is left then "
        most = "is mostly mended with"
    return f"{first}{most}: {mend}{gochim('rebuild')}. What the run log names cannot be mended unseen."


def _judged(files: tuple[Path, ...]) -> dict[str, Any]:
    named: dict[Path, Path] = {}
    for path in files:
        named.setdefault(path.resolve(), path)
    found = check_files(named.values(), whole=False)
    told: dict[str, Any] = {"files": len(found), "captures": 0, "manifests": 0, "compared": False}
    told |= {"errors": [], "warnings": [], "notes": [], "repaired": []}
    for path, findings in found.items():
        lacking = [(path, one) for one in findings if one.rule == REVISIT_TARGET]
        told["warnings"] += [lost_originals.alone(lacking)] if lacking else []
        for finding in findings:
            if finding.rule != REVISIT_TARGET:
                told["errors" if finding.severity == "error" else "warnings"].append(f"{path}: {finding}")
    return told


def _verified(place: Place, workers: int, *, repair: bool, head: str | None, cluster: str | None) -> dict[str, Any]:
    noted = chain_check.noted_head(head) if head else None
    portal = place.portal()
    _require_what_is_needed(place.archive, repair=repair)
    with closing(database.opened_as_it_is(place.archive)) as db, _held(place, db, repair=repair):
        repaired = _repaired(place.archive, db, portal) if repair else []
        files = len(finished_warcs(place.archive))
        with (
            progress.shown(quiet=place.quiet) as step,
            _inspectors(cluster) as each,
            proving.beside(place.archive, portal, db, workers, apart=cluster is not None) as proof,
        ):
            judged = checks.verify(
                place.archive, db, lambda name: step("verify", name, files), noted, proof.filing(each), extractor()
            )
            compared = False
            if judged.provable:
                told = proof.told(db, step)
                compared = not told.warnings
                judged.errors += told.errors
                judged.warnings += told.warnings
    return {
        "files": judged.files,
        "captures": judged.captures,
        "manifests": judged.manifests,
        "compared": compared,
        "damaged": judged.damaged,
        "errors": judged.errors,
        "warnings": judged.warnings,
        "notes": judged.notes,
        "repaired": repaired,
    }


def _require_what_is_needed(archive: Archive, *, repair: bool) -> None:
    """Refuse an archive that is not there, one that lacks its database elsewhere, and one that cannot be repaired.

    Raises:
        SettingsError: It is one of these.
    """
    if repair and archive.read_only:
        raise SettingsError(f"{archive.root} is only read. Repair it where it is written.")
    archive.must_be_there()
    if archive.read_only and not archive.database_path.exists():
        raise SettingsError(
            f"There is no database in {archive.work} to hold {archive.root} against. Make one with: "
            + gochim("rebuild", "--archive", str(archive.root), "--work", str(archive.work))
        )
    if repair and (why := archive.unwritable()):
        raise SettingsError(f"{archive.root} cannot be repaired: {why}. Repair it where it can be written.")


def _repaired(archive: Archive, db: sqlite3.Connection, portal: Portal) -> list[str]:
    """Mend what killed runs left behind, let in files that nobody vouches for, and say what was done."""
    before = _held_of_each(db)
    repaired = [str(one) for one in database.recover(archive, db, portal)]
    for path in checks.captures_missing(archive, db):
        holdings.index(db, path, archive, portal)
    filed = {name: number - before.get(name, 0) for name, number in _held_of_each(db).items()}
    repaired += [
        f"{name}: filed {printing.counted(number, 'capture')} of it that the database lacked"
        for name, number in sorted(filed.items())
        if number > 0
    ]
    for made in database.vouch(archive, db, admit=True):
        what = printing.counted(len(made.files), "file")
        repaired.append(f"{made.path}: vouches for {what} from now on ({made.kind})")
    indexed = complete_index(archive, strays.remembered(archive, db))
    repaired += [f"index/{path.name}.cdxj: made anew" for path in indexed]
    passes.catch_up(archive, db, portal)
    return repaired


def _held_of_each(db: sqlite3.Connection) -> dict[str, int]:
    """Count the captures that the database has of each WARC file."""
    return {name: captures.held(db, [name]) for name in captures.files(db)}


def _held(place: Place, db: sqlite3.Connection, *, repair: bool) -> AbstractContextManager[None]:
    return place.archive.locked() if repair else database.kept_still(place.archive, db)


@contextmanager
def _inspectors(cluster: str | None) -> Iterator[checks.Each | None]:
    """Give the workers of a cluster, which inspect WARC files where one is named."""
    if cluster is None:
        yield None
        return
    from cli.cluster import Cluster  # Dask takes a second to load, and few have it.

    with Cluster(cluster) as workers:
        yield lambda inspect, paths, root: workers.each(
            partial(_under, inspect, from_anywhere(root)), map(from_anywhere, paths)
        )


def _under(inspect: Callable[[Path, Path], Inspected], root: Path, path: Path) -> Inspected:
    return inspect(path, root)
