"""What a change report is made of: the changes, the period, and what the archive held when it was made.

Every format renders the same :class:`Report`, and nothing but it: two renderings of one report are equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from diffing.campaigns import Campaign, campaigns
from storage.records import WEIGHTS, Change, Outline, Picture, Weight, iso
from storage.site_changes import SiteChange

Album = Callable[[str, int, str], Picture]
"""Gives the picture that stood in a version of an article at an address."""
Lang = Literal["ko", "en"]
LANGUAGES: tuple[Lang, ...] = ("ko", "en")

HEAVIEST_FIRST: tuple[Weight, ...] = WEIGHTS[::-1]
"""The order of a report: what matters most stands first."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Where the newest version of an article and its files disagree.

    Attributes:
        article: the article's id.
        url: the article's address.
        title: the article's title.
        source: who published it.
        kind: ``figure``, ``missing-in-file`` or ``missing-in-body``.
        files: the file ids of which this is so.
        file_names: the names of these files as printed, in the same order.
        detail: what was found, as :mod:`diffing.agreement` gives it.
        version: the version of which this is so.
        first_seen: aware first sight of that version.
    """

    article: str
    url: str
    title: str
    source: str | None
    kind: str
    files: tuple[str, ...]
    file_names: tuple[str, ...]
    detail: Mapping[str, Any]
    version: int
    first_seen: datetime

    def as_json(self) -> dict[str, Any]:
        """Give the finding as plain data."""
        return {
            "article": self.article,
            "url": self.url,
            "title": self.title,
            "source": self.source,
            "kind": self.kind,
            "files": list(self.files),
            "file_names": list(self.file_names),
            "detail": dict(self.detail),
            "version": self.version,
            "first_seen": iso(self.first_seen),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """A change report before it takes a form.

    Attributes:
        changes: the changes told in full, in any order; each format puts them in its own.
        since: aware start of the period, None for the archive's beginning.
        until: aware end of the period, None for the moment the report was made.
        made_at: aware moment the report was made.
        portal: address of the portal, ``https://www.korea.kr``.
        counts: ``captures``, ``articles``, ``versions``, ``changes`` and ``attachments`` of the whole archive.
        content_digest: digest over all versions and changes of the archive.
        software: name and version of what made the report, ``gochim 0.1.0``.
        lang: language of the report's own words; quoted text keeps its own.
        footnotes: sentences to be added at the foot.
        outlines: every change of the period, also those that ``changes`` leaves out; empty when it leaves out none.
        filters: what the changes were narrowed to, by option: ``{"ministry": ["산림청"]}``.
        findings: where articles and their files disagree.
        home: the address under which reports are published, with a slash at its end; empty when they are not.
        site_changes: what happened to many articles of a section at once, in any order.
        shared: the edits that several articles of the period share; None finds them among ``changes``.
        stored: gives every change of a weight, newest first and one after the other, where they are too many for
            ``changes``, which is empty then; ``outlines`` and ``shared`` are given.
        album: gives the pictures that came and went, for the formats that show them; None shows none.
        looked: whether anybody looked at any article in the period: where nobody did, no change means nothing.

    Raises:
        ValueError: a time carries no offset.
    """

    changes: Sequence[Change]
    since: datetime | None
    until: datetime | None
    made_at: datetime
    portal: str
    counts: Mapping[str, int]
    content_digest: str
    software: str
    lang: Lang = "ko"
    footnotes: Sequence[str] = ()
    outlines: Sequence[Outline] = ()
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    home: str = ""
    site_changes: Sequence[SiteChange] = ()
    shared: Sequence[Campaign] | None = None
    stored: Callable[[Weight], Iterable[Change]] | None = None
    album: Album | None = None
    looked: bool = True

    def __post_init__(self) -> None:
        for name in ("since", "until", "made_at"):
            moment = getattr(self, name)
            if moment is not None and moment.utcoffset() is None:
                raise ValueError(f"Report.{name} has no UTC offset: {moment}. Give an aware datetime.")

    @property
    def host(self) -> str:
        """The portal's host without port, ``www.korea.kr``."""
        return urlsplit(self.portal).hostname or self.portal

    @property
    def everything(self) -> Sequence[Outline]:
        """Every change of the period in outline."""
        return self.outlines or [Outline.of(one) for one in self.changes]

    @property
    def campaigns(self) -> Sequence[Campaign]:
        """The edits that several articles share, those in changes that are not told too."""
        return campaigns(self.changes) if self.shared is None else self.shared

    @property
    def left_out(self) -> int:
        """How many changes of the period are counted but not told."""
        return 0 if self.stored else len(self.everything) - len(self.changes)

    def by_weight(self, weight: Weight) -> Iterable[Change]:
        """Give the changes of one weight, newest first."""
        if self.stored is not None:
            return self.stored(weight)
        return newest_first(change for change in self.changes if change.comparison.weight == weight)


def newest_first(changes: Iterable[Change]) -> list[Change]:
    """Sort by the time of the first look that saw the change; ties go by article, version and id."""
    in_order = sorted(changes, key=lambda one: (one.article, one.from_version or 0, one.to_version or 0, one.id))
    return sorted(in_order, key=lambda one: one.new_first_seen, reverse=True)
