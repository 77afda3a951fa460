"""Assumptions about what comes with articles: the document viewer, downloads, second looks, texts of attachments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote

from crawler.documents.formats import FORMATS
from crawler.portal import document_pages
from crawler.probe.articles import read
from crawler.probe.assumption import (
    NOTHING,
    CannotTellError,
    Finding,
    Gathered,
    Seen,
    assume,
    differs,
    holds,
    report,
    unclear,
    why_not,
)
from crawler.viewer import inner_frame
from storage.magic import media_type_of

_UNREAD = "Nothing to mend: it is filed as not read, and fetched again at the next look."
EXTENSIONS = {
    "application/hwp+zip": {"hwpx"},
    "application/x-hwp": {"hwp"},
    "application/pdf": {"pdf"},
    "application/vnd.oasis.opendocument.text": {"odt"},
    "application/zip": {"zip", "hwpx", "docx", "xlsx", "pptx", "odt"},
    "image/jpeg": {"jpg", "jpeg"},
    "image/png": {"png"},
    "image/gif": {"gif"},
}
"""The extensions that go with a type; a type not named here is not held against names."""


@assume("viewer", "The text of a press release stands in numbered pages of the document viewer.", "articles")
def viewer(gathered: Gathered) -> Iterator[Finding]:
    """See which of the viewer's forms has the text."""
    for section, seen, address in _viewers(gathered):
        numbered, single = document_pages(address)
        came = {one.capture.url: one for one in gathered.exchanges if one.capture.role == "document"}
        first, whole = came.get(f"{numbered}1.html"), came.get(single)
        if first is None or first.status is None:
            yield unclear("Its first page brought no answer.", first, section)
        elif first.status == 200:
            pages = sum(1 for url, one in came.items() if url.startswith(numbered) and one.status == 200)
            yield holds(f"{pages} pages", first, section)
        elif whole is not None and whole.status == 200:
            yield differs("It stands in one .view.xhtml.", whole, NOTHING, section)
        else:
            yield _framed(gathered, came, address, seen, section)


def _framed(gathered: Gathered, came: dict[str, Seen], address: str, seen: Seen, section: str) -> Finding:
    """Judge what stands in the viewer's own frame, which need be no page of the document's two forms."""
    skin = came.get(address)
    inner = inner_frame(skin.text, address, gathered.portal) if skin is not None else None
    framed = came.get(inner) if inner is not None else None
    if framed is not None and framed.status == 200:
        return differs(f"The viewer's frame has it: {inner}", framed, NOTHING, section)
    mend = "Report it; until then the text is read from the attachments."
    return differs("Neither form is there.", seen, mend, section)


@assume("viewer-end", "Behind the last numbered page of the viewer comes 404.", "articles")
def viewer_end(gathered: Gathered) -> Iterator[Finding]:
    """Look at the answer behind the last page."""
    for section, _, address in _viewers(gathered):
        numbered, _ = document_pages(address)
        pages = [one for one in gathered.exchanges if one.capture.url.startswith(numbered) and one.status is not None]
        if len(pages) < 2 or pages[0].status != 200:
            continue
        last = max(pages, key=lambda one: _number(one.capture.url))
        if last.status in {404, 410}:
            yield holds(f"{last.status} for page {_number(last.capture.url)}", last, section)
        else:
            how = f"Page {_number(last.capture.url)} answers {last.status}."
            yield differs(how, last, report(), section)


def _viewers(gathered: Gathered) -> Iterator[tuple[str, Seen, str]]:
    for section, seen in gathered.of_kind("article").items():
        if seen.status == 200 and (article := read(gathered, seen).article) is not None and article.viewer:
            yield section, seen, article.viewer


def _number(url: str) -> int:
    found = re.search(r"/(\d{1,6})\.html", url)
    return int(found.group(1)) if found else 0


def _downloads(gathered: Gathered) -> list[tuple[str, Seen]]:
    """Give the files that were asked for, with their names as printed."""
    if not gathered.files:
        raise CannotTellError("crawl.attachments is false: no file was fetched.")
    names: dict[str, str] = {}
    for seen in gathered.of_kind("article").values():
        came = read(gathered, seen) if seen.status == 200 else None
        if came is not None and came.article is not None:
            printed = {one.file_id: one.name for one in came.article.attachments}
            names |= {url: printed.get(file_id, "") for file_id, url in came.downloads}
    found = [
        (names.get(one.capture.url, ""), one)
        for one in gathered.exchanges
        if one.capture.role == "attachment" and not one.question
    ]
    if not found:
        raise CannotTellError("No article that was looked at offers a file.")
    return found


