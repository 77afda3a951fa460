"""사진: photos and their captions, numbered apart from all other articles (bbsKey)."""

from __future__ import annotations

from crawler.list_page import GRID_ROWS
from crawler.section import ListPath, Section
from crawler.templates import MEDIA


class Photo(Section):
    """Photos, one or a gallery of them."""

    name = "photo"
    label = "사진"
    lists = (ListPath("/multi/policyPhotoList.do", confirmed=False),)
    rows = GRID_ROWS
    views = ("/multi/policyPhotoView.do",)
    key = "bbsKey"
    prefix = "photo:"
    layouts = MEDIA
    unconfirmed = (
        "The address of the list and how its rows are marked up.",
        "Where the pictures of a gallery stand in the page.",
    )
