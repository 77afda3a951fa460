"""Write the pages that are made from the program, so that they cannot say anything else."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

from cli.dossier.making import program_digest
from cli.probe_page import probe_page
from cli.reference import reference
from crawler.documents.formats import FORMATS, MAX_BYTES
from crawler.documents.members import MAX_READ
from crawler.documents.package import MAX_DEPTH, MAX_ELEMENTS, MAX_MEMBERS, MAX_XML
from crawler.documents.text import MAX_BLOCKS, MAX_CHARACTERS, MAX_UNPACKED
from crawler.documents.worker import MEMORY, PROCESSOR_SECONDS
from crawler.section import ListPath
from crawler.sections import SECTIONS
from docs.labels import labels_page
from docs.questions import schema_page
from docs.tables import schema_script
from tests.accuracy import floors

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("alerting", "crawler", "storage", "diffing", "reader", "cli", "replica")

_HEAD = """# Architecture

For whoever reads or changes the code: the five laws that it keeps, and every module with a caption.

Data flows one way: fetch -> WARC record -> capture -> article -> version -> change -> report.

1. **Data flows one way.** Nothing to the left knows of what stands to its right.
2. **The WARC is the truth.** Everything to its right can be thrown away and rebuilt from it, to the same digest.
3. **A parser change must never look like an article change.** When the extractor changes, old captures are read again
   first.
4. **The past is append-only.** A new page template is a new layout with its own `since`; nothing old is edited.
5. **A section of the portal is one file.**

import-linter checks which module may import which (`.importlinter`). The captions below are the first sentences of the
modules' docstrings. This page is written by `make docs`, and a test keeps it true.
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

What gochim reads of each section of the portal, how exactly, and what nobody has confirmed. For whoever chooses
sections or relies on a section's text. This page is written by `make docs` from `crawler/sections/`, the golden pages
and `tests/golden/floors.toml` (`make accuracy`), and a test keeps it true.

- **Lists and articles.** Each section names the addresses of its lists and of its articles. An article's `newsId`
  alone is its identity: the same `newsId` under two addresses is one article.
- **Layouts.** A layout is a page template that the section's articles had from the day under *since*.
- **Fields exact** counts the fields of the golden pages that are read exactly. Each golden page is read as it was cut,
  and as it would be if served in six other ways (line ends, upper case, comments, blank lines ...).
- **Unconfirmed** is what nobody has seen on the live portal. Of every template it is unconfirmed whether subtitles
  stand under the headline or in the article's head, in which of several forms captions stand, and whether downloads
  carry a `tblKey`. All of these forms are read. `gochim probe` asks the live portal ([probe.md](probe.md)).
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
            if (floor := pinned.get((name, layout.__name__))) is None:
                raise SystemExit(
                    f"{name} has no floor for {layout.__name__} in tests/golden/floors.toml. Give it a golden page, "
                    "then run: make accuracy docs"
                )
            share = f"{floor['exact']} of {floor['fields']}"
            parts.append(f"| `{layout.__name__}` | {layout.since} | {floor['pages']} | {share} |")
    return "\n".join(parts) + "\n"


def _of_list(one: ListPath) -> str:
    said = [f"one for each `{one.key}`"] if one.key and not one.begins else []
    said += [f"`{one.key}` narrows it"] if one.key and one.begins else []
    said += [] if one.confirmed else ["unconfirmed"]
    return f" ({', '.join(said)})" if said else ""


