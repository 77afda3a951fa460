"""What the replica publishes: articles, their blocks and attachments.

Plain frozen data. Files are read by :mod:`replica.filing`, pages are made by :mod:`replica.pages`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from replica.sections import SECTIONS, Section, SectionName

BlockKind = Literal["paragraph", "heading", "quote", "list-item", "table", "photo", "video"]
Template = Literal["2026", "classic", "inline2022", "viewcont", "archive"]

KOGL_TYPES = {
    1: "출처표시",
    2: "출처표시+상업적 이용금지",
    3: "출처표시+변경금지",
    4: "출처표시+상업적 이용금지+변경금지",
}
"""The four types of the Korea Open Government Licence by number."""


class ReplicaError(Exception):
    """Say what is wrong with the replica or one of its files, where, and what to do next."""


@dataclass(frozen=True, slots=True)
class Block:
    """A unit of a body: ``rows`` of a table, ``src``, ``alt`` and ``caption`` of a photo, ``src`` of a film."""

    kind: BlockKind
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    src: str = ""
    alt: str = ""
    caption: str = ""

    @property
    def plain(self) -> str:
        """The block's text: tabs between cells and line feeds between rows of a table, a photo's caption."""
        if self.kind == "table":
            return "\n".join("\t".join(row) for row in self.rows)
        return self.caption if self.kind == "photo" else self.text


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file offered with an article.

    Attributes:
        file_id: The portal's number for it.
        name: Its name as printed, the only place where the portal names its format.
        text: What it holds, line by line, cells of a table parted by tabs; fixed when it was attached.
        format: What its bytes are where the name says otherwise.
    """

    file_id: str
    name: str
    text: tuple[str, ...] = ()
    format: str = ""

    @property
    def suffix(self) -> str:
        """The lower-case extension of the file's name."""
        return self.name.rpartition(".")[2].lower() if "." in self.name else ""

    @property
    def kind(self) -> str:
        """The format its bytes are in, ``hwpx`` or ``pdf``."""
        return self.format or self.suffix


@dataclass(frozen=True, slots=True)
class Article:
    """An article in one state.

    Attributes:
        id: Digits (the newsId), or a prefix and digits where the section has another key: ``expdoc:41730``.
        section: The section it stands in.
        published: KST wall time without offset, or a bare date.
        also: Other sections that show the same newsId as well.
        view: The path its links take where the section has several.
        package: The pkgId of a focus, and ``package_name`` its title.
        deadline: The last day to apply, of a recruitment notice.
    """

    id: str
    section: SectionName
    title: str
    published: str
    source: str
    subtitles: tuple[str, ...] = ()
    source_code: str = ""
    author: str = ""
    template: Template = "2026"
    licence: int = 1
    body: tuple[Block, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    also: tuple[SectionName, ...] = ()
    view: str = ""
    package: str = ""
    package_name: str = ""
    deadline: str = ""

    @property
    def place(self) -> Section:
        """The section the article stands in."""
        return SECTIONS[self.section]

    @property
    def number(self) -> str:
        """The id's digits, as they stand in addresses."""
        return self.id.rpartition(":")[2]

    @property
    def own_view(self) -> str:
        """The path that links to the article take."""
        return self.view or self.place.view

    @property
    def address(self) -> str:
        """The canonical address without the host, ``/news/policyNewsView.do?newsId=148930267``."""
        return f"{self.place.view}?{self.place.key}={self.number}"

    @property
    def link(self) -> str:
        """The address that the portal's own links have, with the fields that its section adds."""
        more = {"expert-document": "&group=S", "policy-focus": f"&pkgId={self.package}" if self.package else ""}
        return f"{self.own_view}?{self.place.key}={self.number}{more.get(self.section, '')}"

    @property
    def day(self) -> date:
        """The day of publication, all that the page itself prints."""
        return datetime.fromisoformat(self.published).date()

    @property
    def dotted(self) -> str:
        """The day as articles print it, ``2026.09.15``."""
        return self.day.strftime("%Y.%m.%d")

    @property
    def timed(self) -> bool:
        """Whether the page tells the time of day: the oldest templates have no metadata that would."""
        return "T" in self.published and self.template not in ("viewcont", "archive")

    @property
    def uses_viewer(self) -> bool:
        """Whether the body is shown by the document viewer and the page holds only its iframe."""
        if self.template != "2026":
            return False
        return self.section == "press-release" or (self.section == "fact-check" and bool(self.attachments))

    @property
    def document(self) -> str:
        """The viewer's name for the converted document: 32 hex digits that change with text and attachments.

        The bytes behind an unchanged file id do not enter: such a swap leaves the page as it was.
        """
        told = [self.id, self.title, *self.subtitles, *(f"{one.kind}|{one.plain}" for one in self.body)]
        told += [f"{one.file_id}|{one.name}" for one in self.attachments]
        return hashlib.md5("\x1f".join(told).encode(), usedforsecurity=False).hexdigest()

    @property
    def document_folder(self) -> str:
        """The viewer's folder, ``/docViewer/result/2026.09/15/<document>``."""
        return f"/docViewer/result/{self.day:%Y.%m/%d}/{self.document}"

    @property
    def lead(self) -> str:
        """The first words of the body, as lists and descriptions show them."""
        first = next((one.text for one in self.body if one.kind == "paragraph"), self.title)
        return first if len(first) <= 90 else first[:90] + "…"

    @property
    def photo(self) -> str:
        """The path of the first picture that the page shows, empty without one."""
        shown = () if self.uses_viewer else self.body
        return next((one.src[one.src.index("/newsWeb/") :] for one in shown if one.kind == "photo"), "")

    @property
    def thumb(self) -> str:
        """The path of the picture that grids show: the first of the page, or one made for the list."""
        return self.photo or f"/newsWeb/resources/attaches/{self.day:%Y.%m/%d}/{self.document}.jpg"

    @property
    def lines(self) -> tuple[str, ...]:
        """The article's text line by line, as a document would hold it: cells of a table parted by tabs."""
        return (self.title, *(line for one in self.body for line in one.plain.splitlines()))