@assume("downloads", "Files are given as named: their first bytes fit the name's extension.", "articles")
def downloads(gathered: Gathered) -> Iterator[Finding]:
    """Hold types by first bytes against names."""
    good: list[tuple[str, Seen]] = []
    for name, seen in _downloads(gathered):
        kind, extension = media_type_of(seen.body), PurePosixPath(name).suffix.lower().lstrip(".")
        if seen.status is None:
            yield differs(f"{name} never came: {why_not(seen.capture)}.", seen, report())
        elif seen.status != 200 or seen.capture.truncated:
            how = f"status {seen.status}" if seen.status != 200 else f"cut short ({seen.capture.truncated})"
            yield differs(f"{name} came with {how}.", seen, _UNREAD)
        elif not seen.body:
            yield differs(f"{name} came empty.", seen, _UNREAD)
        elif kind == "text/html":
            yield differs(f"{name} is a page of HTML, with status 200.", seen, _UNREAD)
        elif extension and kind in EXTENSIONS and extension not in EXTENSIONS[kind]:
            yield differs(f"{name} is {kind}.", seen, "Nothing to mend: types are told by first bytes, never by names.")
        else:
            good.append((name, seen))
    if good:
        kinds = sorted({PurePosixPath(name).suffix.lower().lstrip(".") or "without extension" for name, _ in good})
        yield holds(f"{len(good)} files: {', '.join(kinds)}.", good[0][1])


@assume("download-type", "Files come as application/x-download.", "articles")
def download_type(gathered: Gathered) -> Iterator[Finding]:
    """Look at Content-Type."""
    given = {seen.media_type or "no type": seen for _, seen in _downloads(gathered) if seen.status == 200 and seen.body}
    for kind, seen in given.items():
        if kind == "application/x-download":
            yield holds(kind, seen)
        else:
            yield differs(f"They come as {kind}.", seen, "Nothing to mend: types are told by first bytes.")


@assume("download-name", "Content-Disposition says the file's name as printed.", "articles")
def download_name(gathered: Gathered) -> Iterator[Finding]:
    """Read the name in whichever way it is written."""
    for name, seen in _downloads(gathered):
        if seen.status != 200 or not seen.body:
            continue
        said = seen.header("Content-Disposition")
        how, given = disposition_name(dict(seen.fields), said or "")
        if given == name:
            yield holds(how, seen)
        else:
            told = f"It says “{given}” for “{name}” ({how})." if said else f"It says nothing for “{name}”."
            yield differs(told, seen, "Nothing to mend: names are read from the page.")
        return


def disposition_name(fields: dict[bytes, bytes], value: str) -> tuple[str, str]:
    """Tell how a Content-Disposition writes the file's name, and which name it is (RFC 6266, and what servers do)."""
    # attachment; filename*=UTF-8''%EB%B3%B4.hwpx
    if star := re.search(r"filename\*\s*=\s*([\w-]+)'[^']*'([^;\s]+)", value, re.IGNORECASE):
        return f"filename*, {star.group(1)}", unquote(star.group(2), star.group(1), "replace")
    # attachment; filename="%EB%B3%B4.hwpx", attachment; filename=a.pdf;
    plain = re.search(r'filename\s*=\s*(?:"([^"]*)"|([^;]+))', value, re.IGNORECASE)
    if plain is None:
        return "no filename", ""
    raw = plain.group(1) if plain.group(1) is not None else plain.group(2).strip()
    if "%" in raw:
        return "filename, percent-encoded", unquote(raw.replace("+", " "))
    sent = next((one for name, one in fields.items() if name.lower() == b"content-disposition"), b"")
    try:
        sent.decode()
    except UnicodeDecodeError:
        return "filename, EUC-KR", raw.encode("latin-1", "replace").decode("cp949", "replace")
    return ("filename" if raw.isascii() else "filename, UTF-8"), raw


@assume(
    "download-again", "A second look at a file, with its ETag or Last-Modified, is answered 304.", "articles", "again"
)
def download_again(gathered: Gathered) -> Iterator[Finding]:
    """Look at the answer to the second look."""
    files = [seen for _, seen in _downloads(gathered) if seen.status == 200 and seen.body]
    if not files:
        yield unclear("No file came.")
        return
    if not any(one.header("ETag") or one.header("Last-Modified") for one in files):
        yield differs("Files carry neither.", files[0], "Nothing to mend: files are then fetched whole.")
        return
    seen = gathered.answer("again:file")
    if seen.status == 304:
        yield holds("304", seen)
    else:
        how = f"It answers {seen.status} with the file."
        yield differs(how, seen, "crawl.full_fetch_hours = 0, so that every look fetches whole.")


@assume("attachment-text", "Attachments of every format are read.", "articles", "texts")
def attachment_text(gathered: Gathered) -> Iterator[Finding]:
    """Look at what the readers made of the files, format by format."""
    for name, seen in _downloads(gathered):
        document = gathered.documents.get(seen.capture.evidence.record_id)
        if document is None or document.outcome in {"error-page", "empty"}:
            continue
        known = FORMATS.get(document.media_type or "")
        subject = known.name if known else document.media_type or "unknown"
        if document.outcome == "read":
            lost = f", without {', '.join(document.lost)}" if document.lost else ""
            yield holds(f"{len(document.blocks)} blocks{lost}", seen, subject)
        elif document.outcome in {"no-text", "encrypted"} or subject.startswith("image/"):
            yield unclear(f"{name}: {document.outcome}.", seen, subject)
        else:
            how = f"{name} is not read: {document.outcome}{f' ({document.detail})' if document.detail else ''}."
            yield differs(how, seen, report(), subject)
