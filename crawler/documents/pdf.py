"""PDF, read by PDFium: the text layer page by page, lines joined to paragraphs where they were only wrapped."""

from __future__ import annotations

import ctypes
import re

import pypdfium2
import pypdfium2.raw as pdfium

from crawler.documents.folios import with_running_once, without_folios
from crawler.documents.text import (
    FIELDS,
    FOLIOS,
    GUESSED,
    MEMO,
    SCANNED,
    Corrupt,
    Encrypted,
    TooLarge,
    Unsupported,
    Writer,
)

MAX_PAGES = 3000
_SAY_NOTHING = frozenset({pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP})
"""Annotations whose words describe them, or are those of another."""
_WRAPPED = 0.8
"""A line this much of the page's longest was ended by the margin; a shorter one by its writer."""
# "□ 추진 배경", "○ (지원)", "- 세부", "※ 참고", "* 주", "1. 개요", "가. 목적", "① 첫째", "<표 1>", "[붙임]", "‘24년"
_BEGINS = re.compile(r"[□■○●◦◯▢▣◆◇▪▫•·∙ㅇ❍➊-➓①-⑳⇨→▶▷☞※*\-–<〈《\[【(]|\d{1,2}[.)] |[가-하][.)] |[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]")
# "infra‐" and the next line "structure": the hyphen (U+2010) or soft hyphen of a writer that hyphenates
_HYPHENATED = re.compile(r"[a-z][\u2010\u00ad]$")
# "... 밝혔다.", "... 있는가?", "(끝.)": a line that ends a sentence
_ENDS = re.compile(r"[.!?。:;][\"”’')\]]*$")


def read(payload: bytes, writer: Writer) -> None:
    """Write the text of a PDF file."""
    try:
        document = pypdfium2.PdfDocument(payload)
    except pypdfium2.PdfiumError as error:
        raise _refusal() from error
    try:
        if len(document) > MAX_PAGES:
            raise TooLarge(f"more than {MAX_PAGES} pages")
        notes = Writer()
        pages = [_lines(document, number, notes) for number in range(len(document))]
    finally:
        document.close()
    # The numbers stand outside the other lines, or within.
    without = without_folios(pages, str)
    once = with_running_once(without)
    rest = without_folios(once, str)
    if (without, rest) != (pages, once):
        writer.lose(FOLIOS)
    for lines in rest:
        for paragraph in paragraphs(lines):
            writer.add("paragraph", paragraph)
    writer.append(notes)
    writer.lose(GUESSED)
    if not writer.blocks:
        writer.lose(SCANNED)


def _refusal() -> Exception:
    reason = pdfium.FPDF_GetLastError()
    if reason == pdfium.FPDF_ERR_PASSWORD:
        return Encrypted("it asks for a password")
    if reason == pdfium.FPDF_ERR_SECURITY:
        return Unsupported("an unknown kind of protection")
    return Corrupt("PDFium cannot open it")


def _lines(document: pypdfium2.PdfDocument, number: int, notes: Writer) -> list[str]:
    try:
        page = document[number]
    except pypdfium2.PdfiumError as error:
        raise Corrupt(f"page {number + 1} cannot be read") from error
    text = page.get_textpage()
    lines = [line.strip() for line in text.get_text_range().replace("\ufffe", "").splitlines()]
    text.close()
    _annotations(page.raw, notes)
    page.close()
    return [line for line in lines if line]


def _annotations(page: pdfium.FPDF_PAGE, notes: Writer) -> None:
    """Write what was put on a page later: typed onto it, or noted beside it."""
    for place in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, place)
        if not annotation:
            continue
        kind, inner = pdfium.FPDFAnnot_GetSubtype(annotation), Writer()
        if kind == pdfium.FPDF_ANNOT_WIDGET:
            notes.lose(FIELDS)
        elif kind not in _SAY_NOTHING:
            inner.add("paragraph", _contents(annotation))
        pdfium.FPDFPage_CloseAnnot(annotation)
        if kind == pdfium.FPDF_ANNOT_FREETEXT:
            notes.append(inner)
        else:
            notes.aside(MEMO, inner)


def _contents(annotation: pdfium.FPDF_ANNOTATION) -> str:
    size = pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", None, 0)
    held = ctypes.create_string_buffer(size)
    as_units = ctypes.cast(held, ctypes.POINTER(pdfium.FPDF_WCHAR))
    pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", as_units, size)
    return held.raw.decode("utf-16-le", "replace").rstrip("\0").replace("\r", "\n")


def paragraphs(lines: list[str]) -> list[str]:
    """Join the lines of a page that belong to one paragraph.

    >>> paragraphs(["□ 고침은 공표된 글을 보관하고 나중에", "고친 곳을 알린다.", "□ 다음"])
    ['□ 고침은 공표된 글을 보관하고 나중에 고친 곳을 알린다.', '□ 다음']
    """
    wide = _WRAPPED * max(map(len, lines), default=0)
    joined: list[str] = []
    open_ended = False
    for line in lines:
        if joined and _HYPHENATED.search(joined[-1]) and line[0].islower():
            joined[-1] = joined[-1][:-1] + line
        elif open_ended and not _BEGINS.match(line):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
        open_ended = len(line) >= wide and not _ENDS.search(line)
    return joined
