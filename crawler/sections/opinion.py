"""오피니언: columns and contributions; which of three views serves an article is unconfirmed."""

from __future__ import annotations

from crawler.section import ListPath, Section
from crawler.templates import EVERY


class Opinion(Section):
    """Columns and contributions."""

    name = "opinion"
    label = "오피니언"
    lists = (ListPath("/news/celebrityList.do"),)
    views = ("/news/celebrityView.do",)
    own_views = ("/news/columnView.do", "/news/gigoView.do")
    layouts = EVERY
    unconfirmed = ("Which of the views serves a column and which a contribution; each is kept as it is linked.",)
