"""What the replica publishes: articles, their blocks and attachments, and the sections they stand in.

Plain frozen data. Files are read by :mod:`replica.filing`, pages are made by :mod:`replica.pages`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

BlockKind = Literal["paragraph", "heading", "quote", "list-item", "table", "photo"]
Template = Literal["2026", "classic", "inline2022", "viewcont"]
SectionName = Literal["policy-news", "press-release", "fact-check", "briefing"]

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
class Section:
    """A section of the portal: its addresses and the words of its breadcrumbs."""

    name: SectionName
    view: str
    old_view: str | None
    list: str
    group: str
    group_list: str
    label: str
    category: str
    list_date: str


SECTIONS: dict[str, Section] = {
    one.name: one
    for one in (
        Section(
            name="policy-news",
            view="/news/policyNewsView.do",
            old_view=None,
            list="/news/policyNewsList.do",
            group="뉴스",
            group_list="/news/policyNewsList.do",
            label="정책뉴스",
            category="policy",
            list_date="%Y.%m.%d",
        ),
        Section(
            name="press-release",
            view="/briefing/pressReleaseView.do",
            old_view="/news/pressReleaseView.do",
            list="/briefing/pressReleaseList.do",
            group="브리핑룸",
            group_list="/briefing/pressReleaseList.do",
            label="보도자료",
            category="press",
            list_date="%Y-%m-%d",
        ),
        Section(
            name="fact-check",
            view="/briefing/actuallyView.do",
            old_view="/news/actuallyView.do",
            list="/briefing/actuallyList.do",
            group="브리핑룸",
            group_list="/briefing/pressReleaseList.do",
            label="사실은 이렇습니다",
            category="fact",
            list_date="%Y.%m.%d",
        ),
        Section(
            name="briefing",
            view="/briefing/policyBriefingView.do",
            old_view="/news/policyBriefingView.do",
            list="/briefing/policyBriefingList.do",
            group="브리핑룸",
            group_list="/briefing/pressReleaseList.do",
            label="브리핑",
            category="ebrief",
            list_date="%Y.%m.%d",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Block:
    """A unit of an article's body; ``rows`` for a table, ``src``, ``alt`` and ``caption`` for a photo."""

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
    """A file offered with an article; ``text`` is what it holds, fixed when it was attached."""

    file_id: str
    name: str
    text: tuple[str, ...] = ()

    @property
    def suffix(self) -> str:
        """The lower-case extension of the file's name, the only place where the portal names its format."""
        return self.name.rpartition(".")[2].lower() if "." in self.name else ""


@dataclass(frozen=True, slots=True)
class Article:
    """An article in one state. ``published`` is KST wall time without offset, or a bare date."""

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

    @property
    def place(self) -> Section:
        """The section the article stands in."""
        return SECTIONS[self.section]

    @property
    def address(self) -> str:
        """The canonical address without the host, ``/news/policyNewsView.do?newsId=148930267``."""
        return f"{self.place.view}?newsId={self.id}"

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
        """Whether the page tells the time of day: the oldest template has no metadata that would."""
        return "T" in self.published and self.template != "viewcont"

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