_ATTACHMENTS = f"""# Attachments

Which files that are offered with an article gochim reads, what it keeps of each format, and how it compares them with
the article. For whoever relies on what an attachment says.

## How a file is read

- Its first bytes tell its type, never its name.
- Its text is read in a process apart. It is kept once for each digest of the file's bytes, in the table
  `attachment_texts`.
- When another file takes its place, the two texts are compared. So are they when the file comes under another
  number, or in another word processor's format under the same name.
- Nothing in a file can end gochim. A file that cannot be read has an outcome (`encrypted`, `corrupt`, `too-large`,
  `timed-out`, `unsupported`, `error-page`, `empty`, `no-text`) and no text. No text is never taken for an empty text.
- An error page or an empty answer in a file's place leaves the attachment unread. It is not a change.
- Where the portal redirects a file or picture, what it leads to is read only if the same run asked for a file that does
  not exist, and that led to something else. Otherwise the file is unread, for the same page or picture may stand in the
  place of all that is missing.

## What a ZIP file holds

- Its members are read like files that are offered by themselves, each by its first bytes. What one says stands under
  its name. Members stand in the order of their names, however they are packed.
- A member that is not read is listed with its name, its size, its checksum and, where there is one, the outcome
  (`encrypted`, `corrupt`, `too-large`, `no-text`). A ZIP file in a ZIP file is listed and not opened. What Macs and
  Windows put beside files for themselves (`__MACOSX/._*`, `.DS_Store`, `Thumbs.db`, `desktop.ini`) is left out.
- Members are paired by their names, then by what they hold, by their names without folders, and as files are that come
  in another word processor's format. What differs within one is told under `자료.zip/보도자료.hwpx`, by places within
  the member. Members that came, went, are called otherwise or are not read are told under `자료.zip`.
- A ZIP file that is packed anew, or whose members were saved anew and say the same, is `cosmetic`. A member that came
  or went is of substance, and so is one that is not read and has other bytes. Words of a member that can no longer be
  read are not told as deleted.
- The limits below hold for a ZIP file as a whole. Where one is reached, further members are listed as `too-large`. If a
  member ends the process that reads it, or takes more time or memory than there is, all members are listed.

## The body of a press release

The body is the text of its document viewer. If there is none, it is what stands in the page. If that is empty too, it
is the text of the release's first file of the best type, in the order HWPX, HWP 5, PDF, ODT, DOCX, without memos; a
file in a ZIP file is none of these. The fields `body_from` and `body_file` say which it was. It stays that file's text
while the file stays as it is, whatever files are added beside it.

While a file of a release that has no text of its own is unread, the look is `incomplete`: the words of another file
would look like an edit.

## Where body and files disagree

The body and the files of an article are compared with each other. A **finding** is one of these:

- `figure`: a passage stands in both, with another figure;
- `missing-in-file` or `missing-in-body`: one of them lacks running text in bulk.

Headers, contact tables, other line breaks and files that are another document are no findings. Of a ZIP file each
member is compared by itself; `member` in the finding's detail names it. `gochim status` counts
the articles that have findings, `gochim changes --findings` lists them, `gochim history` tells those of one article.
They stand in the table `findings`.

## Limits

- a file: {MAX_BYTES >> 20} MiB;
- unpacked: {MAX_UNPACKED >> 20} MiB in {MAX_MEMBERS:,} members, of which {MAX_READ:,} are read;
- an XML part: {MAX_XML >> 20} MiB, {MAX_ELEMENTS:,} elements, {MAX_DEPTH} deep, no entities;
- a text: {MAX_CHARACTERS:,} characters in {MAX_BLOCKS:,} blocks;
- reading one file: {PROCESSOR_SECONDS} seconds of processor time and {MEMORY >> 20} MiB of memory.

## Formats

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


_INDEX = {
    "To use it": (
        "tutorial",
        "commands",
        "probe",
        "operations",
        "scheduling",
        "alerts",
        "reports",
        "reader",
        "importing",
    ),
    "To rely on what it says": (
        *("labels", "limits", "sections", "attachments", "diffing", "evidence", "citing", "capture-matrix"),
        *("faults", "security"),
    ),
    "To query it": ("schema", "database"),
    "What it costs, and beyond one machine": ("performance", "planning", "cluster"),
    "To change it": ("architecture", "adding-a-section"),
}
"""Every other page by what it is read for, in the order in which a reader needs them."""


def index() -> str:
    """Give the page that leads to all others by their titles.

    Raises:
        KeyError: A page is in no group, or a group names none.
    """
    titles = {
        path.stem: path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
        for path in sorted((ROOT / "docs").glob("*.md"))
        if path.stem != "index"
    }
    if lacking := titles.keys() - {name for names in _INDEX.values() for name in names}:
        raise KeyError(*lacking)
    parts = ["# gochim's documentation\n"]
    for group, names in _INDEX.items():
        parts += [f"## {group}\n", *(f"- [{titles[name]}]({name}.md)" for name in names), ""]
    parts[-1] = "- [Why it is so](decisions/)"
    return "\n".join(parts) + "\n"


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
    """Write every page, and the tables of a new database, of which some pages tell."""
    (ROOT / "storage" / "schema.sql").write_text(schema_script(), encoding="utf-8")
    for name, make in PAGES.items():
        (ROOT / "docs" / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    main()
