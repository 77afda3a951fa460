"""정책뉴스: the portal's own news desk and what ministries supply to it."""

from __future__ import annotations

from crawler.section import ListPath, Section
from crawler.templates import EVERY


class PolicyNews(Section):
    """Policy news, with an author when the portal's own desk wrote it."""

    name = "policy-news"
    label = "정책뉴스"
    lists = (ListPath("/news/policyNewsList.do"),)
    views = ("/news/policyNewsView.do", "/policy/mainView.do", "/news/top50View.do")
    layouts = EVERY
