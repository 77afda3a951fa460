"""사실은 이렇습니다: ministries answer what the press has written; long ago one digest a day."""

from __future__ import annotations

from crawler.section import ListPath, Section
from crawler.templates import EVERY


class FactCheck(Section):
    """Fact checks; the site itself still links some under ``/news/``."""

    name = "fact-check"
    label = "사실은 이렇습니다"
    lists = (ListPath("/briefing/actuallyList.do"),)
    views = ("/briefing/actuallyView.do", "/news/actuallyView.do")
    layouts = EVERY
    unconfirmed = ("Whether the template has subtitles, and where.",)
