"""``gochim import``: captures of the portal from other tools' WARC and WACZ files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import click

from cli import database, holdings, passes, printing
from cli.options import DOCUMENT, Place, archive_option, format_option
from crawler.portal import Portal, placed
from storage import captures, contents, looks
from storage.archive import Archive
from storage.command_line import gochim
from storage.errors import SettingsError
from storage.imports import taken_in
from storage.records import ABSENT, Capture, Outcome
from storage.warc_check import checked


@click.command("import", short_help="Take captures out of other tools' WARC or WACZ files.")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@format_option(*DOCUMENT)
@archive_option
def import_files(place: Place, files: tuple[Path, ...], style: str) -> None:
    """Take captures of the portal out of other tools' WARC or WACZ FILES, as looks at their own dates.

    The files are copied into the archive byte for byte. What they hold of other sites stays in them, is counted and
    becomes no article. A file that was imported before is left as it is. One that cannot be imported is named, and the
    others are.

    \b
    Example: gochim import ~/wget/korea.warc.gz wayback.wacz
    """
    portal = place.portal()
    new = not place.archive.is_there
    made = place.archive.create()
    taken: list[str] = []
    refused: list[str] = []
    known: list[str] = []
    with closing(database.opened_to_write(place.archive, portal)) as db, place.archive.locked():
        before = contents.counts(db)
        for source in files:
            here = len(taken)
            try:
                for name in _imported(place.archive, db, source, portal):
                    taken.append(name)  # noqa: PERF402  # what came in before a fault stays named
            except SettingsError as error:
                refused.append(str(error))
            else:
                known += [str(source)] if len(taken) == here else []
        if new and not taken:
            db.close()
            _take_back(place.archive, made)
            raise SettingsError("\n".join(refused))
        database.vouch(place.archive, db)
        found = passes.catch_up(place.archive, db, portal)
        after = contents.counts(db)
        left_out = sum(_is_elsewhere(one, portal) for name in taken for one in captures.in_file(db, f"warc/{name}"))
        came_to = looks.outcomes_in(db, (f"warc/{name}" for name in taken))
    doubtful = [line for name in taken for line in _doubtful(place.archive, name)]
    told: dict[str, Any] = {"files": taken, "changes": found, "left_out": left_out, "looks": came_to} | {
        f"new_{name}": after[name] - before[name] for name in ("captures", "articles", "versions")
    }
    told |= {"known": known, "doubtful": doubtful}
    if (taken or not refused) and not printing.document(style, told) and (taken or not place.quiet):
        _tell(told)
    for line in doubtful:
        printing.aside(f"gochim: {line}")
    if refused:
        raise SettingsError("\n".join(refused))


def _tell(told: dict[str, Any]) -> None:
    more = {name: told[f"new_{name}"] for name in ("captures", "articles", "versions")}
    printing.tell(
        f"{printing.counted(len(told['files']), 'file')} imported: {printing.counts(more)} more, "
        f"{printing.counted(len(told['changes']), 'new change')}; "
        f"{printing.counted(told['left_out'], 'capture')} of other sites left out{_untold(told['looks'])}"
    )
    if told["known"]:
        printing.tell(f"The archive has all of this already: {', '.join(told['known'])}")


def _take_back(archive: Archive, made: list[Path]) -> None:
    """Remove what was made for files none of which was taken; call it with the lock held."""
    database.remove(archive.database_path)
    (archive.work / "lock").unlink()
    for one in reversed(made):
        one.rmdir()


def _imported(archive: Archive, db: sqlite3.Connection, source: Path, portal: Portal) -> Iterator[str]:
    """Take a file in, and give the name of each WARC file that came into the archive by it.

    Raises:
        SettingsError: It cannot be imported; those that came before are given.
    """
    refused = partial(_borrowed, db)
    for path, fresh in taken_in(archive, source, lambda one: placed(one, portal).role != "other", refused):
        if fresh:
            holdings.index(db, path, archive, portal)
            yield path.name


def _borrowed(db: sqlite3.Connection, capture: Capture) -> str | None:
    """Say that a capture claims to be of a run of this archive's own, whose looks it could then speak in."""
    if not captures.is_own_run(db, capture.run) or captures.is_filed(db, capture.evidence):
        return None
    return (
        f"{capture.url} is said to be of run {capture.run}, a run of this archive which made no such capture. If it "
        f"did, copy the file into warc/ under its own name and run: {gochim('verify', '--repair')}"
    )


def _doubtful(archive: Archive, name: str) -> list[str]:
    """Say where an imported file's records are not what their own digests say: altered since, or badly written."""
    odd = [one for one in checked(archive.warcs / name).findings if one.rule in {"block-digest", "payload-digest"}]
    if not odd:
        return []
    more = f" (and {len(odd) - 1} more such)" if len(odd) > 1 else ""
    return [
        f"warc/{name}, byte {odd[0].offset:,}: {odd[0].sentence}{more} It was altered, or badly written: what rests on "
        "it is not proved, and no dossier can be made of it. Ask where the file comes from."
    ]


def _untold(came_to: Mapping[Outcome, int]) -> str:
    """Say how many looks could not tell how an article stood, nothing when all could."""
    untold = {one: number for one, number in came_to.items() if one != "read" and one not in ABSENT}
    if not untold:
        return ""
    each = ", ".join(f"{number} {one}" for one, number in untold.items())
    return f"; {printing.counted(sum(untold.values()), 'look')} could not tell ({each})"


def _is_elsewhere(capture: Capture, portal: Portal) -> bool:
    """Say whether a capture is of another site; ``dns:`` and ``urn:`` records are of none."""
    return capture.role == "other" and capture.url.startswith(("http:", "https:")) and portal.local(capture.url) is None
