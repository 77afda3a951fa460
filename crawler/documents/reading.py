"""One file's bytes -> its document: which reader knows it, and what came of it if none could read it."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib import metadata, resources

from crawler.documents.formats import FORMATS, outcome_of, written
from crawler.documents.text import Writer
from storage.magic import media_type_of
from storage.records import ZIP_TYPE, Document, DocumentOutcome


def read(payload: bytes) -> Document:
    """Read a file's text; every failure is an outcome. Pure: the same bytes give the same document."""
    sha256 = hashlib.sha256(payload).hexdigest()
    if not payload:
        return Document(sha256, "empty")
    media_type = media_type_of(payload)
    if media_type == "text/html":
        # The portal answers a missing file with an error page and status 200.
        return Document(sha256, "error-page", media_type)
    writer = Writer()
    return _document(sha256, media_type, writer, *written(payload, media_type, writer))


def listed(payload: bytes) -> Document:
    """List what a ZIP file holds, and read none of it."""
    from crawler.documents import members  # No command has to load it to know which reader this is.

    sha256, media_type, writer = hashlib.sha256(payload).hexdigest(), media_type_of(payload), Writer()
    if media_type != ZIP_TYPE:
        return Document(sha256, "unsupported", media_type)
    return _document(sha256, media_type, writer, *outcome_of(members.listed, payload, writer))


def _document(sha256: str, media_type: str, writer: Writer, outcome: DocumentOutcome, detail: str) -> Document:
    blocks = tuple(writer.blocks) if outcome == "read" else ()
    lost = tuple(sorted(writer.lost)) if outcome in {"read", "no-text"} else ()
    return Document(sha256, outcome, media_type, blocks, lost, detail)


@lru_cache(maxsize=1)
def reader() -> str:
    """Digest the code that reads documents and the versions of its libraries: another one may read another text."""
    digest = hashlib.sha256()
    shared = {"text", "folios", "hwp_records", "package", "formats", "reading"}
    for name in sorted(shared | {one.module for one in FORMATS.values()}):
        digest.update(resources.files("crawler.documents").joinpath(name + ".py").read_bytes())
    for name in sorted({name for one in FORMATS.values() for name in one.library.split()} - {"zipfile"}):
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    return digest.hexdigest()[:16]
