"""Section: what one file of ``crawler/sections/`` says of a section of the portal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

from crawler.list_page import NEWS_ROWS, ListPage, RowShape
from crawler.page import ArticlePage


@dataclass(frozen=True, slots=True)
class ListPath:
    """A list of a section: its path, and what is known of it.

    Args:
        path: ``/briefing/actuallyList.do``.
        key: The query parameter that tells lists of this path apart (``pkgId``, ``repCode``), None when there is one.
        begins: Whether a walk begins here; a list that does not is found through another list of the section.
        confirmed: Whether it was seen or reported; the absence of one that was not is no problem of a run.
    """

    path: str
    key: str | None = None
    begins: bool = True
    confirmed: bool = True


class Section:
    """A section of the portal: its name, its lists, the paths of its articles, its layouts through time."""

    name: ClassVar[str]
    """``policy-news``: what settings, commands and the archive call it."""
    label: ClassVar[str]
    """The portal's own name of it."""
    lists: ClassVar[tuple[ListPath, ...]]
    rows: ClassVar[RowShape] = NEWS_ROWS
    """The shape of its lists' rows as reported; the others are asked after it."""
    views: ClassVar[tuple[str, ...]] = ()
    """Paths of article pages, the first is the canonical one; empty for a mere way in to other sections' articles."""
    guessed_view: ClassVar[str | None] = None
    """Where an article is looked for that a list of a mere way in names by its key alone."""
    leads_to: ClassVar[tuple[str, ...]] = ()
    """Sections whose articles its lists show as well; ``*`` for any."""
    own_views: ClassVar[tuple[str, ...]] = ()
    """Further paths of article pages, kept as they are linked, for which of them serves an article is unconfirmed."""
    key: ClassVar[str] = "newsId"
    """The query parameter that names an article."""
    prefix: ClassVar[str] = ""
    """Stands before the key in article ids, for keys of another numbering than newsId."""
    layouts: ClassVar[tuple[type[ArticlePage], ...]] = ()
    unconfirmed: ClassVar[tuple[str, ...]] = ()
    """What nobody has shown of this section; it is built so that either answer works."""

    @classmethod
    def entries(cls) -> tuple[ListPath, ...]:
        """Give the lists at which a walk begins."""
        return tuple(one for one in cls.lists if one.begins)

    @classmethod
    def list_at(cls, path: str) -> ListPath | None:
        """Give the list that stands at ``path``, None when none of this section does."""
        return next((one for one in cls.lists if one.path == path), None)

    @classmethod
    def sublist(cls) -> ListPath | None:
        """Give the list of which there are several, told apart by their key, to which another list leads."""
        return next((one for one in cls.lists if one.key and not one.begins), None)

    @classmethod
    def list_page(cls, text: str) -> ListPage:
        """Read a page of one of its lists."""
        return ListPage(text, cls.rows, cls.view_start())

    @classmethod
    def further_lists(cls, page: ListPage, url: str) -> list[str]:
        """Give the links on a list's page to its further lists: each package of the policy focus, each ministry's news.

        Args:
            page: The page.
            url: The list's address; one of the further lists leads to no others.
        """
        further = cls.sublist()
        if further is None or further.key is None or urlsplit(url).path == further.path:
            return []
        return page.sublists(further.path, further.key)

    @classmethod
    def view_start(cls) -> str | None:
        """Give the address of an article up to its key, ``/archive/recruitInfoView.do?dataId=``."""
        view = cls.views[0] if cls.views else cls.guessed_view
        return f"{view}?{cls.key}=" if view else None
