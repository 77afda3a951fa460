"""The formats whose text is read: which module reads each, what it keeps, and what it loses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from crawler.documents.text import (
    CONTENTS,
    COUNTED,
    DELETIONS,
    FIELDS,
    FOLIOS,
    GUESSED,
    INNER,
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
from storage.records import ZIP_TYPE, DocumentOutcome

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
        f"{_OOXML}presentationml.presentation": Format(
            "PPTX",
            "pptx",
            "defusedxml",
            "slides in order, hidden ones too and named as such; titles as headings, text boxes, tables, diagrams;"
            " notes and memos after their slide, named as such",
            (MARGINS, COUNTED, PICTURES),
        ),
        ZIP_TYPE: Format(
            "ZIP",
            "members",
            "zipfile",
            "by name, what members of the formats above say; of others name, size, checksum and why they are not read",
            (CONTENTS, INNER),
        ),
    }
)
"""By media type, as :func:`storage.magic.media_type_of` names it."""

_LOCKED = "EncryptedPackage".encode("utf-16-le")
"""Name of the stream in which an Office document with a password stands ([MS-OFFCRYPTO], 2.3.4.4)."""

OUTCOMES: Mapping[type[Exception], DocumentOutcome] = MappingProxyType(
    {
        Encrypted: "encrypted",
        Corrupt: "corrupt",
        TooLarge: "too-large",
        Unsupported: "unsupported",
        RecursionError: "too-large",
    }
)


Reader = Callable[[bytes, Writer], None]
"""Writes the text of a file's bytes."""


def written(payload: bytes, media_type: str, writer: Writer) -> tuple[DocumentOutcome, str]:
    """Have the reader of a format write a file's text; give what came of it, and why if it is none."""
    if media_type not in FORMATS:
        return ("encrypted", "its package has a password") if _LOCKED in payload else ("unsupported", "")
    if len(payload) > MAX_BYTES:
        return "too-large", f"larger than {MAX_BYTES} bytes"
    return outcome_of(import_module(f"crawler.documents.{FORMATS[media_type].module}").read, payload, writer)


def outcome_of(reader: Reader, payload: bytes, writer: Writer) -> tuple[DocumentOutcome, str]:
    """Have a reader write a file's text; every failure is an outcome, with its reason."""
    try:
        reader(payload, writer)
    except tuple(OUTCOMES) as error:
        return OUTCOMES[type(error)], str(error)[:300]
    return ("read" if writer.blocks else "no-text"), ""
