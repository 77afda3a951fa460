"""영상: short films with a title and a text; list and article share a path, told apart by newsId."""

from __future__ import annotations

from crawler.list_page import GRID_ROWS
from crawler.section import ListPath, Section
from crawler.templates import MEDIA


class Video(Section):
    """Short films; title, text and thumbnail, not the film."""

    name = "video"
    label = "영상"
    lists = (ListPath("/video/index.html", confirmed=False),)
    rows = GRID_ROWS
    views = ("/video/index.html",)
    layouts = MEDIA
    unconfirmed = (
        "Whether /video/index.html without a newsId is a list.",
        "The page's template, and whether the thumbnail is og:image or the film's poster.",
    )
