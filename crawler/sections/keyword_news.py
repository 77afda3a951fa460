"""키워드 뉴스: articles gathered under a keyword."""

from __future__ import annotations

from crawler.section import ListPath, Section
from crawler.templates import EVERY


class KeywordNews(Section):
    """Keyword news."""

    name = "keyword-news"
    label = "키워드 뉴스"
    lists = (ListPath("/news/customizedNewsList.do"),)
    views = ("/news/customizedNewsView.do",)
    layouts = EVERY
