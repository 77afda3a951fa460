"""카드·한컷: news told in pictures."""

from __future__ import annotations

from crawler.list_page import GRID_ROWS
from crawler.section import ListPath, Section
from crawler.templates import MEDIA


class CardNews(Section):
    """Card news; the pictures are the article."""

    name = "card-news"
    label = "카드·한컷"
    lists = (ListPath("/multi/visualNewsList.do", confirmed=False),)
    rows = GRID_ROWS
    views = ("/multi/visualNewsView.do", "/news/visualNewsView.do")
    layouts = MEDIA
    unconfirmed = ("The address of the list and how its rows are marked up.",)
