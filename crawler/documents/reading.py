"""One file's bytes -> its document: which reader knows it, and what came of it if none could read it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module, metadata, resources
from types import MappingProxyType

from crawler.documents.text import (
    CONTENTS,
    COUNTED,
    DELETIONS,
    FIELDS,
    FOLIOS,
    GUESSED,
    MARGINS,
    NESTED,
    NOTE_PLACES,
    PICTURES,
    SCANNED,
    SHEETS,
    TRACKED,
    Corrupt,
    Encrypted,
    TooLarge,
    Unsupported,
    Writer,
)  # fmt: skip
from storage.magic import media_type_of
from storage.records import Document, DocumentOutcome

MAX_BYTES = 32 * 1024 * 1024
"""Of a file; the text of a larger one is not read."""

_OOXML = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True, slots=True)
class Format:
    """A format whose text is read: its reader's module and the library that does the work."""

    name: str
    module: str
    library: str
    """Distribution names, space between."""
    kept: str
    """What its blocks say."""
    lost: tuple[str, ...]
    """What a document of this format may hold that they do not say."""


_WORDS = "paragraphs, headings, tables and captions in order; notes after their paragraph; memos, named as such"
_PROSE = (MARGINS, NOTE_PLACES, COUNTED, PICTURES, NESTED)

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "application/hwp+zip": Format(
            "HWPX",
            "hwpx",
            "defusedxml",
            f"{_WORDS}; hidden comments; text boxes; fields of forms",
            (*_PROSE, DELETIONS),
        ),
        "application/x-hwp": Format(
            "HWP 5",
            "hwp",
            "olefile cryptography",
            f"{_WORDS}; hidden comments; text boxes; documents made for distribution",
            (*_PROSE, TRACKED, FIELDS),
        ),
        "application/pdf": Format(
            "PDF",
            "pdf",
            "pypdfium2",
            "the text layer, page by page; before it and once, what begins or ends all pages;"
            " after it what was typed onto pages, and notes, named as memos",
            (GUESSED, FOLIOS, FIELDS, SCANNED),
        ),
        "application/vnd.oasis.opendocument.text": Format(
            "ODT", "odt", "defusedxml", f"{_WORDS}; lists; text boxes", (*_PROSE, DELETIONS)
        ),
        f"{_OOXML}wordprocessingml.document": Format(
            "DOCX", "docx", "defusedxml", f"{_WORDS}; text boxes", (*_PROSE, DELETIONS)
        ),
        f"{_OOXML}spreadsheetml.sheet": Format(
            "XLSX",
            "xlsx",
            "openpyxl",
            "sheets by name, hidden ones too; cells as last calculated; text boxes",
            (SHEETS, PICTURES),
        ),
        "application/zip": Format(
            "ZIP", "listing", "zipfile", "names, sizes and checksums; nothing is unpacked", (CONTENTS,)
        ),
    }
)
"""By media type, as :func:`storage.magic.media_type_of` names it."""

_OUTCOMES: Mapping[type[Exception], DocumentOutcome] = MappingProxyType(
    {
        Encrypted: "encrypted",
        Corrupt: "corrupt",
        TooLarge: "too-large",
        Unsupported: "unsupported",
        RecursionError: "too-large",
    }
)


def read(payload: bytes) -> Document:
    """Read a file's text; every failure is an outcome. Pure: the same bytes give the same document."""
    sha256 = hashlib.sha256(payload).hexdigest()
    if not payload:
        return Document(sha256, "empty")
    media_type = media_type_of(payload)
    if media_type == "text/html":
        # The portal answers a missing file with an error page and status 200.
        return Document(sha256, "error-page", media_type)
    known = FORMATS.get(media_type)
    if known is None:
        return Document(sha256, "unsupported", media_type)
    if len(payload) > MAX_BYTES:
        return Document(sha256, "too-large", media_type, detail=f"larger than {MAX_BYTES} bytes")
    writer = Writer()
    reader: Callable[[bytes, Writer], None] = import_module(f"crawler.documents.{known.module}").read
    try:
        reader(payload, writer)
    except tuple(_OUTCOMES) as error:
        return Document(sha256, _OUTCOMES[type(error)], media_type, detail=str(error)[:300])
    lost = tuple(sorted(writer.lost))
    if not writer.blocks:
        return Document(sha256, "no-text", media_type, lost=lost)
    return Document(sha256, "read", media_type, tuple(writer.blocks), lost)


@lru_cache(maxsize=1)
def reader() -> str:
    """Digest the code that reads documents and the versions of its libraries: another one may read another text."""
    digest = hashlib.sha256()
    for name in sorted({"text", "folios", "package", "reading", *(one.module for one in FORMATS.values())}):
        digest.update(resources.files("crawler.documents").joinpath(name + ".py").read_bytes())
    for name in sorted({name for one in FORMATS.values() for name in one.library.split()} - {"zipfile"}):
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    return digest.hexdigest()[:16]
