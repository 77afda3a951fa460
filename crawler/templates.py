"""The portal's page templates through time, shared by its sections.

Each is a layout with the first day on which it was seen; a section names those that served its articles.
"""

from __future__ import annotations

from datetime import date

from crawler.page import ArticlePage
from storage.records import Image


class View2026(ArticlePage):
    """The template of 2026: the headline in ``.view_title``, the article in ``.article_wrap``."""

    since = date(2026, 1, 1)
    title_at = (".view_title h1",)
    body_at = (".article_wrap .view_cont",)


class ViewClassic(ArticlePage):
    """The template before: headline, subtitle and date together in ``.article_head``."""

    since = date(2021, 1, 1)
    title_at = (".article_head h1",)
    subtitles_at = ".article_head h2"
    body_at = (".article_body .view_cont", ".view_cont", ".article_body")


class ViewCont(ArticlePage):
    """The template of about 2020 and earlier: the text in ``#viewCont``, the headline wherever it says it."""

    since = date(2004, 1, 1)
    title_at = (".view_title h1", ".article_head h1", ".view_head h1", ".tit_area h1")
    info_at = (".article_head .info", ".view_head .info", ".tit_area .info", "#container .info")
    body_at = ("#viewCont",)

    def recognises(self) -> bool:
        """Say whether the text stands in ``#viewCont``; the headline may be the page's own statement of it."""
        return self.is_whole and bool(self._bodies) and bool(self.title)


class ViewMedia(ArticlePage):
    """The template of 2026 for pictures and films, which may stand beside ``.view_cont``: the whole is the article."""

    since = date(2026, 1, 1)
    title_at = (".view_title h1",)
    body_at = (".article_wrap .article_body", ".article_wrap .view_cont")

    @property
    def images(self) -> tuple[Image, ...]:
        """The pictures of the body, else the film's thumbnail (``og:image``)."""
        shared = self._absolute(self._meta("og:image") or "")
        if self.body.images or "/attaches/" not in shared:
            return super().images
        return (Image(shared, ""),)


class ViewArchive(ArticlePage):
    """The template of documents and recruit notices: the headline an ``h2``, the issuer labelled in an ``h3``."""

    since = date(2018, 1, 1)
    title_at = (".article_head h2",)
    subtitles_at = ".article_head .sub_title"
    labels_at = ".article_head h3, .article_head .info, .article_head span, .article_head li, .article_head dd"
    body_at = (".view_cont", ".article_body", ".article_cont")

    def recognises(self) -> bool:
        """Say whether the headline is an ``h2``: where an ``h1`` stands, the ``h2`` is a subtitle."""
        headline = self._tree.css_first(".view_title h1, .article_head h1")
        whole = self.is_whole and headline is None and self._headline is not None
        return whole and bool(self._bodies or self.downloads)


EVERY = (View2026, ViewClassic, ViewCont)
MEDIA = (ViewMedia, ViewClassic, ViewCont)
ARCHIVE = (View2026, ViewClassic, ViewArchive, ViewCont)
