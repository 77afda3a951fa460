"""Write the pages that are made from the program, so that they cannot say anything else."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

from cli.dossier.making import program_digest
from cli.probe_page import probe_page
from cli.reference import reference
from crawler.documents.package import MAX_DEPTH, MAX_ELEMENTS, MAX_MEMBERS, MAX_UNPACKED, MAX_XML
from crawler.documents.reading import FORMATS, MAX_BYTES
from crawler.documents.text import MAX_BLOCKS, MAX_CHARACTERS
from crawler.documents.worker import MEMORY, PROCESSOR_SECONDS
from crawler.section import ListPath
from crawler.sections import SECTIONS
from docs.labels import labels_page
from docs.questions import schema_page
from tests.accuracy import floors

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("alerting", "crawler", "storage", "diffing", "reader", "cli", "replica")

_HEAD = """# Architecture

Data flows one way, imports point down: fetch -> WARC record -> capture -> article -> version -> change -> report.

1. **Data flows one way.** Nothing to the left knows of what stands to its right.
2. **The WARC is the truth.** Everything to its right can be thrown away and rebuilt from it, to the same digest.
3. **A parser change must never look like an article change.** When the extractor changes, old captures are read again
   first.
4. **The past is append-only.** A new page template is a new layout with its own `since`; nothing old is edited.
5. **A section of the portal is one file.**

Who may import whom is checked by import-linter (`.importlinter`). The captions below are the modules' own first
sentences; this page is written by `make docs` and a test keeps it true.
"""


def caption(path: Path) -> str:
    """Give the first sentence of a module's docstring."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split())


def architecture() -> str:
    """Give the page of rooms and captions."""
    parts = [_HEAD]
    for room in ROOMS:
        parts.append(f"\n## {room}/\n")
        parts += [
            f"- `{path.relative_to(ROOT).as_posix()}` {said}"
            for path in sorted((ROOT / room).rglob("*.py"))
            if (said := caption(path))
        ]
    return "\n".join(parts) + "\n"


_SECTIONS_HEAD = """# The sections of the portal

What gochim reads of each section. This page is written by `make docs` from `crawler/sections/`, the golden pages and
`tests/golden/floors.toml` (`make accuracy`), and a test keeps it true.

*Accuracy* counts the fields of the golden pages that are read exactly, each page as cut and served in six other ways
(line ends, upper case, comments, blank lines ...). An article's `newsId` alone is its identity: the same `newsId`
under two addresses is one article.

Of every template it is unconfirmed whether subtitles stand under the headline or in the article's head, in which of
several forms captions stand, and whether downloads carry a `tblKey`; all are read.
"""


def sections() -> str:
    """Give the page of sections: where they stand, how they are read, how exactly, and what nobody has shown."""
    pinned = floors()
    parts = [_SECTIONS_HEAD]
    for name, section in SECTIONS.items():
        parts += [
            f"\n## {section.label} (`{name}`)\n",
            caption(Path(sys.modules[section.__module__].__file__ or "")),
            "",
        ]
        parts += [f"- list `{one.path}`" + _of_list(one) for one in section.lists]
        if not section.views:
            parts.append("- no articles of its own: a way in to those of other sections")
            parts += [f"- unconfirmed: {one}" for one in section.unconfirmed]
            continue
        first, *others = section.views
        parts.append(f"- articles `{first}?{section.key}=`, ids `{section.prefix}{section.key}`")
        parts += [f"- the same articles under `{one}`" for one in others]
        parts += [f"- also under `{one}`, kept as linked" for one in section.own_views]
        parts += [f"- unconfirmed: {one}" for one in section.unconfirmed]
        parts += ["", "| layout | since | golden pages | fields exact |", "|---|---|---|---|"]
        for layout in section.layouts:
            floor = pinned[name, layout.__name__]
            share = f"{floor['exact']} of {floor['fields']}"
            parts.append(f"| `{layout.__name__}` | {layout.since} | {floor['pages']} | {share} |")
    return "\n".join(parts) + "\n"


