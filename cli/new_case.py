"""``gochim new-case``: cut a golden case from the archive, so that a page read wrongly can be mended and kept."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import click

from cli import database
from cli.options import Place, archive_option
from cli.printing import aside, data
from crawler.extract import Extractor
from crawler.layouts import PageReading, read_page
from storage import captures
from storage.charsets import text_of
from storage.command_line import gochim
from storage.content_coding import ContentError
from storage.errors import SettingsError
from storage.http_message import parse_number
from storage.records import Capture, kst
from storage.warc_reader import payload_of

UNRECOGNISED = "unrecognised"
_SOURCE_TREE = Path("tests") / "golden" / "sections"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
"""``156782011-20261127T0209``: a name for a directory on every file system."""


@click.command("new-case", short_help="Cut a golden case out of the archive.")
@click.argument("capture")
@click.option(
    "--into",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where cases stand (default: tests/golden/sections in the source tree, else ./golden).",
)
@click.option("--name", metavar="NAME", help="The case's name (default: the article and the time of the capture).")
@archive_option
def new_case(place: Place, capture: str, into: Path | None, name: str | None) -> None:
    """Cut a golden case out of the archive: an article's page as it was captured, with its document's pages.

    CAPTURE is the number of a capture, a WARC record's id, or an address, whose newest whole capture is taken.

    \b
    Example: gochim new-case 'https://www.korea.kr/briefing/pressReleaseView.do?newsId=156782011'
    """
    if name is not None and not _NAME.fullmatch(name):
        raise SettingsError(f"--name {name} is no name for a directory; use letters, digits, '.', '_' and '-'.")
    with closing(database.opened(place.archive, place.portal())) as db:
        page = _found(place, db, capture)
        case, size, reading = _cut(place, db, page, into or _usual_place(), name)
    data(str(case))
    if not place.quiet:
        for line in _next(case, size, page, reading):
            aside(line)


def _usual_place() -> Path:
    return _SOURCE_TREE if (_SOURCE_TREE.is_dir() and Path("crawler/layouts.py").is_file()) else Path("golden")


def _found(place: Place, db: sqlite3.Connection, wanted: str) -> Capture:
    """Find the capture that the user names.

    Raises:
        SettingsError: There is none, it is of no article, or it holds no whole page.
    """
    found: Capture | None = None
    number = parse_number(wanted)
    if number is not None or wanted.strip("<>").startswith("urn:uuid:"):
        with suppress(KeyError):
            found = captures.by_id(db, captures.number_of_record(db, wanted.strip("<>")) if number is None else number)
    else:
        address = place.portal().address(wanted)
        found = captures.last_whole(db, wanted) or (captures.last_whole(db, address.url) if address else None)
    if found is None:
        raise SettingsError(
            f"There is no whole capture {wanted} in {place.archive.root}. Give an address that was captured; the "
            f"record that `{gochim('show', 'ARTICLE')}` prints; or the number of a capture that "
            f"`{gochim('status')}` names."
        )
    if found.role != "article":
        raise SettingsError(f"{found.url} is no article's page; golden cases are cut of articles' pages.")
    if found.status != 200 or found.kind == "failure" or found.truncated:
        raise SettingsError(
            f"The capture of {found.url} at {kst(found.captured_at)} is no whole page (status {found.status})."
        )
    return found


def _cut(
    place: Place, db: sqlite3.Connection, page: Capture, into: Path, name: str | None
) -> tuple[Path, int, PageReading]:
    """Write the case; give where it stands, the bytes of its pages, and what the page came to."""

    def payload(capture: Capture) -> bytes:
        try:
            return payload_of(place.archive.root, capture, lambda record: captures.by_record(db, record))
        except ContentError as error:
            raise SettingsError(f"The page cannot be cut: {error}") from error

    portal = place.portal()
    body = payload(page)
    reading = read_page(text_of(body, page.media_type), page.url, page.captured_at, portal)
    address = portal.address(page.url)
    section = reading.article.section if reading.article is not None else (address.section if address else None)
    case = into / (section or UNRECOGNISED) / (reading.layout or UNRECOGNISED) / (name or _usual_name(page))
    files = {"page.html": body}
    if reading.article is not None and reading.article.viewer:
        documents = Extractor(place.archive, db, portal).document_captures(page, reading.article.viewer) or []
        files |= {f"document-{number}.html": payload(one) for number, one in enumerate(documents, start=1)}
    told = {
        "url": page.url,
        "captured_at": page.captured_at.isoformat(timespec="seconds"),
        "media_type": page.media_type,
        **({} if portal.is_real else {"portal": portal.base}),
        "documents": [one for one in files if one.startswith("document-")],
    }
    files["capture.json"] = (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()
    try:
        case.mkdir(parents=True)
        for file, data in files.items():
            (case / file).write_bytes(data)
    except FileExistsError as error:
        raise SettingsError(f"{case} is there already. Choose another --name, or remove it first.") from error
    return case, sum(len(data) for file, data in files.items() if file.endswith(".html")), reading


def _usual_name(page: Capture) -> str:
    """Name a case by its article and the time of its capture: ``156782011-20261127T0209``."""
    article = re.sub(r"[^A-Za-z0-9]+", "-", page.article or "page").strip("-")
    return f"{article}-{page.captured_at:%Y%m%dT%H%M%S}"


def _next(case: Path, size: int, page: Capture, reading: PageReading) -> list[str]:
    """Say how large the case is and what comes next."""
    lines = [f"{size:,} bytes of pages, nothing stripped, from {page.evidence.warc} offset {page.evidence.offset}."]
    if reading.article is None:
        lines.append(f"The page is taken as {reading.outcome}: no layout reads it.")
        lines.append(
            "Next: write a layout in crawler/templates.py, name it in the section's file under crawler/sections/,"
        )
        lines.append(f"rename {case.parent} after it, then run make golden: it writes article.json, for you to review.")
    else:
        lines.append(
            f"It is read as {reading.layout}. Next: make golden, which writes article.json, for you to review."
        )
    if not case.is_relative_to(_SOURCE_TREE):
        lines.append(f"The tests look for it in the source tree: move it there, below {_SOURCE_TREE}.")
    lines.append(
        "Before it is published: cut what is not needed and mark each cut […]; golden pages stay below 60,000 bytes."
    )
    return lines
