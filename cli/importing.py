"""``gochim import``: captures of the portal from other tools' WARC and WACZ files."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import click

from cli import database, holdings, passes, printing
from cli.options import DOCUMENT, Place, archive_option, format_option
from crawler.portal import Portal, placed
from storage import captures, contents
from storage.imports import taken_in
from storage.records import Capture


@click.command("import", short_help="Take captures out of other tools' WARC or WACZ files.")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@format_option(*DOCUMENT)
@archive_option
def import_files(place: Place, files: tuple[Path, ...], style: str) -> None:
    """Take captures of the portal out of other tools' WARC or WACZ FILES, as looks at their own dates.

    The files are copied into the archive byte for byte. What they hold of other sites stays in them, is counted and
    becomes no article. A file that was imported before is left as it is.

    \b
    Example: gochim import ~/wget/korea.warc.gz wayback.wacz
    """
    portal = place.portal()
    place.archive.create()
    taken: list[str] = []
    with closing(database.opened(place.archive, portal)) as db, place.archive.locked():
        before = contents.counts(db)
        for source in files:
            for path, fresh in taken_in(place.archive, source, lambda one: placed(one, portal).role != "other"):
                if fresh:
                    holdings.index(db, path, place.archive, portal)
                    taken.append(path.name)
        database.vouch(place.archive, db)
        found = passes.catch_up(place.archive, db, portal)
        after = contents.counts(db)
        left_out = sum(_is_elsewhere(one, portal) for name in taken for one in captures.in_file(db, f"warc/{name}"))
    told: dict[str, Any] = {"files": taken, "changes": found, "left_out": left_out} | {
        f"new_{name}": after[name] - before[name] for name in ("captures", "articles", "versions")
    }
    if not printing.document(style, told) and (taken or not place.quiet):
        more = {name: told[f"new_{name}"] for name in ("captures", "articles", "versions")}
        click.echo(
            f"{printing.counted(len(taken), 'file')} imported: {printing.counts(more)} more, "
            f"{printing.counted(len(found), 'new change')}; "
            f"{printing.counted(left_out, 'capture')} of other sites left out"
        )


def _is_elsewhere(capture: Capture, portal: Portal) -> bool:
    """Say whether a capture is of another site; ``dns:`` and ``urn:`` records are of none."""
    return capture.role == "other" and capture.url.startswith(("http:", "https:")) and portal.local(capture.url) is None
