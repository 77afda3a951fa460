"""부처별 뉴스: each ministry's newest articles, all of which belong to other sections."""

from __future__ import annotations

from crawler.section import ListPath, Section


class MinistryNews(Section):
    """News by ministry; a way in to articles of other sections, without pages of its own."""

    name = "ministry-news"
    label = "부처별 뉴스"
    guessed_view = "/news/policyNewsView.do"
    leads_to = ("*",)
    lists = (ListPath("/news/ministryNewsHome.do"), ListPath("/news/ministryNewsList.do", key="repCode", begins=False))
    unconfirmed = ("What goDetailView is called with in the rows.", "How the ministries' own lists are linked.")
