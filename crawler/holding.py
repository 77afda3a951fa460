"""What one WARC file holds: its captures, its index, and what the pages, files and pictures in it say.

No other file and no database is asked, so that files can be read anywhere, side by side, in any order: by processes
of this machine (:mod:`cli.workers`) and of others (:mod:`cli.cluster`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from crawler.documents.guard import Guard
from crawler.heard import Said
from crawler.layouts import extractor, read_page
from crawler.payloads import LARGE, readable
from crawler.portal import Portal, placed
from storage.cdxj import cdxj_of
from storage.charsets import utf8_of
from storage.content_coding import ContentError
from storage.elsewhere import near
from storage.magic import is_whole_picture
from storage.records import Capture
from storage.warc_index import captures_in
from storage.warc_reader import payload_of
from storage.warc_scan import Damage, DamagedWarcError


@dataclass(frozen=True, slots=True)
class Holding:
    """What a WARC file holds.

    Attributes:
        captures: Its captures, in file order.
        infos: The fields of each of its warcinfo records; files strung together have several.
        lines: The lines of its index, None once they are written.
        said: What its payloads say, where they were read too.
        extractor: The digest of the code that read them.
        fault: Where in the file it cannot be read on, and why, as the end of a sentence; empty where it can be read to
            its end.
        damages: The damaged stretches that were read around.
    """

    captures: list[Capture]
    infos: list[Mapping[str, str]]
    lines: list[str] | None
    said: list[Said]
    extractor: str
    fault: str = ""
    damages: tuple[Damage, ...] = ()


def holding(path: Path, root: Path, portal: Portal | None = None, *, salvage: bool = False) -> Holding:
    """Read a WARC file on whatever machine this is.

    Args:
        path: The file.
        root: The archive's directory, of this machine or elsewhere.
        portal: Whose address rules hold, where payloads are to be read too; who has the file at hand reads them article
            by article, when it is known which of them are wanted.
        salvage: Whether to read around what is damaged, and to say where that is.
    """
    damages: list[Damage] | None = [] if salvage else None
    with near(path, root) as (here, above):
        if not here.stat().st_size:
            return nothing_of("it is empty", salvage=salvage)
        try:
            infos: list[Mapping[str, str]] = []
            found = list(captures_in(here, above, infos, damages))
            lines = cdxj_of(here, above, found, [] if damages else None)
        except DamagedWarcError as error:
            # Of what cannot be read around either, a salvage has nothing.
            return nothing_of(error.reason if salvage else error.within, salvage=salvage)
        said: list[Said] = []
        if portal is not None:
            said = heard(found, above, portal)
    return Holding(found, infos, lines, said, extractor(), damages=tuple(damages or ()))


def nothing_of(why: str, *, salvage: bool) -> Holding:
    """Give what a WARC file holds of which nothing can be read, and ``why``, as the end of a sentence."""
    damages = (Damage(0, None, why),) if salvage else ()
    return Holding([], [], None, [], extractor(), "" if salvage else why, damages)


def heard(found: list[Capture], root: Path, portal: Portal) -> list[Said]:
    """Read the payloads of captures of one file that stands under ``root``."""
    with Guard() as guard:
        return list(_said(found, root, portal, guard))


def _said(found: list[Capture], root: Path, portal: Portal, guard: Guard) -> Iterator[Said]:
    """Read the payload of each response that says something by itself.

    What cannot be decoded is left out, and so is a revisit, whose payload may stand in another file: whoever needs them
    reads them by their place, and is told what is wrong.
    """
    for one in found:
        capture = placed(one, portal)
        if capture.kind != "response" or not readable(capture) or capture.payload_length > LARGE:
            continue
        if capture.role not in {"article", "image", "attachment", "list", "document", "api"}:
            continue
        try:
            payload = payload_of(root, capture, lambda _: None, LARGE)
            yield _read(capture, payload, portal, guard)
        except ContentError:
            continue


def _read(capture: Capture, payload: bytes, portal: Portal, guard: Guard) -> Said:
    record_id, url, at = capture.evidence.record_id, capture.url, capture.captured_at
    if capture.role == "article":
        text = utf8_of(payload, capture.media_type or "")
        return Said(record_id, url, at, page=read_page(text, url, at, portal))
    if capture.role == "image":
        digest = hashlib.sha256(payload).hexdigest() if is_whole_picture(payload) else ""
        return Said(record_id, url, at, picture=digest)
    if capture.role == "attachment":
        return Said(record_id, url, at, file=guard.read(payload))
    return Said(record_id, url, at, payload=payload)