def _of_list(one: ListPath) -> str:
    said = [f"one for each `{one.key}`"] if one.key and not one.begins else []
    said += [f"`{one.key}` narrows it"] if one.key and one.begins else []
    said += [] if one.confirmed else ["unconfirmed"]
    return f" ({', '.join(said)})" if said else ""


_ATTACHMENTS = f"""# Attachments

A file's type is told by its first bytes, never by its name. Its text is read in a process apart, kept once for each
digest of its bytes in `attachment_texts`, and compared when another file takes its place. Nothing in a file can end
gochim: what cannot be read has an outcome (`encrypted`, `corrupt`, `too-large`, `timed-out`, `unsupported`,
`error-page`, `empty`, `no-text`) and no text, which is never taken for an empty one. An error page or an empty answer
in a file's place leaves the attachment unread; it is no change.

A press release's body is its viewer's text, else what stands in the page, else the text of its first file of the best
type (HWPX, HWP 5, PDF, ODT, DOCX; memos left out): `body_from` and `body_file` say which. It stays that file's while
the file stays as it is, whatever files come beside it. While a file of a release
that says nothing itself is unread, the look is `incomplete`: another file's words would look like an edit.

Body and files are held against each other. A passage that both have and in which another figure stands is a finding
(`figure`), and so is running text that one of them lacks in bulk (`missing-in-file`, `missing-in-body`). Headers,
contact tables, other line breaks and files that are another document are none. `gochim status` counts the articles,
`gochim history` tells the findings; they stand in the table `findings`.

Limits: a file {MAX_BYTES >> 20} MiB; unpacked {MAX_UNPACKED >> 20} MiB in {MAX_MEMBERS:,} members; an XML part
{MAX_XML >> 20} MiB, {MAX_ELEMENTS:,} elements, {MAX_DEPTH} deep, no entities; a text {MAX_CHARACTERS:,} characters in
{MAX_BLOCKS:,} blocks; {PROCESSOR_SECONDS} seconds of work and {MEMORY >> 20} MiB of memory.

| format | media type | read with | kept | lost |
|---|---|---|---|---|
"""


def attachments() -> str:
    """Give the page of formats and limits."""
    rows = [
        f"| {one.name} | `{media_type}` | {', '.join(one.library.split())} | {one.kept} | {'; '.join(one.lost)} |"
        for media_type, one in FORMATS.items()
    ]
    return _ATTACHMENTS + "\n".join(rows) + "\n"


_FIRST = ("tutorial", "commands", "labels", "limits", "citing", "alerts", "operations", "security", "adding-a-section")


def index() -> str:
    """Give the page that leads to all others by their titles, first to those that a keeper of an archive needs."""
    titles = {
        path.stem: path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
        for path in sorted((ROOT / "docs").glob("*.md"))
        if path.stem != "index"
    }
    order = [*_FIRST, *(name for name in titles if name not in _FIRST)]
    lines = [f"- [{titles[name]}]({name}.md)" for name in order]
    return "# gochim's documentation\n\n" + "\n".join([*lines, "- [Why it is so](decisions/)"]) + "\n"


def evidence() -> str:
    """Give the page on evidence as it stands, with the digest of the program that checks dossiers."""
    text = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    return re.sub(r"(?m)^`[0-9a-f]{64}`$", f"`{program_digest()}`", text)


PAGES = {
    "architecture.md": architecture,
    "attachments.md": attachments,
    "commands.md": reference,
    "evidence.md": evidence,
    "labels.md": labels_page,
    "probe.md": probe_page,
    "schema.md": schema_page,
    "sections.md": sections,
    "index.md": index,  # the last: it reads the titles of the others
}


def main() -> None:
    """Write every page."""
    for name, make in PAGES.items():
        (ROOT / "docs" / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    main()
