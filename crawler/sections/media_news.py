"""멀티미디어: films and animations with their text; the list also leads to cards, photos and shorts."""

from __future__ import annotations

from crawler.list_page import GRID_ROWS
from crawler.section import ListPath, Section
from crawler.templates import MEDIA


class MediaNews(Section):
    """Multimedia; the text, captions and pictures of a film's page, not the film."""

    name = "media-news"
    label = "멀티미디어"
    leads_to = ("card-news", "photo", "video")
    lists = (ListPath("/multi/mediaNewsList.do"),)
    rows = GRID_ROWS
    views = ("/multi/mediaNewsView.do",)
    layouts = MEDIA
    unconfirmed = ("How the grid's rows are marked up.",)
